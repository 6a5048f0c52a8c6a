"""The console in a test: the deployed code's own answers over fakes, and a browser of one session."""

import threading
from collections.abc import Sequence
from typing import Any

from starlette.routing import BaseRoute
from starlette.testclient import TestClient

from autotag.service.operations.api import Request
from autotag_cli.console.stack_ask import StackAsk
from autotag_cli.stack.target import Transport
from autotag_console.app import create_app
from autotag_console.pictures import Delivery
from autotag_console.settings import ConsoleSettings
from autotag_console.workbench.library_pages import LibraryPages
from tests.unit.autotag_cli.fake_review_queue import FakeReviewQueue
from tests.unit.autotag_cli.run_command import TARGET

HOST = "127.0.0.1:8421"
ORIGIN = f"http://{HOST}"
TOKEN = "the-start-token"
API_SECRET = "the-api-secret"
SETTINGS = ConsoleSettings(
    stack="prod",
    delivery=Delivery("https://res.cloudinary.com", "demo", API_SECRET),
    token=TOKEN,
    hosts=frozenset({HOST, "localhost:8421"}),
    cookie_name="autotag-8421",
    caller="arn:aws:sts::123456789012:assumed-role/team/ada",
    patience=60.0,
)


class FakeAsk:
    """A stack with questions. ``asked`` are the requests.

    By the type of a request, ``fails`` is raised instead of an answer, and ``answers`` replaces it. Answers come while
    ``opened`` is set.
    """

    def __init__(self, queue: Transport) -> None:
        self.asked: list[Request] = []
        self.fails: dict[type[Any], Exception] = {}
        self.answers: dict[type[Any], bytes] = {}
        self.opened = threading.Event()
        self.opened.set()
        self._ask = StackAsk(TARGET, queue, lambda: TARGET)

    def __call__(self, request: Request) -> bytes:
        self.asked.append(request)
        assert self.opened.wait(60)
        if type(request) in self.fails:
            raise self.fails[type(request)]
        return self.answers[type(request)] if type(request) in self.answers else self._ask(request)

    def asked_of(self, kind: type[Any]) -> list[Any]:
        """Return the requests of one type."""
        return [request for request in self.asked if isinstance(request, kind)]


class Page:
    """A browser with a session, at the console of a stack in memory; ``more`` are pages that not every console has."""

    def __init__(self, size: int = 3, settings: ConsoleSettings = SETTINGS, more: Sequence[BaseRoute] = ()) -> None:
        self.queue = FakeReviewQueue(size)
        self.ask = FakeAsk(self.queue)
        self.app = create_app(self.ask, settings, LibraryPages(more))
        self.browser = TestClient(self.app, base_url=ORIGIN, raise_server_exceptions=False)

    def start(self) -> "Page":
        """Open a session."""
        assert self.browser.get("/start", params={"token": TOKEN}).status_code == 200
        return self

    def get(self, path: str) -> Any:
        """Return the answer to a GET."""
        return self.browser.get(path)

    def csrf(self) -> str:
        """Return the CSRF token that stands in the pages."""
        return str(self.browser.get("/health").text.split('<meta name="csrf" content="')[1].split('"')[0])

    def post_form(self, path: str, **fields: str) -> Any:
        """Return the answer to a form of a page, as a browser sends it."""
        headers = {"origin": "null", "sec-fetch-site": "same-origin"}
        return self.browser.post(path, data={"csrf": self.csrf(), **fields}, headers=headers)
