"""Which notifications list tags that auto_tagging assigned: by upload, explicit and update, as the settings say."""

from typing import Any

import cloudinary.api
import cloudinary.uploader
import pytest

from tests.integration.simulator.simulator_client import KEY, Notification, Receiver, Simulator, eventually

pytestmark = pytest.mark.usefixtures("sdk")

LABELS: dict[str, Any] = {"categorization": "aws_rek_tagging", "auto_tagging": 0.9}
AUTO = ["animal", "koala", "mammal"]


@pytest.fixture(autouse=True)
def watched_asset(sdk: None, receiver: Receiver) -> None:
    """An asset without labels, and triggers for everything that may list tags."""
    cloudinary.uploader.upload(b"x", public_id="koala5", tags=["press"])
    for kind in ("upload", "info", "resource_tags_changed"):
        cloudinary.api.create_trigger(receiver.url, kind)


def notifications(simulator: Simulator, receiver: Receiver) -> dict[str, Notification]:
    """Return what was sent, one of each kind."""
    eventually(lambda: simulator.control("GET", "/health")["background"] == 0)
    found = {notification.body["notification_type"]: notification for notification in receiver.notifications}
    assert len(found) == len(receiver.notifications)
    return found


def by(notification: Notification) -> tuple[str, str]:
    """Return whose act a notification says it was."""
    triggered_by = notification.body["notification_context"]["triggered_by"]
    return triggered_by["source"], triggered_by["id"]


def added(notification: Notification) -> list[str]:
    [resource] = notification.body["resources"]
    assert resource["removed"] == []
    found: list[str] = resource["added"]
    return found


def test_an_update_notifies_of_tags_as_the_callers_act_and_of_no_labels(
    simulator: Simulator, receiver: Receiver
) -> None:
    cloudinary.api.update("koala5", **LABELS)
    found = notifications(simulator, receiver)
    assert found.keys() == {"resource_tags_changed"}
    assert added(found["resource_tags_changed"]) == AUTO and by(found["resource_tags_changed"]) == ("api", KEY)


@pytest.mark.parametrize("categorization", [LABELS, {"categorization": "aws_rek_tagging"}])
def test_an_update_may_notify_of_labels_alone(
    simulator: Simulator, receiver: Receiver, categorization: dict[str, Any]
) -> None:
    simulator.settings(auto_tags_notified=[], update_sends_info=True)
    answer = cloudinary.api.update("koala5", **categorization)
    found = notifications(simulator, receiver)
    assert found.keys() == {"info"} and by(found["info"]) == ("api", KEY)
    body = found["info"].body
    assert (body["info_kind"], body["info_status"], body["asset_id"]) == (
        "aws_rek_tagging", "complete", answer["asset_id"]
    )  # fmt: skip
    assert body["info_data"] == answer["info"]["categorization"]["aws_rek_tagging"]["data"]


def test_an_update_may_notify_of_nothing(simulator: Simulator, receiver: Receiver) -> None:
    simulator.settings(auto_tags_notified=[])
    answer = cloudinary.api.update("koala5", **LABELS)
    assert answer["tags"] == sorted([*AUTO, "press"])
    assert notifications(simulator, receiver) == {}


def test_tags_that_an_update_names_are_notified_whatever_becomes_of_the_others(
    simulator: Simulator, receiver: Receiver
) -> None:
    simulator.settings(auto_tags_notified=[])
    cloudinary.api.update("koala5", tags=["press", "stage"], **LABELS)
    assert added(notifications(simulator, receiver)["resource_tags_changed"]) == ["stage"]


def test_a_result_that_is_to_come_is_notified_once_when_it_does(simulator: Simulator, receiver: Receiver) -> None:
    simulator.settings(update_sends_info=True)
    simulator.mode("*", "info", seconds=0.1)
    cloudinary.api.update("koala5", **LABELS)
    [info] = receiver.wait("info")
    assert info.body["info_status"] == "complete"
    assert notifications(simulator, receiver).keys() == {"info"}


@pytest.mark.parametrize("call", ["upload", "explicit"])
def test_upload_and_explicit_list_all_in_one_notification(simulator: Simulator, receiver: Receiver, call: str) -> None:
    act(call)
    found = notifications(simulator, receiver)
    assert found.keys() == {"upload"} and found["upload"].body["tags"][-3:] == AUTO


@pytest.mark.parametrize("call", ["upload", "explicit"])
def test_upload_and_explicit_may_notify_of_the_tags_once_more(
    simulator: Simulator, receiver: Receiver, call: str
) -> None:
    simulator.settings(auto_tags_notified=["upload", "explicit"])
    act(call)
    found = notifications(simulator, receiver)
    assert found.keys() == {"upload", "resource_tags_changed"}
    assert added(found["resource_tags_changed"]) == AUTO and by(found["resource_tags_changed"]) == ("api", KEY)


def act(call: str) -> None:
    if call == "upload":
        cloudinary.uploader.upload(b"y", public_id="koala5", tags=["press"], **LABELS)
    else:
        cloudinary.uploader.explicit("koala5", type="upload", **LABELS)
