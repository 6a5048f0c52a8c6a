"""Triggers, made through the official SDK or with the calls that it does not support."""

from typing import Any

import cloudinary.api
import cloudinary.uploader
import pytest
from cloudinary.exceptions import AlreadyExists, BadRequest, NotFound

from tests.integration.simulator.notifications.sdk_uploads import is_authentic
from tests.integration.simulator.simulator_client import SECRET, Receiver, Simulator, eventually

pytestmark = pytest.mark.usefixtures("sdk")

HOOK = "https://hooks.example.com/a"


def create(simulator: Simulator, uri: str, event_type: str = "upload", **options: Any) -> dict[str, Any]:
    answer = simulator.api("POST", "/triggers", json={"uri": uri, "event_type": event_type, **options})
    assert answer.status_code == 200, answer.text
    trigger: dict[str, Any] = answer.json()
    return trigger


def refusal(simulator: Simulator, **trigger: Any) -> tuple[int, str]:
    answer = simulator.api("POST", "/triggers", json={"uri": HOOK, "event_type": "upload", **trigger})
    return answer.status_code, answer.json()["error"]["message"]


def notified_urls(simulator: Simulator, public_id: str) -> list[str]:
    """The URLs that were notified about an asset, once no background task is left."""
    eventually(lambda: simulator.control("GET", "/health")["background"] == 0)
    return sorted(delivery["url"] for delivery in simulator.deliveries(public_id=public_id))


def test_a_trigger_is_made_listed_changed_and_deleted() -> None:
    made = cloudinary.api.create_trigger(HOOK, "upload")
    assert {key: made[key] for key in ("uri", "uri_type", "event_type", "additive", "auth_scheme")} == {
        "uri": HOOK, "uri_type": "webhook", "event_type": "upload", "additive": False, "auth_scheme": "default"
    }  # fmt: skip
    assert made["created_at"] == made["updated_at"] and made["product_environment_id"]
    other = cloudinary.api.create_trigger(HOOK, "delete")

    listed = cloudinary.api.triggers()
    assert (listed["triggers"], listed["total"]) == ([dict(made), dict(other)], 2)
    assert cloudinary.api.triggers(event_type="delete")["triggers"] == [dict(other)]
    assert cloudinary.api.update_trigger(made["id"], f"{HOOK}/new")["message"]
    assert cloudinary.api.triggers(event_type="upload")["triggers"][0]["uri"] == f"{HOOK}/new"
    assert cloudinary.api.delete_trigger(made["id"])["message"] == "ok"
    assert cloudinary.api.triggers()["triggers"] == [dict(other)]


def test_a_put_changes_what_it_names_and_nothing_else(simulator: Simulator) -> None:
    made = create(simulator, HOOK, additive=True, auth_scheme="legacy_hmac", filter={"var": "tags.0"})
    answer = simulator.api("PUT", f"/triggers/{made['id']}", json={"uri": f"{HOOK}/b", "event_type": "rename"}).json()
    [changed] = cloudinary.api.triggers()["triggers"]
    assert answer.items() >= changed.items()
    assert {**made, "updated_at": changed["updated_at"]} == {**changed, "uri": HOOK, "event_type": "upload"}

    simulator.api("PUT", f"/triggers/{made['id']}", json={"additive": False, "filter": {}})
    [plain] = cloudinary.api.triggers()["triggers"]
    assert (plain["additive"], plain["auth_scheme"]) == (False, "legacy_hmac")
    assert "filter" not in plain


def test_trigger_calls_are_admin_calls(simulator: Simulator) -> None:
    used = simulator.control("GET", "/admin_budget")["used"]
    assert cloudinary.api.triggers().rate_limit_allowed == 2000
    assert simulator.control("GET", "/admin_budget")["used"] == used + 1
    assert simulator.api("GET", "/triggers", auth=("222222222222222", SECRET + "x")).status_code == 401


def test_the_same_trigger_twice_is_a_conflict(simulator: Simulator) -> None:
    cloudinary.api.create_trigger(HOOK, "upload")
    with pytest.raises(AlreadyExists, match="already exists"):
        cloudinary.api.create_trigger(HOOK, "upload")
    other = cloudinary.api.create_trigger(f"{HOOK}/b", "upload")
    with pytest.raises(AlreadyExists):
        cloudinary.api.update_trigger(other["id"], HOOK)
    assert cloudinary.api.triggers()["total"] == 2


def test_an_event_type_has_up_to_30_triggers() -> None:
    for number in range(30):
        cloudinary.api.create_trigger(f"{HOOK}/{number}", "upload")
    with pytest.raises(BadRequest, match="maximum is 30"):
        cloudinary.api.create_trigger(f"{HOOK}/30", "upload")
    cloudinary.api.create_trigger(f"{HOOK}/30", "delete")


def test_triggers_that_make_no_sense_are_refused_in_one_sentence(simulator: Simulator) -> None:
    for changes, part in (
        ({"event_type": "uploads"}, "Invalid event_type uploads"),
        ({"uri": "ftp://hooks.example.com"}, "an http or https URL is expected"),
        ({"uri_type": "poll"}, "poll://<channel> or poll://* is expected"),
        ({"uri": "poll://c"}, "an http or https URL is expected"),
        ({"uri_type": "flow"}, "Invalid uri_type flow"),
        ({"auth_scheme": "none"}, "Invalid auth_scheme none"),
        ({"filter_language": "cel", "filter": {"var": "a"}}, "Invalid filter_language cel"),
        ({"filter": {"map": [1, 2]}}, "not map"),
        ({"filter": {"==": [1]}}, "takes two values"),
        ({"filter": "{"}, "Invalid filter - JSON is expected"),
        ({"payload_template": "text"}, "Invalid payload_template - JSON is expected"),
        ({"payload_template": {"ids": "{{#resources}}{{public_id}}{{/resources}}"}}, "renders only {{field}}, not"),
        ({"payload_template": {"long": "x" * 20_000}}, "longer than 16384 bytes"),
    ):
        status, message = refusal(simulator, **changes)
        assert status == 400 and part in message, (changes, message)
    assert "Missing required parameter - uri" in simulator.api("POST", "/triggers", json={"event_type": "all"}).text
    with pytest.raises(NotFound):
        cloudinary.api.delete_trigger("none")


def test_triggers_are_told_of_their_events_and_no_others(simulator: Simulator, receiver: Receiver) -> None:
    create(simulator, f"{receiver.url}/uploads")
    create(simulator, f"{receiver.url}/deletes", "delete")
    create(simulator, f"{receiver.url}/all", "all")
    cloudinary.uploader.upload(b"x", public_id="a")
    assert notified_urls(simulator, "a") == [f"{receiver.url}/all", f"{receiver.url}/uploads"]
    cloudinary.uploader.destroy("a")
    receiver.wait("delete", 2)


def test_the_url_of_a_call_replaces_all_but_additive_triggers(simulator: Simulator, receiver: Receiver) -> None:
    create(simulator, f"{receiver.url}/plain")
    create(simulator, f"{receiver.url}/additive", additive=True)
    cloudinary.uploader.upload(b"x", public_id="a", notification_url=f"{receiver.url}/own")
    assert notified_urls(simulator, "a") == [f"{receiver.url}/additive", f"{receiver.url}/own"]


def test_a_url_is_told_once_whoever_names_it(simulator: Simulator, receiver: Receiver) -> None:
    simulator.settings(notification_url=receiver.url)
    create(simulator, receiver.url)
    create(simulator, receiver.url, "all", additive=True)
    cloudinary.uploader.upload(b"x", public_id="a")
    cloudinary.uploader.upload(b"x", public_id="b", notification_url=receiver.url)
    assert (notified_urls(simulator, "a"), notified_urls(simulator, "b")) == ([receiver.url], [receiver.url])


def test_the_auth_scheme_says_which_signatures_are_sent(simulator: Simulator, receiver: Receiver) -> None:
    found: dict[str, set[str]] = {}
    for scheme in ("default", "legacy_hmac", "eddsa_v2"):
        trigger = create(simulator, f"{receiver.url}/{scheme}", auth_scheme=scheme)
        cloudinary.uploader.upload(b"x", public_id=scheme)
        [delivery] = eventually(lambda name=scheme: simulator.deliveries(public_id=name))  # type: ignore[misc]
        found[scheme] = {name for name in delivery["headers"] if name.startswith("X-Cld-")}
        cloudinary.api.delete_trigger(trigger["id"])
    assert found == {
        "default": {"X-Cld-Timestamp", "X-Cld-Signature", "X-Cld-Signature_v2"},
        "legacy_hmac": {"X-Cld-Timestamp", "X-Cld-Signature"},
        "eddsa_v2": {"X-Cld-Timestamp", "X-Cld-Signature_v2"},
    }
    assert [is_authentic(n) for n in receiver.notifications if "X-Cld-Signature" in n.headers] == [True, True]


def test_a_filter_lets_through_what_it_holds_for(simulator: Simulator, receiver: Receiver) -> None:
    trigger = create(
        simulator,
        receiver.url,
        filter={"and": [{"==": [{"var": "resource_type"}, "image"]}, {"in": ["press", {"var": "tags"}]}]},
        filter_language="jsonlogic",
    )
    cloudinary.uploader.upload(b"x", public_id="a", tags=["press"])
    cloudinary.uploader.upload(b"x", public_id="b", tags=["other"])
    cloudinary.uploader.upload(b"x", public_id="c", tags=["press"], resource_type="raw")
    assert [notified_urls(simulator, name) for name in "abc"] == [[receiver.url], [], []]

    sample = {"resource_type": "image", "tags": ["press"]}
    assert cloudinary.api.test_trigger(trigger["id"], sample) == {
        "trigger_id": trigger["id"], "filter_present": True, "filter_result": True
    }  # fmt: skip
    assert cloudinary.api.test_trigger(trigger["id"], {"tags": []})["filter_result"] is False
    plain = create(simulator, f"{receiver.url}/plain")
    assert cloudinary.api.test_trigger(plain["id"])["filter_present"] is False


@pytest.mark.parametrize(
    ("rule", "holds"),
    [
        ({"===": [{"var": "version"}, 7]}, True),
        ({"===": [{"var": "version"}, "7"]}, False),
        ({"==": [{"var": "version"}, "7"]}, True),
        ({"!=": [{"var": "format"}, "png"]}, True),
        ({"!==": [{"var": "format"}, "jpg"]}, False),
        ({">=": [{"var": "bytes"}, 100]}, True),
        ({"<": [{"var": "bytes"}, 100]}, False),
        ({"<": [{"var": "missing"}, 100]}, False),
        ({"in": ["stage", {"var": "public_id"}]}, True),
        ({"in": ["stage", {"var": "missing"}]}, False),
        ({"or": [{"!": {"var": "tags"}}, {"!!": [{"var": "info.status"}]}]}, True),
        ({"some": [{"var": "resources"}, {"==": [{"var": "type"}, "private"]}]}, True),
        ({"some": [{"var": "resources"}, {"in": ["x", {"var": "added"}]}]}, False),
        ({"==": [{"var": ["missing", "default"]}, "default"]}, True),
        ({"==": [{"var": "resources.1.type"}, "private"]}, True),
    ],
)
def test_filters_are_evaluated_as_jsonlogic(simulator: Simulator, rule: dict[str, Any], holds: bool) -> None:
    trigger = create(simulator, HOOK, filter=rule)
    sample = {
        "version": 7,
        "format": "jpg",
        "bytes": 100,
        "public_id": "stage/guitarist",
        "tags": ["press"],
        "info": {"status": "complete"},
        "resources": [{"type": "upload"}, {"type": "private"}],
    }
    assert cloudinary.api.test_trigger(trigger["id"], sample)["filter_result"] is holds


def test_a_payload_template_makes_the_body(simulator: Simulator, receiver: Receiver) -> None:
    template = {
        "text": "{{public_id}} is a {{resource_type}}, {{missing}}{{bytes}} byte",
        "tags": "{{tags}}",
        "by": ["{{notification_context.triggered_by.source}}"],
        "notification_type": "{{ notification_type }}",
        "number": 7,
    }
    create(simulator, receiver.url, payload_template=template)
    cloudinary.uploader.upload(b"x", public_id='q"1', tags=["a", "b"])
    [notification] = receiver.wait("upload")
    assert notification.body == {
        "text": 'q"1 is a image, 1 byte',
        "tags": ["a", "b"],
        "by": ["api"],
        "notification_type": "upload",
        "number": 7,
    }
    assert is_authentic(notification)
