"""How an intent ends: the calls that its owner makes, and the state that remains."""

import pytest
from msgspec.structs import replace

from autotag.domain.finish import calls, finalized, refused, taken_over, vanished
from autotag.domain.state import AssetState, Intent, Op, Wish, Write
from tests.unit.domain.states import (
    MINUTE,
    T0,
    TRIGGER,
    audit_of,
    claimed,
    complete,
    facts,
    intent_of,
    state,
)

NOW = T0 + 9000


def opened(**fields: object) -> AssetState:
    """Return a state whose intent adds Guitar and Drum and removes Old."""
    known = state(complete({"Guitar": 0.9, "Drum": 0.8}), facts=facts("press", "Old"), ours={"Old": ("old",)})
    return replace(claimed(known), **fields)


DONE = {"Old": Write("remove", NOW, 1), "Guitar": Write("add", NOW, 1), "Drum": Write("add", NOW, 1)}


def test_the_intent_is_carried_out_removals_first() -> None:
    known = opened()
    found = calls(known, intent_of(known))
    assert list(found.items()) == [("remove", ("Old",)), ("add", ("Guitar", "Drum"))]


@pytest.mark.parametrize(
    ("people", "expected"),
    [
        ({"guitar": Wish("remove", T0, "guitar")}, {"remove": ("Old", "Guitar"), "add": ("Drum",)}),
        ({"old": Wish("add", T0, "Old")}, {"add": ("Old", "Guitar", "Drum")}),
        ({"guitar": Wish("add", T0, "Guitar")}, {"remove": ("Old",), "add": ("Guitar", "Drum")}),
        ({"press": Wish("remove", T0, "press")}, {"remove": ("Old",), "add": ("Guitar", "Drum")}),
    ],
)
def test_where_a_person_said_the_opposite_the_opposite_is_called(
    people: dict[str, Wish], expected: dict[Op, tuple[str, ...]]
) -> None:
    known = opened(people=people)
    assert calls(known, intent_of(known)) == expected


def test_an_intent_without_calls_makes_none() -> None:
    known = claimed(state(complete({})))
    assert calls(known, intent_of(known)) == {}


def end(known: AssetState, writes: dict[str, Write], **audit: object) -> AssetState:
    return finalized(known, intent_of(known), replace(audit_of(known), **audit), writes, NOW)


def test_the_final_state_is_what_the_claim_fixed() -> None:
    known = opened(rev=4)
    after = end(known, DONE)
    assert (after.status, after.intent, after.final_at, after.follow_up_at) == ("tagged", None, NOW, 0)
    assert after.ours == {"Guitar": ("guitar",), "Drum": ("drum",)}
    assert after.writes == DONE and after.facts == facts("press")
    assert after.decided == intent_of(known).outcome.decided and after.rev == 4


def test_a_tag_on_which_a_person_spoke_meanwhile_is_not_ours() -> None:
    after = end(opened(people={"guitar": Wish("remove", NOW, "GUITAR")}), DONE)
    assert after.ours == {"Drum": ("drum",)}


def test_what_was_merged_meanwhile_or_not_yet_sent_is_due_at_once() -> None:
    assert end(opened(dirty=TRIGGER), DONE).follow_up_at == NOW
    assert end(opened(outbox=("a1.1.x",)), DONE).follow_up_at == NOW


def test_of_a_refused_intent_only_what_was_called_remains() -> None:
    known = opened()
    done = {"Old": Write("remove", NOW, 1)}
    audit = refused(audit_of(known), "Cloudinary answered 400: too many tags", done)
    assert (audit.outcome, audit.reason) == ("failed", "Cloudinary answered 400: too many tags")
    assert (audit.tags.added, audit.tags.removed) == ((), ("Old",))
    assert audit.tags.before == audit_of(known).tags.before and audit.audit_id == audit_of(known).audit_id
    after = finalized(known, intent_of(known), audit, done, NOW)
    assert (after.status, after.ours, after.intent) == ("failed", {}, None)
    assert after.decided == intent_of(known).outcome.decided  # a duplicate does not try again


def test_of_an_intent_refused_at_once_everything_stays_as_it_was() -> None:
    known = opened()
    after = finalized(known, intent_of(known), refused(audit_of(known), "no", {}), {}, NOW)
    assert after.ours == {"Old": ("old",)} and after.facts == known.facts and after.writes == {}


def test_an_asset_that_turned_out_to_be_deleted_has_no_tags_of_ours() -> None:
    known = opened()
    audit = vanished(audit_of(known))
    assert (audit.outcome, audit.tags.added, audit.tags.removed) == ("gone", (), ())
    assert audit.tags.before == ("press", "Old") and audit.labels == audit_of(known).labels
    after = finalized(known, intent_of(known), audit, {}, NOW)
    assert (after.status, after.ours) == ("gone", {})


def test_what_was_decided_is_still_told_where_another_end_came_of_it() -> None:
    planned = audit_of(opened())
    for audit in (refused(planned, "no", {}), vanished(planned)):
        assert audit.decided
        assert (audit.decided.outcome, audit.decided.tags) == (planned.outcome, planned.tags)


def test_a_record_of_a_person_leaves_the_status_as_it_was() -> None:
    known = opened()
    audit = replace(audit_of(known), trigger=replace(TRIGGER, kind="person"), outcome="unchanged")
    kept = replace(intent_of(known), outcome=replace(intent_of(known).outcome, status="timed_out"))
    assert finalized(known, kept, audit, {}, NOW).status == "timed_out"


@pytest.mark.parametrize(
    ("attempts", "lease", "wait"), [(0, 65, 65), (1, 65, 130), (5, 65, 2080), (6, 65, 3600), (10**6, 65, 3600)]
)
def test_each_take_over_waits_longer_for_the_next_up_to_an_hour(attempts: int, lease: int, wait: int) -> None:
    known = opened()
    intent = replace(intent_of(known), attempts=attempts)
    taken = taken_over(known, intent, owner="me", now=NOW, lease=lease).intent
    assert isinstance(taken, Intent)
    assert (taken.owner, taken.attempts, taken.due_at) == ("me", attempts + 1, NOW + wait * 1000)
    assert (taken.id, taken.audit, taken.outcome) == (intent.id, intent.audit, intent.outcome)
    assert wait * 1000 > MINUTE
