"""The order of the deck, several questions about a picture at once, keys that are held down, and the mouse."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.console.deck import Deck
from tests.browser.console.service import Service
from tests.browser.console.serving import Console

LABELS = {"Guitar": 0.6, "Musician": 0.65, "Performer": 0.62}


@pytest.fixture
def deck(page: Page, console: Console, service: Service) -> Deck:
    for n in range(1, 4):
        service.upload(f"a{n}", LABELS)
    return Deck(page).open(console)


def test_p_asks_in_order_of_tags_or_of_pictures_and_keeps_the_question(deck: Deck) -> None:
    (asset, tag), by_tag = deck.question, deck.press("s", "s")
    assert by_tag == [("a1", tag), ("a2", tag)] and asset == "a1"
    met = deck.question
    deck.press("p")
    assert deck.question == met and met == ("a3", tag)
    assert {asset for asset, _ in deck.press("s", "s", "s")} == {"a3"}


def test_enter_answers_what_was_chosen_by_number_and_goes_on_to_the_next_picture(deck: Deck, service: Service) -> None:
    deck.press("p")
    _, first = deck.question
    others = deck.page.locator("#others-list button")
    names = [str(others.nth(n).get_attribute("data-other")) for n in range(2)]
    deck.press("1", "2", "2", "Enter")
    assert deck.question[0] == "a2"
    deck.send()
    assert [(each.asset, each.tag, each.verdict) for each in service.decisions] == [
        ("a1", names[0], "accept"),
        ("a1", names[1], "reject"),
    ]
    assert service.asked_about("a1") == {first}
    deck.press("z")
    deck.page.clock.run_for(5_000)
    expect(deck.page.locator("#said")).to_contain_text("Taken back")


def test_what_was_chosen_is_answered_along_with_the_question(deck: Deck, service: Service) -> None:
    _, tag = deck.question
    other = str(deck.page.locator("#others-list button").first.get_attribute("data-other"))
    deck.press("1", "r")
    deck.send()
    assert {(each.tag, each.verdict) for each in service.decisions} == {(tag, "reject"), (other, "accept")}


def test_a_key_that_is_held_down_answers_once(deck: Deck) -> None:
    for _ in range(5):
        deck.page.keyboard.down("a")
    deck.page.keyboard.up("a")
    deck.expect_unsent(1)


def test_focus_stays_on_the_button_that_was_pressed(deck: Deck) -> None:
    for _ in range(3):
        deck.page.locator("#reject").click()
        expect(deck.page.locator("#reject")).to_be_focused()
    deck.page.keyboard.press("Enter")
    deck.expect_unsent(4)


def test_a_click_on_the_picture_makes_it_large_and_another_leads_back(deck: Deck) -> None:
    for large in ("", None):
        deck.page.locator("#frame").click()
        assert deck.page.locator("#deck").get_attribute("data-large") == large
    expect(deck.page.locator("#large")).to_have_attribute("aria-pressed", "false")
