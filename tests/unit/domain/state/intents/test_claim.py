"""From what is known to the intent: what will be called, what the audit says, and what the state becomes."""

import pytest
from msgspec import UNSET

from autotag.domain.decisions.evaluate import AssetDecision
from autotag.domain.model.audit import RulesRef, TagChange
from autotag.domain.model.labels import Categorization
from autotag.domain.rules.compiled.ruleset import ActiveRules
from autotag.domain.state.asset_state import Poll, TagPreference, Write
from autotag.domain.state.claim import claim_decision, open_intent
from tests.unit.domain.decisions.decision_helpers import book
from tests.unit.domain.state.state_builders import (
    GRANT,
    REF,
    REKOGNITION,
    RULEBOOK,
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

REVIEW = "[defaults]\nreview = 0.5\n"


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
