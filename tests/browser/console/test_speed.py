"""How quick and how steady the deck is: from a key to the next picture on the screen; what moves meanwhile."""

from statistics import median

import pytest
from playwright.sync_api import Page, expect

from tests.browser.console.deck import Deck
from tests.browser.console.service import Service
from tests.browser.console.serving import Console
from tests.browser.key_times import start_measuring, times

KEYS = 50
MEDIAN, WORST = 150, 3000
"""Milliseconds: three times what is aimed at, and more for a busy machine. What was measured is printed."""

SHIFTS = """() => {  // those that no key has caused
  globalThis.shifts = [];
  new PerformanceObserver((list) => {
    for (const { value, sources, hadRecentInput } of list.getEntries()) {
      const moved = sources.map(({ node }) => node?.id || node?.className || node?.nodeName);
      if (!hadRecentInput) shifts.push(`${value.toFixed(4)} ${moved}`);
    }
  }).observe({ type: "layout-shift", buffered: true });
}"""


@pytest.fixture
def page_of_many(page: Page, service: Service, console: Console) -> Page:
    """The deck of more pictures than are loaded at first, each with one question about it."""
    for n in range(KEYS + 20):
        labels = {"Concert": 0.9, ("Guitar", "Musician", "A much longer name of a tag")[n % 3]: 0.5 + 0.002 * n}
        service.upload(f"a{n:03}", labels, tags=[f"tag {k}" for k in range(n % 7)])
    console.open(page, "/review")
    expect(page.locator("#deck")).to_have_attribute("data-state", "asking")
    page.wait_for_load_state("networkidle")
    return page


def test_the_next_picture_is_there_within_fifty_milliseconds_of_a_key(page_of_many: Page) -> None:
    start_measuring(page_of_many)
    for n in range(KEYS):
        page_of_many.keyboard.press("ar"[n % 2])
        page_of_many.wait_for_function("(number) => globalThis.measured.length >= number", arg=n + 1)
    measured = sorted(times(page_of_many))
    print(f"\na key to the next picture, {KEYS} keys: median {median(measured):.0f} ms, worst {measured[-1]:.0f} ms")
    assert median(measured) <= MEDIAN and measured[-1] <= WORST


def test_nothing_moves_while_questions_are_answered(page_of_many: Page) -> None:
    page_of_many.evaluate(SHIFTS)
    deck = Deck(page_of_many)
    for key in "aarsazrzaasar":
        deck.press(key)
        page_of_many.wait_for_timeout(60)
    assert page_of_many.evaluate("shifts") == []
