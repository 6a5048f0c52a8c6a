"""Reviewing with the deck: the keyboard alone, answers held for a moment, and taken back before and after."""

import re
import threading

import pytest
from playwright.sync_api import Page, expect

from autotag.service.operations.api import Request
from autotag.service.review.requests import ReviewDecide
from local.core.waiting import until
from tests.browser.console.deck import HELD, Deck
from tests.browser.console.service import LIBRARIAN, Service
from tests.browser.console.serving import Console

TWENTY = [f"a{n:02}" for n in range(20)]


@pytest.fixture
def deck(page: Page, service: Service, console: Console) -> Deck:
    """The deck of twenty pictures, each with one question."""
    for name in TWENTY:
        service.upload(name, {"Concert": 0.9, "Guitar": 0.65})
    return Deck(page).open(console)


def test_twenty_questions_are_answered_by_the_keyboard_alone_and_then_taken_back(deck: Deck, service: Service) -> None:
    before = {name: (service.tags(name), service.asked_about(name)) for name in TWENTY}
    met = deck.press(*"aarar" * 4)
    assert sorted(asset for asset, _ in met) == TWENTY and {tag for _, tag in met} == {"Guitar"}
    expect(deck.page.locator("#nothing")).to_be_visible()
    deck.send()
    for (asset, _), key in zip(met, "aarar" * 4, strict=True):
        assert ("Guitar" in service.tags(asset)) == (key == "a") and service.asked_about(asset) == set()
        verb = "accepted" if key == "a" else "rejected"
        assert service.audits(asset)[0].reason == f"{verb} by {LIBRARIAN}: Guitar"

    deck.press(*"z" * 20)
    deck.send()
    assert {name: (service.tags(name), service.asked_about(name)) for name in TWENTY} == before
    for name in TWENTY:
        taken_back, answered, _ = service.audits(name)
        assert f"taken back by {LIBRARIAN}" in str(taken_back.reason) and taken_back.undid == answered.audit_id


def test_an_answer_that_is_taken_back_while_it_is_held_was_never_sent(deck: Deck, service: Service) -> None:
    (first,) = deck.press("a")
    deck.expect_unsent(1)
    deck.press("z")
    deck.expect_unsent(0)
    assert deck.question == first
    deck.page.clock.fast_forward("00:10")
    deck.press("r")
    deck.send()
    assert [(each.asset, each.verdict) for each in service.decisions] == [(first[0], "reject")]


def test_answers_that_are_not_sent_yet_are_counted(deck: Deck, service: Service) -> None:
    for number in range(1, 4):
        deck.press("a")
        deck.expect_unsent(number)
    expect(deck.page.locator("#unsent")).to_have_text("3 not sent yet")
    assert service.decisions == []
    deck.send()
    assert len(service.decisions) == 3


def test_leaving_the_page_sends_what_is_held(deck: Deck, service: Service, console: Console) -> None:
    met = deck.press("a", "r", "a")
    deck.page.goto(console.url)
    until(lambda: len(service.decisions) == 3, "the answers to arrive", within=30)
    assert sorted((each.asset, each.verdict) for each in service.decisions) == sorted(
        (asset, verdict) for (asset, _), verdict in zip(met, ("accept", "reject", "accept"), strict=True)
    )
    listed = deck.page.locator("#answers [data-answer]")
    until(lambda: deck.page.goto(f"{console.url}/review/done") and listed.count() == 3, "the answers listed", within=30)


def test_the_list_of_answers_holds_those_that_are_on_their_way(deck: Deck, service: Service, console: Console) -> None:
    asked, answers = threading.Event(), threading.Event()

    def held_up(request: Request) -> None:
        if isinstance(request, ReviewDecide):
            asked.set()
            assert answers.wait(30)

    service.before = held_up
    deck.press("a")
    deck.page.clock.fast_forward(HELD)
    until(asked.is_set, "the answer to be sent", within=30)
    deck.page.locator("#my-answers").click()
    meanwhile = deck.page.context.new_page()
    meanwhile.goto(f"{console.url}/review/done")
    expect(meanwhile.locator("#answers")).to_have_count(0)
    answers.set()
    deck.page.wait_for_url(f"{console.url}/review/done")
    expect(deck.page.locator("#answers [data-answer]")).to_have_count(1)


def test_a_skipped_question_stays_open_and_the_next_one_comes(deck: Deck, service: Service) -> None:
    (skipped,) = deck.press("s")
    assert deck.question != skipped
    deck.expect_unsent(0)
    assert service.asked_about(skipped[0]) == {"Guitar"}


def test_space_shows_the_picture_large_and_back(deck: Deck) -> None:
    picture = deck.page.locator("#frame img")
    small = picture.bounding_box()
    deck.press("Space")
    expect(deck.page.locator("#large")).to_have_attribute("aria-pressed", "true")
    expect(picture).to_have_attribute("src", re.compile("w_1800"))
    large = picture.bounding_box()
    assert small and large and large["width"] > small["width"]
    deck.press("Space")
    expect(deck.page.locator("#large")).to_have_attribute("aria-pressed", "false")
    assert picture.bounding_box() == small


def test_the_help_names_every_key_and_can_switch_them_off(deck: Deck, service: Service) -> None:
    deck.press("?")
    dialog = deck.page.locator("#help")
    expect(dialog).to_be_visible()
    for key in ("A", "R", "S", "Z", "Space", "G", "?"):
        expect(dialog.get_by_role("rowheader", name=key, exact=True)).to_be_visible()
    deck.page.locator("#letter-keys").uncheck()
    deck.press("Escape")
    expect(dialog).to_be_hidden()
    before = deck.question
    deck.press("a", "r", "s")
    assert deck.question == before
    deck.page.locator("#accept").focus()
    deck.press("Enter")  # buttons work all the same
    assert deck.question != before


def test_g_leads_to_the_grid_of_the_tag(deck: Deck) -> None:
    deck.press("g")
    deck.page.wait_for_url("**/review/grid?tag=Guitar*")
    expect(deck.page.locator(".cell")).to_have_count(20)


def test_the_other_questions_about_a_picture_are_answered_with_it(
    page: Page, service: Service, console: Console
) -> None:
    service.upload("a1", {"Guitar": 0.65, "Musician": 0.6, "Performer": 0.55})
    deck = Deck(page).open(console)
    others = page.locator("#others-list button")
    expect(others).to_have_count(2)
    names = [str(button.get_attribute("data-other")) for button in others.all()]
    deck.press("1", "2", "2", "a")
    expect(page.locator("#nothing")).to_be_visible()
    deck.send()
    verdicts = {each.tag: each.verdict for each in service.decisions}
    assert len(verdicts) == 3 and (verdicts[names[0]], verdicts[names[1]]) == ("accept", "reject")
