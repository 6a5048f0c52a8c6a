"""What differs between the consoles: how a browser gets a session, and which function answers for it."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from autotag_console.ask import Ask
from autotag_console.guard.sessions import Session


class Authentication(NamedTuple):
    """How a browser gets a session.

    ``routes`` are the pages for it; those at ``open_paths`` are read without a session. ``find`` returns the session
    that a cookie names, ``turned_away`` the answer to a request without one, and ``ask_as`` the function that answers
    for a session.
    """

    routes: Sequence[Route]
    open_paths: frozenset[str]
    find: Callable[[str], Session | None]
    turned_away: Callable[[Request], Response]
    ask_as: Callable[[Session], Ask]
