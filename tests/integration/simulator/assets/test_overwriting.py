"""What an overwriting upload leaves of tags, context and metadata, and what its notification lists."""

from collections.abc import Callable
from typing import Any

import cloudinary.api
import cloudinary.uploader
import pytest

from tests.integration.simulator.simulator_client import Receiver, Simulator

pytestmark = pytest.mark.usefixtures("sdk")

VALUES: dict[str, Any] = {"tags": ["cat", "press"], "context": {"alt": "a cat"}, "metadata": {"sku": "1"}}
STORED: dict[str, Any] = {**VALUES, "context": {"custom": VALUES["context"]}}


@pytest.fixture(autouse=True)
def fields(simulator: Simulator) -> None:
    simulator.add_metadata_fields("sku", "ean")


def overwrite(**options: Any) -> dict[str, Any]:
    """Upload an asset with values, then another file in its place, and return the second answer."""
    cloudinary.uploader.upload(b"1", public_id="a", **VALUES)
    answer: dict[str, Any] = cloudinary.uploader.upload(b"2", public_id="a", **options)
    return answer


def values(body: dict[str, Any]) -> dict[str, Any]:
    return {name: body[name] for name in VALUES if body.get(name)}


def test_an_overwrite_clears_values_unless_the_environment_keeps_them(simulator: Simulator) -> None:
    assert (values(overwrite()), values(cloudinary.api.resource("a"))) == ({}, {})
    simulator.settings(keep_on_overwrite=True)
    answer = overwrite()
    assert answer["overwritten"] is True and cloudinary.api.resource("a")["bytes"] == 1
    assert values(answer) == values(cloudinary.api.resource("a")) == STORED


def test_the_command_line_can_say_that_values_are_kept(start: Callable[..., Simulator]) -> None:
    simulator = start("--keep-on-overwrite")
    for data in ({"file": "data:,1", "tags": "cat"}, {"file": "data:,2"}):
        answer = simulator.api("POST", "/image/upload", data={"public_id": "a", **data}).json()
    assert answer["tags"] == ["cat"]
    simulator.control("POST", "/reset")
    assert simulator.control("GET", "/settings")["keep_on_overwrite"] is True


def test_values_that_the_upload_sends_stand_in_place_of_those_kept_as_documented(simulator: Simulator) -> None:
    simulator.settings(keep_on_overwrite=True)
    answer = overwrite(tags=["dog"], context={"by": "ann"})
    sent = {"tags": ["dog"], "context": {"custom": {"by": "ann"}}, "metadata": {"sku": "1"}}
    assert values(answer) == values(cloudinary.api.resource("a")) == sent


def test_values_that_the_upload_sends_join_those_kept_where_the_setting_says_so(simulator: Simulator) -> None:
    simulator.settings(keep_on_overwrite=True, values_sent_on_overwrite="join")
    answer = overwrite(tags=["dog", "cat"], context={"by": "ann", "alt": "a dog"}, metadata={"ean": "2"})
    assert values(answer) == {
        "tags": ["cat", "press", "dog"],
        "context": {"custom": {"alt": "a dog", "by": "ann"}},
        "metadata": {"sku": "1", "ean": "2"},
    }


@pytest.mark.parametrize("listed", [True, False])
def test_the_notification_lists_what_was_kept_or_what_the_call_gave_alone(
    simulator: Simulator, receiver: Receiver, listed: bool
) -> None:
    simulator.settings(keep_on_overwrite=True, kept_values_notified=listed, values_sent_on_overwrite="join")
    labels = {"categorization": "aws_rek_tagging", "auto_tagging": 0.99}
    cloudinary.uploader.upload(b"1", public_id="guitarist", tags=["people", "press"], context={"alt": "x"})
    given = {"tags": ["stage"], **labels, "notification_url": receiver.url}
    answer = cloudinary.uploader.upload(b"2", public_id="guitarist", **given)

    assert answer["tags"] == ["people", "press", "stage", "person", "human"]
    assert cloudinary.api.resource("guitarist")["tags"] == sorted(answer["tags"])
    [notification] = receiver.wait("upload")
    assert notification.body["tags"] == (answer["tags"] if listed else ["stage", "people", "person", "human"])
    assert ("context" in notification.body) is listed


def test_what_is_kept_is_gone_with_the_asset(simulator: Simulator) -> None:
    simulator.settings(keep_on_overwrite=True)
    overwrite()
    cloudinary.uploader.destroy("a")
    assert values(cloudinary.uploader.upload(b"3", public_id="a")) == {}
