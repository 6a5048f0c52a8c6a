"""Faults that the control API injects into notifications, to a URL or into a poll channel."""

import time
from datetime import datetime
from typing import Any

import cloudinary
import cloudinary.api
import cloudinary.uploader
import pytest
import requests
from cloudinary.utils import verify_notification

from tests.integration.simulator.notifications.sdk_uploads import is_authentic
from tests.integration.simulator.simulator_client import SIGNING_SECRET, Receiver, Simulator, eventually

pytestmark = pytest.mark.usefixtures("sdk")


def add_fault(simulator: Simulator, match: dict[str, Any], fault: dict[str, Any]) -> int:
    return int(simulator.control("POST", "/delivery_faults", {"match": match, "fault": fault})["id"])


def upload(*public_ids: str) -> None:
    for public_id in public_ids:
        cloudinary.uploader.upload(b"x", public_id=public_id)


def received_ids(simulator: Simulator, receiver: Receiver) -> list[str]:
    """The public ids of the notifications received, in order, once no background task is left."""
    eventually(lambda: simulator.control("GET", "/health")["background"] == 0)
    return [notification.body["public_id"] for notification in receiver.notifications]


def poll_messages(count: int) -> list[dict[str, Any]]:
    """Poll the channel until it has returned ``count`` messages, and return all of them."""
    messages: list[dict[str, Any]] = []

    def drained() -> bool:
        messages.extend(cloudinary.api.notifications(channel="c", wait_seconds=1).get("messages", []))
        return len(messages) >= count

    eventually(drained)
    return messages


@pytest.fixture(autouse=True)
def _webhook(simulator: Simulator, receiver: Receiver) -> None:
    simulator.settings(notification_url=receiver.url)


@pytest.fixture
def channel(sdk: None) -> None:
    cloudinary.api.create_trigger("poll://c", "upload", uri_type="poll")


def test_lost_notifications_never_arrive_and_are_listed_as_lost(simulator: Simulator, receiver: Receiver) -> None:
    add_fault(simulator, {"public_id": "lost/*", "type": "upload"}, {"lost": True})
    upload("lost/a", "b")
    assert received_ids(simulator, receiver) == ["b"]
    assert [(d["public_ids"], d["outcome"]) for d in simulator.deliveries() if d["outcome"] != "delivered"] == [
        (["lost/a"], "lost")
    ]


def test_count_and_every_choose_which_are_struck(simulator: Simulator, receiver: Receiver) -> None:
    number = add_fault(simulator, {"every": 2, "count": 2}, {"lost": True})
    upload("a", "b", "c", "d", "e", "f")
    assert sorted(received_ids(simulator, receiver)) == ["a", "c", "e", "f"]
    [listed] = simulator.control("GET", "/delivery_faults")["faults"]
    assert (listed["id"], listed["struck"], listed["match"]["every"]) == (number, 2, 2)


def test_copies_are_deliveries_of_their_own(simulator: Simulator, receiver: Receiver) -> None:
    add_fault(simulator, {"count": 1}, {"copies": 2})
    upload("a", "b")
    assert sorted(received_ids(simulator, receiver)) == ["a", "a", "a", "b"]
    assert len({n.raw for n in receiver.notifications}) == 2
    assert len({d["delivery_id"] for d in simulator.deliveries(public_id="a")}) == 3


def test_a_notification_held_back_comes_after_the_next_one(simulator: Simulator, receiver: Receiver) -> None:
    add_fault(simulator, {"public_id": "a"}, {"after_next": True})
    upload("a")
    assert simulator.control("GET", "/health")["background"] == 1
    upload("b")
    assert received_ids(simulator, receiver) == ["b", "a"]


def test_a_notification_held_back_waits_no_longer_than_its_delay(simulator: Simulator, receiver: Receiver) -> None:
    add_fault(simulator, {}, {"after_next": True, "delay": 0.2})
    upload("a")
    assert received_ids(simulator, receiver) == ["a"]


def test_a_delayed_notification_is_overtaken(simulator: Simulator, receiver: Receiver) -> None:
    add_fault(simulator, {"public_id": "a"}, {"delay": 0.5})
    started = time.monotonic()
    upload("a", "b")
    assert received_ids(simulator, receiver) == ["b", "a"]
    assert time.monotonic() - started >= 0.5


def test_a_wrong_signature_and_a_stale_timestamp(simulator: Simulator, receiver: Receiver) -> None:
    add_fault(simulator, {"public_id": "forged"}, {"wrong_signature": True})
    add_fault(simulator, {"public_id": "stale"}, {"age": 10_000})
    upload("forged", "stale", "good")
    received_ids(simulator, receiver)
    by_name = {n.body["public_id"]: n for n in receiver.notifications}
    assert {name: is_authentic(n) for name, n in by_name.items()} == {"forged": False, "stale": False, "good": True}
    triggered = datetime.fromisoformat(by_name["stale"].body["timestamp"]).timestamp()
    assert 9_990 < triggered - int(by_name["stale"].headers["X-Cld-Timestamp"]) < 10_010


def test_faults_may_strike_one_destination_only(simulator: Simulator, receiver: Receiver) -> None:
    cloudinary.api.create_trigger(f"{receiver.url}/second", "upload")
    add_fault(simulator, {"uri": "*/second"}, {"lost": True})
    upload("a")
    assert received_ids(simulator, receiver) == ["a"]


@pytest.mark.usefixtures("channel")
def test_poll_channels_have_the_same_faults(simulator: Simulator) -> None:
    for name, what in (
        ("lost", {"lost": True}),
        ("twice", {"copies": 1}),
        ("held", {"after_next": True}),
        ("forged", {"wrong_signature": True}),
        ("stale", {"age": 10_000}),
    ):
        add_fault(simulator, {"public_id": name, "uri": "poll://c"}, what)
    upload("lost", "held", "twice", "forged", "stale")
    messages = poll_messages(5)
    names = [message["payload"]["public_id"] for message in messages]
    assert sorted(names) == ["forged", "held", "stale", "twice", "twice"]
    assert names[0] == "twice"
    cloudinary.config(api_secret=SIGNING_SECRET)
    authentic = {message["payload"]["public_id"]: verify_notification(message) for message in messages}
    assert authentic == {"forged": False, "held": True, "stale": False, "twice": True}
    outcomes = {d["outcome"] for d in simulator.deliveries(url="poll://c")}
    assert outcomes == {"lost", "buffered"}


def test_faults_are_removed(simulator: Simulator, receiver: Receiver) -> None:
    first = add_fault(simulator, {"public_id": "a"}, {"lost": True})
    add_fault(simulator, {"public_id": "b"}, {"lost": True})
    simulator.control("DELETE", f"/delivery_faults/{first}")
    upload("a", "b")
    assert received_ids(simulator, receiver) == ["a"]
    simulator.control("DELETE", "/delivery_faults")
    upload("b")
    assert received_ids(simulator, receiver) == ["a", "b"]
    assert requests.delete(f"{simulator.url}/_simulator/delivery_faults/{first}", timeout=30).status_code == 404


@pytest.mark.parametrize(
    "rule",
    [
        {"match": {}, "fault": {}},
        {"match": {}, "fault": {"lost": True, "copies": 1}},
        {"match": {}, "fault": {"copies": -1}},
        {"match": {"every": 0}, "fault": {"lost": True}},
        {"match": {"path": "*"}, "fault": {"lost": True}},
        {"fault": {"lost": True}},
    ],
)
def test_faults_that_make_no_sense_are_refused(simulator: Simulator, rule: dict[str, Any]) -> None:
    answer = requests.post(f"{simulator.url}/_simulator/delivery_faults", json=rule, timeout=30)
    assert answer.status_code == 400
    assert answer.json()["error"]["message"]
