"""What came of learning about a label, in plain words."""

import pytest
from msgspec.structs import replace

from autotag.domain.learning.outcome import Interval, Moved, Outcome
from autotag.domain.learning.suggestions import LabelSuggestion, Why
from autotag.domain.learning.verdicts import Kind
from autotag.domain.sentences.suggestions import explain_outcome, explain_suggestion, explain_verdicts
from tests.unit.domain.sentences.plain_words import bold_names, checked

NOTHING: dict[Kind, tuple[int, int]] = {"sample": (0, 0), "answer": (0, 0), "edit": (0, 0), "left": (0, 0)}
FOUND = LabelSuggestion(
    key="dog", label="Dog", why="fine", present=0.7, proposed=None, said=NOTHING,
    not_counted={"only_right": 0, "alone": 0}, counted=0.0, missing=20, asked_below=0.0, gain=0.0, sure=0.0,
    outcome=None, precision=None, right=(), wrong=(),
)  # fmt: skip


@pytest.mark.parametrize(
    ("why", "text"),
    [
        ("proposed", "Dog should be a tag from 0.455 instead of 0.70."),
        (
            "unwanted",
            "People remove or reject Dog however high its confidence: it looks unwanted. Deny it in the rules?",
        ),
        ("unasked", "Nobody was asked about Dog below 0.70: whether it is right there is not known."),
        ("fine", "The threshold of Dog, 0.70, is right as far as is known."),
        ("unsure", "Another threshold may be better for Dog than 0.70, but that is not sure: more answers would tell."),
    ],
)
def test_what_came_of_a_label_is_one_sentence(why: Why, text: str) -> None:
    sentence = explain_suggestion(replace(FOUND, why=why, proposed=0.455 if why == "proposed" else None))
    assert sentence.text == text and bold_names(sentence) == ["Dog"]


@pytest.mark.parametrize(
    ("counted", "missing", "text"),
    [
        (1.0, 19, "1 verdict on Dog is too few: 19 more are needed."),
        (19.0, 1, "19 verdicts on Dog are too few: 1 more is needed."),
    ],
)
def test_too_few_verdicts_say_how_many_are_missing(counted: float, missing: int, text: str) -> None:
    assert checked(explain_suggestion(replace(FOUND, why="thin", counted=counted, missing=missing))) == text


def test_tags_that_come_and_go_say_how_many_of_them_are_right() -> None:
    come, go = Moved(1200, Interval(950.4, 900, 1000)), Moved(1, Interval(0.4, 0, 1))
    outcome = Outcome(come, go, Interval(0.91, 0.88, 0.94), Interval(0.84, 0.8, 0.88))
    assert [checked(each) for each in explain_outcome("Dog", outcome)] == [
        "1,200 tags Dog would come, of which about 950 are right (900 to 1,000).",
        "1 tag Dog would go, of which about 0 were right (0 to 1).",
        "Of the tags Dog, 84% (80% to 88%) would be right instead of 91% (88% to 94%) today.",
    ]


def test_where_no_tag_moves_or_none_was_kept_it_is_said() -> None:
    nothing = Moved(0, Interval(0, 0, 0))
    (sentence,) = explain_outcome("Dog", Outcome(nothing, nothing, None, None))
    assert checked(sentence) == "No tag of the library would come or go."
    *_, then = explain_outcome("Dog", Outcome(nothing, nothing, None, Interval(0.5, 0.4, 0.6)))
    assert checked(then) == "Of the tags Dog, 50% (40% to 60%) would be right."


def test_what_people_said_is_told_by_how_they_said_it_and_what_does_not_count() -> None:
    assert explain_verdicts(FOUND).text == "No verdict counts."
    said = replace(FOUND, said={"sample": (41, 19), "answer": (1, 0), "edit": (0, 2), "left": (3, 0)}, counted=66.0)
    assert checked(explain_verdicts(said)) == (
        "People said: 60 questions at random: 41 right, 19 wrong; 1 other question: 1 right, 0 wrong; "
        "2 changes by hand: 0 added, 2 removed; 3 tags left while another was changed."
    )
    assert "They count as 10, since" in explain_verdicts(replace(said, counted=10.2)).text
    by_hand = checked(explain_verdicts(replace(FOUND, not_counted={"only_right": 6, "alone": 1})))
    assert "6 tags added by hand do not count: where nobody is asked," in by_hand
    assert "1 removal does not count: no other tag was changed there" in by_hand
