"""The record of the files of an upload that have arrived, one a line, so that an interrupted upload can continue.

A line is written as soon as its file has arrived: whatever ends the process, a recorded file is never sent again. A
line that was cut off, by a kill or a full disk, is ignored: its file is checked again, which costs no unit.
"""

import fcntl
import stat
import threading
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import msgspec
from msgspec import Struct

from autotag.domain.errors import Invalid
from autotag.domain.model.strict_json import decode as decode_json
from autotag_cli.cloudinary.uploading.file_state import FileState
from autotag_cli.cloudinary.uploading.journal_header import JournalHeader, path_key
from autotag_cli.cloudinary.uploading.naming import Item, StoredNames
from autotag_cli.errors import Failure

_LONGEST_LINE = 64 * 1024
"""The most bytes of a line: a path has up to 4,096, a public_id 255 characters. More is not a record of an upload."""
_START, _BEGAN = b'{"path":', b'{"began":'


class JournalError(Failure):
    """A file has arrived, but the record could not be written."""


class _Line(Struct, frozen=True, omit_defaults=True):
    """A file that has arrived. ``sent`` and ``asset_folder`` are there only if Cloudinary answered with other names."""

    path: str
    size: int
    mtime: int
    digest: str
    public_id: str
    sent: str = ""
    asset_folder: str | None = None


class _Began(Struct, frozen=True):
    began: int


class Journal:
    """The record of one upload, locked by this process until it is closed. ``damaged``: how many lines were ignored."""

    def __init__(self, path: Path, header: JournalHeader) -> None:
        """Open or create it. Raises ``Invalid`` that names a file that is no record, or is of another upload.

        Such a file is never written to. An empty file, or a cut-off first line of this very record, is started over.
        """
        self.path, self.damaged = path, 0
        self._lock = threading.Lock()
        self._done: dict[str, _Line] = {}
        self._began = 0
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            if path.exists() and not stat.S_ISREG(path.stat().st_mode):
                raise Invalid(str(path), "is not a regular file, name another --resume")
            self._file = open(path, "a+b", buffering=0)  # noqa: SIM115 (closed by close)
        except OSError as error:
            raise Invalid(str(path), f"cannot be written ({error.strerror})") from error
        try:
            self._end = self._begin(header)
        except OSError as error:
            self._file.close()
            raise Failure(f"{path} cannot be written ({error.strerror})") from error
        except BaseException:
            self._file.close()
            raise

    def recorded_state(self, item: Item) -> FileState | None:
        """Return the file's state when it arrived as this asset, None if it has not arrived."""
        line = self._line(item)
        return None if line is None else FileState(line.size, line.mtime, line.digest)

    def recorded_names(self, item: Item) -> StoredNames | None:
        """Return the names that Cloudinary answered with when the file arrived, None if it has not arrived."""
        line = self._line(item)
        return None if line is None else StoredNames(line.public_id, line.asset_folder)

    def record(self, item: Item, state: FileState, names: StoredNames | None = None) -> None:
        """Record that a file has arrived, under ``names`` or the names that were sent.

        Raises ``JournalError`` if the disk is full or gone.
        """
        names = names or StoredNames(item.public_id)
        sent = "" if names.public_id == item.public_id else item.public_id
        line = _Line(path_key(item.path), *state, names.public_id, sent, names.asset_folder)
        with self._lock:
            self._write(line)

    def began(self, now: Callable[[], int]) -> int:
        """Return when the upload began, in unix seconds at Cloudinary; if it is not recorded yet, record ``now``."""
        if not self._began:
            line = _Began(now())
            self._write(line)
            self._began = line.began
        return self._began

    def close(self, *, remove: bool = False) -> None:
        """Close the record; with ``remove``, delete it, so that the next upload starts over."""
        if remove:
            self.path.unlink(missing_ok=True)
        self._file.close()

    def _line(self, item: Item) -> _Line | None:
        line = self._done.get(path_key(item.path))
        return line if line is not None and (line.sent or line.public_id) == item.public_id else None

    def _write(self, line: Struct) -> None:
        """Write a whole line or nothing: a disk may take a part of it, and the next line must not follow that."""
        data = msgspec.json.encode(line) + b"\n"
        try:
            self._file.truncate(self._end)
            written = self._file.write(data)
            if written != len(data):
                self._file.truncate(self._end)
                raise JournalError(f"{self.path} cannot be written (there is no room for a line)")
        except OSError as error:
            raise JournalError(f"{self.path} cannot be written ({error.strerror})") from error
        self._end += len(data)

    def _begin(self, header: JournalHeader) -> int:
        """Read the record; return where the next line goes."""
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Failure(f"another upload is writing {self.path}: wait for it, or name another --resume") from error
        header_line = msgspec.json.encode(header) + b"\n"
        self._file.seek(0)
        with open(self._file.fileno(), "rb", closefd=False) as stream:
            first = stream.readline(_LONGEST_LINE)
            if first.endswith(b"\n"):
                self._check(first, header)
                return len(first) + sum(map(self._read, _whole_lines(stream)))
            if not header_line.startswith(first):
                raise Invalid(f"{self.path}:1", "is not a line of an upload's record: name another --resume")
        self._end = 0
        self._write(header)
        return self._end

    def _check(self, first: bytes, header: JournalHeader) -> None:
        try:
            stored = decode_json(first, JournalHeader)
        except msgspec.DecodeError as error:
            problem = f"is not a line of an upload's record ({error}): name another --resume"
            raise Invalid(f"{self.path}:1", problem) from error
        if stored != header:
            names = {"cloud_name": "the cloud", "api_base": "the address", "call": "the options"}
            other = [names[name] for name in names if getattr(stored, name) != getattr(header, name)]
            raise Invalid(
                str(self.path), f"is of another upload, {' and '.join(other)} differ: remove it to start over"
            )

    def _read(self, text: bytes) -> int:
        line = _decoded(text)
        if line is not None:
            self._keep(line)
            return len(text)
        self.damaged += 1
        for rest in text.split(_START)[1:]:  # older versions wrote the next line after one that was cut off
            line = _decoded(_START + rest)
            if line is not None:
                self._keep(line)
        return len(text)

    def _keep(self, line: _Line | _Began) -> None:
        if isinstance(line, _Began):
            self._began = line.began
        else:
            self._done[line.path] = line


def _whole_lines(stream: Iterable[bytes]) -> Iterator[bytes]:
    """Yield lines up to the last line break; what follows it was cut off."""
    return (line for line in stream if line.endswith(b"\n"))


def _decoded(text: bytes) -> _Line | _Began | None:
    type_: type[_Line | _Began] = _Began if text.startswith(_BEGAN) else _Line
    try:
        return decode_json(text, type_)
    except msgspec.DecodeError:
        return None
