"""The interfaces that bulk runs need in addition to those of single assets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:  # names only: the webhook's cold start must not pay for the worker's domain
    from autotag.domain.model.messages import ProcessRunGroup
    from autotag.domain.runs.run import Counts, Group, Run, RunStatus
    from autotag.domain.state.asset_state import AssetState


class RunStore(Protocol):
    """Stored runs and their progress. Every write but ``count`` is conditional; raises ``Retryable``."""

    def create(self, run: Run) -> None:
        """Store a new run, due at once; raises ``Invalid`` if its parameters are too large to store."""
        ...

    def load(self, run_id: str) -> Run | None:
        """Return a run by a consistent read."""
        ...

    def recent(self) -> list[Run]:
        """Return the last runs, the newest first."""
        ...

    def due(self, now: int) -> list[str]:
        """Return the ids of running runs that are due at ``now`` (ms)."""
        ...

    def postpone(self, run_id: str, due_at: int) -> None:
        """Make a run wait until ``due_at`` (ms), unless it was stopped."""
        ...

    def hold(self, run_id: str, now: int, until: int) -> bool:
        """Lock a running run until ``until`` (ms) or its release; return False if another process holds it."""
        ...

    def release(self, run_id: str, until: int) -> None:
        """Release a run that is locked until ``until`` (ms)."""
        ...

    def planned(self, run: Run, segment: str, cursor: str | None, groups: tuple[Group, ...], counts: Counts) -> bool:
        """Store the groups and counts of a page, and the segment's next cursor (None: the segment is complete).

        Return False, without a write, if the run was stopped or moved on since ``run`` was read.
        """
        ...

    def queued(self, run: Run, segment: str, free_at: int) -> None:
        """Empty the outbox of a segment, if no page was stored since ``run`` was read.

        The groups that were queued keep the workers busy until ``free_at`` (ms).
        """
        ...

    def handled(self, run_id: str, group: str, counts: Counts) -> None:
        """Remove a group from those in flight, and add its counts; do nothing if it was removed before."""
        ...

    def count(self, run_id: str, counts: Counts) -> None:
        """Add ``counts`` to those of the run."""
        ...

    def spend(self, run: Run, calls: int, units: int = 0) -> bool:
        """Take calls and units out of what the run may use; return False if too few are left."""
        ...

    def end(self, run_id: str, now: int) -> bool:
        """Mark a run as done, if no segment, outbox or group is left and no asset was missed."""
        ...

    def restart_pass(self, run: Run, due_at: int) -> bool:
        """Start another pass at ``due_at`` (ms), for the assets that were missed, if nothing else is left."""
        ...

    def stop(self, run_id: str, status: RunStatus, why: str, now: int) -> bool:
        """Pause or cancel a run that has not ended; return False if it has."""
        ...

    def resume(self, run: Run) -> bool:
        """Resume a paused run, from the beginning of every segment."""
        ...


class StatePages(Protocol):
    """Read access to all states."""

    def page(self, segment: int, segments: int, cursor: str, limit: int) -> tuple[list[AssetState], str | None]:
        """Return up to ``limit`` complete states of assets that are not gone, and the next page's cursor, if any."""
        ...


class BulkQueue(Protocol):
    """The queue of runs, which never delays live messages."""

    def send(self, messages: list[tuple[ProcessRunGroup, int]]) -> None:
        """Queue every message with its delay in seconds, or raise ``Retryable``; some may be queued even then."""
        ...
