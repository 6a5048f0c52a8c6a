"""Writing every asset of a stack into a file, page by page, so that an interrupted export goes on where it was.

What has come is in ``FILE.part``, and ``FILE.progress`` says how many bytes of it count and where each segment goes on;
whole pages count alone. ``FILE`` is there once everything is in it.
"""

import os
from pathlib import Path
from typing import BinaryIO

import msgspec
from msgspec import Struct

from autotag.domain.errors import Invalid
from autotag.domain.strict_json import decode as decode_json
from cli.meter import meter
from cli.output import note
from cli.stored.exported import header
from cli.stored.pages import SEGMENTS, Scanner, beginning, raw_pages


class Progress(Struct):
    """How far an export of ``stack`` is: ``assets`` in the first ``size`` bytes, the open segments' ``cursors``."""

    stack: str
    size: int
    assets: int
    cursors: dict[int, str]
    segments: int = SEGMENTS


class Places:
    """The three files of an export."""

    def __init__(self, path: str) -> None:
        self.whole = Path(path)
        self.part, self.progress = Path(f"{path}.part"), Path(f"{path}.progress")


def export(scanner: Scanner, stack: str, path: str, at: str) -> int:
    """Write every asset of ``stack`` into ``path``, beginning at ``at`` (ISO 8601); return how many there are.

    Raises ``Failure`` where a page cannot be had, ``Invalid`` naming a file that cannot be written, or is not one.
    """
    places = Places(path)
    try:
        progress = _begun(places, stack) or _begin(places, stack, at)
        with places.part.open("r+b") as stream, meter("Exporting", None, "assets") as shown:
            stream.truncate(progress.size)
            stream.seek(progress.size)
            shown.advance(0, progress.assets)
            for segment, page in raw_pages(scanner, progress.cursors.copy(), progress.segments):
                progress.size += stream.write(b"".join(bytes(asset) + b"\n" for asset in page.assets))
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
        raise Invalid(path, f"cannot be written ({error.strerror})") from error
    return progress.assets


def _begin(places: Places, stack: str, at: str) -> Progress:
    first = header(stack, at)
    places.part.write_bytes(first)
    return Progress(stack, len(first), 0, beginning())


def _begun(places: Places, stack: str) -> Progress | None:
    """Return how far an interrupted export is; raises ``Invalid`` where it is one of another stack, or no export."""
    try:
        found: Progress = decode_json(places.progress.read_bytes(), Progress)
        size = places.part.stat().st_size
    except FileNotFoundError:
        return None
    except msgspec.DecodeError as error:
        raise Invalid(str(places.progress), f"is no progress of an export ({error})") from error
    if found.stack != stack:
        raise Invalid(str(places.progress), f"is of an export of {found.stack}: remove it to begin anew")
    if size < found.size:
        raise Invalid(str(places.part), f"has lost what {places.progress} says is in it: remove both to begin anew")
    note(f"Going on after {found.assets:,} assets.")
    return found


def _keep(stream: BinaryIO, path: Path, progress: Progress) -> None:
    """Write down how far it is, once what counts is on the disk."""
    stream.flush()
    os.fsync(stream.fileno())
    beside = path.with_name(f"{path.name}.tmp")
    beside.write_bytes(msgspec.json.encode(progress))
    beside.replace(path)
