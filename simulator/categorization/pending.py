"""Pending categorizations, which continue after a restart."""

from msgspec import Struct

from simulator.categorization.modes import ModeRule
from simulator.core.database import Database
from simulator.notifications.destinations import Cause

_TABLE = "pending"


class Pending(Struct, frozen=True):
    """A pending categorization of one version of an asset, complete at ``due_at`` (unix seconds of real time)."""

    asset_id: str
    version: int
    provider: str
    rule: ModeRule
    auto_tagging: float | None
    cause: Cause
    due_at: float

    @property
    def key(self) -> str:
        """The storage key: an asset has at most one pending categorization of each provider."""
        return f"{self.provider}/{self.asset_id}"


class PendingBook:
    """All pending categorizations."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._open = database.load(_TABLE, Pending)

    def begun(self, pending: Pending) -> None:
        """Store ``pending``, and replace an earlier one of the same provider and asset."""
        self._open[pending.key] = pending
        self._database.save(_TABLE, pending.key, pending)

    def ended(self, pending: Pending) -> None:
        """Remove ``pending``, unless a newer one has replaced it."""
        if self._open.get(pending.key) == pending:
            del self._open[pending.key]
            self._database.remove(_TABLE, pending.key)

    def left(self) -> list[Pending]:
        """Return all pending categorizations, also those that an earlier process began."""
        return list(self._open.values())

    def clear(self) -> None:
        """Remove all pending categorizations from memory."""
        self._open.clear()
