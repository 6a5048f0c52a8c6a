"""The state that remains when an intent was carried out: managed tags, questions, what is due."""

import pytest
from msgspec.structs import replace

from autotag.domain.model.audit import moment
from autotag.domain.state.asset_state import AssetState, TagPreference
from autotag.domain.state.complete import close_intent
from tests.unit.domain.state.intents.opened_intent import DONE, NOW, end, opened
from tests.unit.domain.state.state_builders import MINUTE, REKOGNITION, T0, TRIGGER, audit_of, facts, intent_of


def test_the_final_state_is_what_the_claim_fixed() -> None:
    known = opened(rev=4)
    after = end(known, DONE)
    assert (after.status, after.intent, after.final_at, after.follow_up_at) == ("tagged", None, NOW, 0)
    assert after.managed_tags == {"Guitar": ("guitar",), "Drum": ("drum",)}
    assert after.writes == DONE and after.facts == facts("press")
    assert after.decided == intent_of(known).outcome.decided and after.rev == 4


def test_a_tag_on_which_a_person_spoke_meanwhile_is_not_ours() -> None:
    after = end(opened(people={"guitar": TagPreference("remove", NOW, "GUITAR")}), DONE)
    assert after.managed_tags == {"Drum": ("drum",)}


def test_a_person_is_not_asked_about_a_tag_on_which_they_spoke_meanwhile() -> None:
    known = opened(people={"cat": TagPreference("remove", NOW, "cat")}, review=("Dog",), asked_at=T0)
    assert ending(known, review=("Cat", "Dog")).review == ("Dog",)
    assert ending(known, review=("Dog",)).asked_at == T0
    assert ending(known, review=("Cow",)).asked_at == NOW
    assert ending(known, review=("Dog",), asked_at=T0 - MINUTE).asked_at == T0 - MINUTE
    assert ending(known, review=("Cat",), asked_at=T0 - MINUTE).asked_at == 0


def ending(known: AssetState, **outcome: object) -> AssetState:
    """Return the end of an intent with another outcome, all of whose calls were made."""
    intent = replace(intent_of(known), outcome=replace(intent_of(known).outcome, **outcome))
    return close_intent(known, intent, audit_of(known), DONE, NOW)


def test_the_claim_fixes_what_is_ours_whatever_it_was_before() -> None:
    known = opened(managed_tags={"Old": ("old",), "Stale": ("stale",)})
    assert end(known, DONE).managed_tags == {"Guitar": ("guitar",), "Drum": ("drum",)}


def test_labels_that_failed_leave_ours_as_the_claim_fixed_it() -> None:
    known = replace(opened(managed_tags={"Old": ("old",), "Stale": ("stale",)}))
    kept = replace(
        intent_of(known), outcome=replace(intent_of(known).outcome, status="failed", managed_tags={"Old": ("old",)})
    )
    audit = replace(audit_of(known), outcome="failed")
    assert close_intent(known, kept, audit, {}, NOW).managed_tags == {"Old": ("old",)}


def test_only_a_removal_takes_a_tag_out_of_what_is_known_to_be_there() -> None:
    assert end(opened(facts=facts("press", "Old", "Guitar")), DONE).facts == facts("press", "Guitar")
    assert end(opened(facts=None), DONE).facts is None


def test_who_gave_a_tag_is_remembered_as_long_as_it_is_ours() -> None:
    known = opened(givers={"Stay": (REKOGNITION,), "Old": (REKOGNITION,)})
    after = ending(
        known, managed_tags={"Stay": ("stay",), "Guitar": ("guitar",)}, givers={"Guitar": ("google_tagging",)}
    )
    assert after.givers == {"Stay": (REKOGNITION,), "Guitar": ("google_tagging",)}


def test_what_was_merged_meanwhile_or_not_yet_sent_is_due_at_once() -> None:
    assert end(opened(dirty=TRIGGER), DONE).follow_up_at == NOW
    assert end(opened(outbox=("a1.1.x",)), DONE).follow_up_at == NOW


def test_a_record_of_a_person_leaves_the_status_as_it_was() -> None:
    known = opened()
    audit = replace(audit_of(known), trigger=replace(TRIGGER, kind="person"), outcome="unchanged")
    kept = replace(intent_of(known), outcome=replace(intent_of(known).outcome, status="timed_out"))
    assert close_intent(known, kept, audit, {}, NOW).status == "timed_out"


@pytest.mark.parametrize(("since", "decided"), [(-1, True), (0, True), (1, False)])
def test_what_was_restored_while_tags_were_written_is_looked_at_again(since: int, decided: bool) -> None:
    at = moment(audit_of(opened()))
    after = end(opened(dirty=TRIGGER, restored_at=at + since), DONE)
    assert bool(after.decided) is decided
    assert end(opened(restored_at=at + since), DONE).decided  # nothing was told since
