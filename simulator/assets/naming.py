"""The names of an asset - its public_id, folder and display name - from a call's parameters, and which are valid.

Sources: Upload API reference, ``public_id``, ``asset_folder``, ``folder``, ``display_name``, ``use_filename``;
cloudinary.com/documentation/ts_permitted_naming_conventions.
"""

import posixpath
import re
import secrets
import string
from dataclasses import dataclass

from msgspec.structs import replace

from simulator.assets.assets import Asset
from simulator.assets.sources import Source
from simulator.core.errors import ApiError
from simulator.core.params import Params
from simulator.core.settings import FolderMode

_FORBIDDEN = re.compile(r"[?&#\\%<>+\x00-\x1f\x7f]")
"""Control characters are not in the documented list; that they are refused, too, is the stricter reading."""
_REPLACED = re.compile(r"[?&#\\%<>+\s\x00-\x1f\x7f]+")
"""Runs of characters in a file's name that a public_id made from it does not keep."""
_RESERVED = re.compile(r"v[0-9]+|images|videos")
"""Path elements of a public_id that a delivery URL reads otherwise. Source: Upload guide, "Including a path in the
public ID". The last element is no path element."""
_VERSION = re.compile(r"v[0-9]+")
"""No name of a folder. Source: the naming conventions; the two other reserved words are those of public_ids only."""
_ALPHABET = string.ascii_lowercase + string.digits
_MAX_NAME = 255


@dataclass(frozen=True)
class AssetNames:
    """The names of one asset; the folder and the display name are what people see in the Console."""

    public_id: str
    asset_folder: str
    display_name: str


def asset_names(params: Params, source: Source, resource_type: str, mode: FolderMode) -> AssetNames:
    """Return an upload's names. Raises ``ApiError`` 400 for an invalid one.

    In dynamic folder mode an asset without ``asset_folder`` and ``folder`` is in the root, whatever slashes its
    public_id has. In fixed mode the public_id's path is the folder, and the parameters of dynamic mode have no effect.
    """
    base = base_public_id(params, source, resource_type)
    legacy_folder = checked_folder(params.text("folder"), "folder")
    if mode == "fixed":
        public_id = checked_public_id(f"{legacy_folder}/{base}" if legacy_folder else base)
        return AssetNames(public_id, posixpath.dirname(public_id), posixpath.basename(public_id))
    folder = checked_folder(params.text("asset_folder", legacy_folder), "asset_folder")
    prefix = params.text("public_id_prefix") or legacy_folder
    if not prefix and params.flag("use_asset_folder_as_public_id_prefix"):
        prefix = folder
    public_id = checked_public_id(f"{prefix}/{base}" if prefix else base)
    display_name = params.text("display_name")
    if not display_name and params.flag("use_filename_as_display_name"):
        # the SDKs send a file's path as its name, so only an override can hold slashes (cloudinary-cli test_cli_sync)
        display_name = posixpath.splitext(params.text("filename_override"))[0] or source.stem
    return AssetNames(public_id, folder, checked_display_name(display_name or posixpath.basename(public_id)))


def with_sent_names(asset: Asset, params: Params, mode: FolderMode) -> Asset:
    """Return ``asset`` in the folder and with the display name that a call sends. Raises ``ApiError`` 400.

    In fixed folder mode neither parameter is relevant.
    """
    if mode == "fixed":
        return asset
    if "asset_folder" in params.values:
        asset = replace(asset, asset_folder=checked_folder(params.text("asset_folder"), "asset_folder"))
    if params.text("display_name"):
        asset = replace(asset, display_name=checked_display_name(params.text("display_name")))
    return asset


def with_public_id(asset: Asset, public_id: str, mode: FolderMode) -> Asset:
    """Return ``asset`` with another public_id, which is its folder in fixed mode. Raises ``ApiError`` 400."""
    asset = replace(asset, public_id=checked_public_id(public_id))
    return replace(asset, asset_folder=posixpath.dirname(public_id)) if mode == "fixed" else asset


def base_public_id(params: Params, source: Source, resource_type: str) -> str:
    """Return the public_id without folder and prefix: the one sent, else one from the file's name or random."""
    if params.text("public_id"):
        return params.text("public_id")
    extension = posixpath.splitext(source.name)[1] if resource_type == "raw" else ""
    return _from_file(params, source) + _made_valid(extension)


def checked_public_id(public_id: str) -> str:
    """Return ``public_id`` if it is valid, else raise ``ApiError`` 400. Source of the words: users' reports."""
    reserved = any(_RESERVED.fullmatch(element) for element in public_id.split("/")[:-1])
    if not public_id or reserved or not _is_name(public_id):
        raise ApiError(400, f"public_id ({public_id[:300]}) is invalid")
    return public_id


def checked_folder(folder: str, parameter: str) -> str:
    """Return the path of a folder, "" for the root, if it is valid, else raise ``ApiError`` 400.

    Cloudinary's own words are not known.
    """
    if not _is_name(folder) or any(_VERSION.fullmatch(element) for element in folder.split("/")):
        raise ApiError(400, f"{parameter} ({folder[:300]}) is invalid")
    return folder


def checked_display_name(display_name: str) -> str:
    """Return ``display_name`` if it is valid, else raise ``ApiError`` 400. Source of the words: users' reports."""
    if "/" in display_name:
        raise ApiError(400, "Display name cannot contain slashes")
    if len(display_name) > _MAX_NAME:
        raise ApiError(400, f"Display name is longer than {_MAX_NAME} characters")
    return display_name


def _is_name(path: str) -> bool:
    trimmed = path == path.strip() and path == path.strip("/")
    return trimmed and "//" not in path and not _FORBIDDEN.search(path) and len(path) <= _MAX_NAME


def _from_file(params: Params, source: Source) -> str:
    stem = _made_valid(source.stem) if params.flag("use_filename") else ""
    if not stem:
        return _random(20)
    return f"{stem}_{_random(6)}" if params.flag("unique_filename", default=True) else stem


def _made_valid(name: str) -> str:
    """Return a file's name as a public_id: invalid characters are cut at its ends, elsewhere a run becomes ``_``."""
    runs = list(_REPLACED.finditer(name))
    start = runs[0].end() if runs and runs[0].start() == 0 else 0
    end = runs[-1].start() if runs and runs[-1].end() == len(name) else len(name)
    return _REPLACED.sub("_", name[start:end])


def _random(length: int) -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(length))
