"""Runs over the library, as pages show them."""

from typing import Any

import msgspec
from msgspec import Struct

from autotag.domain.model.asset import FolderMove
from autotag.domain.runs.progress import Counts
from autotag.domain.sentences.numbers import counted
from autotag.domain.sentences.operations.runs import duration_words, explain_failures, selection_text

_ACTIONS = {"retag": "Retag", "revert": "Revert", "backfill": "Backfill", "move": "Follow a moved folder"}
UNDER_WAY = ("running", "paused")


class _Segments(Struct, frozen=True):
    """How many parts of the library are ``through``, ``of`` how many."""

    through: int
    of: int


class Run(Struct, frozen=True, kw_only=True):
    """One run, as the ops function answers it. Times are ISO 8601. ``reason``: why it was stopped, "" if it was not.

    ``in_flight``: groups of assets that are planned, and not processed yet.
    """

    id: str
    kind: str = msgspec.field(name="action")
    by: str
    status: str
    reason: str = msgspec.field(name="why")
    started: str = msgspec.field(name="created_at")
    ended: str | None = msgspec.field(name="ended_at")
    counts: Counts
    segments: _Segments
    dry_run: bool
    filter: dict[str, Any] = {}
    undo: dict[str, Any] = {}
    listing: dict[str, Any] = {}
    moves: tuple[FolderMove, ...] = ()
    rate: int = 0
    max_calls: int = 0
    refresh: bool = False
    in_flight: int = msgspec.field(name="under_way", default=0)

    @property
    def action(self) -> str:
        """What the run does, in a word or a few."""
        return _ACTIONS.get(self.kind, self.kind)

    @property
    def under_way(self) -> bool:
        """Whether the run may still change something."""
        return self.status in UNDER_WAY

    @property
    def looked_through(self) -> bool:
        """Whether every asset was looked at, so that the number of those to change is final."""
        return self.segments.through == self.segments.of

    @property
    def seen(self) -> int:
        """How many assets were looked at."""
        return self.counts.seen

    @property
    def planned(self) -> int:
        """How many assets are to be changed, of those that were looked at."""
        return self.counts.planned

    @property
    def done(self) -> int:
        """How many assets are changed."""
        return self.counts.done

    @property
    def failed(self) -> int:
        """How many assets could not be changed."""
        return self.counts.failed

    @property
    def finished(self) -> int:
        """How many assets are changed or failed."""
        return self.done + self.failed

    @property
    def stopped(self) -> str:
        """The status, with the reason why the run was stopped: ``Paused by ada``, ``Paused: all units are used``."""
        status = self.status.capitalize()
        if not self.reason:
            return status
        return f"{status} {self.reason}" if self.reason.startswith("by ") else f"{status}: {self.reason}"

    @property
    def about(self) -> str:
        """Which assets, in one line."""
        moved = (f"from {each.from_folder} to {each.to_folder}" for each in self.moves)
        parts = (selection_text(self.filter), selection_text(self.listing), *moved)
        return "; ".join(filter(None, parts)) or "every asset"

    @property
    def undone(self) -> str:
        """Which decisions a revert undoes, in one line."""
        return selection_text(self.undo) or ("every managed tag" if self.kind == "revert" else "")

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why assets failed, a sentence each."""
        if self.kind == "backfill" and self.failed:
            return ("The log of the worker says why (not_backfilled).",)
        return explain_failures(self.counts)

    @property
    def has_refused(self) -> bool:
        """Whether Cloudinary refused a change: a later run may succeed."""
        return self.kind != "backfill" and self.failed > self.counts.gone + self.counts.too_large

    @property
    def can_be_undone(self) -> bool:
        """Whether a revert of the run may have something to do."""
        return self.status != "running" and not self.dry_run and self.done > 0


class RunList(Struct, frozen=True):
    """The ops function's answer: the last runs, the newest first."""

    runs: tuple[Run, ...]


def runs_of(answer: RunList) -> tuple[Run, ...]:
    """Return the runs, those under way first."""
    return tuple(sorted(answer.runs, key=lambda run: not run.under_way))


def time_left(run: Run, pace: float | None) -> str:
    """Return in a sentence how fast a run goes and how long it still takes; "" if it does not go.

    ``pace``: assets a second that were finished lately, None if that is not known; 0 after two minutes without any.
    """
    if run.status != "running":
        return ""
    if run.kind == "backfill":
        return "A backfill goes as fast as the hour's budget of the Admin API allows, so its end is not known."
    left = run.planned - run.finished
    speed = "" if pace is None else f"{pace:,.1f} assets a second lately. "
    if not run.looked_through:
        return f"{speed}How many there are is known once every asset is looked at."
    if left <= 0:
        return f"{speed}The last ones are being finished."
    if pace:
        words = duration_words(left / pace)
        return f"{speed}{words[:1].upper()}{words[1:]} left."
    if pace is None and run.rate:
        limit = counted(run.rate, "asset")
        return f"Its limit is {limit} a second: at that pace, {duration_words(left / run.rate)} left."
    return "Nothing was finished in the last two minutes: the service continues a run once a minute."
