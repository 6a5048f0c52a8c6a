"""The datasource of an enum or set field: the entries that its values may name.

Source: pycloudinary test_metadata.py; a deleted entry is inactive and can be restored.
"""

import secrets
from collections.abc import Collection, Sequence
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from simulator.core.errors import ApiError

MAX_ENTRIES = 3000


class Entry(Struct, frozen=True):
    """One entry: ``value`` is shown to people, ``external_id`` is what assets store."""

    external_id: str
    value: str
    state: Literal["active", "inactive"] = "active"


class SentEntry(Struct, frozen=True):
    """An entry as a call sends it; without ``external_id`` it is a new one."""

    value: str = ""
    external_id: str = ""
    state: Literal["active", "inactive"] = "active"


def with_sent(entries: Sequence[Entry], sent: Sequence[SentEntry]) -> tuple[Entry, ...]:
    """Return ``entries`` with those of ``sent`` that have the same external_id changed, and the others at the end.

    Raises ``ApiError`` 400 for an entry without a value, or if they are too many.
    """
    by_id = {entry.external_id: entry for entry in entries}
    for new in sent:
        if not new.value:
            raise ApiError(400, "Missing required parameter - value of a datasource entry")
        external_id = new.external_id or secrets.token_hex(8)
        by_id[external_id] = Entry(external_id, new.value, new.state)
    if len(by_id) > MAX_ENTRIES:
        raise ApiError(400, f"Too many datasource entries - {len(by_id)} (maximum is {MAX_ENTRIES})")
    return tuple(by_id.values())


def with_state(
    entries: Sequence[Entry], external_ids: Collection[str], state: Literal["active", "inactive"]
) -> tuple[Entry, ...]:
    """Return ``entries``, those with one of ``external_ids`` in ``state``. Raises ``ApiError`` 404 for others."""
    unknown = set(external_ids).difference(entry.external_id for entry in entries)
    if unknown:
        raise ApiError(404, f"Datasource entry not found - {min(unknown)}")
    return tuple(replace(entry, state=state) if entry.external_id in external_ids else entry for entry in entries)


def active_ids(entries: Sequence[Entry]) -> set[str]:
    """Return the external_ids that a value may name."""
    return {entry.external_id for entry in entries if entry.state == "active"}


def active_values(entries: Sequence[Entry]) -> dict[str, list[dict[str, str]]]:
    """Return the active entries as calls on a datasource answer them."""
    active = [entry for entry in entries if entry.state == "active"]
    return {"values": [{"external_id": entry.external_id, "value": entry.value} for entry in active]}
