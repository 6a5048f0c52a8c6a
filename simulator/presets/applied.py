"""Presets applied to upload calls, and what calls without a signature may send.

Sources: cloudinary.com/documentation/upload_presets (a call's own parameters come first in signed calls, the preset's
in unsigned ones; tags and context are joined); the text of the refusal is Cloudinary's, as users report it.
"""

from dataclasses import replace

from simulator.assets.tags import parse_pairs
from simulator.core.errors import ApiError
from simulator.core.params import Params
from simulator.presets.preset_settings import HONORED, JOINED, as_parameter, join_pairs
from simulator.presets.upload_presets import UploadPreset, UploadPresets

_ALLOWED_UNSIGNED = (
    "upload_preset", "callback", "public_id", "folder", "asset_folder", "tags", "context", "metadata",
    "face_coordinates", "custom_coordinates", "source", "filename_override", "manifest_transformation",
    "manifest_json", "template", "template_vars", "regions", "public_id_prefix",
)  # fmt: skip
_ALSO_SENT = ("file", "timestamp")
"""What the SDKs add to every upload."""


def check_unsigned(presets: UploadPresets, params: Params) -> None:
    """Raise ``ApiError`` 400 if a call without a signature may not do what it asks for."""
    for name in params.values:
        if name not in _ALLOWED_UNSIGNED + _ALSO_SENT and params.text(name):
            shown = name[:60].replace("_", " ").capitalize()
            allowed = f"Only {','.join(_ALLOWED_UNSIGNED)} upload parameters are allowed."
            raise ApiError(400, f"{shown} parameter is not allowed when using unsigned upload. {allowed}")
    if not params.text("upload_preset"):
        raise ApiError(400, "Upload preset must be specified when using unsigned upload")
    if not presets.named_by(params.text("upload_preset")).unsigned:
        raise ApiError(400, "Upload preset must be whitelisted for unsigned uploads")


def with_preset(presets: UploadPresets, params: Params, default: str | None, *, signed: bool) -> Params:
    """Return the parameters of an upload with those of its preset. Raises ``ApiError`` 400 for an unknown preset.

    ``default`` is the preset of signed calls that name none. An unsigned call overwrites nothing, whatever its preset
    says (Upload API reference, ``overwrite``).
    """
    name = params.text("upload_preset")
    preset = presets.named_by(name) if name else presets.find(default or "")
    if preset is None:
        return params
    merged = _merged(preset, params, signed=signed)
    return merged if signed else replace(merged, values=merged.values | {"overwrite": "false"})


def _merged(preset: UploadPreset, params: Params, *, signed: bool) -> Params:
    values = dict(params.values)
    for name, setting in preset.settings.items():
        if name not in HONORED:
            continue
        text = as_parameter(name, setting)
        if name == "tags":
            values[name] = list(dict.fromkeys([*Params({name: text}).names(name), *params.names(name)]))
        elif name in JOINED:
            values[name] = join_pairs(parse_pairs(text, name) | parse_pairs(params.text(name), name))
        elif not signed or not params.text(name):
            values[name] = text
    return replace(params, values=values)
