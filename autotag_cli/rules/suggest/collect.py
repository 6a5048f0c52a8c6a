"""Collects evidence from what people said: from a stack, or from exports of it."""

import os
from collections.abc import Sequence

from autotag.domain.errors import Invalid
from autotag.domain.learning.evidence import Evidence
from autotag.domain.rules.compiled.ruleset import Ruleset
from autotag_cli.export.columns import assets_in_columns, is_columns
from autotag_cli.export.file_format import assets, is_export, parts
from autotag_cli.export.partitions import split_partitions
from autotag_cli.stack.scan.pages import Scanner, all_pages
from autotag_cli.terminal.progress import progress_bar


def evidence_from_stack(scanner: Scanner, ruleset: Ruleset) -> Evidence:
    """Return the evidence of every asset that a stack knows. Raises ``Failure`` if a page cannot be read."""
    evidence = Evidence()
    with progress_bar("Reading", None, "assets") as bar:
        for page in all_pages(scanner):
            for scanned in page.assets:
                evidence.add(scanned, ruleset)
            bar.advance(1, len(page.assets))
    return evidence


def evidence_from_exports(paths: Sequence[str], ruleset: Ruleset) -> Evidence:
    """Return the evidence of every asset in the exports. Raises ``Invalid`` that names a file of another kind."""
    evidence = Evidence()
    paths, files = split_partitions(paths)
    columns = files + [path for path in paths if is_columns(path)]
    all_parts = [part for path in paths if path not in columns for part in parts(_export(path))]
    size = sum(part.end - part.start for part in all_parts) + sum(map(os.path.getsize, columns))
    with progress_bar("Reading", size, "assets", waits_for="the next part") as bar:
        for path in columns:
            before = evidence.assets
            for scanned in assets_in_columns(path):
                evidence.add(scanned, ruleset)
            bar.advance(os.path.getsize(path), evidence.assets - before)
        for part in all_parts:
            before = evidence.assets
            for scanned in assets(part):
                evidence.add(scanned, ruleset)
            bar.advance(part.end - part.start, evidence.assets - before)
    return evidence


def _export(path: str) -> str:
    if not is_export(path):
        raise Invalid(path, "expected a file written by autotag export")
    return path
