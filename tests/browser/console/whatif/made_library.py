"""A library of any size as an export in columns, made by DuckDB in seconds, and like no other in what it holds."""

import json
from contextlib import closing
from pathlib import Path

from autotag_library.columns.connection import connect, quoted
from autotag_library.columns.schema import FORM, METADATA_KEY, ROW_GROUP
from tests.unit.autotag_library.libraries import AT

NAMES = 40
"""Different names that one place of an asset's list of labels may have."""


def write_library(file: Path, assets: int, labels: int) -> None:
    """Write an export of ``assets``, each with so many ``labels`` from 0.5 to 1; people removed a tag from one in ten.

    The names are ``Label 0`` and so on, and each place of a list has ``NAMES`` of its own.
    """
    metadata = quoted(json.dumps({"form": FORM, "stack": "autotag", "at": AT}))
    none = "[]::VARCHAR[]"
    rows = f"""
        SELECT n, 'a' || lpad(n::VARCHAR, 7, '0') AS asset_id, 'stage/p' || lpad(n::VARCHAR, 7, '0') AS public_id,
        'image' AS resource_type, 'upload' AS type, 1790000000::BIGINT AS version, 'stage/' || (n % 10) AS folder,
        'jpg' AS format, MAP {{}}::MAP(VARCHAR, VARCHAR) AS context, {none} AS tags, 1::BIGINT AS observed_at,
        [{{provider: 'aws_rek_tagging', status: 'complete', observed_at: 1::BIGINT, error: ''}}] AS categorizations,
        list_transform(range({labels}), lambda place: {{
            provider: 'aws_rek_tagging', name: 'Label ' || (hash(n * {labels} + place) % {NAMES} + {NAMES} * place),
            confidence: (5000 + hash(n + place * 7919) % 5000) / 10000.0, fault: ''
        }}) AS labels,
        {none} AS ours, {none} AS theirs, {none} AS people,
        CASE WHEN n % 10 = 0 THEN ['label 3'] ELSE {none} END AS suppressed, {none} AS review, 'tagged' AS status,
        '' AS decided_by, 0::BIGINT AS decided_at,
        (CASE WHEN n % 10 = 0
              THEN '[{{"want":"remove","at":1,"tag":"Label 3","labels":["label 3"]}}]' ELSE '[]' END)::JSON AS wishes,
        '{{}}'::JSON AS "left", '{{}}'::JSON AS samples, '{{}}'::JSON AS stands, '{{}}'::JSON AS givers
        FROM (SELECT number AS n FROM range({assets}) AS numbers(number))
    """  # noqa: S608 (numbers alone are put in)
    with closing(connect()) as db:
        db.execute(
            f"COPY ({rows}) TO {quoted(str(file))} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {ROW_GROUP}, "
            f"KV_METADATA {{{METADATA_KEY}: {metadata}}})"
        )
