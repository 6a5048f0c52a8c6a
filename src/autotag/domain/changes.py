"""What notifications tell of assets that exist already: their tags were changed, they were renamed or deleted.

Some name the assets in a list, some in an object by public_id; both are read everywhere.
"""

import posixpath
from collections.abc import Iterator
from typing import Any

from autotag.domain.asset import parse_ref
from autotag.domain.errors import Invalid
from autotag.domain.message import Deleted, PersonTags, Renamed, Source

_MAX_TAGS_CHANGED = 1000

_BY_HAND = "ui"
"""The source of what was done in the console; remembered from deliveries, not confirmed by a document."""


def tags_changed(document: dict[str, Any], observed_at: int, source: Source, own_key: str) -> Iterator[PersonTags]:
    """Read ``resource_tags_changed``; nothing where ``own_key``, the key that only this service writes with, did it."""
    context = document.get("notification_context")
    triggered_by = context.get("triggered_by") if isinstance(context, dict) else None
    by = triggered_by.get("id") if isinstance(triggered_by, dict) else None
    by = by[:256] if isinstance(by, str) else ""
    by_hand = _BY_HAND in (document.get("source"), triggered_by.get("source") if isinstance(triggered_by, dict) else "")
    if own_key and by == own_key:
        return
    for entry in _resources(document):
        added, removed = _tags(entry.get("added")), _tags(entry.get("removed"))
        if added or removed:
            ref = parse_ref({**entry, "version": 0})
            yield PersonTags(ref, observed_at, by, source, added, removed, by_hand)


def renamed(document: dict[str, Any], observed_at: int, source: Source, own_key: str) -> Iterator[Renamed]:
    """Read ``rename``; where no folder is named, the account has fixed folders, and the public_id tells."""
    name = document.get("to_public_id")
    if not isinstance(name, str):
        raise Invalid("to_public_id", "expected a string")
    ref = parse_ref({**document, "public_id": name, "version": 0})
    folder = document.get("asset_folder")
    folder = folder if isinstance(folder, str) else posixpath.dirname(name)
    yield Renamed(ref, folder.strip("/"), observed_at, source)


def deleted(document: dict[str, Any], observed_at: int, source: Source, own_key: str) -> Iterator[Deleted]:
    """Read ``delete``, which lists every asset of one call."""
    for entry in _resources(document):
        yield Deleted(parse_ref({"version": 0, **entry}), observed_at, source)


def _resources(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    resources = document.get("resources")
    if isinstance(resources, dict):
        named = resources.items()
        resources = [{"public_id": name, **entry} if isinstance(entry, dict) else entry for name, entry in named]
    if not isinstance(resources, list):
        raise Invalid("resources", "expected a list of assets")
    for i, entry in enumerate(resources):
        if not isinstance(entry, dict):
            raise Invalid(f"resources[{i}]", "expected an object")
        yield entry


def _tags(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        return ()
    return tuple(tag for tag in value[:_MAX_TAGS_CHANGED] if isinstance(tag, str) and tag.strip())
