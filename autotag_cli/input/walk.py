"""The files that an argument names: a file, a folder, or a pattern such as ``in/**/*.json``.

Folders and patterns are walked in the same way. They yield regular files only, and no link is followed: so no file
comes twice, no file outside is taken by accident, and the walk ends. An argument itself may be a link.
"""

import fnmatch
import glob
import os
import re
from collections.abc import Callable, Iterable
from typing import NamedTuple

_ANY = "**"


class File(NamedTuple):
    """A file. ``name`` is its path below the argument, with ``/``; ``real`` is its path with all links resolved."""

    path: str
    name: str
    real: str


class Walk(NamedTuple):
    """The result of a walk. ``skipped`` counts entries that are hidden or not wanted.

    ``left_out``: sentences about links and special files. ``unread``: folders that cannot be read, with the reason.
    """

    files: tuple[File, ...] = ()
    skipped: int = 0
    left_out: tuple[str, ...] = ()
    unread: tuple[tuple[str, str], ...] = ()


def walk(argument: str, wanted: Callable[[str], bool] = lambda name: True) -> Walk:
    """Return the files that ``argument`` names; in a folder or pattern, only files whose name is ``wanted``.

    An argument that names no file gives an empty ``Walk``.
    """
    if os.path.isdir(argument):
        return _Walker(argument, argument, (_ANY,), wanted).run()
    if os.path.lexists(argument) or not glob.has_magic(argument):
        is_file = os.path.isfile(argument)
        return Walk((File(argument, os.path.basename(argument), os.path.realpath(argument)),) if is_file else ())
    root, parts = _split(argument)
    return _Walker(root, root or ".", parts, wanted).run() if parts[-1] else Walk()  # ends with /: only folders


def only_new(files: Iterable[File], seen: set[str]) -> list[File]:
    """Return the files that are not in ``seen``, and add them to it."""
    fresh = []
    for file in files:
        if file.real not in seen:
            seen.add(file.real)
            fresh.append(file)
    return fresh


def _split(pattern: str) -> tuple[str, tuple[str, ...]]:
    """Split a pattern into the folder before the first wildcard ("": the current one) and the parts after it."""
    parts = pattern.split("/")
    root = ""
    while len(parts) > 1:
        there = f"{root}{parts[0]}/"
        if glob.has_magic(parts[0]) and not os.path.lexists(there):  # a folder's name may look like a pattern
            break
        root, parts = there, parts[1:]
    return root, (*(part for part in parts[:-1] if part), parts[-1])


class _Walker:
    """A walk through folders in which ``parts`` may match. Hidden names match only parts that begin with a dot."""

    def __init__(self, prefix: str, root: str, parts: tuple[str, ...], wanted: Callable[[str], bool]) -> None:
        self._prefix, self._root, self._parts, self._wanted = prefix, root, parts, wanted
        self._matches = [re.compile(fnmatch.translate(part)).match for part in parts]  # linear: it makes atomic groups
        self._files: list[File] = []
        self._left_out: list[str] = []
        self._unread: list[tuple[str, str]] = []
        self._skipped = 0

    def run(self) -> Walk:
        """Walk, and return the result in a stable order."""
        real = os.path.realpath(self._root)
        waiting = [("", self._open(0))]
        while waiting:
            below, indexes = waiting.pop()
            folder = os.path.join(self._root, below)
            try:
                with os.scandir(folder) as entries:
                    for entry in entries:
                        name = f"{below}{entry.name}"
                        if inner := self._enters(entry, name, indexes):
                            waiting.append((f"{name}/", inner))
                        elif self._takes(entry, name, indexes):
                            self._files.append(File(os.path.join(self._prefix, name), name, os.path.join(real, name)))
            except OSError as error:
                if below or not isinstance(error, FileNotFoundError | NotADirectoryError):
                    self._unread.append((os.path.join(self._prefix, below).rstrip("/") or folder, str(error.strerror)))
        files = tuple(sorted(self._files, key=lambda file: file.name))
        return Walk(files, self._skipped, tuple(sorted(self._left_out)), tuple(sorted(self._unread)))

    def _open(self, *indexes: int) -> frozenset[int]:
        """Return the parts that may match next; ``**`` may also match no folder at all."""
        opened = set(indexes)
        for index in sorted(indexes):
            while index < len(self._parts) - 1 and self._parts[index] == _ANY:
                index += 1
                opened.add(index)
        return frozenset(opened)

    def _fits(self, index: int, name: str) -> bool:
        if name.startswith(".") and not self._parts[index].startswith("."):
            return False
        return self._parts[index] == _ANY or self._matches[index](name) is not None

    def _enters(self, entry: "os.DirEntry[str]", name: str, indexes: frozenset[int]) -> frozenset[int]:
        """Return the parts that may match below ``entry``: none if it is no folder or is not to be entered."""
        if not _is_folder(entry):
            return frozenset()
        fitting = [index for index in indexes if self._fits(index, entry.name)]
        inner = [index if self._parts[index] == _ANY else index + 1 for index in fitting]
        inner = [index for index in inner if index < len(self._parts)]
        if not inner:
            self._skipped += entry.name.startswith(".") and self._parts[-1] == _ANY
            return frozenset()
        if entry.is_symlink():
            self._leave_out(name, "is a link to a folder")
            return frozenset()
        return self._open(*inner)

    def _takes(self, entry: "os.DirEntry[str]", name: str, indexes: frozenset[int]) -> bool:
        last = len(self._parts) - 1
        if _is_folder(entry):
            return False
        if last not in indexes or not self._fits(last, entry.name):
            self._skipped += entry.name.startswith(".") and self._parts[-1] == _ANY
            return False
        if not self._wanted(entry.name):
            self._skipped += 1
            return False
        if entry.is_symlink():
            self._leave_out(name, "is a link")
        elif not entry.is_file(follow_symlinks=False):
            self._leave_out(name, "is not a regular file")
        else:
            return True
        return False

    def _leave_out(self, name: str, what: str) -> None:
        hint = "; name it to include it" if "link" in what else ""
        self._left_out.append(f"{os.path.join(self._prefix, name)} {what} and was left out{hint}.")


def _is_folder(entry: "os.DirEntry[str]") -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link to itself
        return False
