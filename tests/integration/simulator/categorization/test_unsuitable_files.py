"""What add-ons do not look at: other resource types, broken pictures, and formats that Rekognition does not take."""

import base64
from typing import Any

import cloudinary.api
import cloudinary.uploader
import pytest
from cloudinary.exceptions import BadRequest

from tests.integration.simulator.simulator_client import Receiver, Simulator, eventually

pytestmark = pytest.mark.usefixtures("sdk")

REKOGNITION = "aws_rek_tagging"
LABELS: dict[str, Any] = {"categorization": REKOGNITION, "auto_tagging": 0.5}
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAMAAAACCAIAAAASFvFNAAAADklEQVR4nGNgQAVoXAAANAAByG2wCgAAAABJRU5ErkJggg=="
)
GIF = base64.b64decode("R0lGODlhAQABAIAAAAAAAP///ywAAAAAAQABAAACAUwAOw==")
FAILED = {"status": "failed", "data": "Request has invalid image format"}


def request_labels(call: str, resource_type: str, data: bytes = b"x", **labels: Any) -> dict[str, Any]:
    """Upload ``data`` with labels, or without and then ask for them by ``call``; return the answer."""
    options = {"public_id": "a", "resource_type": resource_type, "tags": ["press"]}
    if call == "upload":
        answer: dict[str, Any] = cloudinary.uploader.upload(data, **options, **labels)
        return answer
    cloudinary.uploader.upload(data, **options)
    act = {"explicit": cloudinary.uploader.explicit, "update": cloudinary.api.update}[call]
    changed: dict[str, Any] = act("a", type="upload", resource_type=resource_type, **labels)
    return changed


CALLS = pytest.mark.parametrize("call", ["upload", "explicit", "update"])


@CALLS
@pytest.mark.parametrize("resource_type", ["video", "raw"])
def test_an_add_on_for_images_leaves_other_files_alone_and_charges_nothing(call: str, resource_type: str) -> None:
    answer = request_labels(call, resource_type, **LABELS)

    assert "info" not in answer and answer["tags"] == ["press"]
    stored = cloudinary.api.resource("a", resource_type=resource_type)
    assert "info" not in stored and stored["tags"] == ["press"]
    assert cloudinary.api.usage()[REKOGNITION]["usage"] == 0


@CALLS
def test_an_add_on_for_videos_leaves_images_alone(call: str) -> None:
    assert "info" not in request_labels(call, "image", categorization="google_video_tagging")
    assert cloudinary.api.usage()["google_video_tagging"]["usage"] == 0


def test_an_add_on_for_videos_finds_labels_in_videos() -> None:
    answer = request_labels("upload", "video", categorization="google_video_tagging,aws_rek_tagging")
    assert list(answer["info"]["categorization"]) == ["google_video_tagging"]


@CALLS
@pytest.mark.parametrize("resource_type", ["video", "raw"])
def test_other_files_may_be_refused_and_then_nothing_changes(
    simulator: Simulator, call: str, resource_type: str
) -> None:
    simulator.settings(addon_on_other_kinds="refuse")
    with pytest.raises(BadRequest, match=f"does not support resource type {resource_type}"):
        request_labels(call, resource_type, **LABELS)
    assert len(simulator.control("GET", "/assets")["assets"]) == (call != "upload")
    assert cloudinary.api.usage()[REKOGNITION]["usage"] == 0


def test_no_notification_tells_of_labels_of_other_files(simulator: Simulator, receiver: Receiver) -> None:
    simulator.mode("*", "info")
    request_labels("upload", "video", notification_url=receiver.url, **LABELS)
    [upload] = receiver.wait("upload")
    eventually(lambda: simulator.control("GET", "/health")["background"] == 0)
    assert "info" not in upload.body and receiver.of_type("info") == []


@CALLS
@pytest.mark.parametrize("data", [b"\xff\xd8\xff\xe0 no picture", PNG[:12], GIF, b"%PDF-1.7", b"<svg/>"])
def test_what_rekognition_cannot_read_is_failed_and_gives_no_tags(call: str, data: bytes) -> None:
    answer = request_labels(call, "image", data, **LABELS)

    assert answer["info"]["categorization"][REKOGNITION] == FAILED
    assert answer["tags"] == ["press"]
    assert cloudinary.api.resource("a")["info"]["categorization"][REKOGNITION] == FAILED


@pytest.mark.parametrize("data", [PNG, b"any bytes stand for a picture", b"BM as a text begins"])
def test_what_rekognition_can_read_is_not_failed(data: bytes) -> None:
    answer = request_labels("upload", "image", data, **LABELS)
    assert answer["info"]["categorization"][REKOGNITION]["status"] == "complete" and len(answer["tags"]) > 1


def test_a_late_result_of_a_broken_picture_is_a_failure_too(simulator: Simulator, receiver: Receiver) -> None:
    simulator.mode("*", "info")
    answer = request_labels("upload", "image", PNG[:12], notification_url=receiver.url, **LABELS)
    assert answer["info"]["categorization"][REKOGNITION] == {"status": "pending"}
    [info] = receiver.wait("info")
    assert (info.body["info_status"], info.body["info_data"]) == ("failed", FAILED["data"])


def test_formats_that_cloudinary_may_convert_are_a_setting_and_broken_pictures_fail_all_the_same(
    simulator: Simulator,
) -> None:
    simulator.settings(rekognition_formats=["jpg", "png", "gif"])
    assert request_labels("upload", "image", GIF, **LABELS)["info"]["categorization"][REKOGNITION]["data"]
    assert request_labels("upload", "image", PNG[:12], **LABELS)["info"]["categorization"][REKOGNITION] == FAILED


@pytest.mark.parametrize(("data", "google"), [(GIF, "complete"), (PNG[:12], "failed")])
def test_the_other_add_ons_take_more_formats_but_no_broken_picture(data: bytes, google: str) -> None:
    answer = request_labels("upload", "image", data, categorization="google_tagging,aws_rek_tagging")
    assert {name: found["status"] for name, found in answer["info"]["categorization"].items()} == {
        "google_tagging": google, "aws_rek_tagging": "failed"
    }  # fmt: skip
