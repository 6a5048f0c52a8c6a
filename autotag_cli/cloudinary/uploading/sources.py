"""The files to upload: named files, folders, patterns."""

import glob
import os
from collections.abc import Iterable
from pathlib import PurePath
from typing import NamedTuple

from autotag_cli.input.walk import only_new, walk

IMAGES = frozenset(
    {"ai", "arw", "avif", "bmp", "cr2", "cr3", "dng", "eps", "gif", "heic", "heif", "ico", "jp2", "jpe", "jpeg", "jpg"}
    | {"jxl", "nef", "pdf", "png", "psd", "svg", "tga", "tif", "tiff", "webp"}
)
VIDEOS = frozenset(
    {"3gp", "aac", "avi", "flac", "flv", "m2ts", "m4a", "m4v", "mkv", "mov", "mp3", "mp4", "mpeg", "mpg", "mts", "mxf"}
    | {"ogg", "ogv", "opus", "wav", "webm", "wmv"}
)
"""Formats by extension, as Cloudinary classifies them; sound counts as video. Source: its documentation of formats."""


class Source(NamedTuple):
    """A file. ``name`` is its path relative to the argument, with ``/`` between its parts."""

    path: str
    name: str


class SourceFiles(NamedTuple):
    """The files that were found. ``skipped``: how many in folders and patterns are hidden, links or no media.

    Sentences: ``misnamed`` about arguments that name nothing to upload, ``unread`` about folders that cannot be read,
    ``left_out`` about links and special files.
    """

    sources: tuple[Source, ...]
    skipped: int
    misnamed: tuple[str, ...]
    unread: tuple[str, ...]
    left_out: tuple[str, ...]

    @property
    def errors(self) -> tuple[str, ...]:
        """Return the sentences about what cannot be uploaded."""
        return (*self.misnamed, *self.unread)


def kind_of(name: str) -> str:
    """Return Cloudinary's resource type of a file: image, video or raw."""
    extension = PurePath(name).suffix.lstrip(".").lower()
    return "image" if extension in IMAGES else "video" if extension in VIDEOS else "raw"


def find_sources(arguments: Iterable[str]) -> SourceFiles:
    """Return the files that ``arguments`` name, each once, in a stable order."""
    sources: list[Source] = []
    skipped = 0
    misnamed: list[str] = []
    unread: list[str] = []
    left_out: list[str] = []
    seen: set[str] = set()
    for argument in arguments:
        is_many = os.path.isdir(argument) or (glob.has_magic(argument) and not os.path.lexists(argument))
        walked = walk(argument, _is_media)
        sources += [Source(file.path, file.name) for file in only_new(walked.files, seen)]
        skipped += walked.skipped + len(walked.left_out)
        left_out += walked.left_out
        unread += [f"{path}: cannot be read ({why})" for path, why in walked.unread]
        if not walked.files and not walked.unread:
            no_file = "is not a file" if os.path.lexists(argument) else "there is no such file"
            misnamed.append(f"{argument}: {'holds no image or video' if is_many else no_file}")
    return SourceFiles(tuple(sources), skipped, tuple(misnamed), tuple(unread), tuple(left_out))


def _is_media(name: str) -> bool:
    return kind_of(name) != "raw"
