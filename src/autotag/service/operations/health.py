"""The health of the service, for operators: a few bounded reads, each of which may fail without hiding the others."""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any

from msgspec import Struct

from autotag.domain.errors import AutotagError
from autotag.domain.model.audit import iso
from autotag.domain.model.health import DueAsset, Opened
from autotag.domain.state.due_entry import SHARDS, DueKind
from autotag.ports.cloudinary import CircuitBreaker
from autotag.ports.operations import BudgetUsage, DetectReader, DueWork, LatestAudit, QueueDepths
from autotag.ports.rules import RuleStore
from autotag.ports.runtime import Clock, Start
from autotag.service.rules.publish import ShowRules, describe_rules

_KINDS: tuple[DueKind, ...] = ("INTENT", "POLL", "HINT")


class Health(Struct, frozen=True, forbid_unknown_fields=True, tag="health", tag_field="op"):
    """A request for the signs of health: what is due, waits, is stopped or used up; active rules; the last audit."""


class HealthProbes(Struct, frozen=True):
    """The sources of a health report. ``settings`` are the service's settings that operators' checks depend on.

    ``detect_usage`` is None where Rekognition is not asked: then the report has no part about it.
    """

    due: DueWork
    queues: QueueDepths
    spending: BudgetUsage
    breaker: CircuitBreaker
    latest_audit: LatestAudit
    settings: Mapping[str, str | int]
    detect_usage: DetectReader | None = None


def examine(probes: HealthProbes, rule_store: RuleStore, clock: Clock, start: Start) -> dict[str, Any]:
    """Return every reading by its name; one that fails is null, and ``faults`` has its error. All are made at once."""
    now = clock.now()
    faults: dict[str, str] = {}
    due = {kind: [start(partial(probes.due.oldest, kind, shard)) for shard in range(SHARDS)] for kind in _KINDS}
    depths = {name: start(partial(probes.queues.depth, name)) for name in probes.queues.names}
    readings: dict[str, Callable[[], Any]] = {
        "due": lambda: {kind.lower(): _first(oldest() for oldest in due[kind]) for kind in _KINDS},
        "queues": lambda: {name: depth() for name, depth in depths.items()},
        "budget": start(lambda: probes.spending.spent(now)),
        "breaker": start(lambda: _opened(probes.breaker.opened(now))),
        "rules": start(lambda: describe_rules(rule_store, ShowRules())),
        "last_audit": start(probes.latest_audit.last),
    }
    if (reader := probes.detect_usage) is not None:
        readings["detection"] = start(lambda: reader.usage(now))

    def read(name: str) -> Any:
        try:
            return readings[name]()
        except AutotagError as error:
            faults[name] = str(error)
            return None

    found = {name: read(name) for name in readings}
    return {"now": iso(now), "settings": dict(probes.settings), **found, "faults": faults}


def _first(oldest: Iterable[DueAsset | None]) -> dict[str, str] | None:
    """Return the first due work of all partitions."""
    found = [overdue for overdue in oldest if overdue is not None]
    first = min(found, key=lambda overdue: overdue.due_at, default=None)
    return None if first is None else {"asset_id": first.asset_id, "due_at": iso(first.due_at)}


def _opened(opened: Opened | None) -> dict[str, str] | None:
    return None if opened is None else {"until": iso(opened.until_at), "reason": opened.reason}
