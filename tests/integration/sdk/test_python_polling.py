"""The Python SDK drains poll channels: receive, verify, acknowledge."""

import json
import threading
from typing import Any

import cloudinary
import cloudinary.api
import cloudinary.uploader
import pytest
from cloudinary.exceptions import AuthorizationRequired, BadRequest
from cloudinary.utils import base64url_decode, verify_notification

from tests.integration.sdk.sdk_lifecycle import KINDS, cause_every_kind
from tests.integration.simulator.simulator_client import Simulator, eventually

pytestmark = pytest.mark.usefixtures("sdk")


@pytest.fixture
def channel(sdk: None) -> str:
    """A channel that gets all notifications."""
    cloudinary.api.create_trigger("poll://library", "all", uri_type="poll")
    return "library"


def receive(channel: str, **options: Any) -> list[dict[str, Any]]:
    messages: list[dict[str, Any]] = cloudinary.api.notifications(channel=channel, **options).get("messages", [])
    return messages


def upload(public_id: str, **options: Any) -> None:
    cloudinary.uploader.upload(b"x", public_id=public_id, **options)


@pytest.mark.parametrize("algorithm", ["sha1", "sha256"])
def test_the_sdk_verifies_every_kind_of_message_and_none_that_was_changed(
    algorithm: str, channel: str, simulator: Simulator
) -> None:
    simulator.settings(notification_algorithm=algorithm)
    cloudinary.config(signature_algorithm=algorithm)
    cause_every_kind(simulator)
    eventually(lambda: len(simulator.deliveries()) == len(KINDS))

    messages = receive(channel, max_messages=100)

    assert {message["payload"]["notification_type"] for message in messages} == set(KINDS)
    for message in messages:
        assert verify_notification(message)
        assert not verify_notification(message | {"signed_payload": message["signed_payload"][:-4] + "AAAA"})
        assert not verify_notification(message | {"timestamp": str(int(message["timestamp"]) + 1)})
        assert json.loads(base64url_decode(message["signed_payload"])) == message["payload"]


def test_acknowledged_messages_are_gone_and_the_others_come_again(channel: str, simulator: Simulator) -> None:
    upload("a")
    upload("b")
    eventually(lambda: len(simulator.deliveries()) == 2)
    first, second = receive(channel, visibility_timeout=60)
    assert receive(channel, wait_seconds=0) == []

    answer = cloudinary.api.ack_notifications([first["receipt_handle"]])
    assert [result["status"] for result in answer["results"]] == ["acked"]
    simulator.control("PUT", "/clock", {"offset": 61})

    [again] = receive(channel)
    assert again["payload"] == second["payload"]
    assert again["receipt_handle"] != second["receipt_handle"]
    [late] = cloudinary.api.ack_notifications(second["receipt_handle"])["results"]
    assert late["status"] != "acked"
    cloudinary.api.ack_notifications(again["receipt_handle"])
    simulator.control("PUT", "/clock", {"offset": 3000})
    assert receive(channel, wait_seconds=0) == []


def test_an_acknowledgement_after_the_visibility_timeout_is_too_late(channel: str, simulator: Simulator) -> None:
    upload("a")
    [message] = receive(channel, visibility_timeout=60)
    simulator.control("PUT", "/clock", {"offset": 61})
    [late] = cloudinary.api.ack_notifications(message["receipt_handle"])["results"]
    assert late["status"] != "acked"
    assert [again["payload"] for again in receive(channel)] == [message["payload"]]


def test_a_receive_waits_for_the_first_message(channel: str, simulator: Simulator) -> None:
    got: list[dict[str, Any]] = []
    waiting = threading.Thread(target=lambda: got.extend(receive(channel, wait_seconds=8)))
    waiting.start()
    eventually(lambda: simulator.control("GET", "/messages")["polls"] == 1)
    upload("a")
    waiting.join(timeout=8)
    assert [message["payload"]["public_id"] for message in got] == ["a"]


def test_a_receive_takes_no_more_than_it_asked_for(channel: str, simulator: Simulator) -> None:
    for number in range(5):
        upload(str(number))
    eventually(lambda: len(simulator.deliveries()) == 5)

    pages = [receive(channel, max_messages=3, wait_seconds=0) for _ in range(3)]

    assert [len(page) for page in pages] == [3, 2, 0]
    assert {message["payload"]["public_id"] for page in pages for message in page} == {"0", "1", "2", "3", "4"}


def test_an_anonymous_destination_is_addressed_by_the_batch(simulator: Simulator) -> None:
    cloudinary.api.create_trigger("poll://*", "all", uri_type="poll")
    upload("a", batch_id="batch-1")
    upload("b", batch_id="batch-2")
    cloudinary.uploader.add_tag("x", ["a"], batch_id="batch-1")
    eventually(lambda: len(simulator.deliveries()) == 3)

    messages = cloudinary.api.notifications(batch_id="batch-1")["messages"]

    kinds = [(message["payload"]["notification_type"], message["batch_id"]) for message in messages]
    assert kinds == [("upload", "batch-1"), ("resource_tags_changed", "batch-1")]


def test_an_empty_channel_answers_without_messages_and_costs_no_admin_call(channel: str) -> None:
    before = cloudinary.api.ping().rate_limit_remaining
    assert cloudinary.api.notifications(channel="empty", wait_seconds=0) == {}
    assert cloudinary.api.ping().rate_limit_remaining == before - 1


@pytest.mark.parametrize(
    "wrong", [{"max_messages": 101}, {"wait_seconds": 61}, {"visibility_timeout": 601}, {"visibility_timeout": 0}]
)
def test_limits_of_a_receive_are_checked(wrong: dict[str, int], channel: str) -> None:
    with pytest.raises(BadRequest, match=next(iter(wrong))):
        receive(channel, **wrong)


def test_a_wrong_secret_neither_receives_nor_acknowledges(channel: str, simulator: Simulator) -> None:
    upload("a")
    [message] = receive(channel, visibility_timeout=60)
    with pytest.raises(AuthorizationRequired):
        receive(channel, api_secret="wrong")
    with pytest.raises(AuthorizationRequired):
        cloudinary.api.ack_notifications(message["receipt_handle"], api_secret="wrong")
    assert cloudinary.api.ack_notifications(message["receipt_handle"])["results"][0]["status"] == "acked"
    with pytest.raises(BadRequest):
        cloudinary.api.ack_notifications(["x"] * 101)
