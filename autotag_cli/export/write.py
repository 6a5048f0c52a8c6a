"""Writing every asset of a stack into a file, page by page, so that an interrupted export goes on where it was.

What has come is in ``FILE.part``, and ``FILE.progress`` says how many bytes of it count and where each segment goes on;
whole pages count alone. ``FILE`` is there once everything is in it. ``FILE.part`` is locked, so that one process at a
time writes it.
"""

import fcntl
import os
import stat
from pathlib import Path
from typing import BinaryIO

import msgspec
from msgspec import Struct

from autotag.domain.errors import Invalid
from autotag.domain.model.strict_json import decode as decode_json
from autotag_cli.errors import Failure
from autotag_cli.export.file_format import MARK, header
from autotag_cli.input.files import LONGEST, check_replaceable
from autotag_cli.stack.scan_pages import SEGMENTS, Scanner, beginning, raw_pages
from autotag_cli.terminal.output import note
from autotag_cli.terminal.progress import meter


class Progress(Struct):
    """How far an export of ``stack`` is: ``assets`` in the first ``size`` bytes, the open segments' ``cursors``."""

    stack: str
    size: int
    assets: int
    cursors: dict[int, str]
    segments: int = SEGMENTS


class Occupied(Failure):
    """Another process writes this file."""


class Places:
    """The three files of an export. A link stands for the file that it leads to."""

    def __init__(self, path: str) -> None:
        self.name = path
        self.whole = Path(os.path.realpath(path))
        self.part, self.progress = (self.whole.with_name(f"{self.whole.name}.{end}") for end in ("part", "progress"))


def export(scanner: Scanner, stack: str, path: str, at: str) -> int:
    """Write every asset of ``stack`` into ``path``, beginning at ``at`` (ISO 8601); return how many there are.

    Raises ``Invalid`` naming a file that cannot be begun, or is no export's, ``Occupied`` where another process writes
    it, and ``Failure`` where a page cannot be had or written: what was written before is gone on with.
    """
    check_replaceable(path)
    places = Places(path)
    with _locked(places) as stream:
        try:
            progress = _begun(places, stack, stream) or _begin(places, stack, at, stream)
            with meter("Exporting", None, "assets") as shown:
                shown.advance(0, progress.assets)
                for segment, page in raw_pages(scanner, progress.cursors.copy(), progress.segments):
                    progress.size += _written(stream, b"".join(bytes(asset) + b"\n" for asset in page.assets))
                    progress.assets += len(page.assets)
                    if page.cursor is None:
                        del progress.cursors[segment]
                    else:
                        progress.cursors[segment] = page.cursor
                    _keep(stream, places.progress, progress)
                    shown.advance(1, len(page.assets))
            places.part.replace(places.whole)
            places.progress.unlink()
        except OSError as error:
            raise Failure(f"{path}: cannot be written ({error.strerror})") from error
    return progress.assets


def _locked(places: Places) -> BinaryIO:
    """Open ``FILE.part`` for this process alone, and create it where it is not there."""
    try:
        while True:
            number = os.open(places.part, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW, 0o666)
            stream = open(number, "a+b", buffering=0)  # noqa: SIM115 (returned)
            try:
                fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
                if is_at(stream, places.part):
                    return stream
            except OSError:
                stream.close()
                raise
            stream.close()  # another export was finished since it was opened
    except BlockingIOError as error:
        raise Occupied(f"another export is writing {places.name}: wait for it, or name another file") from error
    except OSError as error:
        if places.part.is_symlink():
            raise Invalid(str(places.part), "is a link, not the part of an export: remove it") from error
        raise Invalid(places.name, f"cannot be written ({error.strerror})") from error


def _check_own(places: Places, stream: BinaryIO) -> None:
    """Raise ``Invalid`` where ``FILE.part`` holds something else: it would be lost, or be taken for assets."""
    if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
        raise Invalid(str(places.part), "is no file: remove it, or name another file")
    found = os.pread(stream.fileno(), len(MARK), 0)
    if found and found != MARK:
        raise Invalid(str(places.part), "holds something else than an export: remove it, or name another file")


def is_at(stream: BinaryIO, path: Path) -> bool:
    """Whether the open file is still the one at ``path``."""
    try:
        return os.path.samestat(os.fstat(stream.fileno()), os.stat(path))
    except FileNotFoundError:
        return False


def _written(stream: BinaryIO, text: bytes) -> int:
    """Write all of ``text``: of a disk that is nearly full, the system takes a part without an error."""
    left = memoryview(text)
    while left:
        left = left[stream.write(left) :]
    return len(text)


def _begin(places: Places, stack: str, at: str, stream: BinaryIO) -> Progress:
    _check_own(places, stream)
    first = header(stack, at)
    stream.truncate(0)
    return Progress(stack, _written(stream, first), 0, beginning())


def _begun(places: Places, stack: str, stream: BinaryIO) -> Progress | None:
    """Return how far an interrupted export is; raises ``Invalid`` where it is one of another stack, or no export."""
    size = os.fstat(stream.fileno()).st_size
    try:
        with places.progress.open("rb") as stored:
            found: Progress = decode_json(stored.read(LONGEST), Progress)
    except FileNotFoundError:
        return None
    except msgspec.DecodeError as error:
        raise Invalid(str(places.progress), f"is no progress of an export ({error})") from error
    if found.stack != stack:
        raise Invalid(str(places.progress), f"is of an export of {found.stack}: remove it to begin anew")
    if not size:  # the export was put in its place, and then interrupted
        return None
    if size < found.size:
        raise Invalid(str(places.part), f"has lost what {places.progress} says is in it: remove both to begin anew")
    _check_own(places, stream)
    stream.truncate(found.size)
    note(f"Going on after {found.assets:,} assets.")
    return found


def _keep(stream: BinaryIO, path: Path, progress: Progress) -> None:
    """Write down how far it is, once what counts is on the disk."""
    os.fsync(stream.fileno())
    beside = path.with_name(f"{path.name}.tmp")
    try:
        beside.write_bytes(msgspec.json.encode(progress))
        beside.replace(path)
    except OSError:
        beside.unlink(missing_ok=True)
        raise
