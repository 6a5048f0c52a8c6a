"""Two reviewers at one stack, each with a console of their own."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import NewPage
from tests.browser.console.deck import Deck
from tests.browser.console.service import Service
from tests.browser.console.serving import Console

FIRST, SECOND = (f"arn:aws:sts::123456789012:assumed-role/reviewers/{name}" for name in ("first", "second"))

Decks = tuple[Deck, Deck]


@pytest.fixture
def decks(new_page: NewPage, service: Service, start_console: Callable[..., Console]) -> Decks:
    """The decks of two reviewers, who meet the same questions."""
    for n in range(3):
        service.upload(f"a{n}", {"Guitar": 0.65})
    first, second = (Deck(new_page()).open(start_console(caller)) for caller in (FIRST, SECOND))
    assert first.question == second.question
    return first, second


def test_the_second_answer_to_a_question_is_refused_with_the_reason_and_changes_nothing(
    decks: Decks, service: Service
) -> None:
    (asset, _) = decks[0].question
    decks[0].press("r")
    decks[0].send()
    decks[1].press("a")
    decks[1].send()
    refusal = decks[1].page.locator("#refused-list li")
    expect(refusal).to_have_count(1)
    expect(refusal.locator("[data-what]")).to_contain_text("Guitar")
    expect(refusal.locator("[data-why]")).not_to_be_empty()
    assert "Guitar" not in service.tags(asset)
    assert [audit.reason for audit in service.audits(asset)][:-1] == [f"rejected by {FIRST}: Guitar"]
    refusal.locator("[data-forget]").click()
    expect(refusal).to_have_count(0)


def test_the_same_answer_of_both_counts_once(decks: Decks, service: Service) -> None:
    (asset, _) = decks[0].question
    for deck in decks:
        deck.press("a")
        deck.send()
    expect(decks[1].page.locator("#refused-list li")).to_have_count(0)
    assert "Guitar" in service.tags(asset)
    assert [audit.reason for audit in service.audits(asset)][:-1] == [f"accepted by {FIRST}: Guitar"]


def test_z_takes_back_the_reviewers_own_answer_and_not_that_of_the_other(decks: Decks, service: Service) -> None:
    (first, _) = decks[0].question
    decks[0].press("a")
    decks[0].send()
    decks[1].press("s", "a")
    decks[1].send()
    decks[1].press("z")
    decks[1].send()
    assert "Guitar" in service.tags(first) and service.audits(first)[0].reason == f"accepted by {FIRST}: Guitar"
