"""What scripts send: answers are checked, passed on once, and reported under their ids."""

import asyncio
import threading
from typing import Any

import pytest

from autotag.service.operations.api import Request
from autotag.service.review.requests import ReviewDecide
from tests.unit.autotag_console.review_browser import Browser
from tests.unit.autotag_console.review_stack import ReviewStack


def decision(id: str = "n1", tag: str = "guitar", verdict: str = "accept", **more: Any) -> dict[str, Any]:
    return {"id": id, "asset": "a1", "tag": tag, "verdict": verdict, "version": 7, "of": "", **more}


def test_answers_are_passed_on_and_reported_under_their_ids() -> None:
    stack = ReviewStack()
    stack.refusals["a1", "amp"] = "'stage/a1' was overwritten since"
    browser = Browser(stack)
    answer = browser.post("/api/answers", {"decisions": [decision(), decision("n2", "amp", "reject")]})
    report = answer.json()
    assert [(each.tag, each.verdict, each.version) for each in stack.decisions] == [
        ("guitar", "accept", 7), ("amp", "reject", 7),
    ]  # fmt: skip
    assert [(each["id"], each["audit_id"]) for each in report["queued"]] == [("n1", "a1.1")]
    assert [(each["id"], each["why"]) for each in report["refused"]] == [("n2", "'stage/a1' was overwritten since")]


def test_a_decision_that_comes_again_is_not_passed_on_again_and_reported_as_before() -> None:
    stack = ReviewStack()
    browser = Browser(stack)
    first = browser.post("/api/answers", {"decisions": [decision()]}).json()
    again = browser.post("/api/answers", {"decisions": [decision(), decision("n2", "amp")]}).json()
    assert [each.tag for each in stack.decisions] == ["guitar", "amp"]
    assert again["queued"][0] == first["queued"][0]
    same_again = browser.post("/api/answers", {"decisions": [decision()]}).json()
    assert same_again == first and len(stack.decisions) == 2


def test_a_refused_decision_that_comes_again_is_asked_about_again() -> None:
    stack = ReviewStack()
    stack.refusals["a1", "guitar"] = "'stage/a1' was deleted"
    browser = Browser(stack)
    assert browser.post("/api/answers", {"decisions": [decision()]}).json()["refused"]
    stack.refusals.clear()
    assert browser.post("/api/answers", {"decisions": [decision()]}).json()["queued"]


class PausedStack(ReviewStack):
    """A stack that answers decisions once the test lets it."""

    def __init__(self) -> None:
        super().__init__()
        self.go = threading.Event()

    def __call__(self, request: Request) -> bytes:
        if isinstance(request, ReviewDecide):
            assert self.go.wait(10)
        return super().__call__(request)


def test_a_decision_that_comes_again_while_it_is_sent_is_passed_on_once() -> None:
    """A page that is left sends what it has, and the next page sends the same again."""
    stack = PausedStack()
    browser = Browser(stack)

    async def twice() -> list[Any]:
        first = asyncio.create_task(browser.posting("/api/answers", {"decisions": [decision()]}))
        again = asyncio.create_task(browser.posting("/api/answers", {"decisions": [decision(), decision("n2", "amp")]}))
        await asyncio.wait([first, again], timeout=0.2)
        stack.go.set()
        return [answer.json() for answer in await asyncio.gather(first, again)]

    first, again = asyncio.run(twice())
    assert [each.tag for each in stack.decisions] == ["guitar", "amp"]
    assert again["queued"][0] == first["queued"][0]


def test_what_did_not_arrive_is_passed_on_when_it_comes_again() -> None:
    stack = ReviewStack()
    browser = Browser(stack)
    stack.is_down = True
    lost = browser.post("/api/answers", {"decisions": [decision()]})
    assert (lost.status_code, lost.json()["error"]["message"]) == (503, "The stack does not answer.")
    stack.is_down = False
    assert browser.post("/api/answers", {"decisions": [decision()]}).json()["queued"][0]["id"] == "n1"


def test_what_became_of_answers_is_reported_under_their_ids() -> None:
    stack = ReviewStack()
    browser = Browser(stack)
    sent = {**decision(), "audit_id": "a1.1"}
    assert browser.post("/api/progress", {"decisions": [sent]}).json()["under_way"][0]["id"] == "n1"
    stack.carried_out = True
    assert browser.post("/api/progress", {"decisions": [sent]}).json()["done"][0]["id"] == "n1"
    stack.refusals["a1", "guitar"] = "Cloudinary refused it"
    [refused] = browser.post("/api/progress", {"decisions": [sent]}).json()["refused"]
    assert (refused["id"], refused["why"]) == ("n1", "Cloudinary refused it")


@pytest.mark.parametrize("path", ["/api/answers", "/api/progress"])
@pytest.mark.parametrize(
    "body",
    [
        "", "{", "[]", "null", '{"decisions": []}', '{"decisions": [1]}', '{"decisions": 1, "more": 2}', b"\xff",
        "[" * 100_000, '{"decisions": [{"asset": "", "tag": "x", "verdict": "accept"}]}',
        '{"decisions": [{"asset": "a", "tag": "", "verdict": "accept"}]}',
        '{"decisions": [{"asset": "a", "tag": "x", "verdict": "perhaps"}]}',
        '{"decisions": [{"asset": "a", "tag": "x", "verdict": "undo"}]}',
        '{"decisions": [{"asset": "a", "tag": "x", "verdict": "accept", "by": "somebody"}]}',
        f'{{"decisions": [{{"asset": "a", "tag": "{"x" * 256}", "verdict": "accept"}}]}}',
        f'{{"decisions": [{{"asset": "a", "tag": "x", "verdict": "accept", "id": "{"x" * 65}"}}]}}',
    ],
)  # fmt: skip
def test_a_body_that_is_no_list_of_decisions_gets_a_sentence_and_reaches_nobody(path: str, body: str | bytes) -> None:
    stack = ReviewStack()
    answer = Browser(stack).post(path, body)
    assert answer.status_code == 400 and answer.json()["error"]["message"].startswith("Body: ")
    assert not stack.asked


def test_more_than_a_hundred_decisions_at_once_are_refused() -> None:
    stack = ReviewStack()
    many = [decision(f"n{n}", f"t{n}") for n in range(101)]
    assert Browser(stack).post("/api/answers", {"decisions": many}).status_code == 400 and not stack.asked


def test_answers_need_the_sessions_own_token() -> None:
    stack = ReviewStack()
    browser = Browser(stack)
    browser.csrf = "another"
    assert browser.post("/api/answers", {"decisions": [decision()]}).status_code == 403 and not stack.asked
