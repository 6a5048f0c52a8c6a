"""The interfaces to Cloudinary, and to the limits of calls to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:  # names only: the webhook's cold start must not pay for the worker's domain
    from autotag.domain.model.asset import AssetRef
    from autotag.domain.model.health import Opened, Share
    from autotag.domain.runs.run import BackfillSource
    from autotag.domain.state.asset_state import Op


ApiName = Literal["upload", "admin"]
"""Cloudinary's APIs: tags are changed through the Upload API, assets are read and listed through the Admin API."""


class Cloudinary(Protocol):
    """Cloudinary's APIs. Raises the errors of ``autotag.domain.errors``."""

    def own_keys(self, *, newest: bool = False) -> frozenset[str]:
        """Return the API keys that this service calls with, and called with before.

        ``newest`` reads them anew: another process may know of a rotation earlier. Raises ``Retryable`` if that fails.
        """
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
        self, listing: BackfillSource, cursor: str, limit: int, timeout: float
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
        """Take one call out of this hour's budget, or raise ``BudgetExhausted`` with the seconds to wait.

        ``share``: ``live`` may use the whole budget, ``spare`` only what live work is unlikely to need, ``polls`` only
        what has passed of the hour, and ``hints`` at most a fixed part. ``hints`` is for reads that only a hint asks
        for.
        """
        ...


class CircuitBreaker(Protocol):
    """The circuit breaker, open while Cloudinary refuses the credentials, or does not answer."""

    def check(self, now: int, api: ApiName) -> None:
        """Raise ``CredentialsRefused`` or ``Unavailable`` if no call of ``api`` may be made at ``now`` (ms)."""
        ...

    def trip(self, now: int, reason: str) -> None:
        """Open the breaker for a while: the credentials are refused."""
        ...

    def opened(self, now: int) -> Opened | None:
        """Return until when the credentials count as refused and why, at ``now`` (ms), or None."""
        ...
