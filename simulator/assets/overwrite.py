"""The tags, context and metadata of an asset after an upload overwrites it.

Source: cloudinary.com/documentation/image_upload_api_reference, ``overwrite``: depending on a preference of the product
environment (Console, Media Library Preferences) these values are cleared, or retained "unless you specify different
values for the tags, context, or metadata parameters as part of your upload". Not known: whether the notification of
such an upload lists what was retained; an Admin read does.
"""

from msgspec.structs import replace

from simulator.assets.assets import Asset
from simulator.assets.tags import unique_tags
from simulator.core.settings import Settings


def merge_overwritten(before: Asset, draft: Asset, settings: Settings) -> Asset:
    """Return ``draft`` with the asset_id of ``before``, a later version, and the values that the account keeps."""
    version = max(draft.version, before.version + 1)
    draft = replace(draft, asset_id=before.asset_id, version=version)
    if not settings.keep_on_overwrite:
        return draft
    if settings.values_sent_on_overwrite == "join":
        tags = unique_tags([*before.tags, *draft.tags])
        return replace(
            draft, tags=tags, context=before.context | draft.context, metadata=before.metadata | draft.metadata
        )
    return replace(
        draft,
        tags=draft.tags or before.tags,
        context=draft.context or before.context,
        metadata=draft.metadata or before.metadata,
    )


def as_notified(asset: Asset, draft: Asset, settings: Settings) -> Asset:
    """Return ``asset`` as the notification of its upload lists it; ``draft`` has the values that the call sent."""
    if settings.kept_values_notified:
        return asset
    return replace(asset, tags=draft.tags, context=draft.context, metadata=draft.metadata)
