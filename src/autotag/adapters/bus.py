"""Audits as events on the EventBridge bus."""

from typing import Any

import msgspec

from autotag.adapters.aws import asking
from autotag.domain.audit import Audit, detail_types, public
from autotag.domain.errors import Retryable

SOURCE = "autotag"
_MAX_DETAIL = 240 * 1024
"""Bytes: EventBridge takes 256 KiB an entry, its other fields included."""


class EventBridge:
    """Implements the ``Bus`` port. Events come at least once; consumers tell duplicates by audit_id."""

    def __init__(self, client: Any, bus: str) -> None:
        self._client, self._bus = client, bus

    def announce(self, audit: Audit) -> None:
        """Send an event of each type that announces ``audit``; one that is too large goes without its labels."""
        detail = public(audit)
        if len(detail) > _MAX_DETAIL:
            detail = public(msgspec.structs.replace(audit, labels=()))
        entries = [
            {"Source": SOURCE, "DetailType": kind, "Detail": detail.decode(), "EventBusName": self._bus}
            for kind in detail_types(audit)
        ]
        with asking("EventBridge"):
            answer = self._client.put_events(Entries=entries)
        if answer.get("FailedEntryCount"):
            codes = {entry.get("ErrorCode", "") for entry in answer["Entries"]} - {""}
            raise Retryable(f"EventBridge: {', '.join(sorted(codes))}")
