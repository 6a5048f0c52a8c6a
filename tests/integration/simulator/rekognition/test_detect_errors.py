"""Errors of the local Rekognition: botocore raises each as the exception that its service model declares."""

from typing import Any

import botocore.session
import pytest
import requests
from botocore.exceptions import ClientError

from tests.integration.simulator.rekognition.rekognition_client import (
    JPEG,
    PNG,
    detect,
    detect_calls,
    fault,
    rekognition,
)
from tests.integration.simulator.simulator_client import Simulator

MODEL = botocore.session.get_session().get_component("data_loader").load_service_model("rekognition", "service-2")
DECLARED = [error["shape"] for error in MODEL["operations"]["DetectLabels"]["errors"]]


def refused(simulator: Simulator, **request: Any) -> tuple[str, int]:
    """Return the type and the status of a refused call."""
    with pytest.raises(ClientError) as caught:
        rekognition(simulator).detect_labels(**request)
    response = caught.value.response
    assert type(caught.value).__name__ == response["Error"]["Code"]
    assert response["Error"]["Message"]
    return response["Error"]["Code"], response["ResponseMetadata"]["HTTPStatusCode"]


@pytest.mark.parametrize("name", DECLARED)
def test_every_declared_error_is_a_typed_exception(simulator: Simulator, name: str) -> None:
    fault(simulator, {"error": name, "message": "as the test says"}, count=1)
    client = rekognition(simulator)
    with pytest.raises(client.exceptions.from_code(name), match="as the test says") as caught:
        client.detect_labels(Image={"Bytes": JPEG})
    status = caught.value.response["ResponseMetadata"]["HTTPStatusCode"]
    assert status == (500 if MODEL["shapes"][name].get("fault") else 400)
    assert detect(simulator)["Labels"]
    assert [(call["error"], call["paid"]) for call in detect_calls(simulator)["calls"]] == [
        (name, False),
        ("", True),
    ]


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"no picture", "InvalidImageFormatException"),
        (b"GIF89a picture", "InvalidImageFormatException"),
        (JPEG + bytes(5_242_881 - len(JPEG)), "ImageTooLargeException"),
    ],
)
def test_bytes_that_rekognition_does_not_look_at_are_refused(simulator: Simulator, data: bytes, error: str) -> None:
    assert refused(simulator, Image={"Bytes": data}) == (error, 400)
    assert detect_calls(simulator)["paid"] == 0


def test_the_largest_picture_is_looked_at(simulator: Simulator) -> None:
    assert detect(simulator, JPEG + bytes(5_242_880 - len(JPEG)))["Labels"]


@pytest.mark.parametrize(
    "request_",
    [
        {"Image": {}},
        {"Image": {"Bytes": PNG, "S3Object": {"Bucket": "originals", "Name": "a.jpg"}}},
        {"Image": {"S3Object": {"Bucket": "not a bucket", "Name": "a.jpg"}}},
        {"Image": {"S3Object": {"Name": "a.jpg"}}},
        {"Image": {"Bytes": PNG}, "MinConfidence": 100.5},
        {"Image": {"Bytes": PNG}, "Features": ["IMAGE_PROPERTIES"]},
        {"Image": {"Bytes": PNG}, "Settings": {"GeneralLabels": {"LabelInclusionFilters": ["Cat"]}}},
    ],
)
def test_parameters_outside_the_model_or_that_it_has_not_are_refused(
    simulator: Simulator, request_: dict[str, Any]
) -> None:
    assert refused(simulator, **request_) == ("InvalidParameterException", 400)


def test_what_every_service_of_aws_checks_is_checked(simulator: Simulator) -> None:
    def code(authorization: str, target: str, body: str = "{}") -> tuple[int, str]:
        headers = {"Authorization": authorization, "X-Amz-Target": target}
        answer = requests.post(simulator.url, body, headers=headers, timeout=30)
        assert answer.headers["x-amzn-ErrorType"] == answer.json()["__type"]
        return answer.status_code, answer.json()["__type"]

    signed = "AWS4-HMAC-SHA256 Credential=test/20261008/us-east-1/{}/aws4_request, SignedHeaders=host, Signature=0"
    right, target = signed.format("rekognition"), "RekognitionService.DetectLabels"
    assert code("", target) == (400, "MissingAuthenticationTokenException")
    assert code(signed.format("s3"), target) == (400, "InvalidSignatureException")
    assert code(right, "RekognitionService.DetectFaces") == (400, "UnknownOperationException")
    assert code(right, target, "{") == (400, "SerializationException")
    assert code(right, target, '{"Image": {"Bytes": "not base64"}}') == (400, "InvalidParameterException")


def test_other_posts_to_the_root_are_a_404_as_before(simulator: Simulator) -> None:
    assert requests.post(simulator.url, "{}", timeout=30).status_code == 404
    other = {"X-Amz-Target": "DynamoDB_20120810.GetItem"}
    assert requests.post(simulator.url, "{}", headers=other, timeout=30).status_code == 404
