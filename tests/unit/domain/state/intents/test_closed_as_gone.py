"""The state that remains when the asset turned out to be deleted, and what was seen of it since."""

import pytest
from msgspec.structs import replace

from autotag.domain.model.audit import moment
from autotag.domain.state.asset_state import Claim, Poll, Status, TagPreference
from autotag.domain.state.complete import close_intent, mark_gone
from tests.unit.domain.state.intents.opened_intent import DONE, NOW, end, opened
from tests.unit.domain.state.state_builders import T0, TRIGGER, audit_of, facts, intent_of


def test_an_asset_that_turned_out_to_be_deleted_has_no_tags_of_ours() -> None:
    known = opened()
    audit = mark_gone(audit_of(known))
    assert (audit.outcome, audit.tags.added, audit.tags.removed) == ("gone", (), ())
    assert audit.reason == "the asset was deleted"
    assert audit.tags.before == ("press", "Old") and audit.labels == audit_of(known).labels
    after = close_intent(known, intent_of(known), audit, {}, NOW)
    assert (after.status, after.managed_tags) == ("gone", {})


def test_of_an_asset_that_is_gone_nothing_is_asked_any_more_and_a_hint_that_came_meanwhile_is_followed() -> None:
    known = opened(poll=Poll(T0, 1, T0), claims={"cat": Claim("add", T0, "Cat")}, review=("Dog",), asked_at=T0)
    after = close_intent(known, intent_of(known), mark_gone(audit_of(known)), {}, NOW)
    assert (after.poll, after.claims, after.review, after.asked_at) == (known.poll, known.claims, (), 0)
    after = end(known, DONE)
    assert (after.poll, after.claims) == (known.poll, known.claims)


@pytest.mark.parametrize(
    ("dirty", "deleted_at", "restored_at", "status"),
    [
        (True, 0, 0, "pending"),
        (True, T0, T0, "pending"),
        (True, T0, T0 - 1, "gone"),
        (False, 0, 0, "gone"),
    ],
)
def test_what_was_seen_since_it_was_gone_is_looked_at_again(
    dirty: bool, deleted_at: int, restored_at: int, status: str
) -> None:
    known = opened(dirty=TRIGGER if dirty else None, deleted_at=deleted_at, restored_at=restored_at)
    after = close_intent(known, intent_of(known), mark_gone(audit_of(known)), {}, NOW)
    assert (after.status, after.managed_tags) == (status, known.managed_tags if status == "pending" else {})
    assert after.decided == ("" if status == "pending" else intent_of(known).outcome.decided)


def test_an_answer_that_found_the_asset_gone_is_no_wish() -> None:
    """It was not carried out; where the asset comes back, it is asked again."""
    known = opened()
    answer = {"guitar": TagPreference("add", moment(audit_of(known)), "Guitar", answer="x")}
    known = replace(known, people=answer)
    audit = replace(mark_gone(audit_of(known)), trigger=replace(TRIGGER, kind="review"))
    assert close_intent(known, intent_of(known), audit, {}, NOW).people == {}


@pytest.mark.parametrize(
    ("status", "outcome", "at"), [("gone", "unchanged", T0 + 7), ("gone", "gone", NOW), ("tagged", "unchanged", NOW)]
)
def test_what_a_person_did_to_an_asset_that_is_gone_does_not_make_it_gone_since_then(
    status: Status, outcome: str, at: int
) -> None:
    known = opened(final_at=T0 + 7)
    intent = replace(intent_of(known), outcome=replace(intent_of(known).outcome, status=status))
    audit = replace(audit_of(known), trigger=replace(TRIGGER, kind="person"), outcome=outcome)
    assert close_intent(known, intent, audit, {}, NOW).final_at == at


def test_an_asset_that_was_seen_while_it_was_closed_is_restored_since_then() -> None:
    """What is ours and what a person took away stays so; its questions are asked anew."""
    people = {"cat": TagPreference("remove", T0, "Cat")}
    known = opened(
        dirty=TRIGGER,
        people=people,
        managed_tags={"Old": ("old",), "Cat": ("cat",)},
        review=("Dog",),
        facts=facts("Old", at=T0 + 5),
        restored_at=T0 + 1,
    )
    after = close_intent(known, intent_of(known), mark_gone(audit_of(known)), {}, NOW)
    assert (after.status, after.managed_tags, after.review) == ("pending", {"Old": ("old",)}, ())
    assert after.restored_at == T0 + 5
    later = replace(known, restored_at=T0 + 9)
    assert close_intent(later, intent_of(later), mark_gone(audit_of(later)), {}, NOW).restored_at == T0 + 9
    bare = replace(known, facts=None)
    assert close_intent(bare, intent_of(bare), mark_gone(audit_of(bare)), {}, NOW).restored_at == T0 + 1
    assert end(known, DONE).restored_at == T0 + 1
