"""The settings of a preset: read from a call that stores them, and written as parameters of an upload."""

import re
from typing import Any

import msgspec

from simulator.assets.tags import parse_pairs
from simulator.core.errors import ApiError
from simulator.core.params import Params
from simulator.presets.transformations import steps_of

HONORED = frozenset(
    (
        "tags", "context", "metadata", "asset_folder", "folder", "use_filename", "unique_filename", "overwrite",
        "categorization", "auto_tagging", "notification_url", "async", "display_name",
    )
)  # fmt: skip
"""The settings that uploads follow. All others are stored and have no effect."""
JOINED = ("context", "metadata")
"""Settings of keys and values, which are joined with those of the call."""
_LISTS = ("tags", "allowed_formats")
_FLAGS = frozenset(
    (
        "accessibility_analysis", "async", "backup", "cinemagraph_analysis", "colors", "disallow_public_id",
        "discard_original_filename", "eager_async", "exif", "faces", "image_metadata", "invalidate", "live",
        "media_metadata", "overwrite", "phash", "quality_analysis", "return_delete_token", "unique_display_name",
        "unique_filename", "use_asset_folder_as_public_id_prefix", "use_filename", "use_filename_as_display_name",
        "visual_search",
    )
)  # fmt: skip
"""Settings that are answered as true or false (cloudinary_npm api_spec, ``use_asset_folder_as_public_id_prefix``)."""
_NOT_SETTINGS = ("name", "unsigned", "timestamp", "upload_preset", "api_key", "signature")
_NUMBER = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,9})?")


def settings_of(params: Params) -> dict[str, Any]:
    """Return the settings that a call sends, in the types in which the API answers them. Raises ``ApiError`` 400.

    Source of the types: the live tests of cloudinary_php (UploadPresetsTest) and cloudinary_java (AbstractApiTest):
    ``tags`` and ``allowed_formats`` are lists, ``context`` an object, and ``live`` and ``eval`` are among the settings.
    """
    return {name: _setting(params, name) for name in params.values if name not in _NOT_SETTINGS and params.text(name)}


def as_parameter(name: str, value: Any) -> str:
    """Return a stored setting as the parameter of an upload."""
    if isinstance(value, list):
        return ",".join(map(str, value))
    if isinstance(value, dict):
        return join_pairs({str(key): str(text) for key, text in value.items()})
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def join_pairs(pairs: dict[str, str]) -> str:
    """Return pairs as ``key=value|key2=value2``, with a backslash before each other ``=`` and ``|``."""

    def escape(text: str) -> str:
        return re.sub(r"([=|])", r"\\\1", text)

    return "|".join(f"{escape(key)}={escape(value)}" for key, value in pairs.items())


def _setting(params: Params, name: str) -> Any:
    if name in _LISTS:
        return params.names(name)
    if name in _FLAGS:
        return params.flag(name)
    value = params.values[name]
    if isinstance(value, list):
        return [_typed(name, entry) for entry in value]
    return _typed(name, value)


def _typed(name: str, text: str) -> Any:
    if name == "auto_tagging" and _NUMBER.fullmatch(text):
        return float(text)
    if text.startswith(("[", "{")):
        return _document(name, text)
    if name == "transformation":
        return steps_of(text)
    return parse_pairs(text, name) if name in JOINED else text


def _document(name: str, text: str) -> Any:
    """Return a setting that was sent as JSON."""
    try:
        document = msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError) as error:
        raise ApiError(400, f"Invalid {name} - JSON is expected") from error
    if name in JOINED and not isinstance(document, dict):
        raise ApiError(400, f"Invalid {name} - keys and values are expected")
    return document
