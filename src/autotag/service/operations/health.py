"""How the service is, told to operators: a few bounded reads, each of which may fail without hiding the others."""

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
    """What is due, waits, is stopped or used up; which rules are active; when something was last decided."""


class Due(Protocol):
    """Where what is due is found."""

    def oldest(self, kind: str, shard: int) -> Overdue | None:
        """Return what is due first of ``kind`` in one partition of the due index, or None where nothing is."""
        ...


class Queues(Protocol):
    """The queues and their dead letters."""

    def depths(self) -> dict[str, Depth]:
        """Return how many messages each holds, by its name: live, live_dead, bulk, bulk_dead."""
        ...


class Spending(Protocol):
    """The Admin API's hourly allowance."""

    def spent(self, now: int) -> HourBudget:
        """Return what is used of the hour of ``now`` (ms)."""
        ...


class Fuse(Protocol):
    """The breaker."""

    def opened(self, now: int) -> Opened | None:
        """Return until when it is open at ``now`` (ms), or None while it is closed."""
        ...


class Heartbeat(Protocol):
    """What is noted of the youngest audit."""

    def last(self) -> LastAudit | None:
        """Return it, or None where there never was one."""
        ...


class Ward(Struct, frozen=True):
    """What is examined. ``told`` are those of the service's settings that an operator's check depends on."""

    due: Due
    queues: Queues
    spending: Spending
    fuse: Fuse
    heartbeat: Heartbeat
    told: Mapping[str, str | int]


def examine(ward: Ward, shelf: Shelf, clock: Clock) -> dict[str, Any]:
    """Return every sign by its name; one that cannot be read is null, and ``faults`` says why."""
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
        "settings": dict(ward.told),
        "due": read("due", lambda: {kind.lower(): _first(ward.due, kind) for kind in _KINDS}),
        "queues": read("queues", ward.queues.depths),
        "budget": read("budget", lambda: ward.spending.spent(now)),
        "breaker": read("breaker", lambda: _opened(ward.fuse.opened(now))),
        "rules": read("rules", lambda: tell(shelf, TellRules())),
        "last_audit": read("last_audit", ward.heartbeat.last),
        "faults": faults,
    }


def _first(due: Due, kind: str) -> dict[str, str] | None:
    """Return what is due first in all of the partitions."""
    found = [oldest for shard in range(SHARDS) if (oldest := due.oldest(kind, shard)) is not None]
    first = min(found, key=lambda overdue: overdue.due_at, default=None)
    return None if first is None else {"asset_id": first.asset_id, "due_at": iso(first.due_at)}


def _opened(opened: Opened | None) -> dict[str, str] | None:
    return None if opened is None else {"until": iso(opened.until_at), "reason": opened.reason}
