"""The health of the service, for operators: a few bounded reads, each of which may fail without hiding the others."""

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from msgspec import Struct

from autotag.domain.errors import AutotagError
from autotag.domain.model.audit import iso
from autotag.domain.model.health import Depth, HourBudget, LastAudit, Opened, Overdue
from autotag.domain.state.asset_state import SHARDS, DueKind
from autotag.ports import Clock
from autotag.ports.rules import Shelf
from autotag.service.rules.publish import TellRules, tell

_KINDS: tuple[DueKind, ...] = ("INTENT", "POLL", "HINT")


class Health(Struct, frozen=True, forbid_unknown_fields=True, tag="health", tag_field="op"):
    """A request for the signs of health: what is due, waits, is stopped or used up; active rules; the last audit."""


class Due(Protocol):
    """Read access to due work."""

    def oldest(self, kind: str, shard: int) -> Overdue | None:
        """Return the first due work of ``kind`` in one partition of the due index, or None if there is none."""
        ...


class Queues(Protocol):
    """The queues and their dead-letter queues."""

    def depths(self) -> dict[str, Depth]:
        """Return how many messages each queue holds, by its name: live, live_dead, bulk, bulk_dead."""
        ...


class Spending(Protocol):
    """The budget of Admin API calls for each hour."""

    def spent(self, now: int) -> HourBudget:
        """Return what is used of the budget in the hour of ``now`` (ms)."""
        ...


class Fuse(Protocol):
    """The circuit breaker."""

    def opened(self, now: int) -> Opened | None:
        """Return until when it is open and why, at ``now`` (ms), or None while it is closed."""
        ...


class Heartbeat(Protocol):
    """The stored summary of the newest audit."""

    def last(self) -> LastAudit | None:
        """Return the summary, or None if there never was an audit."""
        ...


class Ward(Struct, frozen=True):
    """The sources of a health report. ``settings`` are the service's settings that operators' checks depend on."""

    due: Due
    queues: Queues
    spending: Spending
    fuse: Fuse
    heartbeat: Heartbeat
    settings: Mapping[str, str | int]


def examine(ward: Ward, shelf: Shelf, clock: Clock) -> dict[str, Any]:
    """Return every reading by its name; one that fails is null, and ``faults`` has its error."""
    now = clock.now()
    faults: dict[str, str] = {}

    def read(name: str, look: Callable[[], Any]) -> Any:
        try:
            return look()
        except AutotagError as error:
            faults[name] = str(error)
            return None

    return {
        "now": iso(now),
        "settings": dict(ward.settings),
        "due": read("due", lambda: {kind.lower(): _first(ward.due, kind) for kind in _KINDS}),
        "queues": read("queues", ward.queues.depths),
        "budget": read("budget", lambda: ward.spending.spent(now)),
        "breaker": read("breaker", lambda: _opened(ward.fuse.opened(now))),
        "rules": read("rules", lambda: tell(shelf, TellRules())),
        "last_audit": read("last_audit", ward.heartbeat.last),
        "faults": faults,
    }


def _first(due: Due, kind: str) -> dict[str, str] | None:
    """Return the first due work of all partitions."""
    found = [oldest for shard in range(SHARDS) if (oldest := due.oldest(kind, shard)) is not None]
    first = min(found, key=lambda overdue: overdue.due_at, default=None)
    return None if first is None else {"asset_id": first.asset_id, "due_at": iso(first.due_at)}


def _opened(opened: Opened | None) -> dict[str, str] | None:
    return None if opened is None else {"until": iso(opened.until_at), "reason": opened.reason}
