"""The Python SDK's calls on triggers, and what the triggers then send."""

from typing import Any

import cloudinary.api
import cloudinary.uploader
import pytest
from cloudinary.exceptions import AlreadyExists, BadRequest, NotFound

from tests.integration.simulator.simulator_client import Receiver, Simulator, eventually

pytestmark = pytest.mark.usefixtures("sdk")

URL = "https://hooks.example/cloudinary"


def upload(public_id: str = "a", **options: Any) -> None:
    cloudinary.uploader.upload(b"x", public_id=public_id, **options)


def test_a_trigger_is_made_listed_changed_and_deleted() -> None:
    made = cloudinary.api.create_trigger(URL, "upload")
    assert (made["uri"], made["event_type"], made["uri_type"]) == (URL, "upload", "webhook")
    assert {"id", "product_environment_id", "created_at", "updated_at"} <= set(made)
    other = cloudinary.api.create_trigger(URL, "delete")
    answer = cloudinary.api.triggers()
    assert [trigger["id"] for trigger in answer["triggers"]] == [made["id"], other["id"]]
    assert answer["total"] == 2

    assert cloudinary.api.update_trigger(made["id"], URL + "/2")["message"]
    assert cloudinary.api.delete_trigger(other["id"]) == {"message": "ok"}

    [left] = cloudinary.api.triggers()["triggers"]
    assert (left["id"], left["uri"], left["event_type"]) == (made["id"], URL + "/2", "upload")


def test_triggers_count_against_the_hours_limit() -> None:
    before = cloudinary.api.ping().rate_limit_remaining
    made = cloudinary.api.create_trigger(URL, "upload")
    assert made.rate_limit_remaining == before - 1
    assert cloudinary.api.triggers().rate_limit_remaining == before - 2


def test_a_trigger_tells_of_its_own_event_type_until_it_is_deleted(simulator: Simulator, receiver: Receiver) -> None:
    trigger = cloudinary.api.create_trigger(receiver.url, "upload")
    upload("a")
    cloudinary.uploader.add_tag("x", ["a"])
    [notification] = receiver.wait("upload")
    assert notification.body["public_id"] == "a"

    cloudinary.api.delete_trigger(trigger["id"])
    upload("b")
    deliveries = eventually(simulator.deliveries)  # one is listed once its answer is there
    assert [(d["notification_type"], d["public_ids"]) for d in deliveries] == [("upload", ["a"])]


def test_a_changed_trigger_tells_the_new_uri(receiver: Receiver) -> None:
    trigger = cloudinary.api.create_trigger(URL, "all")
    cloudinary.api.update_trigger(trigger["id"], receiver.url)
    upload()
    receiver.wait("upload")


def test_a_calls_own_url_takes_the_place_of_the_triggers(simulator: Simulator, receiver: Receiver) -> None:
    cloudinary.api.create_trigger(receiver.url + "/trigger", "upload")
    upload(notification_url=receiver.url)
    receiver.wait("upload")
    assert [delivery["url"] for delivery in eventually(simulator.deliveries)] == [receiver.url]


def test_a_trigger_can_be_tested_without_a_delivery(simulator: Simulator) -> None:
    trigger = cloudinary.api.create_trigger(URL, "upload")
    answer = cloudinary.api.test_trigger(trigger["id"], {"public_id": "a"})
    assert answer == {"trigger_id": trigger["id"], "filter_present": False, "filter_result": True}
    assert simulator.deliveries() == []


def test_a_filter_is_tested_on_a_sample() -> None:
    rule = {"==": [{"var": "resource_type"}, "video"]}
    made = cloudinary.api.call_json_api(
        "post", ["triggers"], {"uri": URL, "event_type": "upload", "filter": rule, "filter_language": "jsonlogic"}
    )

    def passes(sample: dict[str, str]) -> tuple[bool, bool]:
        answer = cloudinary.api.test_trigger(made["id"], sample)
        return answer["filter_present"], answer["filter_result"]

    assert passes({"resource_type": "video"}) == (True, True)
    assert passes({"resource_type": "image"}) == (True, False)


def test_what_a_trigger_cannot_be_is_refused() -> None:
    made = cloudinary.api.create_trigger(URL, "upload")
    with pytest.raises(AlreadyExists):
        cloudinary.api.create_trigger(URL, "upload")
    with pytest.raises(BadRequest, match="event_type"):
        cloudinary.api.create_trigger(URL, "nonsense")
    with pytest.raises(BadRequest, match="uri"):
        cloudinary.api.create_trigger("ftp://hooks.example", "upload")
    with pytest.raises(BadRequest, match="uri"):
        cloudinary.api.create_trigger(URL, "upload", uri_type="poll")
    with pytest.raises(NotFound):
        cloudinary.api.update_trigger("gone", URL + "/2")
    with pytest.raises(NotFound):
        cloudinary.api.delete_trigger("gone")
    with pytest.raises(NotFound):
        cloudinary.api.test_trigger("gone", {})
    assert [trigger["id"] for trigger in cloudinary.api.triggers()["triggers"]] == [made["id"]]
