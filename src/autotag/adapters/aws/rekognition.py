"""DetectLabels of Amazon Rekognition: one call, no repetition, and what each failure means.

Source of names and errors: botocore, data/rekognition/2016-06-27/service-2.json, operation ``DetectLabels``. It has no
token that would make a repeated call safe.
"""

from collections.abc import Callable
from typing import Any, NoReturn

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectTimeoutError,
    CredentialRetrievalError,
    EndpointConnectionError,
    NoCredentialsError,
    PartialCredentialsError,
    ProxyConnectionError,
    SSLError,
)

from autotag.domain.errors import AccessRefused, Permanent, Retryable, Unanswered, UnreadableObject

LOWEST = 25
"""``MinConfidence`` of each call, 0 to 100: without it labels below 55 are left out. Rules may ask for less than that
later, and a second call would cost as much as the first."""

MOST = 50
"""``MaxLabels`` of each call; the add-on of Cloudinary gives as many."""

_REFUSED_PICTURES = {"InvalidImageFormatException", "ImageTooLargeException", "InvalidParameterException"}
_REFUSED_ROLES = {
    "AccessDeniedException",
    "ExpiredTokenException",
    "InvalidSignatureException",
    "OptInRequired",
    "SubscriptionRequiredException",
    "UnrecognizedClientException",
}
"""Refusals of a role, a key or an account, which do not pass by themselves. Source: docs.aws.amazon.com/rekognition,
API reference, common errors, and the shape ``AccessDeniedException``."""

_NEVER_SENT = (
    ConnectTimeoutError,
    CredentialRetrievalError,
    NoCredentialsError,
    PartialCredentialsError,
    ProxyConnectionError,
    SSLError,
)


class RekognitionDetector:
    """Implements the ``Detector`` port. ``client`` makes the client of botocore, with the first call."""

    def __init__(self, client: Callable[[], Any]) -> None:
        self._client = client

    def of_bytes(self, picture: bytes) -> dict[str, Any]:
        """Return the answer about a picture of at most 5,242,880 bytes (botocore, ``ImageBlob``)."""
        try:
            return self._ask({"Bytes": picture})
        except ClientError as error:
            _raise(error)

    def of_object(self, bucket: str, key: str) -> dict[str, Any]:
        """Return the answer about an object; one that cannot be read is ``UnreadableObject``, whatever the reason."""
        try:
            return self._ask({"S3Object": {"Bucket": bucket, "Name": key}})
        except ClientError as error:
            if _code(error) in {*_REFUSED_PICTURES, "InvalidS3ObjectException"}:
                raise UnreadableObject(f"Rekognition: {_code(error)}") from error
            _raise(error)

    def _ask(self, image: dict[str, Any]) -> dict[str, Any]:
        try:
            answer: dict[str, Any] = self._client().detect_labels(Image=image, MinConfidence=LOWEST, MaxLabels=MOST)
        except EndpointConnectionError as error:  # a passing fault, or a region without Rekognition
            raise AccessRefused("Rekognition: EndpointConnectionError, nobody answers in this region") from error
        except _NEVER_SENT as error:
            raise Retryable(f"Rekognition: {type(error).__name__}") from error
        except BotoCoreError as error:  # such as a read timeout: the call may have been made
            raise Unanswered(f"Rekognition: {type(error).__name__}") from error
        return answer


def _raise(error: ClientError) -> NoReturn:
    code, message = _code(error), error.response.get("Error", {}).get("Message", "")
    if code in _REFUSED_PICTURES:
        raise Permanent(f"{code}: {message[:500]}") from error
    if code in _REFUSED_ROLES:
        raise AccessRefused(f"Rekognition: {code}: {message[:500]}") from error
    raise Retryable(f"Rekognition: {code}") from error  # throttled, or an error of its own: not made, not billed


def _code(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", "unknown error"))
