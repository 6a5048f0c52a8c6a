"""The deck as a reviewer uses it: keys, and what the page then shows. Its hooks are listed in deck.html."""

from playwright.sync_api import Page, expect

from tests.browser.console.serving import Console

HELD = "00:05"
"""Longer than an answer is held before it is sent."""


class Deck:
    """The deck in a page. Its clock is the page's own, so that a test need not wait until answers are sent."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def open(self, console: Console, query: str = "") -> "Deck":
        """Open the session, then the deck; ``query`` begins with "?"."""
        self.page.clock.install()
        console.open(self.page, f"/review{query}")
        expect(self.page.locator("#deck")).to_have_attribute("data-state", "asking")
        return self

    @property
    def question(self) -> tuple[str, str]:
        """What is asked now: the asset_id and the tag."""
        section = self.page.locator("#question")
        return str(section.get_attribute("data-asset")), str(section.get_attribute("data-question"))

    def press(self, *keys: str) -> list[tuple[str, str]]:
        """Press keys one after the other; return the question that each of them met."""
        met = []
        for key in keys:
            met.append(self.question)
            self.page.keyboard.press(key)
        return met

    def send(self) -> None:
        """Let time pass until what is held is sent, and wait until the console has answered."""
        self.page.clock.fast_forward(HELD)
        self.expect_unsent(0)

    def expect_unsent(self, number: int) -> None:
        expect(self.page.locator("#unsent")).to_have_attribute("data-unsent", str(number), timeout=30_000)

    def expect_said(self, text: str) -> None:
        """Expect a text in what is read aloud."""
        expect(self.page.locator("#said")).to_contain_text(text)
