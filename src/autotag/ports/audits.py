"""The interfaces to the audit log."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:  # names only: the webhook's cold start must not pay for the worker's domain
    from autotag.domain.model.audit import Audit


class AuditReader(Protocol):
    """Read access to audits."""

    def get(self, audit_id: str) -> Audit | None:
        """Return one audit, or None; raises ``Invalid`` if ``audit_id`` is not an audit id."""
        ...

    def of_asset(self, asset_id: str, limit: int, before: str = "") -> list[Audit]:
        """Return a page of an asset's audits, the newest first."""
        ...


class AuditLog(AuditReader, Protocol):
    """The audit log."""

    def put(self, audit: Audit) -> None:
        """Write ``audit`` unless one with its id exists."""
        ...
