"""What is left out of a stored state: what only messages could concern that come no more."""

from typing import Any

import pytest
from msgspec.structs import replace

from autotag.domain.model.messages import ReviewAnswered
from autotag.domain.state.asset_state import AssetState, Claim, Poll, TagPreference, Write
from autotag.domain.state.pruned import LATEST, is_ended, pruned
from tests.unit.domain.state.state_builders import REF, SOURCE, T0, TRIGGER, claimed, complete, facts, state

OLD = T0
NOW = T0 + LATEST + 1
VERSION = 2000
UPLOADED = VERSION * 1000


def settled(**fields: Any) -> AssetState:
    """Return an asset that was decided on last at ``NOW``."""
    fields = {"asset": replace(REF, version=VERSION), "facts": facts("press"), "final_at": NOW} | fields
    return replace(state(complete()), **fields)


def people_left(preference: TagPreference, **fields: Any) -> bool:
    return "tag" in pruned(settled(people={"tag": preference}, **fields)).people


WANTED = TagPreference("remove", OLD, "tag")
ENDED = TagPreference("add", UPLOADED - 600_000, "tag")


def test_a_preference_that_stands_is_kept_however_old() -> None:
    assert people_left(WANTED) and people_left(replace(WANTED, want="add"))


def test_a_withdrawn_preference_is_dropped_once_it_is_old() -> None:
    assert not people_left(replace(WANTED, withdrawn=True))
    assert people_left(replace(WANTED, withdrawn=True, at=OLD + 1))


def test_an_addition_that_a_later_upload_cleared_is_dropped_once_it_is_old() -> None:
    assert not people_left(ENDED)
    assert people_left(replace(ENDED, want="remove"))
    assert people_left(replace(ENDED, at=UPLOADED - 60_000))  # by other clocks it may have been the later one
    assert people_left(ENDED, tags_since=1)  # the upload kept the tags


def test_a_preference_that_names_labels_or_waits_for_a_read_is_kept() -> None:
    assert people_left(replace(WANTED, withdrawn=True, labels=("tag",)))
    assert people_left(replace(WANTED, withdrawn=True), claims={"tag": Claim("add", NOW, "tag")})


@pytest.mark.parametrize("why", [{"facts": None}, {"before": ("press",)}])
def test_until_the_tags_of_the_version_are_known_nothing_is_dropped(why: dict[str, Any]) -> None:
    known = replace(settled(people={"tag": replace(WANTED, withdrawn=True)}), **why)
    assert pruned(known) is known


def test_under_an_open_intent_nothing_is_dropped() -> None:
    known = replace(claimed(settled(people={"tag": replace(WANTED, withdrawn=True)})), status="gone")
    assert known.intent is not None and pruned(known) is known


def test_a_state_without_anything_to_drop_stays_the_same_object() -> None:
    known = settled(people={"tag": WANTED})
    assert pruned(known) is known
    gone = pruned(replace(known, status="gone"))
    assert pruned(gone) is gone


def test_pruning_twice_drops_no_more_than_once() -> None:
    once = pruned(settled(people={"tag": replace(WANTED, withdrawn=True), "other": WANTED}))
    assert pruned(once) is once and list(once.people) == ["other"]


def test_what_the_service_wrote_is_kept_however_old() -> None:
    writes = {"cat": Write("remove", OLD, VERSION), "dog": Write("add", OLD, VERSION - 50)}
    assert pruned(settled(writes=writes)).writes == writes


def test_a_deleted_asset_keeps_what_it_was_and_asks_no_question() -> None:
    known = settled(people={"tag": WANTED}, managed_tags={"Guitar": ("guitar",)}, review=("cat",), asked_at=5)
    deleted = replace(known, status="gone", ask={"cat": 5000}, deleted_at=NOW)
    assert pruned(deleted) == replace(deleted, review=(), ask={}, asked_at=0)


@pytest.mark.parametrize(
    "work",
    [
        {"poll": Poll(NOW, 0, NOW)},
        {"outbox": ("a1.x",)},
        {"dirty": TRIGGER},
        {"answers": (ReviewAnswered("a1", VERSION, "ada", NOW, SOURCE),)},
    ],
)
def test_a_deleted_asset_with_work_left_stays_as_it_is(work: dict[str, Any]) -> None:
    gone = replace(settled(review=("cat",)), status="gone", **work)
    assert not is_ended(gone) and pruned(gone).review
