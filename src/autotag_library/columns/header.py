"""What an export in columns says about itself, in its metadata."""

from contextlib import closing
from pathlib import Path

from msgspec import Struct

from autotag.domain.model.conversion import decoder
from autotag_library.columns.connection import connect, only
from autotag_library.columns.schema import METADATA_KEY


class Header(Struct, frozen=True):
    """The ``form`` of the schema, the name of the stack, and when the export began (ISO 8601)."""

    form: int
    stack: str = ""
    at: str = ""


def read_header(path: Path) -> Header | None:
    """Return the header of a Parquet file, None if it is not an export. Raises ``duckdb.Error`` if it is damaged."""
    with closing(connect()) as db:
        found = db.execute(
            "SELECT value FROM parquet_kv_metadata($file) WHERE key::VARCHAR = $key",
            {"file": only(path), "key": METADATA_KEY},
        ).fetchall()
    return decoder(Header).decode(found[0][0]) if found else None
