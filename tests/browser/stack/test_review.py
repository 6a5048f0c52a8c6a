"""Reviewing drawn pictures on the real stack: by the keyboard alone, carried out in Cloudinary, and taken back."""

from playwright.sync_api import Page, expect

from autotag_cli.stack.ops_client import OpsClient
from local.clients.cloudinary import image_details
from local.clients.ops import ops
from local.clients.tables import is_settled
from local.core.waiting import until
from local.stack.stack import Stack
from tests.browser.console.deck import Deck
from tests.browser.stack.console_process import ConsoleProcess
from tests.browser.stack.library import questions

TWENTY = "aarar" * 4
SOON = 90.0

Library = dict[str, str]


def cloudinary_tags(stack: Stack, library: Library) -> dict[str, set[str]]:
    """Return the tags that each picture has in Cloudinary."""
    return {name: set(image_details(stack.simulator_url, name).get("tags", [])) for name in library}


def people(client: OpsClient, library: Library) -> dict[str, dict[str, str]]:
    """Return what people want of each picture's tags, as its state says."""
    shown = {name: client.show(asset)["people"] for name, asset in library.items()}
    return {name: {tag: wish["want"] for tag, wish in wishes.items()} for name, wishes in shown.items()}


def test_twenty_questions_are_answered_by_keyboard_alone_and_all_of_them_taken_back(
    page: Page, console: ConsoleProcess, stack: Stack, library: Library
) -> None:
    client, names = ops(stack), {asset: name for name, asset in library.items()}
    before = questions(stack), cloudinary_tags(stack, library), people(client, library)
    deck = Deck(page)
    page.clock.install()
    page.goto(f"{console.url}/review")
    expect(page.locator("#deck")).to_have_attribute("data-state", "asking")
    met = deck.press(*TWENTY)
    deck.send()
    until(lambda: questions(stack) == before[0] - set(met), "the answers to be carried out", within=SOON)
    until(lambda: is_settled(stack), "everything to come to rest", within=SOON)
    after = cloudinary_tags(stack, library)
    accepted = {(asset, tag) for (asset, tag), key in zip(met, TWENTY, strict=True) if key == "a"}
    added = {(library[name], tag) for name in library for tag in after[name] - before[1][name]}
    assert added == accepted

    caller = client.rules()["active"]["pushed_by"]
    for (asset, tag), key in zip(met, TWENTY, strict=True):
        verb = "accepted" if key == "a" else "rejected"
        reasons = " ".join(str(audit.get("reason", "")) for audit in client.audits(names[asset], 20))
        assert caller in reasons and verb in reasons and tag in reasons

    deck.press(*"z" * len(TWENTY))
    deck.send()
    until(lambda: questions(stack) == before[0], "the questions to be in the queue again", within=SOON)
    until(lambda: is_settled(stack), "the answers to be taken back", within=SOON)
    assert cloudinary_tags(stack, library) == before[1]
    assert people(client, library) == before[2]
