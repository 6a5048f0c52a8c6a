"""A deployed console over a stack in memory, and the browsers of people who signed in."""

import json
from typing import Any

from starlette.applications import Starlette
from starlette.testclient import TestClient

from autotag.service.operations.api import Request
from autotag_cli.stack.target import Transport
from autotag_console.ask import Ask
from autotag_console.sign_in.deployed import create_deployed_app
from autotag_console.sign_in.document import ConsoleDocument, read_document
from tests.fakes.console.identity_provider import FakeProvider
from tests.unit.autotag_console.console_page import FakeAsk
from tests.unit.handlers.console.console_requests import DOCUMENT, ORIGIN


class DeployedPage:
    """A deployed console in front of ``stack``. ``callers``: in whose name it asked; ``time`` is in seconds."""

    def __init__(self, stack: Transport) -> None:
        self.time = 1_800_000_000
        self.provider = FakeProvider(lambda: self.time)
        self.ask = FakeAsk(stack)
        self.callers: list[str] = []
        self.app = self.process()

    def process(self) -> Starlette:
        """Return the application as another process of the function has it: nothing of an earlier request is in it."""
        document: ConsoleDocument = read_document(json.dumps(DOCUMENT))
        return create_deployed_app(self._ask_as, "prod", document, self.provider, lambda: self.time)

    def _ask_as(self, caller: str) -> Ask:
        def ask(request: Request) -> bytes:
            self.callers.append(caller)
            return self.answer(request)

        return ask

    def answer(self, request: Request) -> bytes:
        """Answer a request of a page."""
        return self.ask(request)

    def signed_in(self, group: str, **claims: Any) -> TestClient:
        """Return the browser of a person of a group."""
        self.provider.claims = {"groups": [group], **claims}
        browser = _browser(self.app)
        to_provider = browser.get("/sign-in").headers["location"]
        assert browser.get(self.provider.sign_in(to_provider)).status_code == 303
        return browser

    def in_another_process(self, browser: TestClient) -> TestClient:
        """Return a person's browser whose next requests come to another process of the function."""
        other = _browser(self.process())
        other.cookies = browser.cookies
        return other

    def post(self, browser: TestClient, path: str, **fields: str) -> Any:
        """Send a form with the session's own token."""
        csrf = browser.get("/health").text.split('<meta name="csrf" content="')[1].split('"')[0]
        headers = {"origin": ORIGIN, "sec-fetch-site": "same-origin"}
        return browser.post(path, data={"csrf": csrf, **fields}, headers=headers)


def _browser(app: Starlette) -> TestClient:
    return TestClient(app, base_url=ORIGIN, follow_redirects=False, raise_server_exceptions=False)
