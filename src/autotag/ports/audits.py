"""Where audits are read."""

from typing import Protocol

from autotag.domain.model.audit import Audit


class Recorded(Protocol):
    """Where audits are read one by one."""

    def get(self, audit_id: str) -> Audit | None:
        """Return one record; raises ``Invalid`` where ``audit_id`` is none."""
        ...
