"""The fields of an asset for search and sorting, and how each kind of field is compared with a search term."""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Literal, NamedTuple

from simulator.assets.assets import Asset

Value = str | float


class Field(NamedTuple):
    """One field. ``values`` returns its values of an asset: texts, or one number, or unix seconds, or nothing."""

    kind: Literal["text", "folder", "number", "time"]
    values: Callable[[Asset], tuple[Value, ...]]


def _text(value: Callable[[Asset], str]) -> Field:
    return Field("text", lambda asset: (value(asset),) if value(asset) else ())


def _number(value: Callable[[Asset], float]) -> Field:
    return Field("number", lambda asset: (value(asset),) if value(asset) else ())


def filename(asset: Asset) -> str:
    """Return the last part of the public_id."""
    return asset.public_id.rpartition("/")[2]


def aspect_ratio(asset: Asset) -> float:
    """Return width divided by height, or 0 for assets without a size."""
    return round(asset.width / asset.height, 5) if asset.height else 0.0


_CREATED = Field("time", lambda asset: (asset.created_at,))
_FOLDER = Field("folder", lambda asset: (asset.asset_folder,))
FIELDS: dict[str, Field] = {
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
    "metadata": Field("text", lambda asset: (*asset.metadata, *asset.metadata.values())),
    "created_at": _CREATED,
    "uploaded_at": _CREATED,
    "version": _number(lambda asset: asset.version),
    "bytes": Field("number", lambda asset: (float(asset.bytes),)),
    "width": _number(lambda asset: asset.width),
    "height": _number(lambda asset: asset.height),
    "pixels": _number(lambda asset: asset.width * asset.height),
    "aspect_ratio": _number(aspect_ratio),
}
DEFAULT_FIELDS = ("public_id", "display_name", "asset_folder", "format", "tags", "context", "metadata")
"""The fields in which a term without a field is searched."""
_MULTIVALUED = frozenset({"tags", "context", "metadata"})
SORTABLE = FIELDS.keys() - _MULTIVALUED


def field_of(name: str) -> Field | None:
    """Return a field by its name, which may be ``context.KEY`` or ``metadata.KEY``; None for an unknown one."""
    group, dot, key = name.partition(".")
    if not dot:
        return FIELDS.get(name)
    if group == "context":
        return Field("text", lambda asset: (asset.context[key],) if key in asset.context else ())
    if group == "metadata":
        return Field("text", lambda asset: (asset.metadata[key],) if key in asset.metadata else ())
    return None


def sort_value(name: str) -> Callable[[Asset], Value]:
    """Return the sort key of a sortable field. Assets without a value are sorted as if it were empty."""
    field = FIELDS[name]
    empty: Value = "" if field.kind in ("text", "folder") else 0.0
    return lambda asset: next(iter(field.values(asset)), empty)


def is_equal(value: str, text: str, prefix: bool) -> bool:
    """Return whether ``value`` equals ``text``, in any case, or with ``prefix`` begins with it."""
    folded = value.casefold()
    return folded.startswith(text.casefold()) if prefix else folded == text.casefold()


def contains_phrase(value: str, phrase: str, prefix: bool) -> bool:
    """Return whether ``value`` has the words of ``phrase`` in sequence; with ``prefix`` the last one may be partial."""
    if is_equal(value, phrase, prefix):
        return True
    words, phrase_words = _words(value), _words(phrase)
    size = len(phrase_words)
    if not size:
        return False
    for start in range(len(words) - size + 1):
        window = words[start : start + size]
        last_matches = window[-1].startswith(phrase_words[-1]) if prefix else window[-1] == phrase_words[-1]
        if last_matches and window[:-1] == phrase_words[:-1]:
            return True
    return False


def is_within(folder: str, path: str, prefix: bool) -> bool:
    """Return whether ``folder`` is ``path`` or, with a wildcard, that one or one below it."""
    if not prefix or not path.endswith("/"):
        return is_equal(folder, path, prefix)
    return is_equal(folder, path.rstrip("/"), False) or is_equal(folder, path, True)


@lru_cache(maxsize=65536)
def _words(text: str) -> tuple[str, ...]:
    return tuple(re.findall(r"\w+", text.casefold()))
