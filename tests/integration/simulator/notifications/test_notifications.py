"""Notifications, received by a real HTTP server and verified by the official SDK."""

from datetime import datetime
from typing import Any

import cloudinary
import cloudinary.api
import cloudinary.uploader
import pytest
from cloudinary.utils import verify_notification_signature

from tests.integration.simulator.simulator_client import (
    KEY,
    SIGNING_KEY,
    SIGNING_SECRET,
    Notification,
    Receiver,
    Simulator,
    eventually,
)

pytestmark = pytest.mark.usefixtures("sdk")


def is_authentic(notification: Notification, algorithm: str = "sha1") -> bool:
    """Ask the SDK, which knows one secret: that of the key that signs notifications."""
    before = cloudinary.config().api_secret
    cloudinary.config(api_secret=SIGNING_SECRET)
    try:
        headers = notification.headers
        valid = verify_notification_signature(
            notification.raw, headers["X-Cld-Timestamp"], headers["X-Cld-Signature"], algorithm=algorithm
        )
    finally:
        cloudinary.config(api_secret=before)
    return bool(valid)


def upload(public_id: str, **options: Any) -> dict[str, Any]:
    answer: dict[str, Any] = cloudinary.uploader.upload(
        b"x", public_id=public_id, categorization="aws_rek_tagging", **options
    )
    return answer


def triggered_by(notification: Notification) -> tuple[str, str]:
    by = notification.body["notification_context"]["triggered_by"]
    return by["source"], by["id"]


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
    assert found["tags"] == ["Animal", "Koala", "Mammal"]


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


def test_the_global_url_is_told_unless_the_call_names_another(simulator: Simulator, receiver: Receiver) -> None:
    simulator.settings(notification_url=f"{receiver.url}/global")
    upload("a")
    upload("b", notification_url=f"{receiver.url}/own")
    receiver.wait("upload", 2)

    assert [d["url"] for d in eventually(lambda: simulator.deliveries(public_id="a"))] == [f"{receiver.url}/global"]
    assert [d["url"] for d in eventually(lambda: simulator.deliveries(public_id="b"))] == [f"{receiver.url}/own"]


def test_changed_tags_are_told_to_the_global_url_only_where_switched_on(
    simulator: Simulator, receiver: Receiver
) -> None:
    simulator.settings(notification_url=receiver.url)
    uploaded = upload("zoo/koala5", tags=["old"])
    cloudinary.uploader.add_tag("silent", "zoo/koala5")
    simulator.settings(events=["upload", "resource_tags_changed"])
    cloudinary.uploader.add_tag(["koala", "old"], "zoo/koala5")
    receiver.wait("resource_tags_changed")  # they are not ordered
    cloudinary.uploader.add_tag("koala", "zoo/koala5")  # changes nothing
    cloudinary.uploader.remove_tag("old", "zoo/koala5")

    added, removed = receiver.wait("resource_tags_changed", 2)
    eventually(lambda: simulator.control("GET", "/health")["background"] == 0)
    assert len(receiver.of_type("resource_tags_changed")) == 2
    assert added.body["resources"] == [
        {
            "resource_type": "image",
            "type": "upload",
            "asset_id": uploaded["asset_id"],
            "public_id": "zoo/koala5",
            "added": ["koala"],
            "removed": [],
            "updated": [],
        }
    ]
    assert removed.body["resources"][0]["removed"] == ["old"]
    assert (added.body["source"], triggered_by(added)) == ("api", ("api", KEY))
    assert is_authentic(added)


def test_a_tags_call_may_name_its_own_url(receiver: Receiver) -> None:
    upload("a")
    cloudinary.uploader.add_tag("t", "a", notification_url=receiver.url, batch_id="batch")
    [notification] = receiver.wait("resource_tags_changed")
    assert notification.body["batch_id"] == "batch"


def test_what_a_person_does_is_told_as_such(simulator: Simulator, receiver: Receiver) -> None:
    simulator.settings(notification_url=receiver.url)
    uploaded = upload("a", tags=["x", "y"])
    answer = simulator.control(
        "POST",
        "/person/tags",
        {"asset_id": uploaded["asset_id"], "add": ["z"], "remove": ["x"], "by": "ann@example.com"},
    )

    assert answer == {"tags": ["y", "z"], "added": ["z"], "removed": ["x"]}
    [notification] = receiver.wait("resource_tags_changed")
    assert triggered_by(notification) == ("ui", "ann@example.com")
    assert notification.body["source"] == "ui"
    assert cloudinary.api.resource("a")["tags"] == ["y", "z"]


def test_renames_deletes_and_contexts_are_told(simulator: Simulator, receiver: Receiver) -> None:
    simulator.settings(notification_url=receiver.url, events=["rename", "delete", "resource_context_changed"])
    uploaded = upload("zoo/a", context={"k": "v", "l": "w"})
    cloudinary.uploader.add_context({"k": "new", "m": "x"}, ["zoo/a"])
    cloudinary.uploader.rename("zoo/a", "zoo/b")
    cloudinary.uploader.destroy("zoo/b")

    [context] = receiver.wait("resource_context_changed")
    assert context.body["resources"]["zoo/a"] == {
        "added": [{"name": "m", "value": "x"}],
        "removed": [],
        "updated": [{"name": "k", "value": "new"}],
        "resource_type": "image",
        "type": "upload",
        "asset_id": uploaded["asset_id"],
        "public_id": "zoo/a",
    }
    [rename] = receiver.wait("rename")
    assert (rename.body["from_public_id"], rename.body["to_public_id"]) == ("zoo/a", "zoo/b")
    assert rename.body["asset_id"] == uploaded["asset_id"]
    [delete] = receiver.wait("delete")
    [gone] = delete.body["resources"]
    assert (gone["asset_id"], gone["public_id"], gone["version"]) == (
        uploaded["asset_id"], "zoo/b", uploaded["version"]
    )  # fmt: skip
    assert not {"timestamp", "request_id"} & delete.body.keys()


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


def test_anything_but_200_is_tried_again_with_a_fresh_signature(simulator: Simulator, receiver: Receiver) -> None:
    receiver.answers = [503, 201]
    upload("a", notification_url=receiver.url)

    attempts = receiver.wait("upload", 3)
    assert len({n.raw for n in attempts}) == 1
    assert all(is_authentic(n) for n in attempts)
    deliveries = eventually(lambda: len(d := simulator.deliveries()) == 3 and d)
    assert [d["attempt"] for d in deliveries] == [1, 2, 3]
    assert [d["status"] for d in deliveries] == [503, 201, 200]
    assert [d["outcome"] for d in deliveries] == ["retrying", "retrying", "delivered"]
    assert [d["body"] for d in deliveries] == [n.raw for n in attempts]
    assert deliveries[2]["headers"]["X-Cld-Signature"] == attempts[2].headers["X-Cld-Signature"]
    waits = [datetime.fromisoformat(d["at"]).timestamp() for d in deliveries]
    assert waits[1] - waits[0] >= 0.2
    assert waits[2] - waits[1] >= 0.4


def test_after_the_fourth_attempt_a_notification_is_given_up(simulator: Simulator) -> None:
    simulator.settings(time_scale=100_000)
    upload("a", notification_url="http://127.0.0.1:9/nobody-listens")
    deliveries = eventually(lambda: len(d := simulator.deliveries()) == 4 and d)
    assert [d["outcome"] for d in deliveries] == ["retrying"] * 3 + ["given_up"]
    assert all(d["status"] is None and d["error"] for d in deliveries)


def test_nothing_is_posted_to_other_machines(simulator: Simulator) -> None:
    upload("a", notification_url="https://example.com/hook")
    [delivery] = eventually(simulator.deliveries)
    assert (delivery["outcome"], delivery["status"]) == ("given_up", None)
    assert "this machine" in delivery["error"]
