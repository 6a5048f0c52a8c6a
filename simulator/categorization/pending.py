"""Categorizations that are under way, which go on after a restart."""

from msgspec import Struct

from simulator.categorization.modes import ModeRule
from simulator.core.database import Database
from simulator.notifications.destinations import Cause

_TABLE = "pending"


class Pending(Struct, frozen=True):
    """One provider's work on one version of an asset, which ends at ``due_at`` (unix seconds of real time)."""

    asset_id: str
    version: int
    provider: str
    rule: ModeRule
    auto_tagging: float | None
    cause: Cause
    due_at: float

    @property
    def key(self) -> str:
        """What it is stored under: there is one of each provider for an asset."""
        return f"{self.provider}/{self.asset_id}"


class PendingBook:
    """What has begun and not ended."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._open = database.load(_TABLE, Pending)

    def begun(self, pending: Pending) -> None:
        """Remember ``pending``, in place of what the same provider had begun on the asset."""
        self._open[pending.key] = pending
        self._database.save(_TABLE, pending.key, pending)

    def ended(self, pending: Pending) -> None:
        """Forget ``pending``, unless something newer took its place."""
        if self._open.get(pending.key) == pending:
            del self._open[pending.key]
            self._database.remove(_TABLE, pending.key)

    def left(self) -> list[Pending]:
        """Return what has not ended, such as what a process left that is no more."""
        return list(self._open.values())

    def clear(self) -> None:
        """Forget everything that is in memory."""
        self._open.clear()
