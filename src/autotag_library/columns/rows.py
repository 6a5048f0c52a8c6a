"""Reading whole assets of a columnar export: a few by their rows, or all."""

import json
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec

from autotag.domain.learning.scanned_asset import ScannedAsset
from autotag_library.columns.connection import connect

_TOGETHER = 1000


def names_of(file: Path, rows: Sequence[int]) -> dict[int, str]:
    """Return the names of the assets in these ``rows``: the public_id, or else the asset_id."""
    with closing(connect()) as db:
        found = db.execute(
            "SELECT n, coalesce(nullif(public_id, ''), asset_id) FROM read_parquet($file) "
            "WHERE n IN (SELECT unnest($rows))",
            {"file": str(file), "rows": list(rows)},
        ).fetchall()
    return dict(found)


def assets_of(file: Path, rows: Sequence[int] | None = None) -> Iterator[tuple[int, ScannedAsset]]:
    """Yield the assets in these ``rows``, or all, in the order of the file."""
    where = "" if rows is None else "WHERE n IN (SELECT unnest($rows)) "
    given: dict[str, Any] = {"file": str(file)} if rows is None else {"file": str(file), "rows": list(rows)}
    with closing(connect()) as db:
        found = db.execute(f"SELECT * FROM read_parquet($file) {where}ORDER BY n", given)
        columns = [each[0] for each in found.description or ()]
        while page := found.fetchmany(_TOGETHER):
            for values in page:
                row = dict(zip(columns, values, strict=True))
                yield row["n"], _asset(row)


def _asset(row: dict[str, Any]) -> ScannedAsset:
    facts = None
    if row["folder"] is not None:
        facts = {key: row[key] for key in ("folder", "format", "context", "tags", "observed_at")}
    categorizations = {
        each["provider"]: {
            "status": each["status"],
            "observed_at": each["observed_at"],
            "error": each["error"],
            "labels": [
                [label["name"], label["confidence"], label["fault"]]
                for label in row["labels"]
                if label["provider"] == each["provider"]
            ],
        }
        for each in row["categorizations"]
    }
    same = ("ours", "theirs", "people", "suppressed", "review", "status", "decided_by", "decided_at")
    return msgspec.convert(
        {
            "asset": {key: row[key] for key in ("asset_id", "public_id", "resource_type", "type", "version")},
            "facts": facts,
            "categorizations": categorizations,
            **{key: row[key] for key in same},
            **{key: json.loads(row[key]) for key in ("wishes", "left", "samples", "stands", "givers")},
        },
        ScannedAsset,
    )
