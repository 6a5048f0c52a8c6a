"""Notifications of uploads and categorizations, received by a real HTTP server and verified by the official SDK."""

from datetime import datetime

import cloudinary
import cloudinary.api
import cloudinary.uploader
import pytest

from tests.integration.simulator.notifications.sdk_uploads import is_authentic, triggered_by, upload
from tests.integration.simulator.simulator_client import KEY, SIGNING_KEY, Notification, Receiver, Simulator

pytestmark = pytest.mark.usefixtures("sdk")


def test_an_upload_is_told_as_documented(receiver: Receiver) -> None:
    answer = upload("stage/guitarist", notification_url=receiver.url, tags=["press"])

    [notification] = receiver.wait("upload")
    assert notification.headers["Content-Type"] == "application/json"
    assert is_authentic(notification)
    body = notification.body
    only_in_the_answer = {"signature", "request_id", "api_key"}
    assert {k: v for k, v in answer.items() if k not in only_in_the_answer}.items() <= body.items()
    assert body["request_id"] == answer["request_id"]
    assert body["api_key"] == KEY
    assert body["signature_key"] == SIGNING_KEY
    assert body["info"]["categorization"]["aws_rek_tagging"]["status"] == "complete"
    assert triggered_by(notification) == ("api", KEY)
    stamp = int(notification.headers["X-Cld-Timestamp"])
    assert abs(datetime.fromisoformat(body["timestamp"]).timestamp() - stamp) <= 1


def test_a_changed_byte_is_not_authentic(receiver: Receiver) -> None:
    upload("a", notification_url=receiver.url)
    [notification] = receiver.wait("upload")
    assert not is_authentic(Notification(notification.raw + " ", notification.headers))


def test_signatures_may_be_sha256(simulator: Simulator, receiver: Receiver) -> None:
    simulator.settings(notification_algorithm="sha256")
    upload("a", notification_url=receiver.url)
    [notification] = receiver.wait("upload")
    assert len(notification.headers["X-Cld-Signature"]) == 64
    assert is_authentic(notification, "sha256")


def test_a_pending_categorization_ends_with_an_info_notification(simulator: Simulator, receiver: Receiver) -> None:
    simulator.mode("*/koala5", "info", seconds=0.2)
    answer = upload("zoo/koala5", notification_url=receiver.url, auto_tagging=0.9)
    assert answer["info"] == {"categorization": {"aws_rek_tagging": {"status": "pending"}}}
    assert "tags" not in cloudinary.api.resource("zoo/koala5")

    [uploaded], [info] = receiver.wait("upload"), receiver.wait("info")
    assert uploaded.body["info"] == answer["info"]
    assert is_authentic(info)
    body = info.body
    assert (body["info_kind"], body["info_status"]) == ("aws_rek_tagging", "complete")
    assert body["info_data"][0] == {"tag": "Animal", "confidence": 0.9933}
    for field in ("asset_id", "public_id", "version", "url", "secure_url", "etag"):
        assert body[field] == answer[field]
    assert not {"resource_type", "type", "tags", "asset_folder", "request_id", "timestamp"} & body.keys()
    found = cloudinary.api.resource("zoo/koala5")
    assert found["info"]["categorization"]["aws_rek_tagging"]["data"] == body["info_data"]
    assert found["tags"] == ["animal", "koala", "mammal"]


def test_a_failure_after_pending_comes_as_a_text(simulator: Simulator, receiver: Receiver) -> None:
    simulator.mode("a", "failed", seconds=0.1, message="No quota left")
    assert upload("a", notification_url=receiver.url)["info"]["categorization"]["aws_rek_tagging"] == {
        "status": "pending"
    }
    [info] = receiver.wait("info")
    assert (info.body["info_status"], info.body["info_data"], info.body["etag"]) == (
        "failed", "No quota left", None
    )  # fmt: skip
    assert cloudinary.api.resource("a")["info"]["categorization"]["aws_rek_tagging"] == {
        "status": "failed",
        "data": "No quota left",
    }


def test_explicit_and_existing_assets_are_told_as_uploads(receiver: Receiver) -> None:
    upload("a")
    cloudinary.uploader.explicit("a", type="upload", notification_url=receiver.url)
    cloudinary.uploader.upload(b"y", public_id="a", overwrite=False, notification_url=receiver.url)
    cloudinary.uploader.upload(b"y", public_id="a", notification_url=receiver.url)

    bodies = [n.body for n in receiver.wait("upload", 3)]
    assert sorted((b.get("existing", False), b.get("overwritten", False)) for b in bodies) == [
        (False, False), (False, True), (True, False)
    ]  # fmt: skip


def test_an_asynchronous_upload_is_answered_first_and_told_later(receiver: Receiver) -> None:
    answer = cloudinary.uploader.upload(b"x", public_id="a", notification_url=receiver.url, **{"async": True})
    assert (answer["status"], answer["public_id"]) == ("pending", "a")
    [notification] = receiver.wait("upload")
    assert notification.body["batch_id"] == answer["batch_id"]
    assert cloudinary.api.resource("a")["asset_id"] == notification.body["asset_id"]
