"""What people gave an asset, sent along with the file that replaces its picture, so that they keep it.

Source: cloudinary.com/documentation/image_upload_api_reference, ``overwrite``: depending on a preference of the product
environment, an overwriting upload clears tags, contextual and structured metadata, or retains those of which it sends
none. So the union of what is stored and what is asked is sent: right in either kind of account.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from autotag_cli.cloudinary.metadata_pairs import context_of, joined, parted, texts

_PLACES = ("asset_folder", "display_name")
"""What people change in the Console besides; accounts with fixed folders have neither."""


class Kept(NamedTuple):
    """``fields`` of the replacing upload; ``remarks`` are sentences about what was asked and is not sent."""

    fields: dict[str, str]
    remarks: tuple[str, ...] = ()


def kept(stored: Mapping[str, Any], fields: Mapping[str, str], *, place: bool) -> Kept:
    """Return ``fields`` with the tags, context and structured metadata of ``stored``, Cloudinary's answer, added.

    Where both have a key of the context, the stored value stays: a person may have changed it since. ``place``: the
    folder in ``fields`` was asked for, and is not just where a new asset would go.
    """
    sent = dict(fields)
    asked = [tag for tag in fields.get("tags", "").split(",") if tag]
    tags = dict.fromkeys([*texts(stored.get("tags")), *asked])
    if tags:
        sent["tags"] = ",".join(tags)
    context, wanted = context_of(stored), parted(fields.get("context", ""))
    if context or wanted:
        sent["context"] = joined((wanted | context).items())
    metadata = stored.get("metadata")
    if isinstance(metadata, dict) and metadata:
        sent["metadata"] = joined((key, value) for key, value in metadata.items() if value is not None)
    for name in _PLACES:
        if stored.get(name) and not (place and name in fields):
            sent[name] = str(stored[name])
    other = [key for key in wanted if key in context and context[key] != wanted[key]]
    remarks = [f"its context {key} stays {context[key]!r}, autotag update changes it" for key in other]
    return Kept(sent, tuple(remarks))
