"""Writing an export as Parquet, from the JSON lines of an export: DuckDB does it, within a limit of memory."""

import json
import os
from contextlib import closing
from glob import escape
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryDirectory

from autotag_library.columns.connection import connect, only, quoted
from autotag_library.columns.schema import FORM, METADATA_KEY, ROW_GROUP

_LONGEST_LINE = 16 * 2**20

_LINE = {
    "asset": "STRUCT(asset_id VARCHAR, public_id VARCHAR, resource_type VARCHAR, type VARCHAR, version BIGINT)",
    "facts": "STRUCT(folder VARCHAR, format VARCHAR, context MAP(VARCHAR, VARCHAR), metadata JSON, "
    "tags VARCHAR[], observed_at BIGINT)",
    "categorizations": "MAP(VARCHAR, STRUCT(status VARCHAR, labels VARCHAR[][], observed_at BIGINT, "
    "error VARCHAR, about JSON))",
    **dict.fromkeys(("ours", "theirs", "people", "suppressed", "review"), "VARCHAR[]"),
    **dict.fromkeys(("status", "decided_by"), "VARCHAR"),
    "decided_at": "BIGINT",
    **dict.fromkeys(("wishes", "left", "samples", "stands", "givers"), "JSON"),
}
"""How a line is read. A label is a list of a text, a number and a text, which is read as texts."""

_ROWS = """
    SELECT
        asset.asset_id, asset.public_id, asset.resource_type, asset.type, asset.version,
        facts.folder, facts.format, facts.context, facts.metadata, facts.tags, facts.observed_at,
        list_transform(map_entries(categorizations), lambda entry: {
            provider: entry.key, status: entry.value.status,
            observed_at: coalesce(entry.value.observed_at, 0), error: coalesce(entry.value.error, '')
        }) AS categorizations,
        flatten(list_transform(map_entries(categorizations), lambda entry: list_transform(
            coalesce(entry.value.labels, []), lambda label: {
                provider: entry.key, name: label[1], confidence: label[2]::DOUBLE, fault: coalesce(label[3], '')
            }
        ))) AS labels,
        coalesce(categorizations['rekognition'].about, '{}') AS about,
        ours, theirs, people, suppressed, review, status, coalesce(decided_by, '') AS decided_by, decided_at,
        coalesce(wishes, '[]') AS wishes, coalesce("left", '{}') AS "left", coalesce(samples, '{}') AS samples,
        coalesce(stands, '{}') AS stands, coalesce(givers, '{}') AS givers
    FROM read_json($lines, format = 'newline_delimited', columns = {line}, maximum_object_size = {longest})
    WHERE asset IS NOT NULL
    ORDER BY coalesce(nullif(asset.public_id, ''), asset.asset_id), asset.asset_id
"""


def write_columns(lines: Path, target: Path, stack: str, at: str) -> None:
    """Write the assets of ``lines``, JSON lines of an export, into ``target``; a file there is replaced at once.

    ``at`` is when the export began (ISO 8601). No other process may write the same target meanwhile: what a killed
    one left beside it is removed. Raises ``OSError`` or ``duckdb.Error`` if it cannot be written.
    """
    metadata = json.dumps({"form": FORM, "stack": stack, "at": at})
    rows = _ROWS.replace("{line}", json.dumps(_LINE).replace('"', "'")).replace("{longest}", str(_LONGEST_LINE))
    prefix = f".{target.name}.columns-"
    for left in target.parent.glob(f"{escape(prefix)}*"):
        rmtree(left)
    with TemporaryDirectory(dir=target.parent, prefix=prefix) as folder, closing(connect(folder)) as db:
        written = Path(folder, "columns")
        db.execute(
            f"COPY (SELECT (row_number() OVER ()) - 1 AS n, * FROM ({rows})) TO {quoted(str(written))} "
            f"(FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {ROW_GROUP}, "
            f"KV_METADATA {{{METADATA_KEY}: {quoted(metadata)}}})",
            {"lines": only(lines)},
        )
        os.replace(written, target)
