"""The interfaces that operators' requests need: queues, due work, budgets, lists of states."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:  # names only: the webhook's cold start must not pay for the worker's domain
    from collections.abc import Iterator

    from autotag.domain.model.health import Depth, HourBudget, LastAudit, Overdue
    from autotag.domain.state.asset_state import AssetState


class StateScanner(Protocol):
    """Read access to states in bulk."""

    def scan(
        self, segment: int, segments: int, cursor: str, limit: int
    ) -> tuple[list[tuple[AssetState, str]], str | None]:
        """Return assets that are not gone, each with the cursor after it, and the next page's cursor, if any."""
        ...


class StateReader(StateScanner, Protocol):
    """Read access to states."""

    def load(self, asset_id: str) -> AssetState | None:
        """Return the state of an asset, or None."""
        ...

    def named(self, public_id: str) -> list[str]:
        """Return the asset_ids of the assets last known under ``public_id``, live ones only if there are any."""
        ...


class ReviewQueue(Protocol):
    """Read access to the queue."""

    def waiting(self, shard: int, since: int) -> Iterator[tuple[int, str]]:
        """Yield when (ms) each asset of a partition began to wait, from ``since`` on, and its id, the oldest first."""
        ...


class DueWork(Protocol):
    """Read access to due work."""

    def oldest(self, kind: str, shard: int) -> Overdue | None:
        """Return the first due work of ``kind`` in one partition of the due index, or None if there is none."""
        ...


class QueueDepths(Protocol):
    """The queues and their dead-letter queues."""

    def depths(self) -> dict[str, Depth]:
        """Return how many messages each queue holds, by its name: live, live_dead, bulk, bulk_dead."""
        ...


class BudgetUsage(Protocol):
    """The budget of Admin API calls for each hour."""

    def spent(self, now: int) -> HourBudget:
        """Return what is used of the budget in the hour of ``now`` (ms)."""
        ...


class LatestAudit(Protocol):
    """The stored summary of the newest audit."""

    def last(self) -> LastAudit | None:
        """Return the summary, or None if there never was an audit."""
        ...
