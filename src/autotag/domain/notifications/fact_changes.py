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
    status = _DONE[0] if document.get("status") is None else document["status"]
    if not isinstance(status, str) or status.lower() not in _DONE:
        if not isinstance(status, str) or status.lower() not in _NOT_DONE:
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
        said = [_pairs(entry.get(name)) for name in ("added", "updated", "removed")]
        if any(pairs is None for pairs in said):
            return Recheck(ref.asset_id, observed_at, source)
        added, updated, removed = (pairs or {} for pairs in said)
        changed = added | updated
        if None in changed.values():
            return Recheck(ref.asset_id, observed_at, source)
        if not changed and not removed:
            return None
        values = {key: value for key, value in changed.items() if value is not None}
        return ContextChanged(ref, observed_at, source, values, tuple(removed))

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


def _pairs(said: object) -> dict[str, str | None] | None:
    """Return names and values of contextual metadata; None for an unreadable value, or if nothing can be read."""
    if said is None:
        return {}
    if isinstance(said, dict):
        return {str(key): _value(value) for key, value in list(said.items())[:_MAX_CONTEXT] if key}
    if not isinstance(said, list):
        return None
    pairs: dict[str, str | None] = {}
    for entry in said[:_MAX_CONTEXT]:
        name = entry.get("name", entry.get("key")) if isinstance(entry, dict) else entry
        if not isinstance(name, str) or not name:
            return None
        pairs[name] = _value(entry) if isinstance(entry, dict) else None
    return pairs


def _value(said: object) -> str | None:
    """Return the text of ``said``, or None. Of an object with the old and the new value, return the new one."""
    if isinstance(said, dict):
        said = said.get("new_value", said.get("value"))
    return said if isinstance(said, str) else None
