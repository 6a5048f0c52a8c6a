"""An export of several files in a folder, as it is in the bucket and as it was fetched from there."""

import os
from collections.abc import Iterable
from pathlib import Path

from autotag.domain.errors import Invalid
from autotag.domain.model.exports import MANIFEST, Manifest
from autotag_cli.errors import Failure
from autotag_cli.export.bucket import read_manifest
from autotag_cli.input.files import MAX_LIST_SIZE, read_bytes

UNFINISHED = "_download.json"
"""The manifest of an export whose files are being fetched into this folder."""


def split_partitions(inputs: Iterable[str]) -> tuple[list[str], list[str]]:
    """Return the inputs that are no exports of several files, and the files of those that are.

    Files without assets are left out. Raises ``Invalid`` if an export is not complete.
    """
    others, files = list[str](), list[str]()
    for each in inputs:
        found = partitions(each)
        if found is None:
            others.append(each)
        else:
            files += found
    return others, files


def partitions(folder: str) -> list[str] | None:
    """Return the files of the export in ``folder``, or None if it holds none.

    Raises ``Invalid`` if the export is not complete: files are missing, or have another size than in the bucket.
    """
    path = Path(folder)
    if not path.is_dir():
        return None
    if not (path / MANIFEST).is_file():
        if (path / UNFINISHED).exists() or any(path.glob("part=*/*.parquet")):
            raise Invalid(folder, f"is an export without {MANIFEST}: fetch it again with autotag export --from-s3")
        return None
    manifest = manifest_in(folder)
    if manifest is None:
        return None
    for file in manifest.files:
        there = path / file.key
        if not there.is_file() or os.path.getsize(there) != file.bytes:
            raise Invalid(str(there), "is missing or cut short: fetch it again with autotag export --from-s3")
    return [str(path / file.key) for file in manifest.files if file.assets]


def manifest_in(folder: str, name: str = MANIFEST) -> Manifest | None:
    """Return the manifest that a folder holds, or None. Raises ``Invalid`` if it is damaged."""
    path = os.path.join(folder, name)
    if not os.path.isfile(path):
        return None
    try:
        return read_manifest(path, read_bytes(path, MAX_LIST_SIZE))
    except Failure as error:
        raise Invalid("", str(error)) from error
