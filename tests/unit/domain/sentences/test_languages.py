"""Sentences about tags in further languages than that of the rules."""

import pytest

from autotag.domain.model.outcome import LabelOutcome
from autotag.domain.sentences.labels import explain_label
from autotag.domain.sentences.rule_lines import rule_line
from tests.unit.domain.sentences.plain_words import checked

R = "aws_rek_tagging"
WORD = 'translations.de."Guitar"'


@pytest.mark.parametrize(
    ("outcome", "text", "rule"),
    [
        (
            LabelOutcome("Guitar", None, 0.9, "translated", "Gitarre", None, WORD),
            "Gitarre is a tag because it is the word for Guitar in the language de.",
            WORD,
        ),
        (
            LabelOutcome("Guitar", R, 0.9, "translated", "Gitarre", 0.7, WORD),
            "Gitarre is a tag because it is the word for Guitar in the language de, and Guitar 0.90 reaches 0.70.",
            WORD,
        ),
        (
            LabelOutcome("Guitar", R, 0.71, "translated", "Gitarre", 0.7, f"{WORD}, and when[1].add at 1"),
            "Gitarre is a tag because it is the word for Guitar in the language de, and Guitar 0.71 reaches 0.70; "
            "block 1 adds it too.",
            WORD,
        ),
        (
            LabelOutcome("Gift", R, 0.6, "given", "Gift", 0.7, '"Gift" is given by translations.de."Poison" already'),
            "Gift 0.60 raises no question because the table of translations for de gives the tag Gift already.",
            'translations.de."Poison"',
        ),
    ],
)
def test_a_word_is_explained_by_its_table(outcome: LabelOutcome, text: str, rule: str) -> None:
    said = explain_label(outcome)
    assert (checked(said), said.rule) == (text, rule)


def test_the_line_of_a_word_is_found_in_the_rules() -> None:
    text = 'defaults.languages = ["en", "de"]\n\n[translations.de]\nDrum = "Trommel"\nGuitar = "Gitarre"\n'
    assert rule_line(text, WORD) == 5
