"""What bulk runs need of the world besides what single assets do."""

from typing import Protocol

from autotag.domain.model.audit import Audit
from autotag.domain.model.messages import Bulk
from autotag.domain.runs.run import Counts, Group, Run, RunStatus
from autotag.domain.state.asset_state import AssetState


class Runs(Protocol):
    """Runs and how far they are. Every write but ``count`` is conditional; raises ``Retryable``."""

    def create(self, run: Run) -> None:
        """Store a new run, due at once; raises ``Invalid`` where what it is to do is too much to be stored."""
        ...

    def load(self, run_id: str) -> Run | None:
        """Return a run by a consistent read."""
        ...

    def recent(self) -> list[Run]:
        """Return the last runs, the youngest first."""
        ...

    def due(self, now: int) -> list[str]:
        """Return the ids of running runs that are to be gone on with at ``now`` (ms)."""
        ...

    def postpone(self, run_id: str, due_at: int) -> None:
        """Let a run wait until ``due_at`` (ms), unless it was stopped."""
        ...

    def hold(self, run_id: str, now: int, until: int) -> bool:
        """Keep a running run to oneself until ``until`` (ms), or its release; False where another holds it."""
        ...

    def release(self, run_id: str, until: int) -> None:
        """Let go of a run that is held until ``until`` (ms)."""
        ...

    def planned(self, run: Run, segment: str, cursor: str | None, groups: tuple[Group, ...], counts: Counts) -> bool:
        """Store what a page gave and where the segment goes on (None: it is through), if it still stands at ``run``."""
        ...

    def queued(self, run: Run, segment: str, free_at: int) -> None:
        """Empty the outbox of a segment, if no page was looked at since ``run`` was read.

        What is queued takes until ``free_at`` (ms).
        """
        ...

    def handled(self, run_id: str, group: str, counts: Counts) -> None:
        """Take a group off those that are under way, and count; nothing where it was taken off before."""
        ...

    def count(self, run_id: str, counts: Counts) -> None:
        """Add to what is counted."""
        ...

    def spend(self, run: Run, calls: int, units: int = 0) -> bool:
        """Take calls and units out of what the run may use; False where there is not enough left."""
        ...

    def end(self, run_id: str, now: int) -> bool:
        """Say that a run is done, if no segment, outbox or group is left, and nothing was missed."""
        ...

    def again(self, run: Run, due_at: int) -> bool:
        """Go through everything once more at ``due_at`` (ms), for what was missed, if nothing else is left."""
        ...

    def stop(self, run_id: str, status: RunStatus, why: str, now: int) -> bool:
        """Pause or cancel a run that is not over; False where it is."""
        ...

    def resume(self, run: Run) -> bool:
        """Go on with a paused run, from the beginning of every segment."""
        ...


class Pages(Protocol):
    """Where all states are read."""

    def page(self, segment: int, segments: int, cursor: str, limit: int) -> tuple[list[AssetState], str | None]:
        """Return up to ``limit`` states that are not gone, whole, and the next page's cursor, if any."""
        ...


class Records(Protocol):
    """Where an asset's audits are read."""

    def of_asset(self, asset_id: str, limit: int, before: str = "") -> list[Audit]:
        """Return a page of an asset's audits, the youngest first."""
        ...


class BulkQueue(Protocol):
    """The queue that never delays live messages."""

    def send(self, messages: list[tuple[Bulk, int]]) -> None:
        """Queue every message, each for so many seconds from now, or raise ``Retryable``.

        After that some may have been queued.
        """
        ...
