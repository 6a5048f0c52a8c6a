"""The interface to read audits."""

from typing import Protocol

from autotag.domain.model.audit import Audit


class Recorded(Protocol):
    """Read access to single audits."""

    def get(self, audit_id: str) -> Audit | None:
        """Return one audit, or None; raises ``Invalid`` if ``audit_id`` is not an audit id."""
        ...
