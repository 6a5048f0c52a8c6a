"""Where notifications are sent, how often they are tried again, and where they never go."""

from datetime import datetime

import cloudinary
import cloudinary.uploader
import pytest

from tests.integration.simulator.notifications.sdk_uploads import is_authentic, upload
from tests.integration.simulator.simulator_client import Receiver, Simulator, eventually

pytestmark = pytest.mark.usefixtures("sdk")


def test_the_global_url_is_told_unless_the_call_names_another(simulator: Simulator, receiver: Receiver) -> None:
    simulator.settings(notification_url=f"{receiver.url}/global")
    upload("a")
    upload("b", notification_url=f"{receiver.url}/own")
    receiver.wait("upload", 2)

    assert [d["url"] for d in eventually(lambda: simulator.deliveries(public_id="a"))] == [f"{receiver.url}/global"]
    assert [d["url"] for d in eventually(lambda: simulator.deliveries(public_id="b"))] == [f"{receiver.url}/own"]


def test_a_tags_call_may_name_its_own_url(receiver: Receiver) -> None:
    upload("a")
    cloudinary.uploader.add_tag("t", "a", notification_url=receiver.url, batch_id="batch")
    [notification] = receiver.wait("resource_tags_changed")
    assert notification.body["batch_id"] == "batch"


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
