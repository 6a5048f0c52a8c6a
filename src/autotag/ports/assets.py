"""The interfaces to the states of assets, to the event bus and to the workers that finish due work."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:  # names only: the webhook's cold start must not pay for the worker's domain
    from collections.abc import Sequence

    from autotag.domain.model.asset import AssetRef
    from autotag.domain.model.audit import Audit
    from autotag.domain.model.health import DueAsset
    from autotag.domain.state.asset_state import AssetState
    from autotag.domain.state.due_entry import DueKind


class StateStore(Protocol):
    """States of assets. Reads are consistent; every write is conditional on what was read."""

    def load(self, asset_id: str) -> AssetState | None:
        """Return the state, or None if the asset was never seen."""
        ...

    def load_all(self, asset_ids: Sequence[str]) -> dict[str, AssetState]:
        """Return the states of those assets that were seen before, by asset_id."""
        ...

    def put(self, state: AssetState, *, expected: AssetState | None) -> AssetState | None:
        """Write ``state`` if the stored one is still ``expected``; return it with its new rev, or None if it is not.

        Raises ``TooLarge`` if it exceeds its size limit (see ``autotag.domain.state.item_size``).
        """
        ...

    def holders(self, asset: AssetRef) -> list[str]:
        """Return the asset_ids of the live assets last known under this public_id, resource_type and type."""
        ...

    def due(self, kind: DueKind, shard: int, now: int, most: int) -> list[DueAsset]:
        """Return up to ``most`` assets of one partition whose work of ``kind`` is due at ``now`` (ms), oldest first."""
        ...


class DueQueue(Protocol):
    """The workers' queue, as far as due work needs it."""

    def waiting(self) -> int:
        """Return about how many messages of any kind wait to be received, or raise ``Retryable``."""
        ...

    def send(self, asset_ids: Sequence[str]) -> None:
        """Queue a message for each of up to ten assets, or raise ``Retryable``; some may be queued even then."""
        ...


class EventBus(Protocol):
    """The event bus."""

    def announce(self, audit: Audit) -> None:
        """Send the events of ``audit``, or raise ``Retryable``."""
        ...

    def announce_all(self, audits: Sequence[Audit]) -> dict[str, str]:
        """Send the events of ``audits`` in few calls; return the errors of those that were not sent, by audit_id."""
        ...
