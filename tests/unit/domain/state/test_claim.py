"""From what is known to the intent: what will be called, what the audit says, and what the state becomes."""

import pytest
from msgspec import UNSET
from msgspec.structs import replace

from autotag.domain.decisions.evaluate import AssetDecision, evaluate
from autotag.domain.model.audit import RulesRef, TagChange, iso
from autotag.domain.model.labels import Categorization
from autotag.domain.rules.compiled.ruleset import ActiveRules, Ruleset
from autotag.domain.state.asset_state import AssetState, Poll, TagPreference, Write
from autotag.domain.state.claim import bare_record, claim_decision, inputs_of, is_pending, labels_digest, open_intent
from tests.unit.domain.decisions.decision_helpers import book
from tests.unit.domain.state.state_builders import (
    GRANT,
    MINUTE,
    REF,
    REKOGNITION,
    T0,
    TRIGGER,
    audit_of,
    claimed,
    complete,
    facts,
    failed,
    intent_of,
    pending,
    state,
)

RULEBOOK = book("")
REVIEW = "[defaults]\nreview = 0.5\n"
TWO = 'providers = ["aws_rek_tagging", "google_tagging"]\n'


def test_an_intent_fixes_the_calls_the_audit_and_the_end() -> None:
    known = state(
        complete({"Guitar": 0.9, "Drum": 0.8, "Cat": 0.6}),
        facts=facts("press", "drum"),
        managed_tags={"Old": ("old",)},
        poll=Poll(T0, 1, T0),
        dirty=TRIGGER,
        rev=3,
    )
    after = claimed(known, REVIEW, seq=7)
    intent, audit = intent_of(after), audit_of(after)
    assert (intent.id, intent.owner, intent.due_at, intent.attempts) == (GRANT.intent_id, GRANT.owner, GRANT.due_at, 0)
    assert (intent.add, intent.remove) == (("Guitar",), ("Old",))
    assert intent.outcome.status == "tagged"
    assert intent.outcome.managed_tags == {"Guitar": ("guitar",)} and intent.outcome.review == ("Cat",)
    assert intent.audit_id == audit.audit_id == f"a1.{GRANT.now}.111111111111"
    assert (audit.outcome, audit.mode, audit.asset, audit.trigger) == ("tagged", "apply", REF, TRIGGER)
    assert audit.tags == TagChange(("press", "drum", "Old"), ("Guitar",), ("Old",), ("Cat",))
    assert audit.rules == RulesRef("default", book(REVIEW).version)
    assert {told.label: told.outcome for told in audit.labels} == {"Guitar": "kept", "Drum": "present", "Cat": "review"}
    assert audit.at == "2026-10-08T12:00:05.000Z" and audit.reason is UNSET and audit.engine
    assert (after.status, after.poll, after.dirty, after.rules_seq, after.rev) == ("applying", None, None, 7, 3)
    assert after.rules_version == book(REVIEW).version and after.engine == audit.engine
    assert after.managed_tags == known.managed_tags  # nothing was called yet


def test_what_is_there_already_is_not_called_again() -> None:
    written = {"Guitar": Write("add", T0, REF.version)}
    after = claimed(state(managed_tags={"Guitar": ("guitar",)}, writes=written))
    assert (intent_of(after).add, intent_of(after).remove) == ((), ())
    assert audit_of(after).outcome == "unchanged" and intent_of(after).outcome.managed_tags == {"Guitar": ("guitar",)}
    assert after.status == "pending"  # nothing is being applied


def test_a_tag_of_ours_that_an_overwrite_may_have_cleared_is_written_again() -> None:
    after = claimed(state(managed_tags={"Guitar": ("guitar",)}, writes={}, facts=facts("press")))
    assert intent_of(after).add == ("Guitar",)
    after = claimed(state(managed_tags={"Guitar": ("guitar",)}, writes={"Guitar": Write("remove", T0, REF.version)}))
    assert intent_of(after).add == ("Guitar",)


def test_only_tags_of_ours_are_removed() -> None:
    known = state(complete({}), facts=facts("press", "Old"), managed_tags={"Old": ("old",), "Ancient": ("ancient",)})
    after = claimed(known)
    assert intent_of(after).remove == ("Ancient", "Old") and intent_of(after).outcome.managed_tags == {}


def test_a_tag_that_becomes_theirs_is_neither_written_nor_removed_nor_ours() -> None:
    known = state(people={"guitar": TagPreference("add", T0, "guitar")}, facts=facts())
    after = claimed(known)
    assert (intent_of(after).add, intent_of(after).remove, intent_of(after).outcome.managed_tags) == ((), (), {})


def test_a_dry_run_is_audited_and_writes_nothing() -> None:
    known = state(managed_tags={"Old": ("old",)}, facts=facts("press"))
    after = claimed(known, '[defaults]\nmode = "dry_run"')
    audit = audit_of(after)
    assert (intent_of(after).add, intent_of(after).remove) == ((), ())
    assert (audit.mode, audit.outcome) == ("dry_run", "unchanged")
    assert (audit.tags.added, audit.tags.removed) == (("Guitar",), ("Old",))
    assert (
        intent_of(after).outcome.managed_tags == known.managed_tags and intent_of(after).outcome.status == "unchanged"
    )


def test_an_asset_is_being_applied_while_a_tag_is_only_removed() -> None:
    after = claimed(state(complete({}), managed_tags={"Old": ("old",)}))
    assert (after.status, intent_of(after).add, intent_of(after).remove) == ("applying", (), ("Old",))


@pytest.mark.parametrize("rules", ['[defaults]\nmode = "dry_run"', "[[when]]\nskip = true"])
def test_without_applying_who_gave_a_tag_stays_as_it_was(rules: str) -> None:
    known = state(managed_tags={"Guitar": ("guitar",)}, givers={"Guitar": ("google_tagging",)})
    assert intent_of(claimed(known, rules)).outcome.givers == {}
    assert intent_of(claimed(known)).outcome.givers == {"Guitar": (REKOGNITION,)}


def test_an_asset_that_is_gone_has_no_tags_of_ours() -> None:
    after = claim_decision(
        state(managed_tags={"Old": ("old",)}),
        AssetDecision("gone", "deleted"),
        ActiveRules(RULEBOOK, 1),
        TRIGGER,
        GRANT,
    )
    assert (intent_of(after).outcome.managed_tags, intent_of(after).remove) == ({}, ())


def test_an_intent_keeps_the_wishes_to_return_to() -> None:
    known = claimed(state())
    before = {"guitar": TagPreference("remove", T0, "Guitar")}
    again = open_intent(known, audit_of(known), intent_of(known).outcome, GRANT, before=before)
    assert intent_of(again).before == before
    assert intent_of(known).before == {}


ADOPT = '[defaults]\nauto_tagged = "adopt"\n'


def test_adopting_makes_what_cloudinary_tagged_ours_to_rename_and_remove() -> None:
    rules = f'{ADOPT}[labels.Guitar]\ntag = "six strings"\n'
    known = state(complete({"Guitar": 0.9, "Cat": 0.3}), facts=facts("guitar", "cat", "press"))
    after = claimed(known, rules)
    assert intent_of(after).add == ("six strings",) and intent_of(after).remove == ("cat", "guitar")
    assert intent_of(after).outcome.managed_tags == {"six strings": ("guitar", "six strings")}
    after = claimed(known, rules.replace("adopt", "leave"))
    assert intent_of(after).add == ("six strings",) and intent_of(after).remove == ()


def test_adopting_keeps_a_tag_that_is_as_the_rules_want_it() -> None:
    after = claimed(state(facts=facts("Guitar")), ADOPT)
    assert (intent_of(after).add, intent_of(after).remove) == ((), ())
    assert intent_of(after).outcome.managed_tags == {"Guitar": ("guitar",)}


def test_a_tag_that_a_person_added_is_never_adopted() -> None:
    known = state(
        complete({"Guitar": 0.3}), facts=facts("guitar"), people={"guitar": TagPreference("add", T0, "guitar")}
    )
    assert intent_of(claimed(known, ADOPT)).remove == ()


@pytest.mark.parametrize("rules", [f'{ADOPT}mode = "dry_run"', f"{ADOPT}[[when]]\nskip = true"])
def test_adopting_without_applying_leaves_everything_as_it_was(rules: str) -> None:
    after = claimed(state(complete({"Guitar": 0.3}), facts=facts("guitar")), rules)
    assert (intent_of(after).add, intent_of(after).remove, intent_of(after).outcome.managed_tags) == ((), (), {})


@pytest.mark.parametrize(
    ("found", "outcome", "reason"),
    [
        ({REKOGNITION: failed(error="quota used")}, "failed", "aws_rek_tagging: quota used"),
        ({REKOGNITION: pending()}, "timed_out", "aws_rek_tagging was still pending"),
        ({}, "skipped", "no categorization by aws_rek_tagging"),
        ({"imagga_tagging": complete()}, "skipped", "no categorization"),
        ({REKOGNITION: failed(), "google_tagging": pending()}, "timed_out", "google_tagging"),
        ({REKOGNITION: failed(), "google_tagging": failed(error="also")}, "failed", "google_tagging: also"),
        ({REKOGNITION: failed(), "google_tagging": complete()}, "tagged", ""),
        ({REKOGNITION: complete(), "google_tagging": pending()}, "tagged", ""),
        ({REKOGNITION: complete({})}, "tagged", ""),
    ],
)
def test_what_can_be_decided_with_what_there_is(found: dict[str, Categorization], outcome: str, reason: str) -> None:
    ruleset = book("[defaults]\n" + TWO if "google_tagging" in found else "")
    verdict = evaluate(inputs_of(replace(state(), categorizations=found), ruleset), ruleset)
    assert verdict.outcome == outcome and reason in verdict.reason
    assert (verdict.decision is not None) == (outcome == "tagged")


@pytest.mark.parametrize("found", [failed(), pending()])
def test_without_a_decision_nothing_is_removed(found: Categorization) -> None:
    known = state(found, managed_tags={"Guitar": ("guitar",)}, facts=facts("Guitar"))
    after = claimed(known)
    assert (intent_of(after).add, intent_of(after).remove) == ((), ())
    assert intent_of(after).outcome.managed_tags == known.managed_tags
    assert audit_of(after).labels == () and isinstance(audit_of(after).reason, str)


def test_a_skipped_asset_is_audited_with_the_rule_and_left_alone() -> None:
    known = state(managed_tags={"Guitar": ("guitar",)})
    after = claimed(known, '[[when]]\nname = "private"\nskip = true')
    audit = audit_of(after)
    assert audit.outcome == "skipped" and audit.reason == 'when[1] "private".skip leaves these assets alone'
    assert (intent_of(after).add, intent_of(after).remove) == ((), ()) and intent_of(
        after
    ).outcome.managed_tags == known.managed_tags


@pytest.mark.parametrize(
    ("rules", "waits"),
    [("", False), ("[defaults]\n" + TWO, True), ('[defaults]\nproviders = ["imagga_tagging"]', False)],
)
def test_only_labels_that_count_are_waited_for(rules: str, waits: bool) -> None:
    known = replace(state(), categorizations={REKOGNITION: complete(), "google_tagging": pending()})
    assert is_pending(known, book(rules)) is waits


def digest(known: AssetState, ruleset: Ruleset = RULEBOOK) -> str:
    return labels_digest(known, ruleset)


def test_the_digest_names_the_version_and_the_labels_that_count() -> None:
    known = state(complete({"A": 0.9, "B": 0.8}))
    same = [
        state(complete({"B": 0.8, "A": 0.9}, at=T0 + MINUTE)),
        replace(known, facts=facts("press"), managed_tags={"A": ("a",)}, status="tagged", rev=9),
        replace(known, categorizations={**known.categorizations, "imagga_tagging": complete()}),
    ]
    assert {digest(other) for other in same} == {digest(known)}
    others = [
        state(complete({"A": 0.9})),
        state(complete({"A": 0.9, "B": 0.81})),
        state(complete({})),
        state(pending()),
        state(failed()),
        replace(known, asset=replace(REF, version=101)),
        replace(known, categorizations={}),
    ]
    assert len({digest(other) for other in [known, *others]}) == len(others) + 1


def test_the_audit_holds_everything_that_a_replay_needs() -> None:
    known = state(
        facts=facts("press", "Guitar"),
        managed_tags={"Old": ("old",)},
        people={"cat": TagPreference("remove", T0, "Cat", ("cat", "kitten"))},
    )
    inputs = audit_of(claimed(known)).inputs
    assert inputs is not UNSET
    assert inputs == inputs_of(known, RULEBOOK)
    assert inputs.facts == known.facts and inputs.categorizations == known.categorizations
    assert (inputs.managed_tags, inputs.user_tags, inputs.suppressed) == (
        ("Old",),
        ("press", "Guitar"),
        ("cat", "kitten"),
    )


def test_where_nothing_is_known_of_the_asset_a_replay_has_no_facts() -> None:
    assert inputs_of(state(facts=None), RULEBOOK).facts is UNSET


def test_the_order_in_which_rules_name_providers_does_not_make_other_labels() -> None:
    known = replace(state(), categorizations={REKOGNITION: complete(), "google_tagging": complete({"Cat": 0.9})})
    turned = '[defaults]\nproviders = ["google_tagging", "aws_rek_tagging"]'
    assert digest(known, book("[defaults]\n" + TWO)) == digest(known, book(turned))


@pytest.mark.parametrize(
    ("known", "at"),
    [
        (state(complete(at=T0 + 1), facts=facts(at=T0)), T0 + 1),
        (state(complete(at=T0 - 1), facts=facts(at=T0)), T0),
        (state(complete(at=T0 - 1), facts=None), T0 - 1),
        (AssetState(REF, "pending"), 0),
    ],
)
def test_a_record_without_room_for_a_state_is_named_after_what_was_observed(known: AssetState, at: int) -> None:
    record = bare_record(known, AssetDecision("failed", "too large"), RULEBOOK, TRIGGER)
    assert record.audit_id == f"a1.{at:013d}.{digest(known)[-12:]}" and record.at == iso(at)
    assert (record.outcome, record.reason, record.tags) == ("failed", "too large", TagChange((), (), ()))
    assert bare_record(known, AssetDecision("unchanged"), RULEBOOK, TRIGGER).reason is UNSET
