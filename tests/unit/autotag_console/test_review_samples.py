"""Questions at random in the deck and the grid: marked in words, with the sentence that says what they are for."""

from tests.unit.autotag_console.review_browser import Browser
from tests.unit.autotag_console.review_stack import ReviewStack, question, waiting

MARK = "Asked at random"
REASON = "Asked at random, to learn how often Dog is right at {}: your rules tag from 0.70."
THERE = " The picture has the tag already: accept confirms it, reject removes it."


def stack_of(*confidences: float, has_tag: bool = False) -> Browser:
    stack = ReviewStack()
    tags = ["dog"] if has_tag else ["people"]
    stack.queue = [
        waiting(f"a{n}", question("Dog", each, label="Dog") | {"sample": True}, current_tags=tags)
        for n, each in enumerate(confidences)
    ]
    stack.queue.append(waiting("b1", question("Dog", 0.6, label="Dog")))
    return Browser(stack)


def test_the_deck_marks_them_and_says_what_is_learned() -> None:
    below, ordinary = (asset["questions"][0] for asset in stack_of(0.31).first_questions()["assets"])
    assert (below["mark"], below["reason"]) == (MARK, REASON.format("0.31"))
    assert below["numbers"] == "0.31 of the 0.70 it needs"
    assert ordinary["mark"] == "" and ordinary["reason"].startswith("A person is asked about Dog because")


def test_the_deck_says_what_an_answer_does_where_the_tag_is_there_already() -> None:
    written, _ = (asset["questions"][0] for asset in stack_of(0.93, has_tag=True).first_questions()["assets"])
    assert written["reason"] == f"{REASON.format('0.93')}{THERE}"
    assert written["numbers"] == "0.93, and it needs 0.70" and written["has_tag"]


def test_the_grid_marks_them_in_words_also_for_those_who_hear_it() -> None:
    page = stack_of(0.93, has_tag=True).page("/review/grid", tag="Dog")
    boxes = {str(each["aria-label"]) for each in page.with_attribute("aria-label") if each.get("type") == "checkbox"}
    assert boxes == {"stage/a0, 0.93, asked at random, has the tag", "stage/b1, 0.60"}
    assert len(page.with_class("mark")) == 1 and MARK in page.text
    assert "It has the tag: accept confirms it, reject removes it." in page.text


def test_the_grid_of_ordinary_questions_has_no_mark() -> None:
    page = stack_of().page("/review/grid", tag="Dog")
    assert page.with_class("cell") and not page.with_class("mark") and "at random" not in page.text.lower()
