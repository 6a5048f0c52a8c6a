"""Sessions of the console: a token opens one, once; a cookie names it; a CSRF token belongs to it."""

import secrets
from collections.abc import Callable
from hmac import compare_digest
from typing import NamedTuple


class Session(NamedTuple):
    """One browser. ``cookie`` is its secret; ``csrf`` stands in its pages and comes back with each POST."""

    cookie: str
    csrf: str


class Sessions:
    """The sessions of one process. ``token`` opens one; ``new`` returns an unguessable word."""

    def __init__(self, token: str, new: Callable[[], str] = lambda: secrets.token_urlsafe(32)) -> None:
        self._token, self._new = token, new
        self._open: list[Session] = []

    def start(self, token: str) -> Session | None:
        """Return a new session if ``token`` is the one that opens it; the token is void from then on."""
        if not self._token or not _same(token, self._token):
            return None
        self._token = ""
        session = Session(self._new(), self._new())
        self._open.append(session)
        return session

    def find(self, cookie: str) -> Session | None:
        """Return the session that ``cookie`` names."""
        return next((session for session in self._open if _same(cookie, session.cookie)), None)


def is_csrf(session: Session, given: str) -> bool:
    """Return whether ``given`` is the CSRF token of ``session``."""
    return _same(given, session.csrf)


def _same(given: str, secret: str) -> bool:
    """Compare in a time that does not depend on where the two differ."""
    return compare_digest(given.encode("utf-8", "replace"), secret.encode())
