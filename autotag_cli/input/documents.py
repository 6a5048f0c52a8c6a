"""Documents that a command reads: from files, folders, patterns or stdin; one JSON object each, or one a line.

They are read one by one, so that memory use does not grow with their number.
"""

import json
import os
import stat
import sys
from collections.abc import Iterable, Iterator
from glob import has_magic
from itertools import count
from typing import BinaryIO, NamedTuple

from autotag.domain.errors import Invalid
from autotag_cli.input.common_mistakes import BINARY, is_binary
from autotag_cli.input.files import MAX_SIZE, display_name, open_file
from autotag_cli.input.walk import only_new, walk

_SUFFIXES = (".json", ".jsonl", ".ndjson")
_LINES = (".jsonl", ".ndjson")
_SNIFFED = 512
"""Bytes at the beginning of a file that show whether it is text."""


class Document(NamedTuple):
    """A document and its location in messages: ``FILE``, or ``FILE:17`` for a line. ``error``: why it has no content.

    ``size``: how many bytes were read for it. ``unread``: the system did not allow to read it, so its content may be
    valid. ``listed``: it is an entry of a list.
    """

    location: str
    raw: bytes = b""
    size: int = 0
    line: int | None = None
    error: str = ""
    unread: bool = False
    listed: bool = False


class Files(NamedTuple):
    """The files that arguments name, and an error for each argument that names none.

    ``left_out``: sentences about the links and special files in folders, which are not read.
    """

    paths: tuple[str, ...]
    errors: tuple[Document, ...]
    left_out: tuple[str, ...] = ()

    @property
    def size(self) -> int | None:
        """Return the size of all files in bytes, or None if it is not known."""
        total = 0
        for path in self.paths:
            if path == "-" or not os.path.isfile(path):
                return None
            total += os.stat(path).st_size
        return total


def find_files(arguments: Iterable[str]) -> Files:
    """Return the files that ``arguments`` name, each once.

    An argument is a file, ``-``, a folder, or a pattern such as ``in/**/*.json``. In a folder, only files with a suffix
    of JSON or JSON lines are taken.
    """
    paths: list[str] = []
    errors: list[Document] = []
    left_out: list[str] = []
    seen: set[str] = set()
    for argument in arguments:
        is_folder = os.path.isdir(argument)
        walked = walk(argument, _is_json if is_folder else _is_any)
        left_out += walked.left_out
        errors += [Document(path, error=f"cannot be read ({why})", unread=True) for path, why in walked.unread]
        paths += [file.path for file in only_new(walked.files, seen)]
        if walked.files or walked.unread:
            continue
        if argument == "-" or (not is_folder and (os.path.lexists(argument) or not has_magic(argument))):
            paths.append(argument)  # a pipe, or a missing file: reading it reports that
        else:
            what = f"holds no {', '.join(_SUFFIXES)} file" if is_folder else "matches no file"
            errors.append(Document(argument, error=what))
    return Files(tuple(paths), tuple(errors), tuple(left_out))


def _is_json(name: str) -> bool:
    return name.endswith(_SUFFIXES)


def _is_any(name: str) -> bool:
    return True


def read_documents(files: Files, *, lines: bool = False) -> Iterator[Document]:
    """Yield every document, with an error for a file that cannot be read. ``lines``: all files hold JSON lines."""
    yield from files.errors
    for path in files.paths:
        try:
            if path == "-":
                yield from _documents_in(sys.stdin.buffer, path, lines)
                continue
            with open_file(path) as stream:
                yield from _documents_in(stream, path, lines)
        except Invalid as error:
            denied = isinstance(error.__cause__, PermissionError)
            yield Document(display_name(path), error=error.expected, unread=denied)
        except OSError as error:
            yield Document(display_name(path), error=f"cannot be read ({error.strerror})", unread=True)


def _documents_in(stream: BinaryIO, path: str, lines: bool) -> Iterator[Document]:
    name = display_name(path)
    if lines or path.endswith(_LINES):
        yield from _lines(stream, name, 1)
        return
    head, first_two = bytearray(), list[tuple[int, bytes]]()
    for number in count(1):  # up to the second line that is not blank
        line = stream.readline(MAX_SIZE + 1)
        head += line
        if line.strip():
            first_two.append((number, line))
        if not line or len(first_two) == 2 or len(head) > MAX_SIZE:
            break
    if is_binary(bytes(head[:_SNIFFED])):
        yield Document(name, error=BINARY, size=len(head))
        return
    if len(first_two) == 2 and _is_lines(*(line for _, line in first_two)):
        yield from (_line(line, name, number) for number, line in first_two)
        yield from _lines(stream, name, first_two[1][0] + 1)
        return
    size = os.fstat(stream.fileno()).st_size if _is_file(stream) else 0
    raw = bytes(head) + (b"" if size > MAX_SIZE else stream.read(max(0, MAX_SIZE + 1 - len(head))))
    if max(size, len(raw)) > MAX_SIZE:
        yield Document(name, error=_TOO_LONG, size=max(size, len(raw)))
    else:
        yield Document(name, raw, len(raw))


_TOO_LONG = (
    f"is larger than {MAX_SIZE // 2**20} MiB, expected the response about one asset, or JSON lines with --lines "
    "(jq -c '.resources[]' or jq -c '.[]' makes them from a list)"
)


def _is_file(stream: BinaryIO) -> bool:
    try:
        return stat.S_ISREG(os.fstat(stream.fileno()).st_mode)
    except OSError:  # a stream of a test, without a file
        return False


def _is_lines(first: bytes, second: bytes) -> bool:
    """Return whether a file with these first lines holds JSON lines: one must be complete, the other may be broken."""
    begins = first.lstrip(b"\xef\xbb\xbf \t").startswith((b"{", b"["))
    if not begins or first.rstrip().endswith((b"{", b"[", b":", b",")):
        return False
    return _is_whole(first) or _is_whole(second)


def _is_whole(line: bytes) -> bool:
    try:
        return isinstance(json.loads(line), dict | list)
    except (ValueError, RecursionError):
        return False


def _lines(stream: BinaryIO, name: str, number: int) -> Iterator[Document]:
    while line := stream.readline(MAX_SIZE + 1):
        if len(line) > MAX_SIZE:
            size = len(line)
            while not line.endswith(b"\n") and (line := stream.readline(MAX_SIZE)):
                size += len(line)
            yield Document(f"{name}:{number}", error=f"is longer than {MAX_SIZE // 2**20} MiB", size=size, line=number)
        elif line.strip():
            yield _line(line, name, number)
        number += 1


def _line(line: bytes, name: str, number: int) -> Document:
    return Document(f"{name}:{number}", line.rstrip(b"\r\n"), len(line), number)
