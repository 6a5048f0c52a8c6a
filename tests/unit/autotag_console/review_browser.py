"""A browser without scripts, which has a session of the console."""

import asyncio
import json
import re
from html import unescape
from html.parser import HTMLParser
from typing import Any

import httpx

from autotag_console.app import create_app
from autotag_console.ask import Ask
from autotag_console.pictures import Delivery
from autotag_console.settings import ConsoleSettings

HOST = "127.0.0.1:8421"
SECRET = "a-secret-of-tests"
DELIVERY = Delivery("https://res.cloudinary.com", "acme", SECRET)


class Elements(HTMLParser):
    """The elements of a page: each a tag with its attributes, and the text that is read."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.all: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.all.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def with_class(self, name: str) -> list[dict[str, str | None]]:
        return [found for _, found in self.all if name in str(found.get("class", "")).split()]

    def with_attribute(self, name: str) -> list[dict[str, str | None]]:
        return [found for _, found in self.all if name in found]


class Browser:
    """A session of a console in front of ``ask``."""

    def __init__(self, ask: Ask, delivery: Delivery = DELIVERY) -> None:
        settings = ConsoleSettings("autotag", delivery, "once", frozenset({HOST}), "autotag-8421", "a reviewer", 60.0)
        self.app = create_app(ask, settings)
        transport = httpx.ASGITransport(self.app)
        self.client = httpx.AsyncClient(transport=transport, base_url=f"http://{HOST}", follow_redirects=True)
        self._ask("GET", "/start?token=once", follow_redirects=False)  # the start page asks for more
        found = re.search(r'<meta name="csrf" content="([^"]+)"', self._ask("GET", "/review/done").text)
        assert found is not None
        self.csrf = unescape(found[1])

    def _ask(self, method: str, path: str, **more: Any) -> httpx.Response:
        answer = asyncio.run(self.client.request(method, path, **more))
        assert SECRET not in answer.text
        return answer

    async def posting(self, path: str, body: dict[str, Any]) -> httpx.Response:
        """Post JSON as the scripts do, beside other requests."""
        return await self.client.post(path, content=json.dumps(body), headers=self._headers)

    @property
    def _headers(self) -> dict[str, str]:
        return {"Origin": f"http://{HOST}", "X-CSRF": self.csrf, "Content-Type": "application/json"}

    def get(self, path: str, **query: str) -> httpx.Response:
        return self._ask("GET", path, params=query or None)

    def page(self, path: str, **query: str) -> Elements:
        answer = self.get(path, **query)
        assert answer.status_code == 200, answer.text
        return Elements(answer.text)

    def first_questions(self, **query: str) -> dict[str, Any]:
        """Return the questions that come with the deck."""
        found = re.search(
            r'<script type="application/json" id="first">(.*?)</script>', self.get("/review", **query).text
        )
        assert found is not None
        data: dict[str, Any] = json.loads(found[1])
        return data

    def post(self, path: str, body: bytes | str | dict[str, Any]) -> httpx.Response:
        """Post JSON as the scripts do."""
        content = json.dumps(body) if isinstance(body, dict) else body
        return self._ask("POST", path, content=content, headers=self._headers)

    def send(self, path: str, fields: dict[str, str]) -> httpx.Response:
        """Send a form, and follow to the page that it leads to."""
        return self._ask("POST", path, data={"csrf": self.csrf, **fields}, headers={"Origin": f"http://{HOST}"})
