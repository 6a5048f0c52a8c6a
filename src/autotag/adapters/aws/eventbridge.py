"""Audits as events on the EventBridge bus."""

from collections.abc import Sequence
from typing import Any

from msgspec.structs import replace

from autotag.adapters.aws.batching import batches
from autotag.adapters.aws.client import asking
from autotag.domain.errors import Retryable
from autotag.domain.model.audit import Audit, TagChange, detail_types, public

SOURCE = "autotag"
_MAX_CALL = 250 * 1024
"""Bytes of all entries of a call: EventBridge accepts 256 KiB."""
_MAX_DETAIL = 240 * 1024
"""Bytes, which leave room for the other fields of an entry."""


class EventBridge:
    """Implements the ``Bus`` port. Events are sent at least once; consumers detect duplicates by audit_id."""

    def __init__(self, client: Any, bus: str) -> None:
        self._client, self._bus = client, bus

    def announce(self, audit: Audit) -> None:
        """Send an event of each type that announces ``audit``; parts that do not fit into an event are left out."""
        if faults := self.announce_all([audit]):
            raise Retryable(faults[audit.audit_id])

    def announce_all(self, audits: Sequence[Audit]) -> dict[str, str]:
        """Send the events of every audit, as many in a call as fit; return the errors of the others, by audit_id.

        After a call that fails as a whole, the rest is not tried.
        """
        entries = ((audit.audit_id, entry) for audit in audits for entry in self._entries(audit))
        faults: dict[str, str] = {}
        calls = list(batches(entries, _size, _MAX_CALL))
        for number, call in enumerate(calls):
            try:
                with asking("EventBridge"):
                    answer = self._client.put_events(Entries=[entry for _, entry in call])
            except Retryable as error:
                return faults | {audit_id: str(error) for unsent in calls[number:] for audit_id, _ in unsent}
            if answer.get("FailedEntryCount"):
                for (audit_id, _), result in zip(call, answer["Entries"], strict=True):
                    if code := result.get("ErrorCode"):
                        faults[audit_id] = f"EventBridge: {code}"
        return faults

    def _entries(self, audit: Audit) -> list[dict[str, str]]:
        detail = _detail(audit).decode()
        return [
            {"Source": SOURCE, "DetailType": kind, "Detail": detail, "EventBusName": self._bus}
            for kind in detail_types(audit)
        ]


def _size(entry: tuple[str, dict[str, str]]) -> int:
    return sum(len(text.encode()) for text in entry[1].values())


def _detail(audit: Audit) -> bytes:
    """Return the audit as JSON if it fits, else without labels, then without the tags before, then without any tags."""
    detail = public(audit)
    bare = replace(audit, labels=())
    for less in (bare, replace(bare, tags=replace(audit.tags, before=())), replace(bare, tags=TagChange((), (), ()))):
        if len(detail) <= _MAX_DETAIL:
            break
        detail = public(less)
    return detail
