"""Sending answers to the ops function, and waiting until workers have carried them out."""

from collections.abc import Iterator, Sequence
from itertools import batched
from typing import Any, NamedTuple, Protocol

from autotag.service.review.requests import Choice, Sent
from autotag_cli.errors import Failure
from autotag_cli.stack.environment import Outside

_AT_ONCE = 100
"""Answers that the ops function takes at once."""

_EVERY, _LONGEST = 1.0, 5.0
"""Seconds between two looks, at first and later."""

Told = list[dict[str, Any]]


class Answerable(Protocol):
    """Who takes answers."""

    def review_decide(self, decisions: tuple[Choice, ...]) -> dict[str, Told]:
        """Queue answers, and return those ``queued``, ``done`` already and ``refused``."""
        ...

    def review_progress(self, decisions: tuple[Sent, ...]) -> dict[str, Told]:
        """Return which answers are ``done``, ``under_way`` or ``refused``."""
        ...


class Answered(NamedTuple):
    """What became of answers: each is in one of the lists."""

    done: Told
    refused: Told
    under_way: Told


class Sender:
    """Sends answers, and remembers what became of them."""

    def __init__(self, ops: Answerable, world: Outside) -> None:
        self._ops, self._world = ops, world
        self._done: Told = []
        self._refused: Told = []
        self._queued: Told = []

    def send(self, choices: Sequence[Choice]) -> Told:
        """Send answers, and return those that were queued.

        Raises ``Failure`` saying how many were sent where the stack takes no more.
        """
        queued: Told = []
        for some in batched(choices, _AT_ONCE, strict=False):
            try:
                told = self._ops.review_decide(some)
            except Failure as error:
                sent = len(self._done) + len(self._refused) + len(self._queued)
                raise Failure(
                    f"{error}; {sent} answers were sent before, and sending them again does no harm"
                ) from error
            self._done += told["done"]
            self._refused += told["refused"]
            self._queued += told["queued"]
            queued += told["queued"]
        return queued

    def take_back(self, one: dict[str, Any], seconds: float) -> str:
        """Take back an answer that was queued, and wait up to ``seconds`` until that is done; return why it is not.

        One that is taken back is not waited for any more, nor listed in the end.
        """
        undo = Choice(one["asset"], one["tag"], "undo", one["version"], one["audit_id"])
        try:
            answer = self._ops.review_decide((undo,))
        except Failure as error:
            return str(error)
        if answer["refused"]:
            return str(answer["refused"][0]["why"])
        aside = Sender(self._ops, self._world)
        aside._queued = answer["queued"]
        became = aside.wait(seconds)
        if became.refused:
            return str(became.refused[0]["why"])
        if became.under_way:
            self._queued += became.under_way
            return "it is still on its way"
        self._queued = [other for other in self._queued if other["audit_id"] != one["audit_id"]]
        return ""

    def wait(self, seconds: float) -> Answered:
        """Return what became of everything that was sent, once it is done, or after ``seconds``."""
        deadline, pause = self._world.now() + seconds, _EVERY
        left = self._queued
        while left and self._world.now() < deadline:
            self._world.sleep(min(pause, max(0.0, deadline - self._world.now())))
            pause = min(_LONGEST, pause * 1.5)
            left = [one for some in batched(left, _AT_ONCE, strict=False) for one in self._look(some)]
        return Answered(self._done, self._refused, left)

    def _look(self, some: tuple[dict[str, Any], ...]) -> Iterator[dict[str, Any]]:
        """Yield those of ``some`` that are still under way."""
        try:
            told = self._ops.review_progress(tuple(map(_sent, some)))
        except Failure:  # they are queued: whether one look at them fails does not matter
            yield from some
            return
        ids = {_name(one): one["audit_id"] for one in some}
        self._done += [{**one, "audit_id": ids[_name(one)]} for one in told["done"]]
        self._refused += told["refused"]
        left = {_name(one) for one in told["under_way"]}
        yield from (one for one in some if _name(one) in left)


def _name(one: dict[str, Any]) -> tuple[str, str, str]:
    return one["asset"], one["tag"], one["verdict"]


def _sent(one: dict[str, Any]) -> Sent:
    verdict, of = one["verdict"], one.get("of", "")
    return Sent(one["asset"], one["tag"], verdict, one["version"], of, audit_id=one["audit_id"])
