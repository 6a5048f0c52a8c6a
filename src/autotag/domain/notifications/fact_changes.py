"""Notifications about facts that rules can test: assets moved, or contextual or structured metadata changed."""

from collections.abc import Iterator
from typing import Any

from autotag.domain.errors import Invalid
from autotag.domain.model.asset import parse_asset_id, parse_metadata, parse_ref
from autotag.domain.model.messages import (
    AssetMoved,
    ContextChanged,
    FolderMoved,
    MessageOrigin,
    MetadataChanged,
    RefetchAsset,
)
from autotag.domain.notifications.asset_changes import OnInvalid, each_entry

_MAX_CONTEXT = 1000
_MAX_FOLDER = 1024
_DONE = ("completed", "complete", "success", "succeeded", "done", "ok", "finished")
_NOT_DONE = ("pending", "queued", "started", "in_progress", "processing", "failed", "error", "canceled", "cancelled")


def read_move(
    document: dict[str, Any], observed_at: int, source: MessageOrigin, own_key: str, on_invalid: OnInvalid
) -> Iterator[AssetMoved]:
    """Read ``move``: assets moved to another folder and kept their public_id, as in dynamic folder mode.

    Shape: cloudinary.com/documentation/notifications, "move".
    """

    def read_entry(entry: dict[str, Any]) -> AssetMoved:
        folder = entry.get("to_asset_folder")
        if not isinstance(folder, str):
            raise Invalid("to_asset_folder", "expected a string")
        return AssetMoved(parse_ref({**entry, "version": 0}), folder.strip("/"), observed_at, source)

    yield from each_entry(document, read_entry, on_invalid)


def read_folder_move(
    document: dict[str, Any], observed_at: int, source: MessageOrigin, own_key: str, on_invalid: OnInvalid
) -> Iterator[FolderMoved]:
    """Read ``move_or_rename_asset_folder``; yield nothing if the move is unfinished or has failed.

    Shape: cloudinary.com/documentation/notifications. The values of ``status`` are not documented: an unknown one is
    reported as a fault, and moves nothing.
    """
    status = document.get("status")
    status = status.lower() if isinstance(status, str) else status
    if status is not None and status not in _DONE:
        if status not in _NOT_DONE:
            on_invalid(Invalid("status", f"expected one of {', '.join(_DONE)}"))
        return
    before, after = _folder(document, "from_path"), _folder(document, "to_path")
    if before and before != after:
        yield FolderMoved(before, after, observed_at, source)


def read_context_change(
    document: dict[str, Any], observed_at: int, source: MessageOrigin, own_key: str, on_invalid: OnInvalid
) -> Iterator[ContextChanged | RefetchAsset]:
    """Read ``resource_context_changed``: added, updated and removed are lists of names and values, or objects.

    Sources differ: cloudinary.com/documentation/notifications shows lists, older samples show objects. A change in
    any other form leads to a read of the asset.
    """

    def read_entry(entry: dict[str, Any]) -> ContextChanged | RefetchAsset | None:
        ref = parse_ref({**entry, "version": 0})
        added, updated = _pairs(entry.get("added")), _pairs(entry.get("updated"))
        removed = _pairs(entry.get("removed"), valued=False)
        if added is None or updated is None or removed is None:
            return RefetchAsset(ref.asset_id, observed_at, source)
        if not added and not updated and not removed:
            return None
        return ContextChanged(ref, observed_at, source, added | updated, tuple(removed))

    messages: Iterator[ContextChanged | RefetchAsset] = each_entry(document, read_entry, on_invalid)
    yield from messages


def read_metadata_change(
    document: dict[str, Any], observed_at: int, source: MessageOrigin, own_key: str, on_invalid: OnInvalid
) -> Iterator[MetadataChanged | RefetchAsset]:
    """Read ``resource_metadata_changed``: previous_metadata and new_metadata are objects of values by external_id.

    Whether they hold all fields or only those that changed is not documented, so a field counts as removed only if
    the former has it and the latter does not. A change in any other form leads to a read of the asset.
    """

    def read_entry(entry: dict[str, Any]) -> MetadataChanged | RefetchAsset | None:
        ref = parse_ref({**entry, "version": 0})
        before, after = (_object(entry.get(name)) for name in ("previous_metadata", "new_metadata"))
        if before is None or after is None:
            return RefetchAsset(ref.asset_id, observed_at, source)
        if before == after:
            return None
        known = parse_metadata(after)
        # a value that cannot be kept replaces a known one all the same
        gone = sorted({field for field in {**before, **after} if field and field not in known})
        return MetadataChanged(ref, observed_at, source, known, tuple(gone[:_MAX_CONTEXT]))

    messages: Iterator[MetadataChanged | RefetchAsset] = each_entry(document, read_entry, on_invalid)
    yield from messages


def read_restoration(
    document: dict[str, Any], observed_at: int, source: MessageOrigin, own_key: str, on_invalid: OnInvalid
) -> Iterator[RefetchAsset]:
    """Read ``restore_asset_version``. No sample of it is known, so it is a hint to read the assets that it names."""
    listed = document if "resources" in document else {"resources": [document]}

    def read_entry(entry: dict[str, Any]) -> RefetchAsset:
        return RefetchAsset(parse_asset_id(entry.get("asset_id")), observed_at, source)

    yield from each_entry(listed, read_entry, on_invalid)


def _folder(document: dict[str, Any], name: str) -> str:
    folder = document.get(name)
    if not isinstance(folder, str) or len(folder) > _MAX_FOLDER:
        raise Invalid(name, f"expected a string of at most {_MAX_FOLDER} characters")
    return folder.strip("/")


def _object(value: object) -> dict[str, Any] | None:
    """Return an object of values, empty for null; None for anything else."""
    return {} if value is None else value if isinstance(value, dict) else None


def _pairs(value: object, *, valued: bool = True) -> dict[str, str] | None:
    """Return names and values of contextual metadata; None if they cannot be read. ``valued``: each has a value."""
    if value is None:
        return {}
    if isinstance(value, dict):
        entries = [(name, inner) for name, inner in value.items() if name]
    elif isinstance(value, list):
        listed = [entry if isinstance(entry, dict) else {"name": entry, "value": None} for entry in value]
        entries = [(entry.get("name", entry.get("key")), entry) for entry in listed]
    else:
        return None
    pairs = [(name, _text(inner)) for name, inner in entries[:_MAX_CONTEXT]]
    if any(not isinstance(name, str) or not name or (valued and text is None) for name, text in pairs):
        return None
    return {name: text or "" for name, text in pairs}


def _text(value: object) -> str | None:
    """Return ``value`` if it is a string, or the new value of an object with the old and the new one; else None."""
    if isinstance(value, dict):
        value = value.get("new_value", value.get("value"))
    return value if isinstance(value, str) else None
