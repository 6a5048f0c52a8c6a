"""The timeline: one sentence for each kind of audit, made from audits as the service makes them."""

from typing import get_args

import pytest
from msgspec.structs import replace

from autotag.domain.model.audit import AnswerRecord, Audit, RulesRef, TagChange, Trigger, TriggerKind
from autotag.domain.model.outcome import LabelOutcome
from autotag.domain.rules.compiled.ruleset import ActiveRules
from autotag.domain.runs.asset_change import change_by, claimed_by
from autotag.domain.runs.run import RevertSelection, Run
from autotag.domain.sentences.history import explain_audit, timeline
from autotag.domain.state.asset_state import Write
from autotag.domain.state.complete import mark_gone, mark_refused
from autotag.domain.state.person_edits import person_audit
from tests.unit.domain.decisions.decision_helpers import book
from tests.unit.domain.sentences.decision_audits import ACME, ADA, decision
from tests.unit.domain.sentences.plain_words import bold_names, checked
from tests.unit.domain.state.state_builders import (
    GRANT,
    MANAGED,
    REF,
    RULEBOOK,
    T0,
    audit_of,
    complete,
    failed,
    pending,
    person,
    state,
)

HASH = book(ACME).version[:12]
UNDER = f"under the rules acme ({HASH})"


def sentence_of(audit: Audit, *earlier: Audit) -> str:
    """Return the sentence about an audit."""
    return checked(explain_audit(audit, earlier))


def test_a_decision_names_its_cause_its_changes_its_rules_and_its_questions() -> None:
    known = state(complete({"Guitar": 0.9, "Stage": 0.8, "Drum": 0.6}), managed_tags={"Old": ("old",)})
    sentence = explain_audit(decision(known))
    assert checked(sentence) == (
        f"After an upload, autotag added Guitar and Stage, and removed Old {UNDER}. A person is asked about Drum."
    )
    assert bold_names(sentence) == ["Guitar", "Stage", "Old", "Drum"]


@pytest.mark.parametrize(
    ("trigger", "cause"),
    [
        (Trigger("webhook", "upload", "", ""), "After an upload"),
        (Trigger("webhook", "info", "", ""), "When the labels arrived"),
        (Trigger("webhook", "resource_tags_changed", "", ""), "After a change of tags in Cloudinary"),
        (Trigger("webhook", "of another day", "", ""), "After a notification from Cloudinary"),
        (Trigger("poll", "resource", "", ""), "After a read of the picture in Cloudinary"),
        (Trigger("moved", "rename", "", ""), "After a rename"),
        (Trigger("moved", "move", "", ""), "After a move to another folder"),
        (Trigger("moved", "", "", "r1"), "After a move to another folder"),
        (Trigger("context", "resource_context_changed", "", ""), "After a change of its contextual metadata"),
        (Trigger("retag", "", "", "r1"), "In the retag run r1"),
        (Trigger("backfill", "resource", "", "r1"), "In the backfill run r1"),
    ],
)
def test_each_cause_is_named(trigger: Trigger, cause: str) -> None:
    assert sentence_of(decision(state(), trigger=trigger)) == f"{cause}, autotag added Guitar {UNDER}."


def test_an_upload_of_a_newer_version_replaced_the_picture() -> None:
    audit = decision(state())
    older = replace(audit, asset=replace(REF, version=99))
    assert sentence_of(audit, older).startswith("After an upload that replaced the picture, ")
    assert sentence_of(audit, audit).startswith("After an upload, ")


def test_an_unchanged_asset_and_a_dry_run() -> None:
    assert sentence_of(decision(state(complete({})))) == f"After an upload, autotag changed no tag {UNDER}."
    dry = f'{ACME}mode = "dry_run"\n'
    name = f"under the rules acme ({book(dry).version[:12]})"
    assert (
        sentence_of(decision(state(), dry))
        == f"After an upload, a dry run {name} would have added Guitar; it wrote nothing."
    )


SKIPS = f'{ACME}[[when]]\nname = "drafts"\nskip = true\n'


def test_where_nothing_was_decided_the_sentence_says_why() -> None:
    skipped = explain_audit(decision(state(), SKIPS))
    assert checked(skipped) == 'After an upload, autotag left the picture alone because the block "drafts" says so.'
    assert skipped.rule == 'when[1] "drafts".skip'
    nothing = replace(state(), categorizations={})
    assert sentence_of(decision(nothing)) == (
        "After an upload, there was nothing to decide: the picture has no labels of aws_rek_tagging."
    )
    assert sentence_of(decision(state(failed(error="Failed to process request")))) == (
        "After an upload, Cloudinary could not label the picture, so no tag changed "
        "(aws_rek_tagging: Failed to process request)."
    )
    direct = replace(state(), categorizations={"rekognition": failed(error="it was asked twice")})
    assert sentence_of(decision(direct, '[defaults]\nproviders = ["rekognition"]\n')) == (
        "After an upload, Rekognition could not label the picture, so no tag changed (rekognition: it was asked twice)."
    )
    assert sentence_of(decision(state(pending()))) == (
        "No labels came in time, so no tag changed (aws_rek_tagging was still pending at the deadline)."
    )


def test_a_refusal_says_what_was_done_before_it() -> None:
    audit = decision(state(complete({"Guitar": 0.9, "Stage": 0.8})))
    some = mark_refused(audit, "Cloudinary answered 400", {"Guitar": Write("add", T0, 100)})
    assert sentence_of(mark_refused(audit, "Cloudinary answered 400", {})) == (
        "After an upload, Cloudinary refused to change the tags (Cloudinary answered 400)."
    )
    assert sentence_of(some) == (
        "After an upload, autotag added Guitar, but Cloudinary refused the other changes (Cloudinary answered 400)."
    )


def test_a_deletion_and_a_picture_that_was_found_to_be_gone() -> None:
    gone = mark_gone(decision(state()))
    deleted = replace(gone, trigger=Trigger("webhook", "delete", "", ""))
    assert sentence_of(gone) == "After an upload, autotag found that the picture is no longer in Cloudinary."
    assert sentence_of(deleted) == "The picture was deleted in Cloudinary."


def test_a_persons_change_is_theirs() -> None:
    known = state(managed_tags=MANAGED)
    change = person(added=("Stage",), removed=("Guitar", "Music"))
    record = person_audit(known, change, frozenset({"Guitar", "Music"}), RULEBOOK)
    assert sentence_of(record) == "A person (jane@example.com) removed Guitar and Music in Cloudinary."
    nameless = person_audit(known, replace(change, by=""), frozenset({"Stage", "Guitar"}), RULEBOOK)
    assert sentence_of(nameless) == "A person added Stage and removed Guitar in Cloudinary."
    refused = person_audit(known, change, frozenset(), RULEBOOK, refused="the state is too large")
    assert sentence_of(refused) == (
        "A person changed tags in Cloudinary, which autotag could not store (the state is too large)."
    )


@pytest.mark.parametrize(
    ("undo", "what"),
    [
        (RevertSelection(), "every managed tag"),
        (RevertSelection(tag="Guitar"), "the tag Guitar"),
    ],
)
def test_a_revert_names_the_operator_and_what_was_undone(undo: RevertSelection, what: str) -> None:
    known = state(managed_tags={"Guitar": ("guitar",)}, status="tagged")
    run = Run("r9", "revert", ADA, T0, undo=undo)
    change = change_by(run, known, RULEBOOK, [])
    assert change is not None
    audit = audit_of(claimed_by(run, change, ActiveRules(RULEBOOK, 0), GRANT))
    assert sentence_of(audit) == f"In the revert r9, ada (team) undid {what}: autotag removed Guitar."
    assert sentence_of(mark_refused(audit, "no", {})) == (
        "In the revert r9, an operator undid earlier decisions, but Cloudinary refused to change the tags (no)."
    )


def answer(reason: str, answers: AnswerRecord, **fields: object) -> Audit:
    """Return the audit of answers."""
    audit = replace(
        decision(state()), trigger=Trigger("review", "review", "", ""), tags=TagChange((), (), ()), labels=()
    )
    return replace(audit, reason=reason, answers=answers, outcome="unchanged", **fields)


def test_answers_name_the_reviewer() -> None:
    both = answer(f"accepted by {ADA}: g; rejected by {ADA}: h, i", AnswerRecord(("g",), ("h", "i")))
    assert sentence_of(replace(both, tags=TagChange((), ("g",), ()))) == (
        "ada (team) accepted g and rejected h and i. autotag added g."
    )
    assert (
        sentence_of(answer(f"cleared by {ADA}: h", AnswerRecord(clear=("h",))))
        == "ada (team) cleared the removal of h."
    )
    undone = answer(f"taken back by {ADA}: g", AnswerRecord(undo=("g",)), undid="a1.1772546525000.abc")
    assert sentence_of(undone) == "ada (team) took back the answer about g of March 3, 2026 at 14:02 UTC."


def test_a_refused_answer_still_names_the_reviewer() -> None:
    label = LabelOutcome("Guitar", "aws_rek_tagging", 0.6, "kept", "g", 0.7, f"accepted by {ADA}")
    audit = replace(answer("HTTP 400", AnswerRecord(("g",))), outcome="failed", labels=(label,))
    assert sentence_of(audit) == "ada (team) accepted g, but Cloudinary refused to change the tags (HTTP 400)."
    assert sentence_of(replace(audit, outcome="gone")) == "ada (team) accepted g, but the picture was deleted."


def test_an_answer_before_answers_were_recorded_is_told_by_its_labels() -> None:
    label = LabelOutcome("Guitar", "aws_rek_tagging", 0.6, "kept", "g", 0.7, f"accepted by {ADA}")
    audit = replace(answer(f"accepted by {ADA}: g", AnswerRecord()), labels=(label,))
    unset = replace(audit, answers=decision(state()).answers)
    assert sentence_of(unset) == "ada (team) accepted g."


@pytest.mark.parametrize("kind", get_args(TriggerKind))
@pytest.mark.parametrize("outcome", ["tagged", "unchanged", "skipped", "failed", "timed_out", "gone"])
def test_every_kind_with_every_outcome_has_a_sentence(kind: TriggerKind, outcome: str) -> None:
    audit = replace(decision(state()), trigger=Trigger(kind, "", "", ""), outcome=outcome, reason="a reason")
    assert sentence_of(audit)


def test_a_timeline_keeps_the_order_and_says_when() -> None:
    newest = replace(decision(state()), audit_id="a1.2.x", at="2026-11-01T23:59:59.999Z")
    oldest = replace(newest, audit_id="a1.1.x", at="2026-03-03T14:02:05.000+00:00", asset=replace(REF, version=1))
    first, last = timeline([newest, replace(oldest, rules=RulesRef("old", "f" * 64))])
    assert (first.audit_id, first.when) == ("a1.2.x", "November 1, 2026 at 23:59 UTC")
    assert (last.audit_id, last.when) == ("a1.1.x", "March 3, 2026 at 14:02 UTC")
    assert "replaced the picture" in first.sentence.text and "rules old (ffffffffffff)" in last.sentence.text
