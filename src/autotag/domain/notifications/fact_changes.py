"""Notifications about facts that rules can test: assets moved, or their contextual metadata changed."""

from collections.abc import Iterator
from typing import Any

from autotag.domain.errors import Invalid
from autotag.domain.model.asset import parse_asset_id, parse_ref
from autotag.domain.model.messages import ContextChanged, FolderMoved, Moved, Recheck, Source
from autotag.domain.notifications.asset_changes import OnFault, each_entry

_MAX_CONTEXT = 1000
_MAX_FOLDER = 1024
_DONE = ("completed", "complete", "success", "succeeded", "done", "ok", "finished")
_NOT_DONE = ("pending", "queued", "started", "in_progress", "processing", "failed", "error", "canceled", "cancelled")


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

    Shape: cloudinary.com/documentation/notifications. The values of ``status`` are not documented: an unknown one is
    reported as a fault, and moves nothing.
    """
    status = document.get("status")
    word = status.lower() if isinstance(status, str) else status
    if word is not None and word not in _DONE:
        if word not in _NOT_DONE:
            on_fault(Invalid("status", f"expected one of {', '.join(_DONE)}"))
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
) -> Iterator[ContextChanged | Recheck]:
    """Read ``resource_context_changed``: added, updated and removed are lists of names and values, or objects.

    Sources differ: cloudinary.com/documentation/notifications shows lists, older samples show objects. A change in
    any other form leads to a read of the asset.
    """

    def change(entry: dict[str, Any]) -> ContextChanged | Recheck | None:
        ref = parse_ref({**entry, "version": 0})
        added, updated = _pairs(entry.get("added")), _pairs(entry.get("updated"))
        removed = _pairs(entry.get("removed"), valued=False)
        if added is None or updated is None or removed is None:
            return Recheck(ref.asset_id, observed_at, source)
        if not added and not updated and not removed:
            return None
        return ContextChanged(ref, observed_at, source, added | updated, tuple(removed))

    found: Iterator[ContextChanged | Recheck] = each_entry(document, change, on_fault)
    yield from found


def version_restored(
    document: dict[str, Any], observed_at: int, source: Source, own_key: str, on_fault: OnFault
) -> Iterator[Recheck]:
    """Read ``restore_asset_version``. No sample of it is known, so it is a hint to read the assets that it names."""
    listed = document if "resources" in document else {"resources": [document]}

    def restored(entry: dict[str, Any]) -> Recheck:
        return Recheck(parse_asset_id(entry.get("asset_id")), observed_at, source)

    yield from each_entry(listed, restored, on_fault)


def _pairs(said: object, *, valued: bool = True) -> dict[str, str] | None:
    """Return names and values of contextual metadata; None if they cannot be read. ``valued``: each has a value."""
    if said is None:
        return {}
    if isinstance(said, dict):
        entries = [(key, value) for key, value in said.items() if key]
    elif isinstance(said, list):
        listed = [entry if isinstance(entry, dict) else {"name": entry, "value": None} for entry in said]
        entries = [(entry.get("name", entry.get("key")), entry) for entry in listed]
    else:
        return None
    pairs = [(name, _value(value)) for name, value in entries[:_MAX_CONTEXT]]
    if any(not isinstance(name, str) or not name or (valued and value is None) for name, value in pairs):
        return None
    return {name: value or "" for name, value in pairs}


def _value(said: object) -> str | None:
    """Return the text of ``said``, or None. Of an object with the old and the new value, return the new one."""
    if isinstance(said, dict):
        said = said.get("new_value", said.get("value"))
    return said if isinstance(said, str) else None
