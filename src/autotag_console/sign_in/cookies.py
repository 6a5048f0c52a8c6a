"""The two cookies: of a session, and of a login that is under way. Both are signed, and hold no token."""

import secrets
from collections.abc import Callable

import msgspec
from msgspec import Struct

from autotag_console.guard.sessions import Session
from autotag_console.roles import ROLES, highest
from autotag_console.sign_in.document import ConsoleDocument
from autotag_console.sign_in.people import Person
from autotag_console.sign_in.provider import Login
from autotag_console.sign_in.signed import derived, seal, unseal

SESSION = "__Host-autotag"
LOGIN = "__Host-autotag-login"
SESSION_SECONDS = 8 * 3600
LOGIN_SECONDS = 600
_MOST_BYTES_OF_GROUPS = 2200
"""So that the cookie stays below 4096 characters, with the longest name; browsers keep no longer one."""


class _Session(Struct, frozen=True, array_like=True):
    id: str
    caller: str
    groups: tuple[str, ...]
    signed_in_at: int
    expires_at: int
    epoch: int


class _Login(Struct, frozen=True, array_like=True):
    state: str
    way_back: str
    again: bool
    expires_at: int


class Cookies:
    """The values of the cookies under one document. ``now`` returns unix seconds."""

    def __init__(self, document: ConsoleDocument, now: Callable[[], int]) -> None:
        self._document, self._key, self._now = document, document.key, now

    def new_login(self, way_back: str, *, again: bool) -> tuple[str, Login]:
        """Return the cookie of a login that begins, and the words that belong to it."""
        state = secrets.token_urlsafe(32)
        cookie = _Login(state, way_back, again, self._now() + LOGIN_SECONDS)
        return seal(self._key, LOGIN, cookie), self._login(state)

    def find_login(self, cookie: str, state: str) -> tuple[Login, str, bool] | None:
        """Return the login that ``cookie`` and the provider's ``state`` belong to, its way back, and whether it was
        asked for again; None if they do not fit, or if it is too old.
        """
        found = unseal(self._key, LOGIN, cookie, _Login)
        if found is None or found.state != state or found.expires_at <= self._now():
            return None
        return self._login(state), found.way_back, found.again

    def new_session(self, person: Person, signed_in_at: int, before: str = "") -> str:
        """Return the cookie of a session; only groups with a role are in it, the highest roles first, as many as fit.

        ``before`` is the cookie that the browser has. If it is of the same person's session, the forms of its pages
        stay valid: what was typed before a new login can be sent after it.
        """
        roles = self._document.roles
        groups = tuple(sorted({*person.groups} & roles.keys(), key=lambda group: (-ROLES.index(roles[group]), group)))
        while len(msgspec.json.encode(groups)) > _MOST_BYTES_OF_GROUPS:
            groups = groups[:-1]
        until = self._now() + SESSION_SECONDS
        found = self._unended(before)
        id = found.id if found and found.caller == person.caller else secrets.token_urlsafe(16)
        session = _Session(id, person.caller, groups, signed_in_at, until, self._document.session_epoch)
        return seal(self._key, SESSION, session)

    def find_session(self, cookie: str) -> Session | None:
        """Return the session that ``cookie`` names, None if it ended, or if its person has no role any more."""
        found = self._unended(cookie)
        if found is None:
            return None
        role = highest(found.groups, self._document.roles)
        if role is None:
            return None
        return Session(cookie, derived(self._key, "csrf", found.id), found.caller, role, found.signed_in_at)

    def _unended(self, cookie: str) -> _Session | None:
        found = unseal(self._key, SESSION, cookie, _Session)
        if found is None or found.expires_at <= self._now() or found.epoch != self._document.session_epoch:
            return None
        return found

    def _login(self, state: str) -> Login:
        """Return the words of a login; they follow from its state, so that the browser does not hold them."""
        return Login(state, derived(self._key, "nonce", state), derived(self._key, "verifier", state))
