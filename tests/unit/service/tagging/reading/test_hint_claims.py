"""What a hint says of people's edits: it counts where the read agrees, and waits until a read can be made."""

import json

import pytest

from autotag.domain.model.messages import RefetchAsset
from autotag.domain.notifications import parse as notification
from autotag.domain.state.due_entry import due_work
from autotag.service.worker import handle
from tests.fakes.samples import GUITARIST, resource, upload
from tests.unit.service.settle import check, come_to_rest
from tests.unit.service.tagging.reading.hinted_asset import hint
from tests.unit.service.tagging.tagged_asset import given_tagged


def body(added: list[str], removed: list[str] | None = None, public_id: str = "stage/a1", source: str = "api") -> bytes:
    """Return the notification of an editor's change."""
    at = "2026-10-08T13:00:00Z"
    entry = {"asset_id": "a1", "public_id": public_id, "resource_type": "image", "type": "upload"}
    document = {
        "notification_type": "resource_tags_changed",
        "resources": [{**entry, "added": added, "removed": removed or []}],
        "notification_context": {"triggered_at": at, "triggered_by": {"source": source, "id": "editor"}},
    }
    return json.dumps(document).encode()


@pytest.mark.parametrize(
    ("fetch_before_use", "public_id", "added"),
    [(True, "stage/a1", ["Guitar"]), (False, "stage/a=1", ["Guitar"]), (False, "stage/a1", ["a=b", "Guitar"])],
)
def test_what_a_hint_says_a_person_added_is_theirs_where_the_read_agrees(
    fetch_before_use: bool, public_id: str, added: list[str]
) -> None:
    fakes = given_tagged(public_id=public_id)
    fakes.cloudinary.assets["a1"]["tags"] = ["People", *added]
    for message in notification.parse(body(added, public_id=public_id), timestamp=1, fetch_before_use=fetch_before_use):
        assert isinstance(message, RefetchAsset)
        handle(fakes.deps, message, fakes.remaining)

    state = fakes.store.items["a1"]
    assert state.people["guitar"].want == "add" and set(state.managed_tags) == {"People"} and not state.claims
    assert list(fakes.audits.records.values())[-1].tags.added == ("Guitar",)
    check(fakes)


def test_what_a_hint_says_a_person_removed_was_removed_by_them_where_the_read_agrees() -> None:
    fakes = given_tagged()
    fakes.cloudinary.assets["a1"]["tags"] = ["People"]
    for message in notification.parse(body([], ["Guitar"]), timestamp=1, fetch_before_use=True):
        handle(fakes.deps, message, fakes.remaining)

    state = fakes.store.items["a1"]
    assert state.people["guitar"].want == "remove" and set(state.managed_tags) == {"People"}
    assert list(fakes.audits.records.values())[-1].reason == "a person (editor) changed the tags"


def test_what_a_hint_says_and_the_read_does_not_show_is_nobodys_doing() -> None:
    fakes = given_tagged()
    for message in notification.parse(body(["Cat"], ["Guitar"]), timestamp=1, fetch_before_use=True):
        handle(fakes.deps, message, fakes.remaining)

    state = fakes.store.items["a1"]
    assert state.people == {} and not state.claims and set(state.managed_tags) == {"People", "Guitar"}
    assert len(fakes.audits.records) == 1


def test_a_claim_outlives_a_decision_until_a_read_can_be_made_and_is_not_worked_against() -> None:
    fakes = given_tagged()
    fakes.limits.hints = 0
    for message in notification.parse(body(["Guitar"], source="ui"), timestamp=1, fetch_before_use=True):
        handle(fakes.deps, message, fakes.remaining)
    fakes.rules.use("[defaults]\nthreshold = 0.9\n", 1)
    again = resource("a1", {**GUITARIST, "Cat": 0.99})
    fakes.cloudinary.assets["a1"]["info"] = again["info"]
    handle(fakes.deps, upload(again, fakes.clock.now(), "d2"), fakes.remaining)
    assert fakes.cloudinary.tags("a1") == {"People", "Guitar", "Cat"} and fakes.store.items["a1"].claims
    fakes.limits.hints = 10
    come_to_rest(fakes)

    state = fakes.store.items["a1"]
    assert state.people["guitar"].want == "add" and not state.claims
    assert fakes.cloudinary.tags("a1") == {"People", "Guitar", "Cat"}


def test_a_claim_about_an_asset_that_is_gone_is_settled_when_it_comes_back() -> None:
    fakes = given_tagged()
    asset = fakes.cloudinary.assets.pop("a1")
    for message in notification.parse(body([], ["Guitar"]), timestamp=1, fetch_before_use=True):
        handle(fakes.deps, message, fakes.remaining)
    assert fakes.store.items["a1"].status == "gone" and due_work(fakes.store.items["a1"]) is None
    fakes.clock.advance(600)
    fakes.cloudinary.assets["a1"] = asset | {"tags": ["People"]}
    handle(fakes.deps, hint(digest="h2"), fakes.remaining)
    come_to_rest(fakes)

    assert fakes.cloudinary.tags("a1") == {"People"}
    assert fakes.store.items["a1"].people["guitar"].want == "remove"


def test_our_own_echo_in_a_hint_is_no_persons_doing() -> None:
    fakes = given_tagged()
    said = hint(by="222", added=("People", "Guitar"))
    handle(fakes.deps, said, fakes.remaining)

    assert fakes.store.items["a1"].people == {} and set(fakes.store.items["a1"].managed_tags) == {"People", "Guitar"}


def test_a_hint_of_a_thousand_long_tags_is_split_and_loses_none() -> None:
    from autotag.adapters.aws.sqs import MAX_MESSAGE, _fitting
    from autotag.domain.model.messages import decode

    tags = tuple(f"{n:04d}" + "ä" * 200 for n in range(600))
    bodies = _fitting(hint(added=tags[:400], removed=tags[400:]))
    parts = [message for message in map(decode, bodies) if isinstance(message, RefetchAsset)]

    assert len(parts) > 1 and max(map(len, bodies)) <= MAX_MESSAGE
    assert {tag for part in parts for tag in (*part.added, *part.removed)} == set(tags)
