"""What a decision is made of: the labels that count and their digest, and all that a replay needs."""

import pytest
from msgspec import UNSET
from msgspec.structs import replace

from autotag.domain.decisions.evaluate import AssetDecision, evaluate
from autotag.domain.model.audit import TagChange, iso
from autotag.domain.model.labels import Categorization
from autotag.domain.rules.compiled.ruleset import Ruleset
from autotag.domain.state.asset_state import AssetState, TagPreference
from autotag.domain.state.claim import bare_record, inputs_of, is_pending, labels_digest
from tests.unit.domain.decisions.decision_helpers import book
from tests.unit.domain.state.state_builders import (
    MINUTE,
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
    pending,
    state,
)

TWO = 'providers = ["aws_rek_tagging", "google_tagging"]\n'


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
