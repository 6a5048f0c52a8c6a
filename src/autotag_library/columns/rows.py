"""Reading whole assets of a columnar export: a few by their rows, or all."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from itertools import batched
from pathlib import Path
from typing import Any

import duckdb

from autotag.domain.learning.scanned_asset import ScannedAsset
from autotag.domain.model.conversion import decoder
from autotag.domain.model.labels import REKOGNITION
from autotag_library.columns.connection import connect, has_column, metadata_of, only, quoted
from autotag_library.columns.schema import ROW_GROUP

_PAGE = 4096
_DECODER = decoder(ScannedAsset)

_LINE = """
    SELECT n, to_json({
        asset: {
            asset_id: asset_id, public_id: public_id, resource_type: resource_type, type: type, version: version
        },
        facts: CASE WHEN folder IS NULL THEN NULL WHEN {metadata} IS NULL THEN to_json({
            folder: folder, format: format, context: context, tags: tags, observed_at: observed_at
        }) ELSE to_json({
            folder: folder, format: format, context: context, tags: tags, observed_at: observed_at, metadata: {metadata}
        }) END,
        categorizations: map_from_entries(list_transform(categorizations, lambda found: {
            key: found.provider,
            value: {
                status: found.status, observed_at: found.observed_at, error: found.error,
                labels: {labels}, about: {about}
            }
        })),
        ours: ours, theirs: theirs, people: people, suppressed: suppressed, review: review, status: status,
        decided_by: decided_by, decided_at: decided_at, wishes: wishes::JSON, "left": "left"::JSON,
        samples: samples::JSON, stands: stands::JSON, givers: givers::JSON
    })::VARCHAR AS line FROM exported($file)
"""
"""The row as the JSON line of an export, which is decoded many times faster than values of a row would be."""

_LABELS = """list_transform(
    list_filter(labels, lambda label: label.provider = found.provider),
    lambda label: json_array(label.name, label.confidence, label.fault)
)"""
_NO_LABELS = "[]"
_ABOUT = f"CASE WHEN found.provider = {quoted(REKOGNITION)} THEN about::JSON ELSE '{{}}'::JSON END"
_NOT_KNOWN = "'{}'::JSON"
"""What is said about labels in an export of an earlier release, which lacks that column."""


def assets_of(
    file: Path, rows: Sequence[int] | None = None, *, with_labels: bool = True
) -> Iterator[tuple[int, ScannedAsset]]:
    """Yield the assets in these ``rows``, or all, with their rows, in the order of the file.

    Unless ``with_labels``, the labels are left out: they are most of the file.
    """
    lines = _LINE.replace("{labels}", _LABELS if with_labels else _NO_LABELS)
    with closing(connect()) as db:
        lines = lines.replace("{metadata}", metadata_of(db, only(file)))
        lines = lines.replace("{about}", _ABOUT if has_column(db, only(file), "about") else _NOT_KNOWN)
        for where, given in _pages(db, file, rows):
            for n, line in db.execute(f"{lines} WHERE {where} ORDER BY n", {"file": only(file)} | given).fetchall():
                yield n, _DECODER.decode(line)


def _pages(
    db: duckdb.DuckDBPyConnection, file: Path, rows: Sequence[int] | None
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the conditions that together choose all rows, each of few enough for memory."""
    if rows is not None:
        for some in batched(sorted(rows), _PAGE, strict=False):
            yield (
                "n >= $low AND n <= $high AND n IN (SELECT unnest($rows))",
                {"rows": some, "low": some[0], "high": some[-1]},
            )
        return
    assets = db.execute("SELECT count(*) FROM exported($file)", {"file": only(file)}).fetchall()[0][0]
    for low in range(0, assets, ROW_GROUP):
        yield "n >= $low AND n < $high", {"low": low, "high": low + ROW_GROUP}
