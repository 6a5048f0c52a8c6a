"""Fetching an export from the bucket into a folder: what is there already is not fetched again."""

import os
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

import msgspec

from autotag.domain.errors import Invalid
from autotag.domain.model.exports import MANIFEST, Manifest, ManifestFile
from autotag_cli.errors import Failure
from autotag_cli.export.bucket import Bucket
from autotag_cli.export.partitions import UNFINISHED, manifest_in
from autotag_cli.input.files import replace_contents
from autotag_cli.terminal.progress import progress_bar

_AT_ONCE = 4
"""Files that are fetched at the same time."""


def download(bucket: Bucket, manifest: Manifest, folder: str) -> None:
    """Fetch the files of ``manifest`` into ``folder``, which is created, empty, or holds a part of the same export.

    The manifest comes last. Raises ``Invalid`` if the folder holds something else, ``Failure`` if a file cannot be
    fetched or written; the next call goes on with the files that are missing.
    """
    path = Path(folder)
    try:
        _begin(path, manifest)
        missing = [file for file in manifest.files if not _is_there(path, file)]
        with (
            progress_bar("Fetching", manifest.bytes, "files", waits_for="S3") as bar,
            ThreadPoolExecutor(_AT_ONCE) as pool,
        ):
            bar.advance(manifest.bytes - sum(file.bytes for file in missing), len(manifest.files) - len(missing))
            waiting = {pool.submit(_fetch, bucket, path, file): file for file in missing}
            try:
                for done in as_completed(waiting):
                    done.result()
                    bar.advance(waiting[done].bytes, 1)
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                raise
        replace_contents(path / MANIFEST, msgspec.json.encode(manifest), path / f"{MANIFEST}.tmp")
        (path / UNFINISHED).unlink(missing_ok=True)
    except OSError as error:
        raise Failure(f"{folder}: cannot be written ({error.strerror})") from error


def _begin(folder: Path, manifest: Manifest) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    if not any(folder.iterdir()):
        (folder / UNFINISHED).write_bytes(msgspec.json.encode(manifest))
        return
    begun = manifest_in(str(folder), UNFINISHED) or manifest_in(str(folder))
    if begun is None or (begun.stack, begun.at) != (manifest.stack, manifest.at):
        raise Invalid(str(folder), "holds something else than this export: name an empty or a new folder")


def _is_there(folder: Path, file: ManifestFile) -> bool:
    path = folder / file.key
    return path.is_file() and os.path.getsize(path) == file.bytes


def _fetch(bucket: Bucket, folder: Path, file: ManifestFile) -> None:
    target = folder / file.key
    target.parent.mkdir(exist_ok=True)
    beside = target.with_name(f"{target.name}.tmp")
    bucket.fetch(file.key, beside)
    beside.replace(target)
