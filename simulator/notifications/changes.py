"""Changes of stored assets, in the form of each type of notification."""

from collections.abc import Callable
from typing import Any, NamedTuple

from simulator.assets.assets import Asset
from simulator.assets.bodies import identity
from simulator.assets.tags import tag_change
from simulator.core.events import Event


class Edit(NamedTuple):
    """An asset before and after a change."""

    before: Asset
    after: Asset


def resources_by_event(edits: list[Edit]) -> dict[Event, list[dict[str, Any]] | dict[str, dict[str, Any]]]:
    """Return the ``resources`` of each type of notification that ``edits`` cause.

    Changed tags are a list, all other changes an object by public_id, as in Cloudinary.
    """
    resources: dict[Event, list[dict[str, Any]] | dict[str, dict[str, Any]]] = {}
    tags = [identity(edit.after) | _tags(edit) for edit in edits if tag_change(edit.before.tags, edit.after.tags)]
    if tags:
        resources["resource_tags_changed"] = tags
    for event, (field, describe) in _BY_FIELD.items():
        changed = [edit for edit in edits if getattr(edit.before, field) != getattr(edit.after, field)]
        if changed:
            resources[event] = {edit.after.public_id: describe(edit) | identity(edit.after) for edit in changed}
    return resources


def _tags(edit: Edit) -> dict[str, Any]:
    change = tag_change(edit.before.tags, edit.after.tags)
    return {"added": list(change.added), "removed": list(change.removed), "updated": []}


def _context(edit: Edit) -> dict[str, Any]:
    def listed(pairs: dict[str, str]) -> list[dict[str, str]]:
        return [{"name": name, "value": value} for name, value in pairs.items()]

    before, after = edit.before.context, edit.after.context
    return {
        "added": listed({k: v for k, v in after.items() if k not in before}),
        "removed": listed({k: v for k, v in before.items() if k not in after}),
        "updated": listed({k: v for k, v in after.items() if k in before and before[k] != v}),
    }


def _metadata(edit: Edit) -> dict[str, Any]:
    return {"previous_metadata": edit.before.metadata, "new_metadata": edit.after.metadata}


def _display_name(edit: Edit) -> dict[str, Any]:
    return {"previous_display_name": edit.before.display_name, "new_display_name": edit.after.display_name}


def _move(edit: Edit) -> dict[str, Any]:
    return {
        "from_asset_folder": edit.before.asset_folder,
        "to_asset_folder": edit.after.asset_folder,
        "display_name": edit.after.display_name,
    }


_BY_FIELD: dict[Event, tuple[str, Callable[[Edit], dict[str, Any]]]] = {
    "resource_context_changed": ("context", _context),
    "resource_metadata_changed": ("metadata", _metadata),
    "resource_display_name_changed": ("display_name", _display_name),
    "move": ("asset_folder", _move),
}
