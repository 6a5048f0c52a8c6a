"""An account that uses SHA-256 alone: notifications, answers, and signed calls, judged by the official SDK."""

import cloudinary
import cloudinary.uploader
import pytest
from cloudinary.exceptions import AuthorizationRequired
from cloudinary.utils import verify_api_response_signature, verify_notification_signature

from tests.integration.simulator.simulator_client import SIGNING_SECRET, Receiver, Simulator

pytestmark = pytest.mark.usefixtures("sdk")


def test_a_call_that_is_signed_by_sha1_is_refused_and_one_by_sha256_is_not(simulator: Simulator) -> None:
    simulator.settings(sha256_signatures=True)
    with pytest.raises(AuthorizationRequired, match="Invalid Signature"):
        cloudinary.uploader.upload(b"1", public_id="a")
    cloudinary.config(signature_algorithm="sha256")
    answer = cloudinary.uploader.upload(b"1", public_id="a")
    assert len(answer["signature"]) == 64
    assert verify_api_response_signature(answer["public_id"], answer["version"], answer["signature"])


def test_its_notifications_are_signed_by_sha256(simulator: Simulator, receiver: Receiver) -> None:
    simulator.settings(sha256_signatures=True)
    cloudinary.config(signature_algorithm="sha256")
    cloudinary.uploader.upload(b"1", notification_url=receiver.url)
    [notification] = receiver.wait("upload")
    timestamp, signature = (notification.headers[f"X-Cld-{name}"] for name in ("Timestamp", "Signature"))
    assert len(signature) == 64
    cloudinary.config(api_secret=SIGNING_SECRET)
    assert verify_notification_signature(notification.raw, int(timestamp), signature)


def test_an_answer_to_basic_authentication_is_signed_by_sha256_too(simulator: Simulator) -> None:
    lengths = []
    for only in (False, True):
        simulator.settings(sha256_signatures=only)
        answer = simulator.api("POST", "/image/upload", data={"file": "data:,1"}).json()
        lengths.append(len(answer["signature"]))
    assert lengths == [40, 64]
