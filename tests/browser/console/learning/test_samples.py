"""Questions at random in a real browser: the mark is there for those asked at random, and for no others."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import axe_findings
from tests.browser.conftest import keep
from tests.browser.console.deck import Deck
from tests.browser.console.service import Service
from tests.browser.console.serving import Console

MARK = "Asked at random"


@pytest.fixture
def sampled(service: Service) -> Service:
    """An ordinary question, one at random far below the bar, and one about a tag that was written."""
    service.upload("a1", {"Guitar": 0.65})
    service.upload("a2", {"Guitar": 0.31})
    service.upload("a3", {"Guitar": 0.93})
    service.sampled("a2", "guitar")
    service.sampled("a3", "guitar")
    assert "Guitar" in service.tags("a3") - service.tags("a2")
    return service


def test_the_deck_marks_a_question_at_random_and_says_what_an_answer_does(
    page: Page, sampled: Service, console: Console
) -> None:
    deck = Deck(page).open(console)
    expect(page.locator("#mark")).to_be_hidden()
    expect(page.locator('#tag-list a[data-tag="guitar"] .number')).to_have_text("3")
    deck.press("s")
    assert deck.question == ("a2", "Guitar")
    expect(page.locator("#mark")).to_have_text(MARK)
    expect(page.locator("#reason")).to_contain_text("at 0.31: your rules tag from 0.70.")
    deck.expect_said(MARK)
    assert axe_findings(page) == []
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    keep(page, "deck-at-random-320")
    deck.press("a")
    assert deck.question == ("a3", "Guitar")
    expect(page.locator("#reason")).to_contain_text("accept confirms it, reject removes it")
    deck.press("r")
    deck.send()
    assert "Guitar" in sampled.tags("a2") - sampled.tags("a3")


def test_an_answer_at_random_is_taken_back_and_asked_again(page: Page, sampled: Service, console: Console) -> None:
    deck = Deck(page).open(console)
    deck.press("s", "s", "r")
    deck.send()
    assert "Guitar" not in sampled.tags("a3")
    deck.press("z")
    deck.send()
    assert "Guitar" in sampled.tags("a3") and deck.question == ("a3", "Guitar")
    expect(page.locator("#mark")).to_have_text(MARK)


@pytest.mark.parametrize("color", ["light", "dark"])
def test_the_grid_marks_the_pictures_that_are_asked_about_at_random(
    page: Page, sampled: Service, console: Console, color: str
) -> None:
    page.emulate_media(color_scheme="dark" if color == "dark" else "light")
    console.open(page, "/review/grid?tag=Guitar")
    expect(page.locator(".cell .mark")).to_have_count(2)
    expect(page.locator('.cell[data-asset="a1"] .mark')).to_have_count(0)
    expect(page.locator('.cell[data-asset="a3"]')).to_contain_text("accept confirms it, reject removes it")
    assert page.locator('.cell[data-asset="a2"] input').get_attribute("aria-label") == (
        "stage/a2, 0.31, asked at random"
    )
    keep(page, f"grid-at-random-{color}")  # axe changes the colors
    assert axe_findings(page) == []


def test_the_page_of_an_asset_says_why_it_is_asked_about_at_random(
    page: Page, sampled: Service, console: Console
) -> None:
    console.open(page, "/asset/a2")
    waits = page.locator('section[aria-labelledby="waits"]')
    expect(waits.locator(".mark")).to_have_text(MARK)
    expect(waits).to_contain_text("to learn how often Guitar is right at 0.31: your rules tag from 0.70.")
    keep(page, "asset-at-random")
    assert axe_findings(page) == []
