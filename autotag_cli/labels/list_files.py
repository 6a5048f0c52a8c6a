"""The files of a list of labels: those of a zip, of a folder, or one CSV, with limits."""

import io
import lzma
import os
import zipfile
import zlib
from pathlib import Path, PurePosixPath
from typing import IO

from autotag.domain.errors import Invalid
from autotag_cli.input.files import open_file, read_bytes

MAX_BYTES = 5 * 2**20
"""Bytes of all files together, unpacked; AWS's list has 240,000."""
MAX_FILES = 100

_LEFT_OUT = "__MACOSX"
"""A folder that macOS puts into zips, with files of the same names."""
_DAMAGE = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, NotImplementedError, OSError, ValueError)
"""What reading a damaged zip raises; bzip2 raises OSError."""


def read_files(path: str) -> dict[str, bytes]:
    """Return the CSV files of a zip or a folder by their names without folders, or the one file at ``path``.

    Raises ``Invalid``: it cannot be read, is too large, holds a file twice or a path outside of itself.
    """
    if Path(path).is_dir():
        return _of_folder(path)
    data = read_bytes(path, MAX_BYTES)
    if zipfile.is_zipfile(io.BytesIO(data)):
        return _of_zip(path, data)
    if data.startswith(b"PK\x03\x04"):
        raise Invalid(path, "is a damaged zip: fetch it again")
    return {os.path.basename(path): data}


def _of_folder(path: str) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    left = MAX_BYTES
    try:
        names = sorted(name for name in os.listdir(path) if _is_csv(name))
    except OSError as error:
        raise Invalid(path, f"cannot be read ({error.strerror})") from error
    for name in names[:MAX_FILES]:
        with open_file(os.path.join(path, name)) as stream:
            found[name] = _read(stream, left, path)
        left -= len(found[name])
    return found


def _of_zip(path: str, data: bytes) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    left = MAX_BYTES
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            if len(entries) > MAX_FILES:
                raise Invalid(path, f"holds {len(entries):,} files, expected at most {MAX_FILES}")
            for entry in entries:
                place = PurePosixPath(entry.filename.replace("\\", "/"))
                if place.is_absolute() or ".." in place.parts or any(":" in part for part in place.parts[:1]):
                    raise Invalid(path, f"holds {entry.filename!r}, a path outside of the zip")
                if _LEFT_OUT in place.parts or not _is_csv(place.name):
                    continue
                if place.name in found:
                    raise Invalid(path, f"holds {place.name} twice")
                if entry.flag_bits & 1:
                    raise Invalid(path, f"{place.name} in it is encrypted: unpack it, and import the folder")
                with archive.open(entry) as stream:
                    found[place.name] = _read(stream, left, path)
                left -= len(found[place.name])
    except _DAMAGE as error:
        raise Invalid(path, f"is a damaged zip: fetch it again ({error})") from error
    return found


def _read(stream: IO[bytes], left: int, path: str) -> bytes:
    """Read a file that may have ``left`` bytes: a zip is not trusted to say how many it has."""
    data = stream.read(left + 1)
    if len(data) > left:
        raise Invalid(path, f"unpacks to more than {MAX_BYTES // 2**20} MiB, which no list of labels has")
    return data


def _is_csv(name: str) -> bool:
    return name.lower().endswith(".csv") and not name.startswith(".")
