"""Why a reviewer is asked, or why the active rules no longer ask."""

import pytest

from autotag.domain.review.questions import questions
from autotag.domain.sentences.questions import explain_question
from tests.unit.domain.decisions.decision_helpers import book
from tests.unit.domain.sentences.plain_words import bold_names, checked
from tests.unit.domain.state.state_builders import complete, state

BAND = "[defaults]\nreview = 0.55\n"
NO_LONGER = "The rules that are active now do not ask about Drum: "


def asked(rules: str, labels: dict[str, float] | None = None) -> tuple[str, str, list[str]]:
    """Return the sentence about the question whether the tag is Drum: its text, its rule and its names."""
    known = state(complete({"Drum": 0.6} if labels is None else labels), review=("Drum",))
    sentence = explain_question(questions(known, book(rules)).by_key["drum"])
    return checked(sentence), sentence.rule, bold_names(sentence)


def test_a_question_names_the_bar_that_its_label_reaches() -> None:
    text = "is below the threshold of 0.70, but reaches the 0.55 from which the rules ask a person."
    assert asked(BAND) == (
        f"A person is asked about Drum because its confidence 0.60 {text}",
        "defaults.review",
        ["Drum"],
    )
    renamed = f'{BAND}[labels.Snare]\ntag = "Drum"\n'
    assert asked(renamed, {"Snare": 0.6})[0] == f"A person is asked about Drum because Snare 0.60 {text}"


def test_a_block_that_asks_is_named() -> None:
    text, rule, _ = asked('[[when]]\nname = "stage"\nset = { review = 0.5 }\n')
    assert text.endswith('but reaches the 0.50 from which the block "stage" asks a person.')
    assert rule == 'when[1] "stage".set.review'


@pytest.mark.parametrize(
    ("rules", "why"),
    [
        (
            "[defaults]\nthreshold = 0.5\n",
            "Drum is a tag because its confidence 0.60 reaches the 0.50 that the rules ask for.",
        ),
        ('[defaults]\ndeny = ["Drum"]\n', "Drum is no tag because the deny list of the rules holds it or its tag."),
        ("", "Drum is no tag because its confidence 0.60 is below the 0.70 that the rules ask for."),
    ],
)
def test_where_the_active_rules_no_longer_ask_the_sentence_says_what_they_do(rules: str, why: str) -> None:
    assert asked(rules)[0] == f"{NO_LONGER}{why}"


def test_a_question_without_a_label_says_so() -> None:
    assert asked(BAND, {"Stage": 0.9})[0] == f"{NO_LONGER}no label gives it."
