"""The public_id of a file: always the same one, so that a file that is uploaded again becomes the same asset."""

import posixpath
import re
import secrets
import string
import unicodedata
from collections.abc import Iterable
from typing import NamedTuple

from autotag_cli.cloudinary.uploading.sources import Source, kind_of

_FORBIDDEN = re.compile(r"[?&#\\%<>\x00-\x1f\x7f]+")
"""Characters that no public_id may hold. Source: cloudinary.com/documentation/upload_parameters."""
_LONGEST = 255
_ALPHABET = string.ascii_lowercase + string.digits


class Item(NamedTuple):
    """A file, the asset that it becomes, and the fields of its upload that name it."""

    path: str
    public_id: str
    fields: dict[str, str]


class Named(NamedTuple):
    """The named files. ``faults``: sentences about the files that cannot be uploaded."""

    items: tuple[Item, ...]
    errors: tuple[str, ...]


def name_all(sources: Iterable[Source], folder: str, resource_type: str) -> Named:
    """Name each file by its relative path without its extension, below ``folder``."""
    items: list[Item] = []
    errors: list[str] = []
    taken: dict[tuple[str, str], str] = {}
    for source in sources:
        kind = kind_of(source.name) if resource_type == "auto" else resource_type
        public_id = public_id_of(source.name, folder, keep_extension=kind == "raw")
        if not _is_text(public_id):
            errors.append(f"{source.path}: its name is not UTF-8, rename it")
        elif not 0 < len(public_id) <= _LONGEST:
            errors.append(
                f"{source.path}: its name does not yield a public_id of 1 to {_LONGEST} characters, rename it"
            )
        elif (other := taken.setdefault((kind, public_id), source.path)) != source.path:
            errors.append(f"{source.path}: its public_id {public_id} is already that of {other}, rename one")
        else:
            items.append(Item(source.path, public_id, _fields(public_id, posixpath.dirname(public_id))))
    return Named(tuple(items), tuple(errors))


def name_one(source: Source, public_id: str | None, folder: str, resource_type: str) -> Item:
    """Name a single file as Cloudinary does: ``public_id``, else a random one, chosen here so that retries share it."""
    if public_id is None:
        public_id = "".join(secrets.choice(_ALPHABET) for _ in range(20))
        if resource_type == "raw" or (resource_type == "auto" and kind_of(source.name) == "raw"):
            public_id += posixpath.splitext(source.name)[1]
        public_id = f"{folder}/{public_id}" if folder else public_id
    return Item(source.path, public_id, _fields(public_id, folder))


def public_id_of(name: str, folder: str, *, keep_extension: bool) -> str:
    """Return the public_id of a relative path, "" if nothing is left; forbidden characters become ``_``."""
    stem = name if keep_extension else posixpath.splitext(name)[0]
    parts = _FORBIDDEN.sub("_", unicodedata.normalize("NFC", stem)).split("/")
    *folders, last = (part.strip() for part in parts)
    return "/".join(filter(None, (folder, *folders, last))) if last else ""


def _fields(public_id: str, folder: str) -> dict[str, str]:
    return {"public_id": public_id, **({"asset_folder": folder} if folder else {})}


def _is_text(public_id: str) -> bool:
    try:
        public_id.encode()
    except UnicodeEncodeError:
        return False
    return True
