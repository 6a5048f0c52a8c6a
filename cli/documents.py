"""The texts that a person hands to a command: files, whole folders, patterns, stdin; one JSON object or one a line.

They are read one by one, so that what is in memory does not grow with how many there are.
"""

import glob
import json
import os
import sys
from collections.abc import Iterable, Iterator
from itertools import count
from pathlib import Path
from typing import BinaryIO, NamedTuple

from autotag.domain.errors import Invalid
from cli.files import opened, title

LONGEST = 16 * 2**20
"""Bytes of one JSON object; the largest that are known, of 3,000 labels, have less than one of them."""

_SUFFIXES = (".json", ".jsonl", ".ndjson")
_LINES = (".jsonl", ".ndjson")


class Document(NamedTuple):
    """A text and how messages name it: ``FILE``, or ``FILE:17`` for a line. ``fault``: why there is no text.

    ``size`` is how many bytes were read for it.
    """

    place: str
    raw: bytes = b""
    size: int = 0
    line: int | None = None
    fault: str = ""


class Files(NamedTuple):
    """The files that arguments name, and what was wrong with arguments that name none."""

    paths: tuple[str, ...]
    faults: tuple[Document, ...]

    @property
    def size(self) -> int | None:
        """Bytes in all of them, or None where that is not known."""
        total = 0
        for path in self.paths:
            if path == "-" or not os.path.isfile(path):
                return None
            total += os.stat(path).st_size
        return total


def find(arguments: Iterable[str]) -> Files:
    """Return the files behind ``arguments``: each is a file, ``-``, a folder, or a pattern such as ``in/**/*.json``."""
    paths: list[str] = []
    faults: list[Document] = []
    for argument in arguments:
        if argument == "-" or os.path.isfile(argument) or not os.path.isdir(argument):
            found = [argument]
            if argument != "-" and glob.has_magic(argument) and not os.path.lexists(argument):
                found = sorted(path for path in glob.iglob(argument, recursive=True) if os.path.isfile(path))
        else:
            found = sorted(_in_folder(argument))
        paths += found
        if not found:
            what = f"holds no {', '.join(_SUFFIXES)} file" if os.path.isdir(argument) else "matches no file"
            faults.append(Document(argument, fault=what))
    return Files(tuple(paths), tuple(faults))


def read(files: Files, *, lines: bool = False) -> Iterator[Document]:
    """Yield every document; a file that cannot be read yields its fault. ``lines``: all of them hold JSON lines."""
    yield from files.faults
    for path in files.paths:
        try:
            if path == "-":
                yield from _documents(sys.stdin.buffer, path, lines)
                continue
            with opened(path) as stream:
                yield from _documents(stream, path, lines)
        except Invalid as error:
            yield Document(title(path), fault=error.expected)
        except OSError as error:
            yield Document(title(path), fault=f"cannot be read ({error.strerror})")


def _in_folder(folder: str) -> Iterator[str]:
    for root, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        yield from (str(Path(root, name)) for name in names if name.endswith(_SUFFIXES) and not name.startswith("."))


def _documents(stream: BinaryIO, path: str, lines: bool) -> Iterator[Document]:
    name = title(path)
    if lines or path.endswith(_LINES):
        yield from _lines(stream, name, 1)
        return
    head, told = b"", list[tuple[int, bytes]]()
    for number in count(1):  # up to the second line that is not blank
        line = stream.readline(LONGEST + 1)
        head += line
        if line.strip():
            told.append((number, line))
        if not line or len(told) == 2 or len(head) > LONGEST:
            break
    if len(told) == 2 and _is_lines(*(line for _, line in told)):
        yield from (_line(line, name, number) for number, line in told)
        yield from _lines(stream, name, told[1][0] + 1)
        return
    raw = head + stream.read(max(0, LONGEST + 1 - len(head)))
    if len(raw) > LONGEST:
        yield Document(name, fault=_TOO_LONG, size=len(raw))
    else:
        yield Document(name, raw, len(raw))


_TOO_LONG = f"is larger than {LONGEST // 2**20} MiB, expected the answer about one asset, or JSON lines with --lines"


def _is_lines(first: bytes, second: bytes) -> bool:
    """Whether these are two of many objects, one a line: one of them is complete, the other may be broken."""
    if not first.lstrip(b"\xef\xbb\xbf \t").startswith(b"{") or first.rstrip().endswith((b"{", b"[", b":", b",")):
        return False
    return _is_object(first) or _is_object(second)


def _is_object(line: bytes) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False


def _lines(stream: BinaryIO, name: str, number: int) -> Iterator[Document]:
    while line := stream.readline(LONGEST + 1):
        if len(line) > LONGEST:
            size = len(line)
            while not line.endswith(b"\n") and (line := stream.readline(LONGEST)):
                size += len(line)
            yield Document(f"{name}:{number}", fault=f"is longer than {LONGEST // 2**20} MiB", size=size, line=number)
        elif line.strip():
            yield _line(line, name, number)
        number += 1


def _line(line: bytes, name: str, number: int) -> Document:
    return Document(f"{name}:{number}", line.rstrip(b"\r\n"), len(line), number)
