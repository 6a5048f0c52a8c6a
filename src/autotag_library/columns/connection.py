"""Connections to DuckDB, in memory, with limits."""

import os
from glob import escape
from pathlib import Path

import duckdb

MEMORY = "1GB"
"""Memory that DuckDB may use; what it needs beyond goes to a temporary folder."""


_EXPORTED = "CREATE MACRO exported(file) AS TABLE SELECT * FROM read_parquet(file, hive_partitioning = false)"
"""The rows of an export. Columns come from the file alone, not from the names of the folders that it is in."""


def connect(temporary: str | None = None) -> duckdb.DuckDBPyConnection:
    """Return a connection of its own. ``temporary``: the folder for what does not fit into memory."""
    db = duckdb.connect(":memory:")
    db.execute(f"SET memory_limit = '{MEMORY}'")
    db.execute(f"SET threads = {max(1, os.process_cpu_count() or 1)}")
    db.execute("SET preserve_insertion_order = true")
    db.execute(_EXPORTED)
    db.execute("SET enable_progress_bar = false")  # on by default in processes that were spawned, on stdout
    if temporary is not None:
        db.execute(f"SET temp_directory = {quoted(temporary)}")
    return db


def has_column(db: duckdb.DuckDBPyConnection, file: str, name: str) -> bool:
    """Return whether an export has a column; releases add some."""
    db.execute("SELECT 1 FROM parquet_schema($file) WHERE name = $name LIMIT 1", {"file": file, "name": name})
    return bool(db.fetchall())


def metadata_of(db: duckdb.DuckDBPyConnection, file: str) -> str:
    """Return SQL for the structured metadata of an asset, null in an export of a release that did not write it."""
    return "metadata::JSON" if has_column(db, file, "metadata") else "NULL::JSON"


def only(file: Path | str) -> str:
    """Return what DuckDB reads as this file alone: it takes the path of a file for a pattern."""
    return escape(str(file))


def quoted(text: str) -> str:
    """Return ``text`` as a literal of SQL."""
    return "'" + text.replace("'", "''") + "'"
