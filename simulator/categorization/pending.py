"""Pending categorizations, which continue after a restart."""

from msgspec import Struct

from simulator.categorization.modes import ModeRule
from simulator.core.database import Database, Table
from simulator.notifications.destinations import Cause


class PendingCategorization(Struct, frozen=True):
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


class PendingCategorizations:
    """All pending categorizations."""

    def __init__(self, database: Database) -> None:
        self._table = Table(database, "pending", PendingCategorization)

    def add(self, pending: PendingCategorization) -> None:
        """Store ``pending``, and replace an earlier one of the same provider and asset."""
        self._table.save(pending.key, pending)

    def remove(self, pending: PendingCategorization) -> None:
        """Remove ``pending``, unless a newer one has replaced it."""
        if self._table.get(pending.key) == pending:
            self._table.remove(pending.key)

    def all(self) -> list[PendingCategorization]:
        """Return all pending categorizations, also those that an earlier process began."""
        return self._table.values()

    def clear(self) -> None:
        """Remove all pending categorizations from memory."""
        self._table.clear()
