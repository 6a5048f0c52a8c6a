"""The interfaces that bulk runs need in addition to those of single assets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:  # names only: the webhook's cold start must not pay for the worker's domain
    from collections.abc import Sequence

    from autotag.domain.model.messages import ProcessRunGroup
    from autotag.domain.runs.progress import Counts, Group
    from autotag.domain.runs.run import Run, RunStatus
    from autotag.domain.state.asset_state import AssetState


class RunStore(Protocol):
    """Stored runs and their progress. Every write but ``count`` is conditional; raises ``Retryable``."""

    def create(self, run: Run) -> None:
        """Store a new run, due at once; raises ``Invalid`` if its parameters are too large to store."""
        ...

    def load(self, run_id: str) -> Run | None:
        """Return a run with its progress, by consistent reads."""
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
        """Store the groups and counts of a page, and the segment's next cursor (None: it has no other page).

        Return False, without a write, if the segment moved on since ``run`` was read. A run that was stopped meanwhile
        keeps a page that no worker carries out.
        """
        ...

    def queued(self, run: Run, segment: str) -> None:
        """Empty the outbox of a segment, if no page of it was stored since ``run`` was read."""
        ...

    def take_time(self, run: Run, milliseconds: int, now: int) -> int | None:
        """Add the time of groups to be queued to that of the groups before them, or to ``now`` (ms) if that is later.

        Return the time (ms) at which the first may begin; None, without a write, if the run was stopped or began
        another pass since ``run`` was read.
        """
        ...

    def handled(self, run_id: str, group: str, counts: Counts) -> bool:
        """Remove a group from those in flight, and add its counts; do nothing if it was removed before.

        Return whether it was the last one of its segment. False if that is not known, since an answer was lost.
        """
        ...

    def count(self, run_id: str, counts: Counts) -> None:
        """Add ``counts`` to those of the run."""
        ...

    def spend(self, run: Run, calls: int, units: int = 0) -> bool:
        """Take calls and units out of what the run may use; return False if too few are left."""
        ...

    def end(self, run: Run, now: int) -> bool:
        """Mark ``run``, which is through and has missed nothing, as done; return False if it moved on or was stopped.

        Segments that are through do not change in their pass, so this write needs no condition on them.
        """
        ...

    def restart_pass(self, run: Run, due_at: int) -> bool:
        """Start another pass of ``run``, which is through, at ``due_at`` (ms), for the assets that were missed.

        Return False if another process did so, or the run was stopped.
        """
        ...

    def stop(self, run_id: str, status: RunStatus, why: str, now: int) -> bool:
        """Pause or cancel a run that has not ended; return False if it has."""
        ...

    def resume(self, run: Run) -> bool:
        """Resume a paused run, from the beginning of every segment."""
        ...


class StatePages(Protocol):
    """Read access to all states, and to those of assets that are named."""

    def page(self, segment: int, segments: int, cursor: str, limit: int) -> tuple[list[AssetState], str | None]:
        """Return up to ``limit`` complete states of assets that are not gone, and the next page's cursor, if any."""
        ...

    def load_all(self, asset_ids: Sequence[str]) -> dict[str, AssetState]:
        """Return the stored states by asset_id, by consistent reads; raises ``UnknownShape`` if one cannot be read."""
        ...

    def named(self, public_id: str) -> list[str]:
        """Return the asset_ids of every asset last known under ``public_id``; only live ones, if there are any."""
        ...


class BulkQueue(Protocol):
    """The queue of runs, which never delays live messages."""

    def send(self, messages: list[tuple[ProcessRunGroup, int]]) -> None:
        """Queue every message with its delay in seconds, or raise ``Retryable``; some may be queued even then."""
        ...
