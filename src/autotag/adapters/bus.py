"""Audits as events on the EventBridge bus."""

from typing import Any

from msgspec.structs import replace

from autotag.adapters.aws import asking
from autotag.domain.audit import Audit, TagChange, detail_types, public
from autotag.domain.errors import Retryable

SOURCE = "autotag"
_MAX_DETAIL = 240 * 1024
"""Bytes: EventBridge takes 256 KiB a call, the entries' other fields included."""


class EventBridge:
    """Implements the ``Bus`` port. Events come at least once; consumers tell duplicates by audit_id."""

    def __init__(self, client: Any, bus: str) -> None:
        self._client, self._bus = client, bus

    def announce(self, audit: Audit) -> None:
        """Send an event of each type that announces ``audit``; what is too large for one is left out of it."""
        detail = _detail(audit).decode()
        for kind in detail_types(audit):  # one a call: the limit is on all entries of a call together
            entry = {"Source": SOURCE, "DetailType": kind, "Detail": detail, "EventBusName": self._bus}
            with asking("EventBridge"):
                answer = self._client.put_events(Entries=[entry])
            if answer.get("FailedEntryCount"):
                codes = {failed.get("ErrorCode", "") for failed in answer["Entries"]} - {""}
                raise Retryable(f"EventBridge: {', '.join(sorted(codes))}")


def _detail(audit: Audit) -> bytes:
    """Return the record if it fits, else without its labels, then the tags that were there before, then any tags."""
    detail = public(audit)
    bare = replace(audit, labels=())
    for less in (bare, replace(bare, tags=replace(audit.tags, before=())), replace(bare, tags=TagChange((), (), ()))):
        if len(detail) <= _MAX_DETAIL:
            break
        detail = public(less)
    return detail
