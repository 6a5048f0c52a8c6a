"""The fields of an asset for search and sorting."""

from collections.abc import Callable, Mapping
from typing import Literal

from simulator.assets.assets import Asset
from simulator.core.time_parsing import parse_time
from simulator.search.fields import Field, Fields, Value


def _text(value: Callable[[Asset], str]) -> Field[Asset]:
    return Field("text", lambda asset: (value(asset),) if value(asset) else ())


def _number(value: Callable[[Asset], float]) -> Field[Asset]:
    return Field("number", lambda asset: (value(asset),) if value(asset) else ())


def filename(asset: Asset) -> str:
    """Return the last part of the public_id."""
    return asset.public_id.rpartition("/")[2]


def aspect_ratio(asset: Asset) -> float:
    """Return width divided by height, or 0 for assets without a size."""
    return round(asset.width / asset.height, 5) if asset.height else 0.0


def _metadata_texts(asset: Asset, key: str) -> tuple[str, ...]:
    value = asset.metadata.get(key)
    if value is None:
        return ()
    return tuple(value) if isinstance(value, list) else (str(value),)


_CREATED: Field[Asset] = Field("time", lambda asset: (asset.created_at,))
_FOLDER: Field[Asset] = Field("folder", lambda asset: (asset.asset_folder,))
_METADATA: Field[Asset] = Field(
    "text", lambda asset: (*asset.metadata, *(text for key in asset.metadata for text in _metadata_texts(asset, key)))
)
FIELDS: dict[str, Field[Asset]] = {
    "asset_id": _text(lambda asset: asset.asset_id),
    "public_id": _text(lambda asset: asset.public_id),
    "filename": _text(filename),
    "display_name": _text(lambda asset: asset.display_name),
    "folder": _FOLDER,
    "asset_folder": _FOLDER,
    "format": _text(lambda asset: asset.format),
    "resource_type": _text(lambda asset: asset.resource_type),
    "type": _text(lambda asset: asset.type),
    "etag": _text(lambda asset: asset.etag),
    "status": _text(lambda asset: "active"),
    "access_mode": _text(lambda asset: "public"),
    "tags": Field("text", lambda asset: asset.tags),
    "context": Field("text", lambda asset: (*asset.context, *asset.context.values())),
    "metadata": _METADATA,
    "created_at": _CREATED,
    "uploaded_at": _CREATED,
    "version": _number(lambda asset: asset.version),
    "bytes": Field("number", lambda asset: (float(asset.bytes),)),
    "width": _number(lambda asset: asset.width),
    "height": _number(lambda asset: asset.height),
    "pixels": _number(lambda asset: asset.width * asset.height),
    "aspect_ratio": _number(aspect_ratio),
}
_DEFAULTS = ("public_id", "display_name", "asset_folder", "format", "tags", "context", "metadata")
_MULTIVALUED = ("tags", "context", "metadata")


def asset_fields(metadata_types: Mapping[str, str]) -> Fields[Asset]:
    """Return the fields of an asset, among them ``context.KEY`` and ``metadata.KEY``.

    ``metadata_types`` are the types of the structured metadata fields: an integer is compared as a number, a date as a
    time, all others as text.
    """

    def find(name: str) -> Field[Asset] | None:
        group, dot, key = name.partition(".")
        if not dot:
            return FIELDS.get(name)
        if group == "context":
            return Field("text", lambda asset: (asset.context[key],) if key in asset.context else ())
        return _metadata_field(key, metadata_types.get(key, "string")) if group == "metadata" else None

    sortable = {name: field for name, field in FIELDS.items() if name not in _MULTIVALUED}
    return Fields(find, tuple(FIELDS[name] for name in _DEFAULTS), sortable)


def _metadata_field(key: str, type_: str) -> Field[Asset]:
    if type_ not in ("integer", "date"):
        return Field("text", lambda asset: _metadata_texts(asset, key))
    kind: Literal["number", "time"] = "number" if type_ == "integer" else "time"
    convert: Callable[[str], Value | None] = float if type_ == "integer" else parse_time

    def values(asset: Asset) -> tuple[Value, ...]:
        converted = (convert(text) for text in _metadata_texts(asset, key))
        return tuple(value for value in converted if value is not None)

    return Field(kind, values)
