"""What notifications tell of assets that exist already: their tags were changed, they were renamed or deleted.

Some name the assets in a list, some in an object by public_id; both are read everywhere.
"""

import posixpath
from collections.abc import Iterator
from typing import Any

from autotag.domain.asset import parse_asset_id, parse_ref
from autotag.domain.errors import Invalid
from autotag.domain.message import ContextChanged, Deleted, FolderMoved, Moved, PersonTags, Recheck, Renamed, Source

_MAX_TAGS_CHANGED = 1000
_MAX_CONTEXT = 1000
_MAX_FOLDER = 1024

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


def moved(document: dict[str, Any], observed_at: int, source: Source, own_key: str) -> Iterator[Moved]:
    """Read ``move``: assets got another folder and kept their public_id, as in dynamic folder mode.

    Shape: cloudinary.com/documentation/notifications, "move".
    """
    for entry in _resources(document):
        folder = entry.get("to_asset_folder")
        if not isinstance(folder, str):
            raise Invalid("to_asset_folder", "expected a string")
        yield Moved(parse_ref({**entry, "version": 0}), folder.strip("/"), observed_at, source)


def folder_moved(document: dict[str, Any], observed_at: int, source: Source, own_key: str) -> Iterator[FolderMoved]:
    """Read ``move_or_rename_asset_folder``; nothing while it is under way or where it failed.

    Shape: cloudinary.com/documentation/notifications; which words ``status`` may be is not documented, so that any
    but those for what is not done counts.
    """
    if document.get("status") in ("pending", "started", "in_progress", "processing", "failed", "error"):
        return
    found = [document.get(name) for name in ("from_path", "to_path")]
    for name, folder in zip(("from_path", "to_path"), found, strict=True):
        if not isinstance(folder, str) or len(folder) > _MAX_FOLDER:
            raise Invalid(name, f"expected a string of at most {_MAX_FOLDER} characters")
    before, after = (str(folder).strip("/") for folder in found)
    if before and before != after:
        yield FolderMoved(before, after, observed_at, source)


def context_changed(
    document: dict[str, Any], observed_at: int, source: Source, own_key: str
) -> Iterator[ContextChanged]:
    """Read ``resource_context_changed``: added, updated and removed are lists of names and values, or objects.

    Sources differ: cloudinary.com/documentation/notifications shows lists, older samples objects.
    """
    for entry in _resources(document):
        changed = _pairs(entry.get("added")) | _pairs(entry.get("updated"))
        removed = tuple(_pairs(entry.get("removed")))
        if changed or removed:
            yield ContextChanged(parse_ref({**entry, "version": 0}), observed_at, source, changed, removed)


def version_restored(document: dict[str, Any], observed_at: int, source: Source, own_key: str) -> Iterator[Recheck]:
    """Read ``restore_asset_version``, of which no sample is known: the assets that it names are to be read."""
    entries = list(_resources(document)) if "resources" in document else [document]
    for entry in entries:
        yield Recheck(parse_asset_id(entry.get("asset_id")), observed_at, source)


def _pairs(value: object) -> dict[str, str]:
    """Return names and values of contextual metadata; a removed one may have no value."""
    if isinstance(value, dict):
        pairs = [(key, said) for key, said in value.items()]
    elif isinstance(value, list):
        entries = [entry if isinstance(entry, dict) else {"name": entry} for entry in value]
        pairs = [(entry.get("name", entry.get("key")), entry.get("value", "")) for entry in entries]
    else:
        return {}
    return {key: _value(said) for key, said in pairs[:_MAX_CONTEXT] if isinstance(key, str) and key}


def _value(said: object) -> str:
    """Return the value that is told, the new one where that of before is told, too."""
    if isinstance(said, dict):
        said = said.get("new_value", said.get("value"))
    return said if isinstance(said, str) else ""


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
