"""The deployed console's function on fakes, and a browser that calls its Function URL."""

import base64
import json
from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

from autotag.bootstrap import ConsoleDependencies
from autotag.domain.errors import Retryable
from autotag.ports.console import Fetch
from handlers.console import respond
from tests.fakes.console.browser import Answer, ConsoleBrowser
from tests.fakes.console.identity_provider import CLIENT_ID, CLIENT_SECRET, ISSUER, FakeProvider
from tests.unit.handlers.ops.ops_requests import Ops

DOMAIN = "abc123.lambda-url.eu-west-1.on.aws"
ORIGIN = f"https://{DOMAIN}"
SESSION_KEY = base64.b64encode(b"k" * 32).decode()
DOCUMENT: dict[str, Any] = {
    "url": ORIGIN,
    "issuer": ISSUER,
    "client_id": CLIENT_ID,
    "client_secret": CLIENT_SECRET,
    "session_key": SESSION_KEY,
    "roles": {"watchers": "viewer", "taggers": "reviewer", "owners": "admin"},
}


class FakeSecret:
    """Implements the ``SecretText`` port with a document that tests change; ``reads`` counts."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.document, self.down, self.reads = dict(document), False, 0

    def text(self) -> str:
        self.reads += 1
        if self.down:
            raise Retryable("Secrets Manager: InternalServiceError")
        return json.dumps(self.document)


class Console:
    """A deployed console over a stack of fakes. ``cookies_in_header``: a form of events that emulators send."""

    def __init__(
        self,
        document: Mapping[str, Any] = DOCUMENT,
        fetch: Callable[["Console"], Fetch] | None = None,
        *,
        cookies_in_header: bool = False,
    ) -> None:
        self.ops = Ops()
        self.clock = self.ops.fakes.clock
        self.clock.step = 0
        self.secret = FakeSecret(document)
        self.provider = FakeProvider(self.now)
        self.cookies_in_header = cookies_in_header
        self.events: list[dict[str, Any]] = []
        used: Fetch = fetch(self) if fetch else self.provider
        self.deps = ConsoleDependencies(self.ops.deps, self.secret, used, "prod")

    def now(self) -> int:
        """Return unix seconds."""
        return self.clock.now() // 1000

    def browser(self) -> ConsoleBrowser:
        """Return a browser without any cookie."""
        return ConsoleBrowser(self.send, ORIGIN)

    def signed_in(self, *groups: str, path: str = "/rules") -> ConsoleBrowser:
        """Return a browser in which a person of these groups has signed in at the provider in memory."""
        self.provider.claims["groups"] = list(groups)
        browser = self.browser()
        last = browser.get(self.provider.sign_in(browser.get(browser.get(path).location).location))
        assert (last.status, last.location) == (303, path)
        return browser

    def send(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """Call the function as its URL does (payload format 2.0)."""
        event = self.event(method, path, headers, body)
        self.events.append(event)
        answer = respond(event, SimpleNamespace(), self.deps)
        text = answer.get("body", "")
        if answer.get("isBase64Encoded"):
            text = base64.b64decode(text).decode("utf-8", "replace")
        return Answer(answer["statusCode"], answer.get("headers") or {}, text, tuple(answer.get("cookies") or ()))

    def event(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> dict[str, Any]:
        """Return the event of a request."""
        given = {"host": DOMAIN, "x-forwarded-proto": "https", **headers}
        cookie = given.get("cookie", "") if self.cookies_in_header else given.pop("cookie", "")
        parts = urlsplit(path)
        event: dict[str, Any] = {
            "version": "2.0",
            "rawPath": parts.path,
            "rawQueryString": parts.query,
            "headers": given,
            "requestContext": {
                "domainName": DOMAIN,
                "http": {"method": method, "path": parts.path, "sourceIp": "192.0.2.1"},
            },
            "body": base64.b64encode(body).decode(),
            "isBase64Encoded": True,
        }
        return event if self.cookies_in_header or not cookie else event | {"cookies": cookie.split("; ")}


def to_callback(console: Console, browser: ConsoleBrowser, path: str = "/rules") -> str:
    """Return the path that the provider leads a browser back to."""
    return console.provider.sign_in(browser.get(browser.get(path).location).location)
