"""The start page: what waits by tag, the runs under way, and a line about the health that comes after the rest."""

import re
from html import unescape

import msgspec
import pytest
from starlette.testclient import TestClient

from autotag.domain.errors import Retryable
from autotag.domain.runs.progress import Counts
from autotag.domain.runs.run import Run
from autotag.service.operations.health import Health
from autotag.service.review.summary import ReviewSummary
from autotag.service.runs.requests import ListRuns
from tests.fakes.samples import resource
from tests.unit.autotag_console.console_page import ORIGIN, SETTINGS, TOKEN, Page

WAITING = r'<a href="(.*?)"><span class="tag"><bdi>(.*?)</bdi></span> <span class="number">(.*?)</span>'


@pytest.fixture
def page() -> Page:
    return Page(3).start()


def text_of(page: Page, path: str = "/") -> str:
    answer = page.get(path)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", "", answer.text)))


def run(number: int, *, status: str = "running", action: str = "retag") -> Run:
    return Run(
        id=f"{number:032x}",
        action=action,  # type: ignore[arg-type]
        by="ada",
        created_at=1_791_460_801_000 + number,
        rules_seq=1,
        status=status,  # type: ignore[arg-type]
        counts=Counts(seen=2000, planned=1500, done=600, failed=2),
    )


def test_what_waits_is_counted_by_tag_and_leads_to_the_deck_and_the_grid() -> None:
    page = Page(3)
    page.queue.given(resource("b1", {"Stage & Light": 0.6}))
    shown = page.start().get("/").text
    assert "4 questions about 4 pictures; the oldest since October 8, 2026 at 12:00 UTC." in text_of(page)
    tags = re.findall(
        r'<a href="(.*?)"><span class="tag"><bdi>(.*?)</bdi></span> <span class="number">(.*?)</span>', shown
    )
    assert tags == [
        ("/review?tag=musician", "musician", "3"),
        ("/review?tag=stage%20%26%20light", "stage &amp; light", "1"),
    ]
    assert 'href="/review/grid?tag=musician"' in shown


def test_questions_at_random_are_counted_too() -> None:
    page = Page(3).start()
    assert "at random" not in text_of(page)
    asked = Page(3)
    asked.queue.given(resource("b1", {"Dog": 0.31}))
    asked.queue.sampled("b1", "dog")
    assert "4 questions about 4 pictures;" in text_of(asked.start())
    assert "UTC. 1 of them is asked at random." in text_of(asked)


def test_nothing_waits() -> None:
    assert "Nothing: every question is answered." in text_of(Page(0).start())


def test_runs_under_way_are_shown_and_no_others() -> None:
    page = Page(3)
    page.queue.ops.runs.create(run(1))
    page.queue.ops.runs.create(run(2, status="done", action="backfill"))
    text = text_of(page.start())
    assert "Retag: running, 600 of 1,500" in text and "Backfill" not in text


def test_health_is_asked_for_after_the_page_and_kept_for_a_minute(page: Page) -> None:
    first = page.get("/").text
    assert page.ask.asked_of(Health) == []
    assert re.search(r'<script type="module" src="/static/\w+/start.js">', first)

    assert page.get("/api/health").json() == {"state": "warn", "finding": "Last audit: nothing has been decided yet."}
    shown = page.get("/").text
    assert "nothing has been decided yet." in shown and "start.js" not in shown
    assert page.get("/health").status_code == 200
    assert len(page.ask.asked_of(Health)) == 1


def test_a_stack_that_does_not_answer_is_one_sentence_and_no_health_line(page: Page) -> None:
    page.ask.fails |= {Health: Retryable("the ops function does not answer")}
    answer = page.get("/api/health")
    assert (answer.status_code, answer.json()) == (
        503,
        {"error": {"message": "The ops function does not answer."}},
    )
    assert page.get("/").status_code == 200


def test_what_the_first_page_needs_is_asked_for_while_the_browser_opens() -> None:
    page = Page(3)
    with TestClient(page.app, base_url=ORIGIN) as browser:
        assert browser.get("/start", params={"token": TOKEN}).status_code == 200
        assert browser.get("/api/health").status_code == 200
    assert len(page.ask.asked_of(ReviewSummary)) == len(page.ask.asked_of(Health)) == 1
    assert len(page.ask.asked_of(ListRuns)) == 1


def test_a_page_that_counts_long_comes_without_the_numbers_and_loads_them_later() -> None:
    page = Page(3, msgspec.structs.replace(SETTINGS, patience=0.0))
    page.ask.opened.clear()
    with TestClient(page.app, base_url=ORIGIN) as browser:
        shown = browser.get("/start", params={"token": TOKEN}).text
        assert "Counting …" in shown and 'href="/review"' in shown
        assert '<noscript><meta http-equiv="refresh" content="3"></noscript>' in shown
        assert re.search(r'<script type="module" src="/static/\w+/start.js">', shown)
        page.ask.opened.set()
        assert browser.get("/api/work").json() == {"questions": 3}
    assert len(page.ask.asked_of(ReviewSummary)) == 1


def test_a_fault_while_it_counts_is_said() -> None:
    page = Page(0)
    page.ask.fails |= {ReviewSummary: Retryable("the table is down")}
    assert page.browser.get("/start", params={"token": TOKEN}).status_code == 503
    assert page.get("/api/work").json() == {"error": {"message": "The table is down."}}


def test_a_stack_that_is_down_does_not_keep_the_console_from_starting() -> None:
    page = Page(0)
    page.ask.fails |= {Health: Retryable("down"), ReviewSummary: Retryable("down")}
    with TestClient(page.app, base_url=ORIGIN) as browser:
        assert browser.get("/start", params={"token": TOKEN}).status_code == 503


def test_a_picture_is_found_by_its_name(page: Page) -> None:
    found = page.browser.get("/find", params={"name": " stage/a0 "}, follow_redirects=False)
    assert (found.status_code, found.headers["location"]) == (303, "/asset/stage%2Fa0")
    assert page.browser.get("/find", follow_redirects=False).headers["location"] == "/"
