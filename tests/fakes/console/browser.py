"""A browser at the deployed console: it keeps cookies, and sends what a browser sends from the console's own pages."""

from collections.abc import Callable, Iterable, Mapping
from html import unescape
from http.cookies import Morsel, SimpleCookie
from typing import NamedTuple
from urllib.parse import parse_qs, urlencode, urlsplit


class Answer(NamedTuple):
    """An answer of the console; ``set_cookies`` are the values of its Set-Cookie headers."""

    status: int
    headers: Mapping[str, str]
    text: str
    set_cookies: tuple[str, ...] = ()

    @property
    def location(self) -> str:
        """Where the answer leads."""
        return self.headers.get("location", "")

    def shows(self, text: str) -> bool:
        """Return whether the page says ``text``."""
        return text in unescape(self.text)


Send = Callable[[str, str, Mapping[str, str], bytes], Answer]
"""Sends a request: method, path with query, headers, body."""


class ConsoleBrowser:
    """One browser with its cookies, at the console whose ``origin`` is given."""

    def __init__(self, send: Send, origin: str) -> None:
        self._send, self.origin = send, origin
        self.cookies: dict[str, Morsel[str]] = {}

    def get(self, path: str, **headers: str) -> Answer:
        """Open a path, as a person does; no redirect is followed."""
        navigation = {"sec-fetch-site": "none", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}
        return self._sent("GET", path, navigation | headers, b"")

    def post(self, path: str, fields: Mapping[str, str], **headers: str) -> Answer:
        """Send a form of a page of the console."""
        own = {"origin": self.origin, "sec-fetch-site": "same-origin", "content-type": _FORM}
        return self._sent("POST", path, own | headers, urlencode(fields).encode())

    def post_json(self, path: str, body: bytes, csrf: str, **headers: str) -> Answer:
        """Send what a script of a page sends."""
        own = {"origin": self.origin, "sec-fetch-site": "same-origin", "content-type": "application/json"}
        return self._sent("POST", path, own | {"x-csrf": csrf} | headers, body)

    def csrf(self) -> str:
        """Return the CSRF token that stands in the pages of this session."""
        return self.get("/rules").text.split('<meta name="csrf" content="')[1].split('"')[0]

    def _sent(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        held = "; ".join(f"{name}={morsel.value}" for name, morsel in self.cookies.items())
        answer = self._send(method, path, {**headers, **({"cookie": held} if held else {})}, body)
        self._keep(answer.set_cookies)
        return answer

    def _keep(self, set_cookies: Iterable[str]) -> None:
        for line in set_cookies:
            for name, morsel in SimpleCookie(line).items():
                self.cookies.pop(name, None)
                if morsel["max-age"] != "0":
                    self.cookies[name] = morsel


_FORM = "application/x-www-form-urlencoded"


def path_of(url: str) -> str:
    """Return the path and the query of a URL, as a browser sends them."""
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def query_of(url: str) -> dict[str, str]:
    """Return the fields of a URL's query."""
    return {name: values[-1] for name, values in parse_qs(urlsplit(url).query, keep_blank_values=True).items()}
