"""Values that people gave an asset. They are sent with the file that replaces its picture, so that they stay.

Source: cloudinary.com/documentation/image_upload_api_reference, ``overwrite``: depending on a preference of the product
environment, an overwriting upload clears tags, contextual and structured metadata, or retains those of which it sends
none. So the union of stored and requested values is sent, which is right in both kinds of account.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from autotag_cli.cloudinary.metadata_pairs import context_of, decode_pairs, encode_pairs, text_list

_CONSOLE_VALUES = ("asset_folder", "display_name")
"""Values that people can also change in the Console; accounts with fixed folders have neither."""


class KeptValues(NamedTuple):
    """``fields`` of the replacing upload; ``remarks``: sentences about requested values that are not sent."""

    fields: dict[str, str]
    remarks: tuple[str, ...] = ()


def with_kept_values(stored: Mapping[str, Any], fields: Mapping[str, str], *, folder_requested: bool) -> KeptValues:
    """Return ``fields``, with the tags, context and structured metadata of ``stored`` (Cloudinary's response) added.

    If both have a key of the context, the stored value stays: a person may have changed it since.
    ``folder_requested``: the folder in ``fields`` was requested, and is not just where a new asset would go.
    """
    sent = dict(fields)
    requested_tags = [tag for tag in fields.get("tags", "").split(",") if tag]
    tags = dict.fromkeys([*text_list(stored.get("tags")), *requested_tags])
    if tags:
        sent["tags"] = ",".join(tags)
    context, requested_context = context_of(stored), decode_pairs(fields.get("context", ""))
    if context or requested_context:
        sent["context"] = encode_pairs((requested_context | context).items())
    metadata = stored.get("metadata")
    if isinstance(metadata, dict) and metadata:
        sent["metadata"] = encode_pairs((key, value) for key, value in metadata.items() if value is not None)
    for name in _CONSOLE_VALUES:
        if stored.get(name) and not (folder_requested and name in fields):
            sent[name] = str(stored[name])
    other = [key for key in requested_context if key in context and context[key] != requested_context[key]]
    remarks = [f"its context {key} stays {context[key]!r}, autotag update changes it" for key in other]
    return KeptValues(sent, tuple(remarks))
