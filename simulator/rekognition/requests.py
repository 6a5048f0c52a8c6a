"""Requests of DetectLabels, read and checked.

Source: botocore's service model ``rekognition/2016-06-27``, shape DetectLabelsRequest: the members, and their limits.
"""

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

from simulator.rekognition.errors import RekognitionError

DEFAULT_MIN_CONFIDENCE = 55.0
"""The lowest confidence (0 to 100) of labels where a request names none. Source: the model, member MinConfidence."""


class S3Object(Struct, frozen=True, rename="pascal"):
    """An image in a bucket."""

    bucket: Annotated[str, Meta(min_length=3, max_length=255, pattern=r"^[0-9A-Za-z._-]*$")]
    name: Annotated[str, Meta(min_length=1, max_length=1024)]
    version: Annotated[str, Meta(min_length=1, max_length=1024)] | None = None


class Image(Struct, frozen=True, rename={"data": "Bytes", "s3_object": "S3Object"}):
    """An image: its bytes (base64 in JSON), or an object of S3."""

    data: bytes | None = None
    s3_object: S3Object | None = None


class DetectLabelsRequest(Struct, frozen=True, rename="pascal"):
    """What is asked: an image, how many labels at most, and from which confidence (0 to 100)."""

    image: Image
    max_labels: Annotated[int, Meta(ge=0)] | None = None
    min_confidence: Annotated[float, Meta(ge=0, le=100)] = DEFAULT_MIN_CONFIDENCE
    features: Annotated[list[Literal["GENERAL_LABELS", "IMAGE_PROPERTIES"]], Meta(max_length=2)] = []
    settings: dict[str, Any] = {}

    @property
    def object(self) -> str:
        """The object as ``bucket/key``, empty for bytes."""
        found = self.image.s3_object
        return f"{found.bucket}/{found.name}" if found else ""


def read_request(body: bytes) -> DetectLabelsRequest:
    """Read a request. Raises ``RekognitionError``, also for what the local Rekognition does not have."""
    try:
        request = msgspec.json.decode(body, type=DetectLabelsRequest)
    except msgspec.ValidationError as error:
        raise RekognitionError("InvalidParameterException", f"Request has invalid parameters: {error}") from error
    except (msgspec.DecodeError, RecursionError) as error:
        raise RekognitionError("SerializationException", f"The request is no JSON: {error}") from error
    if (request.image.data is None) == (request.image.s3_object is None):
        raise RekognitionError("InvalidParameterException", "Image needs either Bytes or S3Object")
    if request.settings or "IMAGE_PROPERTIES" in request.features:
        raise RekognitionError(
            "InvalidParameterException", "the local Rekognition has neither Settings nor IMAGE_PROPERTIES"
        )
    return request
