"""Steps common to calls on a stored asset: find it, and change the values that explicit and update may change."""

from msgspec.structs import replace

from simulator.api.call import Call
from simulator.assets.assets import Asset
from simulator.assets.naming import with_sent_names
from simulator.assets.tags import parse_pairs, unique_tags
from simulator.core.errors import asset_not_found
from simulator.environment import Environment
from simulator.metadata.values import changed, parse_metadata


def find_existing(environment: Environment, call: Call, public_id: str) -> Asset:
    """Return the asset that an Upload API call names. Raises ``ApiError`` 404."""
    asset = environment.store.find(call.key_of(public_id))
    if asset is None:
        raise asset_not_found(public_id)
    return asset


def apply_changes(environment: Environment, asset: Asset, call: Call) -> Asset:
    """Return ``asset`` with the values that the call sends. Tags and context replace the stored ones.

    Structured metadata changes field by field.
    """
    params = call.params
    if "tags" in params.values:
        asset = replace(asset, tags=unique_tags(params.names("tags")))
    if "context" in params.values:
        asset = replace(asset, context=parse_pairs(params.text("context"), "context"))
    if "metadata" in params.values:
        sent = parse_metadata(params.text("metadata"), environment.metadata_fields)
        asset = replace(asset, metadata=changed(asset.metadata, sent))
    return with_sent_names(asset, params, environment.settings.current.folder_mode)
