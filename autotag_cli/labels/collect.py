"""Counts the labels of all assets: of a stack, or of exports of it."""

import os
from collections.abc import Sequence
from pathlib import Path

from autotag.domain.errors import Invalid
from autotag.domain.statistics.label_counts import LibraryLabels
from autotag.domain.statistics.label_tags import LabelTags
from autotag_cli.export.columns import is_columns
from autotag_cli.export.file_format import assets, is_export, parts
from autotag_cli.export.partitions import split_partitions
from autotag_cli.stack.scan.pages import Scanner, all_pages
from autotag_cli.terminal.progress import progress_bar


def labels_of_stack(scanner: Scanner, tags: LabelTags, provider: str | None) -> LibraryLabels:
    """Return the labels of every asset that a stack knows. Raises ``Failure`` if a page cannot be read."""
    found = LibraryLabels()
    with progress_bar("Counting", None, "assets") as bar:
        for page in all_pages(scanner):
            for scanned in page.assets:
                found.add(scanned, tags, provider)
            bar.advance(1, len(page.assets))
    return found


def labels_of_exports(paths: Sequence[str], tags: LabelTags, provider: str | None) -> LibraryLabels:
    """Return the labels of every asset in the exports. Raises ``Invalid`` that names a file of another kind."""
    found = LibraryLabels()
    paths, files = split_partitions(paths)
    columns = files + [path for path in paths if is_columns(path)]
    all_parts = [part for path in paths if path not in columns for part in parts(_export(path))]
    size = sum(part.end - part.start for part in all_parts) + sum(map(os.path.getsize, columns))
    with progress_bar("Counting", size, "assets", waits_for="the next part") as bar:
        for path in columns:
            counted = _in_columns(path, tags, provider)
            found.merge(counted)
            bar.advance(os.path.getsize(path), counted.assets)
        for part in all_parts:
            before = found.assets
            for scanned in assets(part):
                found.add(scanned, tags, provider)
            bar.advance(part.end - part.start, found.assets - before)
    return found


def _in_columns(path: str, tags: LabelTags, provider: str | None) -> LibraryLabels:
    import duckdb
    import msgspec

    from autotag_library.label_counts import count_labels

    try:
        return count_labels(Path(path), tags, provider)
    except (duckdb.Error, msgspec.DecodeError) as error:
        raise Invalid(path, f"cannot be read ({str(error).splitlines()[0]})") from error


def _export(path: str) -> str:
    if not is_export(path):
        raise Invalid(path, "expected a file written by autotag export")
    return path
