"""Notifications about facts that rules can test: assets moved, or their contextual metadata changed."""

from collections.abc import Iterator
from typing import Any

from autotag.domain.errors import Invalid
from autotag.domain.model.asset import parse_asset_id, parse_ref
from autotag.domain.model.messages import ContextChanged, FolderMoved, Moved, Recheck, Source
from autotag.domain.notifications.asset_changes import OnFault, each_entry

_MAX_CONTEXT = 1000
_MAX_FOLDER = 1024


def moved(
    document: dict[str, Any], observed_at: int, source: Source, own_key: str, on_fault: OnFault
) -> Iterator[Moved]:
    """Read ``move``: assets moved to another folder and kept their public_id, as in dynamic folder mode.

    Shape: cloudinary.com/documentation/notifications, "move".
    """

    def move(entry: dict[str, Any]) -> Moved:
        folder = entry.get("to_asset_folder")
        if not isinstance(folder, str):
            raise Invalid("to_asset_folder", "expected a string")
        return Moved(parse_ref({**entry, "version": 0}), folder.strip("/"), observed_at, source)

    yield from each_entry(document, move, on_fault)


def folder_moved(
    document: dict[str, Any], observed_at: int, source: Source, own_key: str, on_fault: OnFault
) -> Iterator[FolderMoved]:
    """Read ``move_or_rename_asset_folder``; yield nothing if the move is unfinished or has failed.

    Shape: cloudinary.com/documentation/notifications. The values of ``status`` are not documented, so every value
    counts as done, except those that mean unfinished or failed.
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
    document: dict[str, Any], observed_at: int, source: Source, own_key: str, on_fault: OnFault
) -> Iterator[ContextChanged]:
    """Read ``resource_context_changed``: added, updated and removed are lists of names and values, or objects.

    Sources differ: cloudinary.com/documentation/notifications shows lists, older samples show objects.
    """

    def change(entry: dict[str, Any]) -> ContextChanged | None:
        changed = _pairs(entry.get("added")) | _pairs(entry.get("updated"))
        removed = tuple(_pairs(entry.get("removed")))
        if not changed and not removed:
            return None
        return ContextChanged(parse_ref({**entry, "version": 0}), observed_at, source, changed, removed)

    yield from each_entry(document, change, on_fault)


def version_restored(
    document: dict[str, Any], observed_at: int, source: Source, own_key: str, on_fault: OnFault
) -> Iterator[Recheck]:
    """Read ``restore_asset_version``. No sample of it is known, so it is a hint to read the assets that it names."""
    listed = document if "resources" in document else {"resources": [document]}

    def restored(entry: dict[str, Any]) -> Recheck:
        return Recheck(parse_asset_id(entry.get("asset_id")), observed_at, source)

    yield from each_entry(listed, restored, on_fault)


def _pairs(value: object) -> dict[str, str]:
    """Return names and values of contextual metadata; a removed entry may have no value."""
    if isinstance(value, dict):
        pairs = [(key, entry_value) for key, entry_value in value.items()]
    elif isinstance(value, list):
        entries = [entry if isinstance(entry, dict) else {"name": entry} for entry in value]
        pairs = [(entry.get("name", entry.get("key")), entry.get("value", "")) for entry in entries]
    else:
        return {}
    return {key: _value(entry_value) for key, entry_value in pairs[:_MAX_CONTEXT] if isinstance(key, str) and key}


def _value(value: object) -> str:
    """Return the text of ``value``, or "". Of an object with the old and the new value, return the new one."""
    if isinstance(value, dict):
        value = value.get("new_value", value.get("value"))
    return value if isinstance(value, str) else ""
