"""The arrays of an export, kept in a folder beside it, so that it is read into arrays once.

Arrays are mapped from their files: processes share their memory, and opening them takes no time.
"""

import os
from glob import escape
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryDirectory
from typing import Any

import msgspec
import numpy as np

from autotag.domain.model.conversion import decoder
from autotag_library.arrays import Library, Place, Ragged
from autotag_library.columns.stamp import stamp_of

FORM = 3
"""The version of these files; those of another one are made anew."""

SUFFIX = ".arrays"
_LISTS = ("labels", "managed", "user", "suppressed")
_PLAIN = ("values", "confidences", "places", "provider", "faulty", "described", "related", "apart")
_TEXTS = "texts.json"


class _Texts(msgspec.Struct, frozen=True):
    """What is no array. ``stamp`` tells of which file the arrays are."""

    stamp: str
    providers: tuple[str, ...]
    names: tuple[str, ...]
    place_of: tuple[Place, ...]
    texts: tuple[str, ...]


def open_arrays(file: Path, providers: tuple[str, ...]) -> Library | None:
    """Return the kept arrays of an export for these providers, None if there are none, or they are damaged."""
    folder = _folder(file)
    try:
        made = stamp_of(folder / _TEXTS)
        texts = decoder(_Texts).decode((folder / _TEXTS).read_bytes())
        if texts.stamp != _stamp(stamp_of(file)) or texts.providers != providers:
            return None
        arrays: dict[str, Any] = {name: _mapped(folder, name) for name in _PLAIN}
        for name in _LISTS:
            arrays[name] = Ragged(_mapped(folder, f"{name}.first"), _mapped(folder, name))
        if stamp_of(folder / _TEXTS) != made:  # another process has put others in their place
            return None
    except (OSError, EOFError, ValueError, msgspec.MsgspecError):
        return None
    found = Library(providers=providers, names=texts.names, place_of=texts.place_of, texts=texts.texts, **arrays)
    return found if _fits(found) else None


def _fits(library: Library) -> bool:
    """Return whether the arrays belong together; a power failure may leave some shorter, or without their ends."""
    size = library.size
    lists = (library.labels, library.managed, library.user, library.suppressed)
    return (
        all(len(each.first) == size + 1 and each.first[-1] == len(each.values) for each in lists)
        and len(library.confidences) == len(library.labels.values)
        and all(
            len(each) == size
            for each in (library.places, library.faulty, library.described, library.related, library.apart)
        )
    )


def keep_arrays(file: Path, library: Library, stamp: str | None) -> bool:
    """Keep the arrays of an export beside it, in place of others. Returns whether there was room and permission.

    ``stamp`` is that of the file that was read.
    """
    prefix = f".{file.name}{SUFFIX}-"
    try:
        for left in file.parent.glob(f"{escape(prefix)}*"):  # of a killed process
            rmtree(left, ignore_errors=True)
        with TemporaryDirectory(dir=file.parent, prefix=prefix, ignore_cleanup_errors=True) as temporary:
            made, old = Path(temporary, "made"), Path(temporary, "old")
            made.mkdir()
            _write(made, stamp, library)
            if _folder(file).exists():
                os.replace(_folder(file), old)
            os.replace(made, _folder(file))
    except OSError:
        return False
    return True


def _write(folder: Path, stamp: str | None, library: Library) -> None:
    for name in _LISTS:
        lists: Ragged = getattr(library, name)
        np.save(folder / f"{name}.first.npy", lists.first)
        np.save(folder / f"{name}.npy", lists.values)
    for name in _PLAIN:
        np.save(folder / f"{name}.npy", getattr(library, name))
    texts = _Texts(_stamp(stamp), library.providers, library.names, library.place_of, library.texts)
    (folder / _TEXTS).write_bytes(msgspec.json.encode(texts))


def _folder(file: Path) -> Path:
    return file.with_name(f".{file.name}{SUFFIX}")  # hidden: it is none of the inputs that a folder or a pattern names


def _stamp(stamp: str | None) -> str:
    return f"{FORM} {stamp}"


def _mapped(folder: Path, name: str) -> Any:
    return np.asarray(np.lib.format.open_memmap(folder / f"{name}.npy", mode="r"))
