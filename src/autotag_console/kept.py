"""Answers of the service that several pages use: kept for a while, or shared while they are asked for."""

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
from starlette.requests import Request as HttpRequest

from autotag.service.operations.api import Request
from autotag_console.ask import asked
from autotag_console.roles import check_session


async def in_time[T](http: HttpRequest, work: Awaitable[T]) -> T | None:
    """Return what ``work`` returns, None if a page should not wait so long; it goes on, for a script that asks again.

    Raises what ``work`` raises in time.
    """
    running = asyncio.ensure_future(work)
    await asyncio.wait([running], timeout=http.app.state.settings.patience)
    if running.done():
        return running.result()
    running.add_done_callback(
        lambda ended: ended.cancelled() or ended.exception()
    )  # the next request for it answers with the fault
    return None


class Kept:
    """The answers of one process, by their questions. ``now`` returns seconds."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._answers: dict[bytes, tuple[float, Any]] = {}
        self._asking: dict[bytes, asyncio.Lock] = {}
        self._forgotten: Counter[bytes] = Counter()
        self._running: dict[bytes, asyncio.Future[Any]] = {}

    async def asked[T](self, http: HttpRequest, question: Request, form: type[T], seconds: float) -> T:
        """Return an answer that is at most ``seconds`` old; pages that ask at once ask the service once.

        Raises what ``autotag_console.ask.asked`` raises.
        """
        key = _checked_key(http, question)
        async with self._asking.setdefault(key, asyncio.Lock()):
            known = self._answers.get(key)
            if known is not None and self._now() - known[0] <= seconds:
                answer: T = known[1]
                return answer
            forgotten = self._forgotten[key]
            answer = await asked(http, question, form)
            if self._forgotten[key] == forgotten:
                self._answers[key] = (self._now(), answer)
            return answer

    async def shared[T](self, http: HttpRequest, question: Request, form: type[T]) -> T:
        """Return an answer that is not kept: only a page that asks while another one still waits gets the same answer.

        Raises what ``autotag_console.ask.asked`` raises.
        """
        key = _checked_key(http, question)
        running = self._running.get(key)
        if running is None:
            running = self._running[key] = asyncio.ensure_future(asked(http, question, form))
            running.add_done_callback(lambda ended: self._ended(key, ended))
        answer: T = await asyncio.shield(running)
        return answer

    def forget(self, question: Request) -> None:
        """Drop the answer that is kept, or that comes to a page that still waits: it is known to be outdated."""
        key = msgspec.json.encode(question)
        self._forgotten[key] += 1
        self._answers.pop(key, None)

    def _ended(self, key: bytes, ended: asyncio.Future[Any]) -> None:
        del self._running[key]
        if not ended.cancelled():
            ended.exception()  # known to the pages that still wait, if there are any

    def fresh[T](self, question: Request, form: type[T], seconds: float) -> T | None:
        """Return an answer that is kept already and at most ``seconds`` old, else None."""
        at, answer = self._answers.get(msgspec.json.encode(question), (0.0, None))
        return answer if isinstance(answer, form) and self._now() - at <= seconds else None


def _checked_key(http: HttpRequest, question: Request) -> bytes:
    """Return the key of a question that the session may ask: an answer that is kept may come from a higher role."""
    session = getattr(http.state, "session", None)
    if session is not None:
        check_session(session, question)
    return msgspec.json.encode(question)
