"""Sessions of the console: who a browser's person is, and, on this machine, the token that opens a session once."""

import secrets
from collections.abc import Callable
from hmac import compare_digest
from typing import Literal, NamedTuple

Role = Literal["viewer", "reviewer", "admin"]
"""What a person may ask for: to see everything; also to answer the review queue; also to push rules and control runs.
"""


class Session(NamedTuple):
    """One browser. ``cookie`` is its secret; ``csrf`` stands in its pages and comes back with each POST.

    ``caller`` is the name under which answers are recorded, "" for that of the settings. ``signed_in_at`` is when the
    person signed in (unix seconds), None where the person's own AWS credentials are used: what they allow decides.
    """

    cookie: str
    csrf: str
    caller: str = ""
    role: Role = "admin"
    signed_in_at: int | None = None


class Sessions:
    """The sessions of one process. ``token`` opens one; ``new`` returns an unguessable word."""

    def __init__(self, token: str, new: Callable[[], str] = lambda: secrets.token_urlsafe(32)) -> None:
        self._token, self._new = token, new
        self._open: list[Session] = []

    def start(self, token: str) -> Session | None:
        """Return a new session if ``token`` is the one that opens it; the token is void from then on."""
        if not self._token or not is_same(token, self._token):
            return None
        self._token = ""
        session = Session(self._new(), self._new())
        self._open.append(session)
        return session

    def find(self, cookie: str) -> Session | None:
        """Return the session that ``cookie`` names."""
        return next((session for session in self._open if is_same(cookie, session.cookie)), None)


def is_csrf(session: Session, given: str) -> bool:
    """Return whether ``given`` is the CSRF token of ``session``."""
    return is_same(given, session.csrf)


def is_same(given: str, secret: str) -> bool:
    """Compare in a time that does not depend on where the two differ."""
    return compare_digest(given.encode("utf-8", "replace"), secret.encode())
