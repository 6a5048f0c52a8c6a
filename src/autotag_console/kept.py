"""Answers of the service that are kept for a while, since many pages show them and they change slowly."""

import asyncio
import time
from collections.abc import Callable
from typing import Any

import msgspec
from starlette.requests import Request as HttpRequest

from autotag.service.operations.api import Request
from autotag_console.ask import asked


class Kept:
    """The answers of one process, by their questions. ``now`` returns seconds."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._answers: dict[bytes, tuple[float, Any]] = {}
        self._asking: dict[bytes, asyncio.Lock] = {}

    async def asked[T](self, http: HttpRequest, question: Request, form: type[T], seconds: float) -> T:
        """Return an answer that is at most ``seconds`` old; pages that ask at once ask the service once.

        Raises what ``autotag_console.ask.asked`` raises.
        """
        key = msgspec.json.encode(question)
        async with self._asking.setdefault(key, asyncio.Lock()):
            known = self._answers.get(key)
            if known is None or self._now() - known[0] > seconds:
                found = await asked(http, question, form)
                known = self._answers[key] = (self._now(), found)
        answer: T = known[1]
        return answer

    def fresh[T](self, question: Request, form: type[T], seconds: float) -> T | None:
        """Return an answer that is kept already and at most ``seconds`` old, else None."""
        at, answer = self._answers.get(msgspec.json.encode(question), (0.0, None))
        return answer if isinstance(answer, form) and self._now() - at <= seconds else None
