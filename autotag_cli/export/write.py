"""An export of every asset of a stack into a file, page by page, which can be interrupted and continued.

The pages read so far are in ``FILE.part``. ``FILE.progress`` says how many bytes of it count (whole pages only) and
where each segment continues. ``FILE`` appears once it is complete. ``FILE.part`` is locked, so that only one process at
a time writes it.
"""

import fcntl
import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

import msgspec
from msgspec import Struct

from autotag.domain.errors import Invalid
from autotag.domain.model.strict_json import decode as decode_json
from autotag_cli.errors import Failure
from autotag_cli.export.file_format import MARK, header
from autotag_cli.input.files import MAX_SIZE, check_replaceable, replace_contents
from autotag_cli.stack.scan.pages import SEGMENTS, Scanner, raw_pages
from autotag_cli.stack.scan.segments import initial_cursors
from autotag_cli.terminal.output import note
from autotag_cli.terminal.progress import progress_bar


class Progress(Struct):
    """The progress of an export of ``stack``: ``assets`` in the first ``size`` bytes, ``cursors`` of open segments."""

    stack: str
    size: int
    assets: int
    cursors: dict[int, str]
    segments: int = SEGMENTS


class AlreadyExporting(Failure):
    """The error that another process is writing the file."""


class ExportPaths:
    """The paths of the three files of an export. A link stands for the file that it points to."""

    def __init__(self, path: str) -> None:
        self.name = path
        self.whole = Path(os.path.realpath(path))
        self.part, self.progress = (self.whole.with_name(f"{self.whole.name}.{end}") for end in ("part", "progress"))


Finish = Callable[[Path, Path], None]
"""Makes the second file of the first one, which holds all lines and is then gone. Raises ``OSError``."""


def move(lines: Path, target: Path) -> None:
    """Let the lines be the file."""
    lines.replace(target)


def export(scanner: Scanner, stack: str, path: str, at: str, finish: Finish = move) -> int:
    """Write every asset of ``stack`` into ``path``, with ``at`` (ISO 8601) as its start; return their number.

    Raises ``Invalid`` naming a file that cannot be created or belongs to no export, ``Occupied`` if another process
    writes it, and ``Failure`` if a page cannot be read or written; the next call continues after the pages before.
    """
    check_replaceable(path)
    paths = ExportPaths(path)
    with _open_locked(paths) as stream:
        try:
            progress = _resume(paths, stack, stream) or _begin(paths, stack, at, stream)
            with progress_bar("Exporting", None, "assets") as bar:
                bar.advance(0, progress.assets)
                for segment, page in raw_pages(scanner, progress.cursors.copy(), progress.segments):
                    progress.size += _write_all(stream, b"".join(bytes(asset) + b"\n" for asset in page.assets))
                    progress.assets += len(page.assets)
                    if page.cursor is None:
                        del progress.cursors[segment]
                    else:
                        progress.cursors[segment] = page.cursor
                    _save_progress(stream, paths.progress, progress)
                    bar.advance(1, len(page.assets))
            finish(paths.part, paths.whole)
            paths.progress.unlink()
        except OSError as error:
            raise Failure(f"{path}: cannot be written ({error.strerror})") from error
    return progress.assets


def _open_locked(paths: ExportPaths) -> BinaryIO:
    """Open ``FILE.part`` for this process alone; create it if it does not exist."""
    try:
        while True:
            number = os.open(paths.part, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW, 0o666)
            stream = open(number, "a+b", buffering=0)  # noqa: SIM115 (returned)
            try:
                fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
                if is_at(stream, paths.part):
                    return stream
            except OSError:
                stream.close()
                raise
            stream.close()  # another export finished and moved the file after it was opened
    except BlockingIOError as error:
        raise AlreadyExporting(f"another export is writing {paths.name}: wait for it, or name another file") from error
    except OSError as error:
        if paths.part.is_symlink():
            raise Invalid(str(paths.part), "is a link, not the part of an export: remove it") from error
        raise Invalid(paths.name, f"cannot be written ({error.strerror})") from error


def _check_own(paths: ExportPaths, stream: BinaryIO) -> None:
    """Raise ``Invalid`` where ``FILE.part`` holds something else: it would be lost, or be taken for assets."""
    if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
        raise Invalid(str(paths.part), "is no file: remove it, or name another file")
    head = os.pread(stream.fileno(), len(MARK), 0)
    if head and head != MARK:
        raise Invalid(str(paths.part), "holds something else than an export: remove it, or name another file")


def is_at(stream: BinaryIO, path: Path) -> bool:
    """Return whether the open file is still the one at ``path``."""
    try:
        return os.path.samestat(os.fstat(stream.fileno()), os.stat(path))
    except FileNotFoundError:
        return False


def _write_all(stream: BinaryIO, text: bytes) -> int:
    """Write all of ``text``: on a nearly full disk, the system writes only a part without an error."""
    left = memoryview(text)
    while left:
        left = left[stream.write(left) :]
    return len(text)


def _begin(paths: ExportPaths, stack: str, at: str, stream: BinaryIO) -> Progress:
    _check_own(paths, stream)
    first = header(stack, at)
    stream.truncate(0)
    return Progress(stack, _write_all(stream, first), 0, initial_cursors(SEGMENTS))


def _resume(paths: ExportPaths, stack: str, stream: BinaryIO) -> Progress | None:
    """Return the progress of an interrupted export, if any; raises ``Invalid`` if it is damaged or of another stack."""
    size = os.fstat(stream.fileno()).st_size
    try:
        with paths.progress.open("rb") as stored:
            progress: Progress = decode_json(stored.read(MAX_SIZE), Progress)
    except FileNotFoundError:
        return None
    except msgspec.DecodeError as error:
        raise Invalid(str(paths.progress), f"is not the progress of an export ({error})") from error
    if progress.stack != stack:
        raise Invalid(str(paths.progress), f"is of an export of {progress.stack}: remove it to start over")
    if not size:  # FILE was completed, and then the export was interrupted
        return None
    if size < progress.size:
        raise Invalid(str(paths.part), f"is shorter than {paths.progress} says: remove both to start over")
    _check_own(paths, stream)
    stream.truncate(progress.size)
    note(f"Continuing after {progress.assets:,} assets.")
    return progress


def _save_progress(stream: BinaryIO, path: Path, progress: Progress) -> None:
    """Store the progress, after the bytes that it counts are on the disk."""
    os.fsync(stream.fileno())
    replace_contents(path, msgspec.json.encode(progress), path.with_name(f"{path.name}.tmp"))
