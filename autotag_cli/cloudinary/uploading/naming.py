"""The names of a file's asset: always the same ones, so that a file that is uploaded again becomes the same asset."""

import posixpath
import secrets
import string
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from autotag_cli.cloudinary.permitted_names import (
    MAX_LENGTH,
    folder_name,
    made_valid,
    path_element,
    reserved_remarks,
)
from autotag_cli.cloudinary.uploading.sources import RAW_PHOTOS, Source, kind_of

_ALPHABET = string.ascii_lowercase + string.digits


class Item(NamedTuple):
    """A file, the asset that it becomes, and the fields of its upload that name it.

    ``remarks``: sentences about names that were changed, for a single file.
    """

    path: str
    public_id: str
    fields: dict[str, str]
    remarks: tuple[str, ...] = ()


class Named(NamedTuple):
    """The named files.

    Sentences: ``errors`` about the files that cannot be uploaded, ``remarks`` about names that were changed.
    """

    items: tuple[Item, ...]
    errors: tuple[str, ...]
    remarks: tuple[str, ...] = ()


class StoredNames(NamedTuple):
    """The names in Cloudinary's response. ``asset_folder``: None if it differs in nothing from what was sent."""

    public_id: str
    asset_folder: str | None = None


def name_all(sources: Iterable[Source], folder: str, resource_type: str) -> Named:
    """Name each file by its relative path without its extension, below ``folder``.

    A camera's raw file gets its format as a suffix, whether a JPEG of its name is there or not: so either may come
    first, and each always becomes the same asset.

    Only with a ``folder`` the assets are put into folders: without one they are in the root, whatever their paths are.
    Source: Upload API reference, ``asset_folder``.
    """
    items: list[Item] = []
    errors: list[str] = []
    elements: dict[str, None] = {}
    taken: dict[tuple[str, str], str] = {}
    for source in sources:
        kind = kind_of(source.name) if resource_type == "auto" else resource_type
        parts = _parts(source.name, folder, keep_extension=kind == "raw")
        public_id = _public_id(parts)
        if not _is_text(public_id):
            errors.append(f"{source.path}: its name is not UTF-8, rename it")
        elif not 0 < len(public_id) <= MAX_LENGTH:
            errors.append(
                f"{source.path}: its name does not yield a public_id of 1 to {MAX_LENGTH} characters, rename it"
            )
        elif (other := taken.setdefault((kind, public_id), source.path)) != source.path:
            errors.append(f"{source.path}: its public_id {public_id} is already that of {other}, rename one")
        else:
            items.append(Item(source.path, public_id, _fields(public_id, parts[:-1] if folder else ())))
            elements.update(dict.fromkeys(parts[:-1]))
    return Named(tuple(items), tuple(errors), reserved_remarks(elements))


def name_one(source: Source, public_id: str | None, folder: str, resource_type: str) -> Item:
    """Name a single file as Cloudinary does: ``public_id``, else a random one, chosen here so that retries share it."""
    folders = tuple(folder.split("/")) if folder else ()
    if public_id is None:
        name = "".join(secrets.choice(_ALPHABET) for _ in range(20))
        if resource_type == "raw" or (resource_type == "auto" and kind_of(source.name) == "raw"):
            name += made_valid(posixpath.splitext(source.name)[1])
        parts = (*folders, name)
    else:
        parts = tuple(public_id.split("/"))
    named = _public_id(parts)
    return Item(source.path, named, _fields(named, folders), reserved_remarks(parts[:-1]))


def public_id_of(name: str, folder: str, *, keep_extension: bool) -> str:
    """Return the public_id of a relative path, "" if nothing is left; forbidden characters become ``_``."""
    return _public_id(_parts(name, folder, keep_extension=keep_extension))


def stored_public_id(answer: Mapping[str, Any], item: Item) -> str:
    """Return the public_id in Cloudinary's response, else the one that was sent."""
    public_id = answer.get("public_id")
    return public_id if isinstance(public_id, str) and public_id else item.public_id


def stored_names(answer: Mapping[str, Any], item: Item, sent_folder: str | None) -> StoredNames:
    """Return the names in Cloudinary's response. ``sent_folder``: the folder to compare with, None for no comparison.

    Accounts with fixed folders answer with ``folder``. Source: cloudinary.com/documentation/folder_modes.
    """
    folder = answer.get("asset_folder", answer.get("folder"))
    differs = sent_folder is not None and isinstance(folder, str) and folder != sent_folder
    return StoredNames(stored_public_id(answer, item), folder if differs else None)


def name_remarks(names: StoredNames, item: Item, sent_folder: str | None) -> tuple[str, ...]:
    """Return a sentence about each name in Cloudinary that is not the one that was sent."""
    remarks = []
    if names.public_id != item.public_id:
        remarks.append(f"Cloudinary stores it as {names.public_id}, not as {item.public_id}")
    if names.asset_folder is not None:
        remarks.append(f"it is in {_place(names.asset_folder)} in Cloudinary, not in {_place(sent_folder or '')}")
    return tuple(remarks)


def _place(folder: str) -> str:
    return f"the folder {folder}" if folder else "the root folder"


def _parts(name: str, folder: str, *, keep_extension: bool) -> tuple[str, ...]:
    """Return the elements of a path below ``folder``, without forbidden characters; none if the name is empty."""
    stem, extension = posixpath.splitext(name)
    if keep_extension:
        stem = name
    elif (format_ := extension[1:].lower()) in RAW_PHOTOS:
        stem = f"{stem}_{format_}"
    parts = made_valid(unicodedata.normalize("NFC", stem)).split("/")
    *folders, last = (part.strip() for part in parts)
    return tuple(filter(None, (*folder.split("/"), *folders, last))) if last else ()


def _public_id(parts: tuple[str, ...]) -> str:
    return "/".join((*map(path_element, parts[:-1]), *parts[-1:]))


def _fields(public_id: str, folders: Iterable[str]) -> dict[str, str]:
    folder = "/".join(map(folder_name, folders))
    return {"public_id": public_id, **({"asset_folder": folder} if folder else {})}


def _is_text(public_id: str) -> bool:
    try:
        public_id.encode()
    except UnicodeEncodeError:
        return False
    return True
