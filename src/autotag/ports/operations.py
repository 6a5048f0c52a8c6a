"""The interfaces that operators' requests need: queues, due work, budgets, lists of states."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:  # names only: the webhook's cold start must not pay for the worker's domain
    from collections.abc import Sequence

    from autotag.domain.model.health import Depth, DetectUsage, DueAsset, HourBudget, LastAudit
    from autotag.domain.review.waiting import WaitingAsset
    from autotag.domain.state.asset_state import AssetState


class StateScanner(Protocol):
    """Read access to states in bulk."""

    def scan(
        self, segment: int, segments: int, cursor: str, limit: int
    ) -> tuple[list[tuple[AssetState, str]], str | None]:
        """Return assets that are not gone, each with the cursor after it, and the next page's cursor, if any."""
        ...


class IntentSearch(Protocol):
    """The search for open intents that are not in the due index, through all of the table."""

    def lost_intents(self, segment: int, segments: int, cursor: str, before: int) -> tuple[list[str], str | None]:
        """Read a part of a segment; return the assets whose intent was due ``before`` (ms), and the next cursor."""
        ...


class StateReader(StateScanner, IntentSearch, Protocol):
    """Read access to states."""

    def load(self, asset_id: str) -> AssetState | None:
        """Return the state of an asset, or None."""
        ...

    def load_all(self, asset_ids: Sequence[str]) -> dict[str, AssetState]:
        """Return the states of those assets that were seen before, by asset_id."""
        ...

    def named(self, public_id: str) -> list[str]:
        """Return the asset_ids of the assets last known under ``public_id``, live ones only if there are any."""
        ...


class QueuePage(NamedTuple):
    """A page of one partition of the review queue.

    ``rest`` names the next page of the partition; None: there is none. Then ``read_until`` does not matter; else all
    assets that began to wait before it (ms) are on this page or on earlier ones.
    """

    assets: list[WaitingAsset]
    rest: object | None = None
    read_until: int = 0


class ReviewQueue(Protocol):
    """Read access to the queue, whose reads may be some seconds old."""

    def page(
        self, shard: int, since: int, *, tag: str = "", limit: int | None = None, rest: object | None = None
    ) -> QueuePage:
        """Return a page of what began to wait at ``since`` (ms) or later in a partition, the oldest first.

        ``tag``: only what is or may be asked about the tag with this key. ``limit``: the most assets that are read;
        None: as many as fit into a megabyte. ``rest`` is that of the page before.
        """
        ...


class CloudName(Protocol):
    """The cloud whose assets the service decides on."""

    def cloud_name(self) -> str:
        """Return the name of the cloud, "" as long as no worker has stored it."""
        ...


class DueWork(Protocol):
    """Read access to due work."""

    def oldest(self, kind: str, shard: int) -> DueAsset | None:
        """Return the first due work of ``kind`` in one partition of the due index, or None if there is none."""
        ...


class QueueDepths(Protocol):
    """The queues and their dead-letter queues."""

    @property
    def names(self) -> Sequence[str]:
        """The queues: live, live_dead, bulk, bulk_dead; with exports also export, export_dead."""
        ...

    def depth(self, name: str) -> Depth:
        """Return how many messages the queue with that name holds."""
        ...


class BudgetUsage(Protocol):
    """The budget of Admin API calls for each hour."""

    def spent(self, now: int) -> HourBudget:
        """Return what is used of the budget in the hour of ``now`` (ms)."""
        ...


class DetectReader(Protocol):
    """The calls of Rekognition of each day, and the label model."""

    def usage(self, now: int) -> DetectUsage:
        """Return what is used of the day of ``now`` (ms)."""
        ...


class LatestAudit(Protocol):
    """The stored summary of the newest audit."""

    def last(self) -> LastAudit | None:
        """Return the summary, or None if there never was an audit."""
        ...
