"""Pages of a stack that takes long to count or to list: they show something at once, and the rest when it is there."""

import re
import threading
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, Route, expect

from autotag.domain.errors import Retryable
from autotag.service.operations.api import Request
from autotag.service.review.queue import ReviewList
from autotag.service.review.summary import ReviewSummary
from tests.browser.axe import axe_findings
from tests.browser.console.service import Service
from tests.browser.console.serving import Console
from tests.browser.page_faults import PageFaults


class Slow:
    """Holds up the requests about the queue until ``answers`` is set; then ``fails`` are raised."""

    def __init__(self) -> None:
        self.answers = threading.Event()
        self.fails: dict[type[Request], Exception] = {}

    def __call__(self, request: Request) -> None:
        if isinstance(request, ReviewSummary | ReviewList):
            assert self.answers.wait(30)
            if type(request) in self.fails:
                raise self.fails[type(request)]


@pytest.fixture
def console(service: Service, start_console: Callable[[], Console]) -> Console:
    """A console that counts three pictures at its start."""
    for n in range(3):
        service.upload(f"a{n}", {"Guitar": 0.6, "Musician": 0.65} if n else {"Guitar": 0.6})
    return start_console()


@pytest.fixture
def slow(service: Service, page: Page, console: Console) -> Iterator[Slow]:
    """A session at a stack that is slow from now on."""
    console.open(page)
    service.before = slow = Slow()
    yield slow
    page.close()
    slow.answers.set()


def test_the_deck_is_there_before_its_questions_are(slow: Slow, page: Page, console: Console) -> None:
    page.goto(f"{console.url}/review?tag=Guitar")
    expect(page.locator("#looking")).to_have_text("Looking for questions …")
    expect(page.locator("#counting")).to_have_text("Counting …")
    expect(page.locator("#question")).to_be_hidden()
    slow.answers.set()
    expect(page.locator("#deck")).to_have_attribute("data-state", "asking")
    expect(page.locator("#tag-name")).to_have_text("Guitar")
    expect(page.locator("#count")).to_have_text("1 of 3")
    expect(page.locator("#tag-list li")).to_have_text(
        [re.compile(text, re.IGNORECASE) for text in ("All tags 5", "guitar 3", "musician 2")]
    )
    expect(page.locator("#tag-list a[aria-current]")).to_have_attribute("data-tag", "guitar")
    expect(page.locator("#counting")).to_have_count(0)
    expect(page.locator("#looking")).to_have_count(0)


def test_a_deck_whose_questions_cannot_be_counted_says_so_and_goes_on(
    slow: Slow, page: Page, console: Console, page_faults: PageFaults
) -> None:
    page_faults.expect("503")
    slow.fails[ReviewSummary] = Retryable("the table is down")
    page.goto(f"{console.url}/review")
    slow.answers.set()
    expect(page.locator("#counting")).to_have_text("The questions could not be counted (The table is down.).")
    expect(page.locator("#deck")).to_have_attribute("data-state", "asking")
    page.keyboard.press("s")
    expect(page.locator("#said")).to_contain_text("Skipped Guitar.")


def test_the_grid_says_that_it_looks_for_the_pictures_and_then_shows_them(
    slow: Slow, page: Page, console: Console
) -> None:
    page.goto(f"{console.url}/review/grid?tag=musician")
    expect(page.locator("#looking")).to_have_text("Looking for the pictures …")
    slow.answers.set()
    expect(page.locator(".cell")).to_have_count(2)
    expect(page.locator("#tools")).to_be_visible()
    page.locator(".cell input").first.check()
    page.keyboard.press("a")
    expect(page.locator(".cell:visible")).to_have_count(1)


def test_the_tags_of_the_grid_come_when_they_are_counted(slow: Slow, page: Page, console: Console) -> None:
    page.goto(f"{console.url}/review/grid")
    expect(page.locator("#looking")).to_be_visible()
    slow.answers.set()
    page.locator("#tag-list a[data-tag=musician]").click()
    expect(page.locator(".cell")).to_have_count(2)


def test_a_grid_that_cannot_be_listed_says_why(
    slow: Slow, page: Page, console: Console, page_faults: PageFaults
) -> None:
    page_faults.expect("503")
    slow.fails[ReviewList] = Retryable("the table is down")
    page.goto(f"{console.url}/review/grid?tag=guitar")
    expect(page.locator("#looking")).to_be_visible()
    slow.answers.set()
    expect(page.locator("main")).to_contain_text("The table is down.")


@pytest.mark.parametrize("path", ["/review", "/review/grid?tag=guitar"])
def test_axe_finds_nothing_while_a_page_waits_and_320_pixels_are_enough(
    slow: Slow, page: Page, console: Console, path: str
) -> None:
    page.goto(f"{console.url}{path}")
    expect(page.locator("#looking")).to_be_visible()
    assert axe_findings(page) == []
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_a_page_that_loads_itself_again_does_not_keep_a_person_there(
    page: Page, service: Service, start_console: Callable[[], Console]
) -> None:
    service.before = slow = Slow()
    console = start_console()
    console.open(page)
    expect(page.locator("#counting")).to_be_visible()
    expect(page.locator("#health-line")).to_contain_text("Last audit")
    on_the_way: list[Route] = []
    page.route("**/rules", lambda route: on_the_way.append(route))
    page.get_by_role("link", name="Rules").click(no_wait_after=True)
    with page.expect_response("**/api/work"):
        slow.answers.set()
    page.context.new_page().goto(f"{console.url}/health")  # time enough for a page to be loaded
    assert len(on_the_way) == 1
    on_the_way[0].continue_()
    page.wait_for_url("**/rules")
    expect(page.get_by_role("heading", level=1)).to_have_text("Active rules")
