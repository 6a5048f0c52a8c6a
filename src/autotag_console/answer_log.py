"""The answers given in this console: what may be taken back, what is asked no longer, and what a page sends twice."""

import asyncio
from collections import OrderedDict, deque
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from time import time_ns
from typing import Any

from msgspec import Struct
from starlette.requests import Request

from autotag.domain.model.labels import label_key
from autotag.service.review.choices import Answer

KEPT = 200
"""Answers that are listed, and that can be taken back."""

_REMEMBERED = 2000
"""Decisions whose report is repeated if a page sends them again, because it did not hear the answer."""

_PEOPLE = 100
"""People whose logs are kept by one process."""

_CARRIED_OUT_WITHIN = 120_000
"""Milliseconds in which a worker carries out an answer; until then the queue may still hold its question."""


class Given(Struct):
    """One answer, given at ``at`` (unix milliseconds). ``audit_id`` is "" if the tag was as it says already.

    ``why`` is the reason that it was refused, or could not be taken back; "" otherwise.
    """

    asset: str
    name: str
    tag: str
    verdict: Answer
    version: int
    at: int
    audit_id: str = ""
    taken_back: bool = False
    why: str = ""

    @property
    def can_go_back(self) -> bool:
        """Whether the answer stands, as far as is known here, and can be taken back."""
        return bool(self.audit_id) and not self.taken_back


Reported = tuple[str, dict[str, Any]]
"""A list of the ops function's report (``queued``, ``done``, ``refused``) and an entry of it."""


class AnswerLog:
    """The last answers of this process, the newest last. ``now`` returns unix milliseconds."""

    def __init__(self, now: Callable[[], int] = lambda: time_ns() // 1_000_000) -> None:
        self._now = now
        self._given: deque[Given] = deque(maxlen=KEPT)
        self._reports: dict[str, Reported] = {}
        self._on_their_way: dict[str, asyncio.Event] = {}

    def reported(self, id: str) -> Reported | None:
        """Return what was reported about the decision ``id``, if it was sent before and not refused."""
        return self._reports.get(id) if id else None

    async def settled(self, ids: Collection[str]) -> None:
        """Wait until no other request sends one of the decisions ``ids``."""
        while under_way := next(filter(None, map(self._on_their_way.get, ids)), None):
            await under_way.wait()

    @contextmanager
    def sending(self, ids: Collection[str]) -> Iterator[None]:
        """Have requests with one of the decisions ``ids`` wait until the block ends."""
        ended = asyncio.Event()
        named = {id for id in ids if id}
        self._on_their_way |= dict.fromkeys(named, ended)
        try:
            yield
        finally:
            for id in named:
                del self._on_their_way[id]
            ended.set()

    def record(self, id: str, report: Reported) -> None:
        """Note what the service reported about a decision."""
        where, entry = report
        if id and where != "refused":  # what was refused may be possible by now
            self._reports[id] = report
            while len(self._reports) > _REMEMBERED:
                del self._reports[next(iter(self._reports))]
        if entry["verdict"] in ("undo", "clear"):
            self._note_undo(where, entry)
            return
        name, version = str(entry.get("public_id") or entry["asset"]), int(entry.get("version") or 0)
        audit, why = str(entry.get("audit_id") or ""), str(entry.get("why") or "")
        given = Given(entry["asset"], name, entry["tag"], entry["verdict"], version, self._now(), audit, why=why)
        self._given.append(given)

    def newest(self) -> Iterator[Given]:
        """Yield the last answers, the newest first."""
        return reversed(self._given)

    def find(self, audit_id: str, tag: str) -> Given | None:
        """Return the answer about ``tag`` that the audit records, if it was given here."""
        return next((each for each in self._given if (each.audit_id, each.tag) == (audit_id, tag)), None)

    def just_answered(self, asset: str, tag: str) -> bool:
        """Return whether an answer about a tag is so young that the queue may still hold the question."""
        about = (each for each in self.newest() if _is_about(each, asset, tag))
        last = next(about, None)
        return last is not None and last.can_go_back and self._now() - last.at < _CARRIED_OUT_WITHIN

    def _note_undo(self, where: str, entry: dict[str, Any]) -> None:
        for given in self.newest():
            is_meant = _is_about(given, entry["asset"], entry["tag"])
            if is_meant and (given.audit_id == entry.get("of") or entry["verdict"] == "clear"):
                given.taken_back = given.taken_back or where != "refused"
                given.why = str(entry.get("why") or "")
                return


class AnswerLogs:
    """The log of each person, by the name under which answers are recorded."""

    def __init__(self) -> None:
        self._logs: OrderedDict[str, AnswerLog] = OrderedDict()

    def of(self, caller: str) -> AnswerLog:
        """Return the log of ``caller``; those that were used last are kept."""
        log = self._logs.setdefault(caller, AnswerLog())
        self._logs.move_to_end(caller)
        while len(self._logs) > _PEOPLE:
            self._logs.popitem(last=False)
        return log

    def replace(self, caller: str, log: AnswerLog) -> None:
        """Put ``log`` in the place of the log of ``caller``."""
        self._logs[caller] = log


def log_of(http: Request) -> AnswerLog:
    """Return the log of the person who sent a request."""
    logs: AnswerLogs = http.app.state.answer_logs
    return logs.of(http.state.session.caller)


def _is_about(given: Given, asset: str, tag: str) -> bool:
    return given.asset == asset and label_key(given.tag) == label_key(tag)
