"""A sender of answers to the ops function, which waits until workers have carried them out."""

from collections.abc import Iterator, Sequence
from itertools import batched
from typing import Any, NamedTuple, Protocol

from autotag.service.review.requests import Choice, Sent
from autotag_cli.errors import Failure
from autotag_cli.stack.environment import Environment

_AT_ONCE = 100
"""The most answers that the ops function takes in one request."""

_EVERY, _LONGEST = 1.0, 5.0
"""Seconds between two checks of the progress, at first and at most."""

Results = list[dict[str, Any]]


class AnswerClient(Protocol):
    """A client that queues answers and reports their progress."""

    def review_decide(self, decisions: tuple[Choice, ...]) -> dict[str, Results]:
        """Queue answers, and return those ``queued``, ``done`` already and ``refused``."""
        ...

    def review_progress(self, decisions: tuple[Sent, ...]) -> dict[str, Results]:
        """Return which answers are ``done``, ``under_way`` or ``refused``."""
        ...


class AnswerResults(NamedTuple):
    """The results of answers: each answer is in one of the lists."""

    done: Results
    refused: Results
    under_way: Results


class AnswerSender:
    """A sender of answers, which keeps their results."""

    def __init__(self, ops: AnswerClient, environment: Environment) -> None:
        self._ops, self._environment = ops, environment
        self._done: Results = []
        self._refused: Results = []
        self._queued: Results = []

    def send(self, choices: Sequence[Choice]) -> Results:
        """Send answers, and return those that were queued.

        Raises ``Failure``, which says how many were sent before, if the stack takes no more.
        """
        queued: Results = []
        for some in batched(choices, _AT_ONCE, strict=False):
            try:
                reply = self._ops.review_decide(some)
            except Failure as error:
                sent = len(self._done) + len(self._refused) + len(self._queued)
                raise Failure(
                    f"{error}; {sent} answers were sent before, and sending them again does no harm"
                ) from error
            self._done += reply["done"]
            self._refused += reply["refused"]
            self._queued += reply["queued"]
            queued += reply["queued"]
        return queued

    def take_back(self, answer: dict[str, Any], seconds: float) -> str:
        """Take back a queued answer, and wait up to ``seconds`` until that is done; return why it is not, or "".

        An answer that was taken back is no longer waited for, and not among the results.
        """
        undo = Choice(answer["asset"], answer["tag"], "undo", answer["version"], answer["audit_id"])
        try:
            reply = self._ops.review_decide((undo,))
        except Failure as error:
            return str(error)
        if reply["refused"]:
            return str(reply["refused"][0]["why"])
        undo_sender = AnswerSender(self._ops, self._environment)
        undo_sender._queued = reply["queued"]
        results = undo_sender.wait(seconds)
        if results.refused:
            return str(results.refused[0]["why"])
        if results.under_way:
            self._queued += results.under_way
            return "it is still in progress"
        self._queued = [other for other in self._queued if other["audit_id"] != answer["audit_id"]]
        return ""

    def wait(self, seconds: float) -> AnswerResults:
        """Return the results of all answers that were sent, once they are done, or after ``seconds``."""
        deadline, pause = self._environment.now() + seconds, _EVERY
        left = self._queued
        while left and self._environment.now() < deadline:
            self._environment.sleep(min(pause, max(0.0, deadline - self._environment.now())))
            pause = min(_LONGEST, pause * 1.5)
            left = [answer for some in batched(left, _AT_ONCE, strict=False) for answer in self._check(some)]
        return AnswerResults(self._done, self._refused, left)

    def _check(self, some: tuple[dict[str, Any], ...]) -> Iterator[dict[str, Any]]:
        """Yield those of ``some`` that are still under way."""
        try:
            reply = self._ops.review_progress(tuple(map(_sent, some)))
        except Failure:  # the answers are queued, so that one failed check does not matter
            yield from some
            return
        ids = {_name(answer): answer["audit_id"] for answer in some}
        self._done += [{**answer, "audit_id": ids[_name(answer)]} for answer in reply["done"]]
        self._refused += reply["refused"]
        left = {_name(answer) for answer in reply["under_way"]}
        yield from (answer for answer in some if _name(answer) in left)


def _name(answer: dict[str, Any]) -> tuple[str, str, str]:
    return answer["asset"], answer["tag"], answer["verdict"]


def _sent(answer: dict[str, Any]) -> Sent:
    verdict, of = answer["verdict"], answer.get("of", "")
    return Sent(answer["asset"], answer["tag"], verdict, answer["version"], of, audit_id=answer["audit_id"])
