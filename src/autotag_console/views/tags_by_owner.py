"""The tags of an asset by who set them."""

from typing import NamedTuple

from autotag.domain.model.labels import label_key
from autotag_console.views.stored_asset import StoredAsset


class OwnedTags(NamedTuple):
    """The tags of an asset. ``since`` of ``added`` and ``removed`` are when a person did it (ISO 8601).

    ``assigned``: those that Cloudinary's own auto-tagging seems to have added. ``found``: all others, which were there
    before the service looked, by an upload, a person or another program.
    """

    autotag: tuple[str, ...]
    added: tuple[tuple[str, str], ...]
    assigned: tuple[str, ...]
    found: tuple[str, ...]
    removed: tuple[tuple[str, str], ...]
    review: tuple[str, ...]


def tags_by_owner(asset: StoredAsset) -> OwnedTags:
    """Return the tags, each sorted by name; a person's doing counts more than Cloudinary's."""
    people = {label_key(tag): preference for tag, preference in asset.people.items()}
    added, assigned, found = [], [], []
    for tag in sorted(asset.tags.user):
        preference = people.get(label_key(tag))
        if preference is not None and preference.want == "add":
            added.append((tag, preference.at))
        elif label_key(tag) in asset.tags.assigned:
            assigned.append(tag)
        else:
            found.append(tag)
    removed = sorted((tag, preference.at) for tag, preference in asset.people.items() if preference.want == "remove")
    return OwnedTags(
        tuple(sorted(asset.tags.managed)),
        tuple(added),
        tuple(assigned),
        tuple(found),
        tuple(removed),
        tuple(sorted(asset.tags.review)),
    )
