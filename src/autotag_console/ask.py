"""How pages see the service: one function that takes a request of the ops function and returns its answer."""

from collections.abc import Callable
from typing import Any

import msgspec
from anyio import to_thread
from msgspec import Struct
from starlette.requests import Request as HttpRequest

from autotag.domain.errors import AutotagError
from autotag.domain.model.strict_json import decode
from autotag.service.operations.api import Request

Ask = Callable[[Request], bytes]
"""Answers a request with JSON. It may take seconds, so pages call it in a thread, with ``asked``.

Raises ``Invalid``, ``Missing``, ``Conflict``, ``Retryable`` like ``autotag.service.operations.api.answer``, and
``Denied`` and ``SignInAgain``.
"""


class Denied(AutotagError):
    """The caller lacks a permission. The message is a sentence that says which policy gives it."""


class SignInAgain(AutotagError):
    """A request that needs a younger login. The message is a sentence that says so."""


class UnknownForm(AutotagError):
    """An answer of another form: the service is of another version."""


def ask_of(http: HttpRequest) -> Ask:
    """Return what answers for the session of a request, or for the console before there is one."""
    found: Ask = getattr(http.state, "ask", None) or http.app.state.ask
    return found


async def asked[T = dict[str, Any]](http: HttpRequest, question: Request, form: type[T]) -> T:
    """Ask the service from a page, in a thread, and return the answer as ``form``.

    Raises what ``Ask`` raises, and ``UnknownForm`` if the answer does not have that form.
    """
    answer = await to_thread.run_sync(
        ask_of(http), question, abandon_on_cancel=True
    )  # the end need not wait for an answer
    return read_answer(answer, form)


def read_answer[T](answer: bytes, form: type[T]) -> T:
    """Return an answer of the service as ``form``; raises ``UnknownForm`` if it does not have that form."""
    try:
        found: T = decode(answer, form)
    except msgspec.DecodeError as error:
        raise UnknownForm(
            f"the stack's answer has another form ({error}): use the console of the stack's own version"
        ) from error
    return found


class ActiveRules(Struct, frozen=True):
    """The active rules. ``fault`` is why they cannot be read; then there is no ``text``. ``seq`` 0: deployed ones.

    ``sets`` are the labels of the categories that the text names.
    """

    version: str
    seq: int
    name: str | None
    fault: str | None
    text: str | None = None
    pushed_by: str | None = None
    pushed_at: str | None = None
    sets: dict[str, tuple[str, ...]] = {}


class RulesAnswer(Struct, frozen=True):
    """The ops function's answer about rules."""

    active: ActiveRules
    last_good: dict[str, Any] | None = None
