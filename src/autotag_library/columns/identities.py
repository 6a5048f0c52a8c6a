"""Reading what a picture of an asset needs, for a few rows, without the labels: those take a hundred times as long."""

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from msgspec import Struct

from autotag.domain.model.asset import AssetRef
from autotag_library.columns.connection import connect, only


class Identity(Struct, frozen=True):
    """An asset in a row of an export."""

    row: int
    asset: AssetRef
    format: str

    @property
    def name(self) -> str:
        """The public_id, or else the asset_id."""
        return self.asset.public_id or self.asset.asset_id


def identities_of(file: Path, rows: Sequence[int]) -> list[Identity]:
    """Return the assets in these ``rows``, in the order of the file. Raises ``duckdb.Error`` if it cannot be read."""
    with closing(connect()) as db:
        found = db.execute(
            "SELECT n, asset_id, public_id, resource_type, type, version, coalesce(format, '') "
            "FROM exported($file) WHERE n IN (SELECT unnest($rows)) AND n >= $low AND n <= $high ORDER BY n",
            {"file": only(file), "rows": list(rows), "low": min(rows, default=0), "high": max(rows, default=-1)},
        ).fetchall()
    return [
        Identity(row, AssetRef(asset_id, public_id, resource_type, type_, version), format_)
        for row, asset_id, public_id, resource_type, type_, version, format_ in found
    ]
