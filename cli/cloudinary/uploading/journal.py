"""Which files of an upload have arrived, a line each, so that an interrupted upload goes on where it was.

A line is written as soon as its file is through: whatever ends the process, what was recorded is never sent again. The
last line of a process that was killed may be torn; it is dropped.
"""

import fcntl
import hashlib
import os
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Self

import msgspec
from msgspec import Struct

from autotag.domain.errors import Invalid
from cli.cloudinary.uploading.naming import Item
from cli.cloudinary.uploading.sending import Call, Stamp
from cli.errors import Failure


class Purpose(Struct, frozen=True):
    """The first line: where the files go, and what is asked of each of them, as a digest."""

    cloud_name: str
    api_base: str
    call: str

    @classmethod
    def of(cls, cloud_name: str, api_base: str, call: Call) -> Self:
        """Return the purpose of an upload."""
        return cls(cloud_name, api_base, hashlib.sha256(msgspec.json.encode(call, order="sorted")).hexdigest())


class Unrecorded(Failure):
    """A file has arrived, but the record could not be written."""


class _Line(Struct, frozen=True):
    path: str
    size: int
    mtime: int
    digest: str
    public_id: str


class Journal:
    """The record of one upload, for this process alone until it is closed."""

    def __init__(self, path: Path, purpose: Purpose) -> None:
        """Open or begin it; raises ``Invalid`` naming a file that is none, or one of another upload."""
        self.path = path
        self._lock = threading.Lock()
        self._done: dict[str, _Line] = {}
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = open(path, "a+b", buffering=0)  # noqa: SIM115 (closed by close)
        except OSError as error:
            raise Invalid(str(path), f"cannot be written ({error.strerror})") from error
        try:
            self._begin(purpose)
        except BaseException:
            self._file.close()
            raise

    def has(self, item: Item) -> Stamp | None:
        """Return what the file was when it arrived as this asset, None where it did not."""
        line = self._done.get(os.path.abspath(item.path))
        if line is None or line.public_id != item.public_id:
            return None
        return Stamp(line.size, line.mtime, line.digest)

    def record(self, item: Item, stamp: Stamp) -> None:
        """Write that a file has arrived; raises ``Unrecorded`` where the disk is full or gone."""
        path = os.path.abspath(item.path)
        line = msgspec.json.encode(_Line(path, *stamp, item.public_id)) + b"\n"
        with self._lock:
            try:
                self._file.write(line)
            except OSError as error:
                raise Unrecorded(f"{self.path} cannot be written ({error.strerror})") from error

    def close(self, *, remove: bool = False) -> None:
        """Let go of it; with ``remove`` the next upload begins anew."""
        if remove:
            self.path.unlink(missing_ok=True)
        self._file.close()

    def _begin(self, purpose: Purpose) -> None:
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Failure(f"another upload is writing {self.path}: wait for it, or name another --resume") from error
        self._file.seek(0)
        whole, newline, _torn = self._file.read().rpartition(b"\n")
        first, *lines = (whole + newline).splitlines() or [b""]
        if not first:
            self._file.truncate(0)
            self._file.write(msgspec.json.encode(purpose) + b"\n")
            return
        found = self._decoded(first, 1, Purpose)
        if found != purpose:
            told = {"cloud_name": "the cloud", "api_base": "the address", "call": "the options"}
            other = [told[name] for name in told if getattr(found, name) != getattr(purpose, name)]
            raise Invalid(
                str(self.path), f"is of another upload, {' and '.join(other)} differ: remove it to begin anew"
            )
        for number, text in enumerate(lines, 2):
            line = self._decoded(text, number, _Line)
            self._done[line.path] = line
        self._file.truncate(len(whole) + len(newline))

    def _decoded[T](self, text: bytes, number: int, type_: type[T]) -> T:
        try:
            return msgspec.json.decode(text, type=type_)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise Invalid(f"{self.path}:{number}", f"is no line of an upload's record ({error})") from error


def usual_path(environment: Mapping[str, str], purpose: Purpose, arguments: list[str]) -> Path:
    """Return where the record of an upload is kept that names no file for it."""
    home = environment.get("XDG_STATE_HOME") or os.path.join(environment.get("HOME") or Path.home(), ".local", "state")
    what = msgspec.json.encode((purpose, sorted(map(os.path.abspath, arguments))))
    return Path(home, "autotag", f"upload-{hashlib.sha256(what).hexdigest()[:16]}.jsonl")
