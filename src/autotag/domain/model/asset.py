"""An asset's identity, and the facts that Cloudinary last reported about it."""

import posixpath
import re
from collections.abc import Iterable, Mapping
from typing import Any

from msgspec import UNSET, Struct, UnsetType

from autotag.domain.errors import Invalid

_ASSET_ID = re.compile(r"[0-9A-Za-z_-]{1,64}")
_WORD = re.compile(r"[a-z][a-z0-9_]{0,31}")
"""A delivery type. Source: cloudinary.com/documentation/image_trans_flags_delivery_types. The digit is for
``url2png``, the type of the screenshot add-on; that name is from memory, not confirmed."""
_DELIVERY_PATH = re.compile(r"/(image|video|raw)/(upload|private|authenticated|fetch|facebook|twitter)/")
_RESOURCE_TYPES = ("image", "video", "raw", "")
_MAX_PUBLIC_ID = 1024

MetadataValue = str | tuple[str, ...]
"""A value of structured metadata: a text, a date, a whole number as its digits, the external_id of an entry of a list,
or several of those. Source: cloudinary.com/documentation/structured_metadata, field types."""

MAX_METADATA_VALUE = 255
"""The longest text that is kept, in characters, as the external_id of an entry; a rule names no longer one."""

_MAX_METADATA = 8192
"""Characters of fields and values that are kept of one asset, so that a state stays small."""


class AssetRef(Struct, frozen=True):
    """An asset's identity. ``asset_id`` never changes; ``public_id`` is unique per (resource_type, type) only.

    ``version`` is the unix time in seconds of the upload. ``resource_type`` and ``type`` are "" if the message
    does not contain them.
    """

    asset_id: str
    public_id: str
    resource_type: str
    type: str
    version: int


class Facts(Struct, frozen=True):
    """What rules can test of an asset: folder, format, contextual metadata and tags, as of ``observed_at`` (ms).

    ``metadata`` is the structured metadata by external_id. It is absent where it was never seen, as in what earlier
    releases stored; an asset that was seen without any has an empty one.
    """

    folder: str
    format: str
    context: dict[str, str]
    tags: tuple[str, ...]
    observed_at: int
    metadata: dict[str, MetadataValue] | UnsetType = UNSET

    @property
    def known_metadata(self) -> dict[str, MetadataValue]:
        """The structured metadata, empty where it was never seen."""
        return {} if isinstance(self.metadata, UnsetType) else self.metadata


class FolderMove(Struct, frozen=True):
    """The move of a folder, with everything in it, to another path at ``at`` (ms)."""

    from_folder: str
    to_folder: str
    at: int


def parse_ref(body: dict[str, Any]) -> AssetRef:
    """Read an asset's identity from a notification or an Admin API response; raises ``Invalid`` naming the field."""
    version = body.get("version")
    if isinstance(version, bool) or not isinstance(version, int) or not 0 <= version < 10**12:
        raise Invalid("version", "expected the unix seconds of the upload")
    resource_type, type_ = body.get("resource_type"), body.get("type")
    if not resource_type or not type_:  # an info notification has them only in its URL
        match = _DELIVERY_PATH.search(str(body.get("secure_url") or body.get("url") or ""))
        resource_type, type_ = match.groups() if match else ("", "")
    if resource_type not in _RESOURCE_TYPES:  # it becomes part of a path
        raise Invalid("resource_type", "expected image, video or raw")
    if not isinstance(type_, str) or (type_ and not _WORD.fullmatch(type_)):
        raise Invalid("type", "expected a word such as upload")
    return AssetRef(parse_asset_id(body.get("asset_id")), _public_id(body), resource_type, type_, version)


def parse_asset_id(value: object) -> str:
    """Return ``value`` if it is an asset_id, a word that is safe in a URL path; raises ``Invalid``.

    Answers from before 2021 have none, as a public capture of 2018 shows. Nothing else names an asset for good.
    """
    if value is None:
        raise Invalid("asset_id", "is missing, expected 1 to 64 letters, digits, - or _")
    if not isinstance(value, str) or not is_asset_id(value):
        raise Invalid("asset_id", "expected 1 to 64 letters, digits, - or _")
    return value


def is_asset_id(text: str) -> bool:
    """Return whether ``text`` can be an asset_id; a public_id may look the same."""
    return _ASSET_ID.fullmatch(text) is not None


def parse_facts(body: dict[str, Any], observed_at: int) -> Facts:
    """Read facts from an upload notification or an Admin API response; a missing or malformed field becomes empty."""
    format_ = body.get("format")
    tags = body.get("tags")
    return Facts(
        folder=parse_folder(body, str(body.get("public_id") or "")),
        format=format_ if isinstance(format_, str) else "",
        context=_context(body.get("context")),
        tags=tuple(dict.fromkeys(t for t in tags if isinstance(t, str))) if isinstance(tags, list) else (),
        observed_at=observed_at,
        metadata=parse_metadata(body.get("metadata")),
    )


def parse_folder(body: dict[str, Any], public_id: str) -> str:
    """Read an asset's folder from a notification or an API response, "" for the root.

    In dynamic folder mode it is ``asset_folder``, whatever slashes the public_id has. A body without that key is of an
    account with fixed folders, where it is ``folder`` or, in older bodies, the path of the public_id. Sources: Upload
    API reference, ``asset_folder``; cloudinary.com/documentation/folder_modes; captured responses of 2018 to 2024.
    """
    if "asset_folder" in body:
        folder = body["asset_folder"]
        return folder.strip("/") if isinstance(folder, str) else ""
    folder = body.get("folder")
    return (folder if isinstance(folder, str) else posixpath.dirname(public_id)).strip("/")


def parse_metadata(value: object) -> dict[str, MetadataValue]:
    """Read structured metadata from a notification or an Admin API response; what is missing or malformed is left out.

    Fields are in the order of their ids. Of too many, those are left out that do not fit any more, so the result does
    not depend on the order in which they came. A text longer than ``MAX_METADATA_VALUE`` is left out.
    """
    if not isinstance(value, dict):
        return {}
    found: dict[str, MetadataValue] = {}
    room = _MAX_METADATA
    for field in sorted(key for key in value if isinstance(key, str) and key):
        read = _value(value[field])
        size = len(field) + sum(map(len, values_of(read)))
        if read and size <= room:
            found[field] = read
            room -= size
    return found


def values_of(value: MetadataValue) -> tuple[str, ...]:
    """Return the values of a field that holds one or several."""
    return (value,) if isinstance(value, str) else value


def holds_metadata(metadata: Mapping[str, MetadataValue], wanted: Iterable[tuple[str, frozenset[str]]]) -> bool:
    """Return whether each of the ``wanted`` fields has one of the values that are listed with it."""
    for field, values in wanted:
        value = metadata.get(field)
        if value is None or values.isdisjoint(values_of(value)):
            return False
    return True


def _public_id(body: dict[str, Any]) -> str:
    public_id = body.get("public_id")
    if not isinstance(public_id, str) or not 0 < len(public_id.encode()) <= _MAX_PUBLIC_ID:
        raise Invalid("public_id", f"expected 1 to {_MAX_PUBLIC_ID} bytes of UTF-8")
    return public_id


def _context(value: object) -> dict[str, str]:
    if isinstance(value, dict) and isinstance(value.get("custom"), dict):
        value = value["custom"]
    return {str(k): v for k, v in value.items() if k and isinstance(v, str)} if isinstance(value, dict) else {}


def _value(value: object) -> MetadataValue:
    if isinstance(value, list | tuple):
        return tuple(dict.fromkeys(text for each in value if (text := _text(each))))
    return _text(value)


def _text(value: object) -> str:
    """Return a value as text, "" for anything that no rule can name."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value) if abs(value) < 10**18 else ""
    return value if isinstance(value, str) and len(value) <= MAX_METADATA_VALUE else ""


_SAME_FORMATS = {"jpe": "jpg", "jpeg": "jpg", "jfif": "jpg", "pjpeg": "jpg", "pjp": "jpg", "tiff": "tif"}
"""Other names of a format. Source: cloudinary.com/documentation/image_format_support, one format in both cases."""


def format_key(name: str) -> str:
    """Return the key of a format: its name regardless of case, a leading dot, and which of its names it is."""
    name = name.lower().lstrip(".")
    return _SAME_FORMATS.get(name, name)
