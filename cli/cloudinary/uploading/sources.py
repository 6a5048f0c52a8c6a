"""The files that a person wants to upload: named ones, whole directories, patterns."""

import glob
import os
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePath
from typing import NamedTuple

IMAGES = frozenset(
    {"ai", "arw", "avif", "bmp", "cr2", "cr3", "dng", "eps", "gif", "heic", "heif", "ico", "jp2", "jpe", "jpeg", "jpg"}
    | {"jxl", "nef", "pdf", "png", "psd", "svg", "tga", "tif", "tiff", "webp"}
)
VIDEOS = frozenset(
    {"3gp", "aac", "avi", "flac", "flv", "m2ts", "m4a", "m4v", "mkv", "mov", "mp3", "mp4", "mpeg", "mpg", "mts", "mxf"}
    | {"ogg", "ogv", "opus", "wav", "webm", "wmv"}
)
"""Formats by extension, as Cloudinary files them; sound counts as video. Source: its documentation of formats."""


class Source(NamedTuple):
    """A file. ``name`` is its path relative to what the person named, with ``/`` between its parts."""

    path: str
    name: str


class Found(NamedTuple):
    """``skipped``: how many files of directories and patterns are hidden or no media; ``faults`` are sentences."""

    sources: tuple[Source, ...]
    skipped: int
    faults: tuple[str, ...]


def kind_of(name: str) -> str:
    """Return what Cloudinary takes a file for: image, video or raw."""
    extension = PurePath(name).suffix.lstrip(".").lower()
    return "image" if extension in IMAGES else "video" if extension in VIDEOS else "raw"


def find(arguments: Iterable[str]) -> Found:
    """Return the files behind ``arguments``, each once, in a stable order."""
    sources: dict[str, Source] = {}
    skipped, faults = 0, []
    for argument in arguments:
        if os.path.isfile(argument):
            found, passed = [Source(argument, os.path.basename(argument))], 0
        elif os.path.isdir(argument):
            found, passed = _media(Path(argument), _walk(argument))
        elif glob.has_magic(argument):
            found, passed = _media(_root(argument), filter(os.path.isfile, glob.iglob(argument, recursive=True)))
        else:
            faults.append(f"{argument}: there is no such file")
            continue
        skipped += passed
        if not found:
            faults.append(f"{argument}: holds no image or video")
        for source in found:
            sources.setdefault(os.path.abspath(source.path), source)
    return Found(tuple(sources.values()), skipped, tuple(faults))


def _walk(folder: str) -> Iterator[str]:
    for root, folders, names in os.walk(folder):
        yield from (os.path.join(root, name) for name in folders if name.startswith("."))  # each counts as one
        folders[:] = [name for name in folders if not name.startswith(".")]
        yield from (os.path.join(root, name) for name in names)


def _media(root: Path, paths: Iterable[str]) -> tuple[list[Source], int]:
    found, skipped = [], 0
    for path in paths:
        name = PurePath(path).relative_to(root).as_posix()
        hidden = os.path.basename(path).startswith(".")
        if hidden or kind_of(name) == "raw" or not os.path.isfile(path):
            skipped += 1
        else:
            found.append(Source(path, name))
    return sorted(found, key=lambda source: source.name), skipped


def _root(pattern: str) -> Path:
    """Return the folder before the first part of a pattern that holds a wildcard."""
    fixed = []
    for part in PurePath(pattern).parts[:-1]:
        if glob.has_magic(part):
            break
        fixed.append(part)
    return Path(*fixed)
