"""Poll channels, through the official SDK and through plain HTTP."""

import json
import threading
import time
from typing import Any

import cloudinary
import cloudinary.api
import cloudinary.uploader
import pytest
import requests
from cloudinary.exceptions import AuthorizationRequired, BadRequest
from cloudinary.utils import base64url_decode, verify_notification

from tests.integration.simulator.simulator_client import KEY, SECRET, SIGNING_KEY, SIGNING_SECRET, Simulator, eventually

pytestmark = pytest.mark.usefixtures("sdk")


def receive(channel: str = "intake", **options: Any) -> list[dict[str, Any]]:
    answer = cloudinary.api.notifications(channel=channel, **{"wait_seconds": 0, **options})
    assert answer.get("messages") != []
    return list(answer.get("messages", []))


def upload_and_receive(*public_ids: str, channel: str = "intake", **options: Any) -> list[dict[str, Any]]:
    """Upload assets, and receive the messages about them."""
    for public_id in public_ids:
        cloudinary.uploader.upload(b"x", public_id=public_id, **options)
    got: list[dict[str, Any]] = []

    def drained() -> bool:
        got.extend(receive(channel, wait_seconds=1, visibility_timeout=600))
        return len(got) >= len(public_ids)

    eventually(drained)
    return got


def acknowledge(*handles: str) -> list[str]:
    return [result["status"] for result in cloudinary.api.ack_notifications(list(handles))["results"]]


@pytest.fixture
def channel(sdk: None) -> str:
    cloudinary.api.create_trigger("poll://intake", "all", uri_type="poll")
    return "intake"


def url(simulator: Simulator, rest: str = "") -> str:
    return f"{simulator.url}/v2/notifications/demo/messages{rest}"


def test_nothing_buffered_is_an_answer_without_messages(channel: str) -> None:
    assert dict(cloudinary.api.notifications(channel=channel, wait_seconds=0)) == {}


@pytest.mark.usefixtures("channel")
def test_a_message_carries_the_exact_bytes_that_were_signed() -> None:
    [message] = upload_and_receive("Größe/a", categorization="aws_rek_tagging")
    assert set(message) == {"receipt_handle", "batch_id", "payload", "signed_payload", "signature", "timestamp"}
    assert message["payload"]["notification_type"] == "upload"
    assert message["payload"]["signature_key"] == SIGNING_KEY
    assert json.loads(base64url_decode(message["signed_payload"])) == message["payload"]
    assert "=" not in message["signed_payload"] and isinstance(message["timestamp"], str)
    assert verify_notification(message, valid_for=60) is False  # the caller's key is not the one that signs
    cloudinary.config(api_secret=SIGNING_SECRET)
    assert verify_notification(message, valid_for=60) is True


@pytest.mark.usefixtures("channel")
def test_an_acknowledged_message_is_gone(simulator: Simulator) -> None:
    [first] = upload_and_receive("a")
    assert acknowledge(first["receipt_handle"]) == ["acked"]
    simulator.control("PUT", "/clock", {"offset": 10_000})
    assert receive() == []
    assert acknowledge(first["receipt_handle"], "unknown") == ["not_found", "not_found"]


@pytest.mark.usefixtures("channel")
def test_a_message_comes_again_with_a_new_handle_once_its_visibility_timeout_is_over(simulator: Simulator) -> None:
    [first] = upload_and_receive("a")
    assert receive() == []
    simulator.control("PUT", "/clock", {"offset": 599})
    assert receive() == []
    simulator.control("PUT", "/clock", {"offset": 601})
    assert acknowledge(first["receipt_handle"]) == ["expired"]
    [again] = receive(visibility_timeout=30)
    assert again["receipt_handle"] != first["receipt_handle"]
    same = ("payload", "signed_payload", "signature", "timestamp", "batch_id")
    assert [again[name] for name in same] == [first[name] for name in same]
    assert acknowledge(first["receipt_handle"], again["receipt_handle"]) == ["expired", "acked"]


@pytest.mark.usefixtures("channel")
def test_a_long_poll_is_answered_as_soon_as_there_is_a_message() -> None:
    got: list[dict[str, Any]] = []
    poll = threading.Thread(target=lambda: got.extend(receive(wait_seconds=30)))
    started = time.monotonic()
    poll.start()
    cloudinary.uploader.upload(b"x", public_id="a")
    poll.join(40)
    assert [message["payload"]["public_id"] for message in got] == ["a"]
    assert time.monotonic() - started < 20


@pytest.mark.usefixtures("channel")
def test_a_long_poll_is_answered_when_a_message_becomes_visible_again(simulator: Simulator) -> None:
    cloudinary.uploader.upload(b"x", public_id="a")
    [first] = receive(wait_seconds=5, visibility_timeout=1)
    [again] = receive(wait_seconds=20)
    assert again["receipt_handle"] != first["receipt_handle"]

    got: list[dict[str, Any]] = []
    poll = threading.Thread(target=lambda: got.extend(receive(wait_seconds=30)))
    poll.start()
    simulator.control("PUT", "/clock", {"offset": 1000})
    poll.join(10)
    assert len(got) == 1


def test_a_caller_that_left_takes_no_message_along(simulator: Simulator, channel: str) -> None:
    with pytest.raises(requests.Timeout):
        requests.get(url(simulator), {"channel": channel, "wait_seconds": "60"}, auth=(KEY, SECRET), timeout=0.2)
    eventually(lambda: simulator.control("GET", "/messages")["polls"] == 0)
    [message] = upload_and_receive("a")
    assert message["payload"]["public_id"] == "a"
    [waiting] = simulator.control("GET", "/messages")["messages"]
    assert waiting["receives"] == 1


def test_a_long_poll_waits_no_longer_than_it_says(channel: str) -> None:
    started = time.monotonic()
    assert receive(channel, wait_seconds=1) == []
    assert 1 <= time.monotonic() - started < 15


def test_a_waiting_poll_does_not_hold_up_the_end_of_the_process(start: Any) -> None:
    simulator = start()
    answers: list[requests.Response] = []

    def poll() -> None:
        query = {"channel": "c", "wait_seconds": "60"}
        answers.append(requests.get(url(simulator), query, auth=(KEY, SECRET), timeout=30))

    thread = threading.Thread(target=poll)
    thread.start()
    eventually(lambda: simulator.control("GET", "/messages")["polls"] == 1)
    simulator.process.terminate()
    assert simulator.process.wait(timeout=30) == 0
    thread.join(5)
    assert [(answer.status_code, answer.json()) for answer in answers] == [(200, {})]


@pytest.mark.usefixtures("channel")
def test_messages_come_in_order_and_at_most_so_many() -> None:
    for number in range(12):
        cloudinary.uploader.upload(b"x", public_id=f"n{number}")
    eventually(lambda: cloudinary.api.resource("n11"))
    first = receive(wait_seconds=5)
    second = receive(max_messages=100)
    names = [message["payload"]["public_id"] for message in first + second]
    assert names == [f"n{number}" for number in range(12)] and len(first) == 10
    assert acknowledge(*(m["receipt_handle"] for m in first + second)) == ["acked"] * 12


def test_channels_do_not_see_each_others_messages(channel: str) -> None:
    cloudinary.api.create_trigger("poll://other", "delete", uri_type="poll")
    upload_and_receive("a")
    assert receive("other") == []
    cloudinary.uploader.destroy("a")
    [message] = receive("other", wait_seconds=5)
    assert message["payload"]["notification_type"] == "delete"


def test_an_anonymous_destination_is_addressed_by_batch_id() -> None:
    cloudinary.api.create_trigger("poll://*", "upload", uri_type="poll")
    cloudinary.uploader.upload(b"x", public_id="a", batch_id="batch-1")
    cloudinary.uploader.upload(b"x", public_id="b", batch_id="batch-2")
    [message] = cloudinary.api.notifications(batch_id="batch-2", wait_seconds=5)["messages"]
    assert (message["batch_id"], message["payload"]["public_id"]) == ("batch-2", "b")
    assert receive("*") == []


def test_a_call_may_name_a_channel_of_its_own(channel: str) -> None:
    cloudinary.uploader.upload(b"x", public_id="a", notification_url="poll://own")
    [message] = receive("own", wait_seconds=5)
    assert message["payload"]["public_id"] == "a"
    assert receive(channel) == []


def test_polling_does_not_count_as_an_admin_call(simulator: Simulator, channel: str) -> None:
    used = simulator.control("GET", "/admin_budget")["used"]
    simulator.settings(admin_limit=1)
    assert receive(channel) == []
    assert acknowledge("none") == ["not_found"]
    assert simulator.control("GET", "/admin_budget")["used"] == used


def test_polls_that_make_no_sense_are_refused(simulator: Simulator) -> None:
    auth = (KEY, SECRET)
    for query in (
        {},
        {"channel": "a", "batch_id": "b"},
        {"channel": "a", "max_messages": "0"},
        {"channel": "a", "max_messages": "101"},
        {"channel": "a", "wait_seconds": "61"},
        {"channel": "a", "wait_seconds": "-1"},
        {"channel": "a", "visibility_timeout": "0"},
        {"channel": "a", "visibility_timeout": "601"},
        {"channel": "a", "visibility_timeout": "x"},
    ):
        answer = requests.get(url(simulator), query, auth=auth, timeout=30)
        assert answer.status_code == 400 and answer.json()["error"]["message"], query
    for handles in ([], ["h"] * 101, "h", None):
        answer = requests.post(url(simulator, "/ack"), json={"receipt_handles": handles}, auth=auth, timeout=30)
        assert answer.status_code == 400, handles
    with pytest.raises(BadRequest):
        cloudinary.api.notifications(channel="a", max_messages=1000)
    with pytest.raises(AuthorizationRequired):
        cloudinary.api.notifications(channel="a", api_secret="wrong")


def test_triggers_and_messages_outlive_a_restart(start: Any, tmp_path: Any) -> None:
    options = ("--database", str(tmp_path / "cloud.sqlite"))
    before = start(*options)
    before.api("POST", "/triggers", json={"uri": "poll://c", "event_type": "upload", "uri_type": "poll"})
    for public_id in "ab":
        before.api("POST", "/image/upload", files={"file": b"x"}, data={"public_id": public_id})
    query = {"channel": "c", "wait_seconds": "5", "max_messages": "1", "visibility_timeout": "600"}
    eventually(lambda: len(before.control("GET", "/messages")["messages"]) == 2)
    [claimed] = requests.get(url(before), query, auth=(KEY, SECRET), timeout=30).json()["messages"]
    before.process.kill()
    before.process.wait()

    after = start(*options)
    assert [t["uri"] for t in after.api("GET", "/triggers").json()["triggers"]] == ["poll://c"]
    [other] = requests.get(url(after), query, auth=(KEY, SECRET), timeout=30).json()["messages"]
    assert {m["payload"]["public_id"] for m in (claimed, other)} == {"a", "b"}
    handles = {"receipt_handles": [claimed["receipt_handle"], other["receipt_handle"]]}
    acked = requests.post(url(after, "/ack"), json=handles, auth=(KEY, SECRET), timeout=30).json()
    assert [result["status"] for result in acked["results"]] == ["acked", "acked"]
    assert after.control("GET", "/messages")["messages"] == []
