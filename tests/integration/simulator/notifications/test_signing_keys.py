"""Which of an account's keys signs notifications."""

import hashlib

import cloudinary.uploader
import pytest
import requests

from tests.integration.simulator.simulator_client import (
    KEY,
    SECRET,
    SIGNING_KEY,
    SIGNING_SECRET,
    Notification,
    Receiver,
    Simulator,
    eventually,
)

pytestmark = pytest.mark.usefixtures("sdk")


def signed_by(notification: Notification, secret: str) -> bool:
    text = f"{notification.raw}{notification.headers['X-Cld-Timestamp']}{secret}"
    signature = notification.headers["X-Cld-Signature"]
    return hashlib.new("sha1" if len(signature) == 40 else "sha256", text.encode()).hexdigest() == signature


def test_the_oldest_key_signs_until_another_is_dedicated_to_webhooks(simulator: Simulator, receiver: Receiver) -> None:
    simulator.settings(notification_url=receiver.url)
    cloudinary.uploader.upload(b"x", public_id="a")
    receiver.wait("upload")
    simulator.settings(signing_key=KEY, notification_algorithm="sha256")
    cloudinary.uploader.upload(b"x", public_id="b")
    receiver.wait("upload", 2)
    simulator.settings(signing_key=None)
    cloudinary.uploader.upload(b"x", public_id="c")

    first, second, third = receiver.wait("upload", 3)
    assert [n.body["signature_key"] for n in (first, second, third)] == [SIGNING_KEY, KEY, SIGNING_KEY]
    assert (signed_by(first, SIGNING_SECRET), signed_by(second, SECRET), signed_by(third, SIGNING_SECRET)) == (
        True, True, True
    )  # fmt: skip


def test_every_attempt_is_signed_by_the_key_that_the_body_names(simulator: Simulator, receiver: Receiver) -> None:
    receiver.answers = [503]
    simulator.settings(notification_url=receiver.url, time_scale=300)
    cloudinary.uploader.upload(b"x", public_id="a")
    receiver.wait("upload")
    simulator.settings(signing_key=KEY)
    receiver.wait("upload", 2)
    eventually(lambda: [d["outcome"] for d in simulator.deliveries()] == ["retrying", "delivered"])
    assert [(n.body["signature_key"], signed_by(n, SIGNING_SECRET)) for n in receiver.notifications] == [
        (SIGNING_KEY, True)
    ] * 2


def test_a_key_that_the_account_does_not_have_cannot_sign(simulator: Simulator) -> None:
    answer = requests.put(f"{simulator.url}/_simulator/settings", json={"signing_key": "333"}, timeout=30)
    assert (answer.status_code, answer.json()["error"]["message"]) == (
        400,
        "signing_key 333 is not a key of the account",
    )
    assert simulator.control("GET", "/settings")["signing_key"] is None


def test_the_command_line_may_dedicate_a_key(start: object, receiver: Receiver) -> None:
    assert callable(start)
    simulator = start("--signing-key", KEY, "--notification-url", receiver.url)
    simulator.api("POST", "/image/upload", files={"file": b"x"}, data={"public_id": "a"})
    [notification] = receiver.wait("upload")
    assert notification.body["signature_key"] == KEY and signed_by(notification, SECRET)
