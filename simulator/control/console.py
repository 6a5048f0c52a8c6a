"""Changes that a person makes in the Console, without an API key."""

from msgspec import Struct
from msgspec.structs import replace

from simulator.assets.assets import Asset
from simulator.assets.tags import TagChange, apply_command, tag_change, unique_tags
from simulator.core.errors import asset_not_found, missing_parameter
from simulator.environment import Environment
from simulator.notifications.changes import Edit
from simulator.notifications.destinations import Cause


class ConsoleEdit(Struct, frozen=True, forbid_unknown_fields=True):
    """Tags that a person adds or removes. ``asset_id`` identifies the asset, else its public_id."""

    asset_id: str = ""
    public_id: str = ""
    resource_type: str = "image"
    type: str = "upload"
    add: list[str] = []
    remove: list[str] = []
    by: str = "person@example.com"


def change_tags(environment: Environment, edit: ConsoleEdit) -> tuple[Asset, TagChange]:
    """Change tags as a person, and notify. Raises ``ApiError`` 400 without an id, 404 for an unknown asset."""
    if not edit.asset_id and not edit.public_id:
        raise missing_parameter("asset_id or public_id")
    key = edit.resource_type, edit.type, edit.public_id
    asset = environment.store.by_id(edit.asset_id) if edit.asset_id else environment.store.find(key)
    if asset is None:
        raise asset_not_found(edit.asset_id or edit.public_id)
    after = apply_command(apply_command(asset.tags, "remove", tuple(edit.remove)), "add", unique_tags(edit.add))
    change = tag_change(asset.tags, after)
    if change:
        before, asset = asset, environment.store.save(replace(asset, tags=after))
        environment.notifier.edited([Edit(before, asset)], Cause("ui", edit.by, ""))
    return asset, change
