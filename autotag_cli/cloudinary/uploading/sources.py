"""The files to upload: named files, folders, patterns."""

import fnmatch
import glob
import os
from collections import Counter
from collections.abc import Iterable
from pathlib import PurePath
from typing import NamedTuple

from autotag_cli.input.walk import only_new, walk
from autotag_cli.terminal.output import counted

RAW_PHOTOS = frozenset({"arw", "cr2", "cr3", "dng", "nef"})
"""Formats of cameras' raw data, which cameras write beside a JPEG of the same name. Cloudinary takes them as images."""
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


MADE_BY_PROGRAMS = (
    *("@eadir", "#recycle", "@recycle", "#snapshot", "@recently-snapshot", "@tmp"),  # NAS: Synology, QNAP
    *("__macosx", "$recycle.bin", "recycler", "system volume information", "lost+found"),  # systems, and their archives
    *("*.lrdata", "*.lrcat-data", "captureone", "thumbs.db", "desktop.ini"),  # Lightroom, Capture One, Windows
    *("*.photoslibrary/resources", "ipod photo cache"),  # Apple Photos
)
"""Folders and files that systems and programs make beside pictures: thumbnails, previews, what was deleted.

The letter case of their names does not matter, since a copy on another system may have another one. Those that begin
with a dot, such as ``.DS_Store``, are hidden, and left out with all hidden files.
"""


class SourceFiles(NamedTuple):
    """The files that were found. ``skipped``: how many in folders and patterns are hidden, links or no media.

    ``excluded``: how many more match a pattern that was given; ``made_by_programs``: by the names of their folders.

    Sentences: ``misnamed`` about arguments that name nothing to upload, ``unread`` about folders that cannot be read,
    ``left_out`` about links and special files.
    """

    sources: tuple[Source, ...]
    skipped: int
    misnamed: tuple[str, ...]
    unread: tuple[str, ...]
    left_out: tuple[str, ...]
    excluded: int = 0
    made_by_programs: tuple[tuple[str, int], ...] = ()

    @property
    def errors(self) -> tuple[str, ...]:
        """Return the sentences about what cannot be uploaded."""
        return (*self.misnamed, *self.unread)

    @property
    def exclusions(self) -> tuple[str, ...]:
        """Return a sentence about each reason for which files were excluded."""
        said = []
        if self.made_by_programs:
            number, names = (
                sum(count for _, count in self.made_by_programs),
                ", ".join(n for n, _ in self.made_by_programs),
            )
            said.append(
                f"{counted(number, 'file')} in {names} left out: programs make these; name one alone to upload it."
            )
        if self.excluded:
            said.append(f"{counted(self.excluded, 'file')} left out by --exclude.")
        return tuple(said)


def kind_of(name: str) -> str:
    """Return Cloudinary's resource type of a file: image, video or raw."""
    extension = PurePath(name).suffix.lstrip(".").lower()
    return "image" if extension in IMAGES else "video" if extension in VIDEOS else "raw"


def find_sources(arguments: Iterable[str], exclude: Iterable[str] = ()) -> SourceFiles:
    """Return the files that ``arguments`` name, each once, in a stable order.

    A pattern of ``exclude`` leaves out files and folders: it is compared with the path below an argument, and with
    each name in it. ``MADE_BY_PROGRAMS`` are left out, unless the only argument names them: a shell's ``*`` does too.
    """
    arguments = tuple(arguments)
    sources: list[Source] = []
    skipped = 0
    misnamed: list[str] = []
    unread: list[str] = []
    left_out: list[str] = []
    seen: set[str] = set()
    excluded, made, patterns = 0, Counter[str](), tuple(pattern.strip("/") for pattern in exclude)
    for argument in arguments:
        is_many = os.path.isdir(argument) or (glob.has_magic(argument) and not os.path.lexists(argument))
        walked = walk(argument, _is_media)
        above = "" if len(arguments) == 1 or not os.path.isdir(argument) else f"{PurePath(argument).name}/"
        for file in only_new(walked.files, seen):
            if _matching(file.name, patterns):
                excluded += 1
            elif (is_many or len(arguments) > 1) and (name := _made_by_programs(above + file.name)):
                made[name] += 1
            else:
                sources.append(Source(file.path, file.name))
        skipped += walked.skipped + len(walked.left_out)
        left_out += walked.left_out
        unread += [f"{path}: cannot be read ({why})" for path, why in walked.unread]
        if not walked.files and not walked.unread:
            no_file = "is not a file" if os.path.lexists(argument) else "there is no such file"
            misnamed.append(f"{argument}: {'holds no image or video' if is_many else no_file}")
    return SourceFiles(
        tuple(sources), skipped, tuple(misnamed), tuple(unread), tuple(left_out), excluded, tuple(sorted(made.items()))
    )


def _made_by_programs(name: str) -> str:
    """Return the part of a path that a program made, as it is written, "" if there is none."""
    found = _matching(name.lower(), MADE_BY_PROGRAMS)
    at = name.lower().find(found)
    return name[at : at + len(found)]


def _matching(name: str, patterns: Iterable[str]) -> str:
    """Return the part of a path that a pattern matches, "" if none does."""
    parts = name.split("/")
    for pattern in patterns:
        for end in range(1, len(parts) + 1):
            for found in (parts[end - 1], "/".join(parts[:end])):
                if fnmatch.fnmatchcase(found, pattern):
                    return found
    return ""


def _is_media(name: str) -> bool:
    return kind_of(name) != "raw"
