"""The deck without a connection: answers are kept, said, and sent once when it is back; a crash loses none."""

import threading
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from autotag.domain.errors import Retryable
from autotag.service.operations.api import Request
from autotag.service.review.requests import ReviewDecide
from local.core.waiting import until
from tests.browser.console.deck import Deck
from tests.browser.console.service import Service
from tests.browser.console.serving import Console
from tests.browser.crashed_tab import CrashedTab
from tests.browser.page_faults import PageFaults

TEN = [f"a{n}" for n in range(10)]


def _once(event: threading.Event) -> Callable[[Request], None]:
    """Return what holds up every request until ``event`` is set."""

    def hold_up(_request: Request) -> None:
        assert event.wait(20)

    return hold_up


@pytest.fixture
def deck(page: Page, service: Service, console: Console) -> Deck:
    """The deck of ten pictures, each with one question."""
    for name in TEN:
        service.upload(name, {"Concert": 0.9, "Guitar": 0.65})
    return Deck(page).open(console)


def test_answers_are_kept_and_said_without_a_connection_and_sent_once_when_it_is_back(
    deck: Deck, service: Service, page_faults: PageFaults
) -> None:
    page_faults.expect("ERR_INTERNET_DISCONNECTED")
    deck.page.context.set_offline(True)
    met = deck.press("a", "r", "a")
    deck.page.clock.fast_forward("00:05")
    expect(deck.page.locator("#trouble-text")).to_contain_text("No connection")
    expect(deck.page.locator("#trouble-text")).to_contain_text("3 answers kept")
    met += deck.press("a")  # reviewing goes on
    for _ in range(3):
        deck.page.clock.fast_forward("00:40")
    deck.expect_unsent(4)
    assert service.decisions == []

    deck.page.context.set_offline(False)
    deck.expect_unsent(0)
    expect(deck.page.locator("#trouble")).to_be_hidden()
    deck.page.clock.fast_forward("01:00")
    assert [each.asset for each in service.decisions] == [asset for asset, _ in met]
    assert all(service.asked_about(asset) == set() for asset, _ in met)


def test_answers_that_the_stack_could_not_take_are_sent_again_until_it_does(
    deck: Deck, service: Service, page_faults: PageFaults
) -> None:
    page_faults.expect("503")
    failures = iter(range(2))

    def busy(request: Request) -> None:
        if isinstance(request, ReviewDecide) and next(failures, None) is not None:
            raise Retryable("the stack is busy")

    service.before = busy
    deck.press("a", "a")
    deck.page.clock.fast_forward("00:05")
    expect(deck.page.locator("#trouble-text")).to_contain_text("The stack is busy")
    deck.expect_unsent(2)
    for _ in range(2):
        deck.page.clock.fast_forward("00:05")
        deck.page.wait_for_timeout(50)
    deck.expect_unsent(0)
    assert len(service.decisions) == 2


def test_a_key_never_waits_for_the_stack(deck: Deck, service: Service) -> None:
    answered = threading.Event()
    service.before = _once(answered)
    met = deck.press("a")
    deck.page.clock.fast_forward("00:05")  # the answer is on its way, and stays there
    met += deck.press("r", "a", "s", "a")
    assert len({asset for asset, _ in met}) == 5
    deck.expect_unsent(4)
    answered.set()
    deck.send()
    assert len(service.decisions) == 4


def test_an_answer_is_counted_once_though_its_report_was_lost(
    deck: Deck, service: Service, page_faults: PageFaults
) -> None:
    """The request arrives, and the answer to it does not: the page sends it again."""
    page_faults.expect("ERR_FAILED")
    lost = iter(range(1))

    def lose_once(route: object) -> None:
        if next(lost, None) is None:
            route.continue_()  # type: ignore[attr-defined]
            return
        route.fetch()  # type: ignore[attr-defined]
        route.abort()  # type: ignore[attr-defined]

    deck.page.route("**/api/answers", lose_once)
    (asset, _), *_ = deck.press("a")
    deck.page.clock.fast_forward("00:05")
    expect(deck.page.locator("#trouble")).to_be_visible()
    deck.page.clock.fast_forward("00:05")
    deck.expect_unsent(0)
    assert [each.asset for each in service.decisions] == [asset] and "Guitar" in service.tags(asset)
    deck.press("z")
    deck.send()
    assert service.asked_about(asset) == {"Guitar"} and "Guitar" not in service.tags(asset)


def test_a_tab_that_crashed_offers_the_answers_that_did_not_leave_it(deck: Deck, service: Service) -> None:
    met = deck.press("a", "r")
    tab = CrashedTab(deck.page)
    tab.reload()
    assert "2 answers" in tab.evaluate("document.getElementById('kept-text').textContent")
    assert tab.evaluate("document.getElementById('question').dataset.asset") not in dict(met)  # not asked again
    assert service.decisions == []
    tab.evaluate("document.getElementById('send-kept').click()")
    until(lambda: service.decisions, "the answers to arrive", within=30)
    assert [(each.asset, each.verdict) for each in service.decisions] == [
        (met[0][0], "accept"), (met[1][0], "reject"),
    ]  # fmt: skip


def test_the_answers_of_a_tab_that_crashed_can_be_discarded(deck: Deck, service: Service) -> None:
    met = deck.press("a", "r")
    tab = CrashedTab(deck.page)
    tab.reload()
    tab.evaluate("document.getElementById('discard-kept').click()")
    tab.reload()
    assert tab.evaluate("document.getElementById('kept').hidden")
    assert tab.evaluate("document.getElementById('question').dataset.asset") == met[0][0]
    assert service.decisions == []


def test_answers_outlive_a_console_that_was_started_again(
    page: Page, service: Service, page_faults: PageFaults, start_console: Callable[..., Console]
) -> None:
    """It ends with its process, and its sessions with it: the reviewer opens the new one in another tab."""
    for name in TEN:
        service.upload(name, {"Concert": 0.9, "Guitar": 0.65})
    first = start_console()
    deck = Deck(page).open(first)
    deck.press("a", "r", "a")
    first.stop()
    page_faults.expect("ERR_CONNECTION_REFUSED|401")
    page.clock.fast_forward("00:05")
    expect(page.locator("#trouble-text")).to_contain_text("No connection")

    second = start_console(port=first.port)
    page.clock.fast_forward("00:40")
    expect(page.locator("#trouble-text")).to_contain_text("session has ended")
    deck.expect_unsent(3)
    tab = page.context.new_page()
    second.open(tab)
    page.locator("#retry").click()
    deck.expect_unsent(0)
    until(lambda: len(service.decisions) == 3, "the answers to arrive", within=30)
