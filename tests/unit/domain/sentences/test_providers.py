"""Sentences about providers: their bars, tags that too few of them give, and ancestors that Rekognition names."""

import pytest

from autotag.domain.model.audit import AuditHeader, RulesRef, TagChange, Trigger, new_audit
from autotag.domain.model.outcome import LabelOutcome
from autotag.domain.sentences.labels import explain_label
from autotag.domain.sentences.outcomes import undecided
from tests.unit.domain.sentences.plain_words import checked
from tests.unit.domain.state.state_builders import REF, T0

R = "aws_rek_tagging"


@pytest.mark.parametrize(
    ("outcome", "text", "rule"),
    [
        (
            LabelOutcome("Cat", "google_tagging", 0.9, "kept", "Cat", 0.85, 'providers."google_tagging".threshold'),
            "Cat is a tag because its confidence 0.90 reaches the 0.85 that the rule for google_tagging asks for.",
            'providers."google_tagging".threshold',
        ),
        (
            LabelOutcome("Cat", R, 0.9, "not_agreed", "Cat", 0.7, "defaults.agree: 1 of 2"),
            "Cat is no tag because 1 provider gives it, and the rules ask for 2.",
            "defaults.agree",
        ),
        (
            LabelOutcome("Cat", R, 0.9, "review", "Cat", 0.7, 'when[1] "zoo".set.agree: 2 of 3'),
            'A person is asked about Cat because 2 providers give it, and the block "zoo" asks for 3.',
            'when[1] "zoo".set.agree',
        ),
        (
            LabelOutcome("Animal", "rekognition", 0.97, "ancestor", "Animal", 0.7, 'of "Koala"'),
            "Animal is no tag because it is an ancestor of Koala, and the rules drop ancestors.",
            "",
        ),
        (
            LabelOutcome("Mammal", None, 0.98, "parent", "Mammal", None, 'rekognition\'s parents of "Koala"'),
            "Mammal is a tag because Rekognition gives it as an ancestor of Koala.",
            "",
        ),
        (
            LabelOutcome(
                *("Beast", "rekognition", 0.8, "kept", "Animal", 0.7),
                'defaults.threshold, and rekognition\'s parents of "Koala" at 0.98',
            ),
            "Animal is a tag because Beast 0.80 reaches the 0.70 that the rules ask for; Rekognition gives it as an "
            "ancestor of Koala too.",
            "defaults.threshold",
        ),
    ],
)
def test_a_label_has_its_sentence_and_its_rule(outcome: LabelOutcome, text: str, rule: str) -> None:
    sentence = explain_label(outcome)
    assert (checked(sentence), sentence.rule) == (text, rule)


def test_an_asset_that_too_few_providers_labeled_says_so() -> None:
    audit = new_audit(
        AuditHeader("a1.1.x", T0, REF, Trigger("webhook", "upload", "", ""), RulesRef("acme", "5c679126faed")),
        outcome="skipped",
        tags=TagChange((), (), ()),
        reason="defaults.agree: 1 of 2 have labels",
    )
    sentence = undecided(audit, "After the upload")
    assert sentence is not None and sentence.rule == "defaults.agree"
    assert sentence.text == (
        "After the upload, nothing was decided: 1 provider has labels of the picture, and the rules ask for 2."
    )
