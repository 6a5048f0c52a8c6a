"""The list of my answers: the last two hundred, what became of them, and a way back for each."""

from typing import Any

from tests.unit.autotag_console.review_browser import Browser, Elements
from tests.unit.autotag_console.review_stack import ReviewStack


def answered(browser: Browser, *tags: str, asset: str = "a1") -> None:
    for start in range(0, len(tags), 100):
        decisions: list[dict[str, Any]] = [
            {"asset": asset, "tag": tag, "verdict": "accept", "version": 7} for tag in tags[start : start + 100]
        ]
        assert browser.post("/api/answers", {"decisions": decisions}).status_code == 200


def lines(page: Elements) -> list[tuple[str | None, str | None]]:
    return [(each["data-tag"], each["data-became"]) for each in page.with_attribute("data-answer")]


def test_my_answers_are_listed_the_newest_first_with_what_became_of_them() -> None:
    stack = ReviewStack()
    browser = Browser(stack)
    answered(browser, "guitar", "amp")
    stack.refusals["a1", "guitar"] = "Cloudinary refused it"
    page = browser.page("/review/done")
    assert lines(page) == [("amp", "on its way"), ("guitar", "not carried out")]
    assert "Cloudinary refused it" in page.text
    stack.carried_out = True
    assert lines(browser.page("/review/done"))[0] == ("amp", "carried out")


def test_an_answer_is_taken_back_by_its_audit_once() -> None:
    stack = ReviewStack()
    browser = Browser(stack)
    answered(browser, "guitar", "amp")
    for _ in range(2):
        page = Elements(browser.send("/review/done", {"of": "a1.1", "tag": "guitar"}).text)
        assert lines(page) == [("amp", "on its way"), ("guitar", "taken back")]
    [undo] = [each for each in stack.decisions if each.verdict == "undo"]
    assert (undo.asset, undo.tag, undo.of, undo.version) == ("a1", "guitar", "a1.1", 7)
    assert len(page.with_class("undo")) == 1


def test_an_answer_that_cannot_be_taken_back_says_why() -> None:
    stack = ReviewStack()
    browser = Browser(stack)
    answered(browser, "guitar")
    stack.refusals["a1", "guitar"] = "a person changed 'guitar' of 'stage/a1' since"
    page = Elements(browser.send("/review/done", {"of": "a1.1", "tag": "guitar"}).text)
    assert "a person changed 'guitar' of 'stage/a1' since" in page.text and len(page.with_class("undo")) == 1


def test_what_was_taken_back_in_the_deck_is_listed_as_taken_back() -> None:
    stack = ReviewStack()
    browser = Browser(stack)
    answered(browser, "guitar")
    undo = {"asset": "a1", "tag": "guitar", "verdict": "undo", "version": 7, "of": "a1.1"}
    browser.post("/api/answers", {"decisions": [undo]})
    assert lines(browser.page("/review/done")) == [("guitar", "taken back")]


def test_the_list_is_bounded_and_every_answer_in_it_is_looked_up() -> None:
    stack = ReviewStack()
    stack.carried_out = True
    browser = Browser(stack)
    answered(browser, *(f"t{n}" for n in range(230)))
    assert lines(browser.page("/review/done")) == [(f"t{n}", "carried out") for n in reversed(range(30, 230))]


def test_an_answer_that_is_not_in_the_list_cannot_be_taken_back_there() -> None:
    stack = ReviewStack()
    browser = Browser(stack)
    assert browser.send("/review/done", {"of": "a1.1", "tag": "guitar"}).status_code == 404 and not stack.decisions
