"""The Python SDK's own verifier on everything that the simulator sends."""

from typing import Any

import cloudinary
import cloudinary.api
import cloudinary.uploader
import pytest
from cloudinary.utils import verify_notification_signature

from tests.integration.sdk.sdk_lifecycle import KINDS, cause_every_kind
from tests.integration.simulator.simulator_client import (
    KEY,
    SECRET,
    SIGNING_KEY,
    SIGNING_SECRET,
    Notification,
    Receiver,
    Simulator,
)

pytestmark = pytest.mark.usefixtures("sdk")

ALGORITHMS = pytest.mark.parametrize("algorithm", ["sha1", "sha256"])


def is_authentic(notification: Notification, **options: Any) -> bool:
    headers = notification.headers
    return bool(
        verify_notification_signature(
            notification.raw, headers["X-Cld-Timestamp"], headers["X-Cld-Signature"], **options
        )
    )


@ALGORITHMS
def test_the_sdk_verifies_every_kind_of_notification_and_none_that_was_changed(
    algorithm: str, simulator: Simulator, receiver: Receiver
) -> None:
    simulator.settings(notification_algorithm=algorithm)
    cloudinary.config(signature_algorithm=algorithm)
    cloudinary.api.create_trigger(receiver.url, "all")

    cause_every_kind(simulator)

    for kind in KINDS:
        [notification] = receiver.wait(kind)
        assert is_authentic(notification), kind
        assert not is_authentic(Notification(notification.raw + " ", notification.headers)), kind
        later = str(int(notification.headers["X-Cld-Timestamp"]) + 1)
        assert not is_authentic(Notification(notification.raw, notification.headers | {"X-Cld-Timestamp": later})), kind
    assert {notification.body["notification_type"] for notification in receiver.notifications} == set(KINDS)
    assert len(receiver.notifications) == len(KINDS)


def test_every_attempt_of_a_notification_is_signed_anew(simulator: Simulator, receiver: Receiver) -> None:
    receiver.answers = [500, 503]
    cloudinary.uploader.upload(b"x", public_id="a", notification_url=receiver.url)
    attempts = receiver.wait("upload", 3)
    assert len({attempt.raw for attempt in attempts}) == 1
    assert all(is_authentic(attempt) for attempt in attempts)


def test_the_verifier_refuses_a_notification_that_is_too_old(simulator: Simulator, receiver: Receiver) -> None:
    simulator.control("POST", "/delivery_faults", {"match": {}, "fault": {"age": 7300}})
    cloudinary.uploader.upload(b"x", public_id="a", notification_url=receiver.url)
    [notification] = receiver.wait("upload")
    assert not is_authentic(notification)
    assert is_authentic(notification, valid_for=8000)


def test_the_verifier_refuses_what_nobody_signed(simulator: Simulator, receiver: Receiver) -> None:
    simulator.control("POST", "/delivery_faults", {"match": {"type": "upload"}, "fault": {"wrong_signature": True}})
    cloudinary.uploader.upload(b"x", public_id="a", notification_url=receiver.url)
    [notification] = receiver.wait("upload")
    assert not is_authentic(notification)


def test_the_oldest_key_signs_what_another_key_caused(receiver: Receiver) -> None:
    other: dict[str, Any] = {"api_key": KEY, "api_secret": SECRET}
    cloudinary.uploader.upload(b"x", public_id="a", notification_url=receiver.url, **other)

    [notification] = receiver.wait("upload")
    assert notification.body["notification_context"]["triggered_by"] == {"source": "api", "id": KEY}
    assert notification.body["signature_key"] == SIGNING_KEY
    assert is_authentic(notification)
    cloudinary.config(api_secret=SECRET)
    assert not is_authentic(notification)


@ALGORITHMS
def test_a_key_dedicated_to_webhooks_signs_in_place_of_the_oldest(
    algorithm: str, simulator: Simulator, receiver: Receiver
) -> None:
    simulator.settings(signing_key=KEY, notification_algorithm=algorithm)
    cloudinary.uploader.upload(b"x", public_id="a", notification_url=receiver.url)

    [notification] = receiver.wait("upload")
    assert notification.body["signature_key"] == KEY
    assert not is_authentic(notification, algorithm=algorithm)
    cloudinary.config(api_secret=SECRET)
    assert is_authentic(notification, algorithm=algorithm)
    cloudinary.config(api_secret=SIGNING_SECRET)
