"""The bytes of the image that a request names, and what is checked of them.

Source of the limits: Amazon Rekognition developer guide, "Guidelines and quotas": 5 MB as bytes, 15 MB as an object of
S3, JPEG or PNG; the model has 5,242,880 for the first.
"""

from urllib.parse import quote

import httpx

from simulator.core.live_settings import LiveSettings
from simulator.rekognition.errors import RekognitionError
from simulator.rekognition.requests import Image, S3Object

MAX_BYTES = 5 * 1024**2
MAX_OBJECT_BYTES = 15 * 1024**2
_MAGIC_NUMBERS = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")
_SECONDS = 10.0


class Images:
    """Reads images: sent ones, and objects from the S3 at the setting ``s3_endpoint``."""

    def __init__(self, settings: LiveSettings) -> None:
        self._settings = settings

    async def read(self, image: Image) -> bytes:
        """Return the bytes of ``image``. Raises ``RekognitionError`` for what Rekognition does not look at."""
        if image.s3_object is not None:
            data, limit = await self._object(image.s3_object), MAX_OBJECT_BYTES
        else:
            data, limit = image.data or b"", MAX_BYTES
        if not data:
            raise RekognitionError("InvalidParameterException", "Image has no bytes")
        if len(data) > limit:
            raise RekognitionError("ImageTooLargeException", f"Image size is too big: at most {limit} bytes")
        if not data.startswith(_MAGIC_NUMBERS):
            raise RekognitionError("InvalidImageFormatException")
        return data

    async def _object(self, found: S3Object) -> bytes:
        """Return an object, or as much of it as shows that it is too large."""
        endpoint = self._settings.current.s3_endpoint
        if endpoint is None:
            raise RekognitionError("InvalidS3ObjectException", "the setting s3_endpoint names no S3 for objects")
        url = f"{endpoint}/{found.bucket}/{quote(found.name, safe='/')}"
        query = {"versionId": found.version} if found.version else {}
        data = bytearray()
        try:
            async with (
                httpx.AsyncClient(timeout=_SECONDS, trust_env=False) as client,
                client.stream("GET", url, params=query) as answer,
            ):
                if answer.status_code != 200:
                    raise RekognitionError("InvalidS3ObjectException")
                async for chunk in answer.aiter_bytes():
                    data += chunk
                    if len(data) > MAX_OBJECT_BYTES:
                        break
        except httpx.HTTPError as error:
            raise RekognitionError("InvalidS3ObjectException", f"S3 at {endpoint} does not answer: {error}") from error
        return bytes(data)
