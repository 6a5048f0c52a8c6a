"""Sentences about labels on which the rule for a category decides."""

import pytest

from autotag.domain.model.outcome import LabelOutcome
from autotag.domain.sentences.labels import LabelContext, explain_label
from autotag.domain.sentences.rule_lines import rule_line
from tests.unit.domain.sentences.plain_words import checked

R = "aws_rek_tagging"
PETS = 'categories."Animals and Pets"'
RULES = f"[{PETS}]\nthreshold = 0.9\n[[when]]\nname = 'zoo'\n[when.{PETS}]\ndeny = true\n"

SENTENCES: list[tuple[LabelOutcome, str, str]] = [
    (
        LabelOutcome("Dog", R, 0.95, "kept", "Dog", 0.9, f"{PETS}.threshold"),
        "Dog is a tag because its confidence 0.95 reaches the 0.90 that the rule for the category Animals and Pets "
        "asks for.",
        f"{PETS}.threshold",
    ),
    (
        LabelOutcome("Dog", R, 0.95, "denied", None, 0.9, f'when[1] "zoo".{PETS}.deny'),
        'Dog is no tag because the rule for the category Animals and Pets in the block "zoo" denies it.',
        f'when[1] "zoo".{PETS}.deny',
    ),
    (
        LabelOutcome("animal", None, 0.95, "parent", "animal", None, f"{PETS}.parents"),
        "animal is a tag because the rule for the category Animals and Pets gives it as a parent.",
        f"{PETS}.parents",
    ),
    (
        LabelOutcome("Dog", R, 0.85, "review", "Dog", 0.9, f"{PETS}.review"),
        "A person is asked about Dog because its confidence 0.85 is below the threshold of 0.90, but reaches the 0.80 "
        "from which the rule for the category Animals and Pets asks a person.",
        f"{PETS}.review",
    ),
]


@pytest.mark.parametrize(("outcome", "text", "rule"), SENTENCES)
def test_the_sentence_names_the_category(outcome: LabelOutcome, text: str, rule: str) -> None:
    found = explain_label(outcome, LabelContext(review=0.8))
    assert (checked(found), found.rule) == (text, rule)


def test_the_reason_leads_to_the_line_of_the_rule() -> None:
    assert rule_line(RULES, f"{PETS}.threshold") == 2
    assert rule_line(RULES, f'when[1] "zoo".{PETS}.deny') == 6
