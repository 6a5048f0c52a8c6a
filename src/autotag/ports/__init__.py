"""The interfaces that the use-cases need. Adapters implement them; tests pass fakes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:  # names only: the webhook's cold start must not pay for the worker's domain
    from collections.abc import Sequence

    from autotag.domain.model.asset import AssetRef
    from autotag.domain.model.audit import Audit
    from autotag.domain.model.health import Share
    from autotag.domain.model.messages import Message
    from autotag.domain.notifications.credentials import Credentials
    from autotag.domain.notifications.polled import Polled
    from autotag.domain.rules.compiled.ruleset import Rulebook
    from autotag.domain.runs.run import Listing
    from autotag.domain.state.asset_state import AssetState, DueKind, Op


class Secrets(Protocol):
    """The cached secret store. Raises ``Retryable`` if it cannot be read and nothing is cached."""

    def credentials(self, *, newer: bool = False) -> Credentials:
        """Return the credentials. With ``newer``, read them again unless a read was tried within the last minute."""
        ...


class Clock(Protocol):
    """Time and unique ids."""

    def now(self) -> int:
        """Return unix milliseconds."""
        ...

    def unique(self) -> str:
        """Return a new, globally unique id: 32 hex digits."""
        ...

    def spread(self, seconds: float) -> float:
        """Return ``seconds`` with jitter: a value between half of it and all of it."""
        ...


class Telemetry(Protocol):
    """Logs and metrics. Callers never pass secrets or signatures."""

    def count(self, metric: str, value: int = 1) -> None:
        """Add ``value`` to a metric."""
        ...

    def info(self, event: str, **fields: object) -> None:
        """Log what happened."""
        ...

    def warn(self, event: str, **fields: object) -> None:
        """Log something that may need attention."""
        ...


class Queue(Protocol):
    """The live queue."""

    def send(self, messages: list[Message]) -> None:
        """Queue every message, or raise ``Retryable``; some may be queued even then."""
        ...


class Channel(Protocol):
    """A poll channel, where notifications wait to be fetched. Raises the errors of ``autotag.domain.errors``."""

    def receive(self, wait: int) -> list[Polled]:
        """Return the messages that wait, or the first that comes within ``wait`` seconds.

        The channel hides them from other receivers for a minute.
        """
        ...

    def acknowledge(self, receipt_handles: list[str]) -> None:
        """Remove messages from the channel for good."""
        ...


class Store(Protocol):
    """States of assets. Reads are consistent; every write is conditional on what was read."""

    def load(self, asset_id: str) -> AssetState | None:
        """Return the state, or None if the asset was never seen."""
        ...

    def load_all(self, asset_ids: Sequence[str]) -> dict[str, AssetState]:
        """Return the states of those assets that were seen before, by asset_id."""
        ...

    def put(self, state: AssetState, *, over: AssetState | None) -> AssetState | None:
        """Write ``state`` if the stored one is still ``over``; return it with its new rev, or None if it is not.

        Raises ``TooLarge`` if it exceeds its size limit (see ``autotag.domain.state.item_size``).
        """
        ...

    def holders(self, asset: AssetRef) -> list[str]:
        """Return the asset_ids of the live assets last known under this public_id, resource_type and type."""
        ...

    def due(self, kind: DueKind, shard: int, now: int) -> list[str]:
        """Return the asset_ids whose work of ``kind`` is due at ``now`` (ms), the oldest first."""
        ...


class Audits(Protocol):
    """The audit log."""

    def put(self, audit: Audit) -> None:
        """Write ``audit`` unless one with its id exists."""
        ...

    def get(self, audit_id: str) -> Audit | None:
        """Return one audit, or None."""
        ...

    def of_asset(self, asset_id: str, limit: int, before: str = "") -> list[Audit]:
        """Return a page of an asset's audits, the newest first."""
        ...


class Bus(Protocol):
    """The event bus."""

    def announce(self, audit: Audit) -> None:
        """Send the events of ``audit``, or raise ``Retryable``."""
        ...

    def announce_all(self, audits: Sequence[Audit]) -> dict[str, str]:
        """Send the events of ``audits`` in few calls; return the errors of those that were not sent, by audit_id."""
        ...


class Cloudinary(Protocol):
    """Cloudinary's APIs. Raises the errors of ``autotag.domain.errors``."""

    def own_key(self) -> str:
        """Return the API key that this service calls with."""
        ...

    def keeps_tags(self) -> bool | None:
        """Return whether the account keeps an asset's tags when it is overwritten; None if that is not known."""
        ...

    def change_tags(self, asset: AssetRef, op: Op, tags: tuple[str, ...], timeout: float) -> bool:
        """Add or remove tags within ``timeout`` seconds; return whether the response names the asset."""
        ...

    def change_tags_of(
        self, resource_type: str, type_: str, public_ids: tuple[str, ...], op: Op, tags: tuple[str, ...], timeout: float
    ) -> frozenset[str]:
        """Add or remove the same tags of up to 1,000 assets; return the public_ids that the response names."""
        ...

    def listed(
        self, listing: Listing, cursor: str, limit: int, timeout: float
    ) -> tuple[list[dict[str, object]], str | None]:
        """Return a page of the Admin API's list of assets, and the next page's cursor, if any."""
        ...

    def categorize(self, asset: AssetRef, provider: str, timeout: float) -> dict[str, object]:
        """Have an add-on categorize an asset, for one unit; return its details, whose labels may still be pending."""
        ...

    def resource(self, asset_id: str, timeout: float) -> dict[str, object]:
        """Return the Admin API's details of an asset; raises ``Missing`` if it does not exist."""
        ...


class Budget(Protocol):
    """The budget of Admin API calls for each hour, shared by every caller."""

    def reserve(self, now: int, *, share: Share = "live") -> None:
        """Take one call out of this hour's budget, or raise ``BudgetExhausted`` with the seconds until the next hour.

        ``share``: ``live`` may use the whole budget, ``spare`` only what live work is unlikely to need, and ``hints``
        at most a fixed part of it. ``hints`` is for reads that only a hint asks for.
        """
        ...


class Breaker(Protocol):
    """The circuit breaker, open while Cloudinary refuses the credentials."""

    def check(self, now: int) -> None:
        """Raise ``CredentialsRefused`` while the breaker is open."""
        ...

    def trip(self, now: int, reason: str) -> None:
        """Open the breaker for a while."""
        ...


class RulesSource(Protocol):
    """The active rules."""

    def active(self, *, at_least: int = 0) -> tuple[Rulebook, int]:
        """Return the compiled rules and their sequence number, at most half a minute old.

        If that number is below ``at_least``, read again at once; it may still be below. Raises ``Retryable`` if no
        rules are known yet and none can be read.
        """
        ...
