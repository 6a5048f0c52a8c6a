"""What each failure of DetectLabels means: for this picture, for the role, for now, or that it may have been paid."""

from typing import Any

import pytest
from botocore.exceptions import (
    ClientError,
    ConnectionClosedError,
    ConnectTimeoutError,
    CredentialRetrievalError,
    EndpointConnectionError,
    NoCredentialsError,
    ProxyConnectionError,
    ReadTimeoutError,
    SSLError,
)

from autotag.adapters.aws.rekognition import RekognitionDetector
from autotag.domain.errors import AccessRefused, Permanent, Retryable, Unanswered, UnreadableObject


class Failing:
    """A client whose calls fail."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    def detect_labels(self, **given: Any) -> Any:
        raise self._error


def failure(error: Exception) -> Exception:
    """Return what a call about a picture raises where the client fails with ``error``."""
    with pytest.raises(Exception) as raised:
        RekognitionDetector(lambda: Failing(error)).of_bytes(b"x")
    return raised.value


def refusal(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "the reason"}}, "DetectLabels")


@pytest.mark.parametrize("code", ["InvalidImageFormatException", "ImageTooLargeException", "InvalidParameterException"])
def test_a_refused_picture_is_final_and_says_why_without_the_providers_name(code: str) -> None:
    found = failure(refusal(code))
    assert (type(found), str(found)) == (Permanent, f"{code}: the reason")
    with pytest.raises(UnreadableObject):
        RekognitionDetector(lambda: Failing(refusal(code))).of_object("bucket", "key")


@pytest.mark.parametrize(
    "code",
    [
        "AccessDeniedException",
        "UnrecognizedClientException",
        "InvalidSignatureException",
        "ExpiredTokenException",
        "OptInRequired",
        "SubscriptionRequiredException",
    ],
)
def test_what_only_an_operator_can_repair_rings_the_alarm(code: str) -> None:
    assert type(failure(refusal(code))) is AccessRefused


@pytest.mark.parametrize(
    "code", ["ThrottlingException", "ProvisionedThroughputExceededException", "InternalServerError", "503"]
)
def test_a_refusal_for_now_is_tried_again(code: str) -> None:
    assert type(failure(refusal(code))) is Retryable


def test_a_region_without_rekognition_rings_the_alarm_and_is_tried_again_since_it_may_be_a_passing_fault() -> None:
    found = failure(EndpointConnectionError(endpoint_url="https://rekognition.eu-north-1.amazonaws.com/"))
    assert isinstance(found, AccessRefused) and isinstance(found, Retryable)


@pytest.mark.parametrize(
    "error",
    [
        ConnectTimeoutError(endpoint_url="x"),
        SSLError(endpoint_url="x", error=Exception("e")),
        ProxyConnectionError(proxy_url="x", error=Exception("e")),
        CredentialRetrievalError(provider="x", error_msg="e"),
        NoCredentialsError(),
    ],
)
def test_what_was_never_sent_is_no_attempt(error: Exception) -> None:
    assert type(failure(error)) is Retryable


@pytest.mark.parametrize("error", [ReadTimeoutError(endpoint_url="x"), ConnectionClosedError(endpoint_url="x")])
def test_what_may_have_been_sent_may_have_been_paid(error: Exception) -> None:
    assert type(failure(error)) is Unanswered
