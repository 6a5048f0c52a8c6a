"""The editor of a stack in memory."""

import json
import re
from html import unescape
from typing import Any

from autotag.service.rules.publish import PushRules
from autotag_console.settings import ConsoleSettings
from tests.unit.autotag_console.console_page import SETTINGS, Page

ACME = 'name = "acme"\n\n[defaults]\nthreshold = 0.7 # as agreed\n\n[labels."Electric Guitar"]\nthreshold = 0.6\n'
OTHER = 'name = "other"\n\n[defaults]\nthreshold = 0.7\n'


class Editor(Page):
    """A browser in front of a stack with the rules ``ACME``, number 1."""

    def __init__(self, settings: ConsoleSettings = SETTINGS) -> None:
        super().__init__(1, settings)
        self.store = self.queue.ops.rule_store
        self.store.push(ACME)
        self.start()

    def script(self, path: str, body: dict[str, Any] | bytes) -> Any:
        """Return the answer to what a script posts."""
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = {
            "origin": str(self.browser.base_url),
            "x-csrf": self.csrf(),
            "content-type": "application/json",
        }
        return self.browser.post(path, content=content, headers=headers)

    @property
    def pushes(self) -> list[PushRules]:
        """The pushes that the stack was asked for."""
        return self.ask.asked_of(PushRules)

    @property
    def active(self) -> str:
        """The text of the active rules."""
        item = self.store.publication.item
        assert item is not None
        return self.store.versions.texts[item.hash]


def text_in(answer: Any) -> str:
    """Return the text in the field of a page."""
    found = re.search(r"<textarea[^>]*>\n(.*?)</textarea>", answer.text, re.DOTALL)
    assert found is not None
    return unescape(found[1])


def seq_in(answer: Any) -> str:
    """Return the number of the rules that a page's form would replace."""
    found = re.search(r'name="seq" value="(\d+)"', answer.text)
    assert found is not None
    return found[1]


def words(answer: Any) -> str:
    """Return what can be read on a page."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", "", answer.text)))
