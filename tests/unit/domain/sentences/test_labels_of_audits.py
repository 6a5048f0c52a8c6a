"""The labels of a whole audit: what was written, what the cap was, and when people removed a tag."""

import pytest
from msgspec.structs import replace

from autotag.domain.model.audit import Audit
from autotag.domain.model.outcome import SUPPRESSED, LabelOutcome
from autotag.domain.sentences.labels import explain_labels
from autotag.domain.sentences.picture import PersonChange
from autotag.domain.state.complete import mark_gone, mark_refused
from tests.unit.domain.sentences.decision_audits import decision
from tests.unit.domain.sentences.plain_words import checked
from tests.unit.domain.state.state_builders import complete, state

CAPPED = "[defaults]\nmax_tags = 2\n"


def sentences_of(audit: Audit, people: dict[str, PersonChange] | None = None) -> list[str]:
    """Return the sentences about the labels of an audit."""
    return [checked(sentence) for sentence in explain_labels(audit, people)]


def test_a_decision_that_was_not_written_says_what_would_be() -> None:
    (tagged,) = sentences_of(decision(state()))
    assert tagged.startswith("Guitar is a tag because ")
    unwritten = [
        decision(state(), '[defaults]\nmode = "dry_run"\n'),
        mark_refused(decision(state()), "HTTP 400", {}),
        mark_gone(decision(state())),
    ]
    assert [sentences_of(audit) for audit in unwritten] == [[tagged.replace("is a tag", "would be a tag")]] * 3


def test_the_cap_is_the_number_of_tags_that_came_first() -> None:
    labels = {"A": 0.95, "B": 0.9, "C": 0.85, "D": 0.8}
    *_, third, fourth = sentences_of(decision(state(complete(labels)), CAPPED))
    assert third == "C is no tag because the rules allow 2 tags, and 2 others came first."
    assert fourth == third.replace("C", "D", 1)


@pytest.mark.parametrize(
    ("change", "when"),
    [
        (PersonChange("remove", "2026-03-03T14:02:05.000Z"), " on March 3, 2026 at 14:02 UTC"),
        (PersonChange("remove", "2999-03-03T14:02:05.000Z"), ""),
        (PersonChange("add", "2026-03-03T14:02:05.000Z"), ""),
    ],
)
def test_a_removal_before_the_decision_has_its_time(change: PersonChange, when: str) -> None:
    outcome = LabelOutcome("Baby", "aws_rek_tagging", 0.99, "suppressed", "Baby", 0.7, SUPPRESSED)
    audit = replace(decision(state()), labels=(outcome,))
    assert sentences_of(audit, {"BABY": change}) == [
        f"Baby is no tag because a person removed it from this picture{when}."
    ]
