"""Why a reviewer is asked, or why the active rules no longer ask."""

import pytest

from autotag.domain.model.verdicts import Bar, Sample
from autotag.domain.review.questions import questions
from autotag.domain.sentences.questions import explain_question
from tests.unit.domain.decisions.decision_helpers import book
from tests.unit.domain.sentences.plain_words import bold_names, checked
from tests.unit.domain.state.state_builders import T0, complete, state

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


def at_random(labels: dict[str, float], rules: str = "", *, is_there: bool = False) -> str:
    """Return the sentence about the question at random whether the tag is Drum."""
    sample = Sample(T0, "Drum", "drum", 6000, "", Bar(0.7))
    known = state(complete(labels), samples={"drum": sample})
    return checked(explain_question(questions(known, book(rules)).by_key["drum"], is_there=is_there))


def test_a_question_at_random_says_what_is_learned_at_which_confidence_and_from_where_the_rules_tag() -> None:
    text = "Asked at random, to learn how often Drum is right at {}: your rules tag from 0.70."
    assert at_random({"Drum": 0.31}) == text.format("0.31")
    assert at_random({"Drum": 0.6}, BAND) == text.format("0.60")
    kept = at_random({"Drum": 0.93}, is_there=True)
    assert kept == f"{text.format('0.93')} The picture has the tag already: accept confirms it, reject removes it."


def test_a_question_at_random_about_a_tag_of_several_labels_names_them_with_their_confidences() -> None:
    renamed = '[labels.Snare]\ntag = "Drum"\n'
    assert at_random({"Snare": 0.9, "Drum": 0.31}, renamed) == (
        "Asked at random, to learn how often the labels of Drum are right (Snare 0.90, Drum 0.31): "
        "your rules tag from 0.70."
    )


def test_a_question_at_random_whose_label_is_gone_says_so() -> None:
    assert at_random({"Stage": 0.9}) == ("Asked at random, to learn how often Drum is right. No label gives it by now.")
