"""Runs over the library, as pages show them."""

from typing import Any

from msgspec import Struct

_ACTIONS = {"retag": "Retag", "revert": "Revert", "backfill": "Backfill", "move": "Follow a moved folder"}
UNDER_WAY = ("running", "paused")


class Run(Struct, frozen=True):
    """One run. Times are ISO 8601. ``done`` of ``planned`` assets are changed; ``seen`` were looked at.

    ``looked_through``: whether every asset was looked at, so that ``planned`` is final.
    """

    id: str
    action: str
    by: str
    status: str
    reason: str
    started: str
    ended: str | None
    seen: int
    planned: int
    done: int
    failed: int
    dry_run: bool
    looked_through: bool

    @property
    def under_way(self) -> bool:
        """Whether the run may still change something."""
        return self.status in UNDER_WAY


class RunList(Struct, frozen=True):
    """The ops function's answer: the last runs, the newest first."""

    runs: tuple[dict[str, Any], ...]


def runs_of(answer: RunList) -> tuple[Run, ...]:
    """Return the runs, those under way first."""
    runs = [_run(each) for each in answer.runs]
    return tuple(sorted(runs, key=lambda run: not run.under_way))


def _run(fields: dict[str, Any]) -> Run:
    counts, segments = fields["counts"], fields["segments"]
    return Run(
        id=fields["id"],
        action=_ACTIONS.get(fields["action"], fields["action"]),
        by=fields["by"],
        status=fields["status"],
        reason=fields["why"],
        started=fields["created_at"],
        ended=fields["ended_at"],
        seen=counts["seen"],
        planned=counts["planned"],
        done=counts["done"],
        failed=counts["failed"],
        dry_run=fields["dry_run"],
        looked_through=segments["through"] == segments["of"],
    )
