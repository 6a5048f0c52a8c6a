"""The names of an uploaded asset: its public_id, folder and display name, from the call's parameters."""

import posixpath
import re
import secrets
import string
from dataclasses import dataclass

from simulator.assets.sources import Source
from simulator.core.errors import ApiError
from simulator.core.params import Params

_FORBIDDEN = re.compile(r"[?&#\\%<>]|[\x00-\x1f]")
_ALPHABET = string.ascii_lowercase + string.digits
_MAX_PUBLIC_ID = 255


@dataclass(frozen=True)
class AssetNames:
    """The names of one asset; the folder and the display name are what people see in the Console."""

    public_id: str
    asset_folder: str
    display_name: str


def asset_names(params: Params, source: Source, resource_type: str) -> AssetNames:
    """Return an upload's names as in dynamic-folder accounts. Raises ``ApiError`` 400 for an invalid public_id."""
    base = base_public_id(params, source, resource_type)
    folder = params.text("asset_folder", params.text("folder")).strip("/")
    prefix = params.text("public_id_prefix") or params.text("folder").strip("/")
    if not prefix and params.flag("use_asset_folder_as_public_id_prefix"):
        prefix = folder
    public_id = checked_public_id(f"{prefix}/{base}" if prefix else base)
    display_name = params.text("display_name")
    if not display_name and params.flag("use_filename_as_display_name"):
        display_name = source.stem
    return AssetNames(public_id, folder or posixpath.dirname(public_id), display_name or posixpath.basename(public_id))


def base_public_id(params: Params, source: Source, resource_type: str) -> str:
    """Return the public_id without folder and prefix: the one sent, else one from the file's name or random."""
    if params.text("public_id"):
        return params.text("public_id")
    extension = posixpath.splitext(source.name)[1] if resource_type == "raw" else ""
    return _from_file(params, source) + extension


def checked_public_id(public_id: str) -> str:
    """Return ``public_id`` if it is valid, else raise ``ApiError`` 400."""
    malformed = public_id != public_id.strip() or public_id != public_id.strip("/") or "//" in public_id
    if not public_id or malformed or _FORBIDDEN.search(public_id) or len(public_id) > _MAX_PUBLIC_ID:
        raise ApiError(400, f"public_id ({public_id[:300]}) is invalid")
    return public_id


def _from_file(params: Params, source: Source) -> str:
    if not params.flag("use_filename"):
        return "".join(secrets.choice(_ALPHABET) for _ in range(20))
    stem = re.sub(r"[?&#\\%<>\s]+", "_", source.stem)
    if not params.flag("unique_filename", default=True):
        return stem
    return stem + "_" + "".join(secrets.choice(_ALPHABET) for _ in range(6))
