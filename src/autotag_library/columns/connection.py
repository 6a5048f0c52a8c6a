"""Connections to DuckDB, in memory, with limits."""

import os

import duckdb

MEMORY = "1GB"
"""Memory that DuckDB may use; what it needs beyond goes to a temporary folder."""


def connect(temporary: str | None = None) -> duckdb.DuckDBPyConnection:
    """Return a connection of its own. ``temporary``: the folder for what does not fit into memory."""
    db = duckdb.connect(":memory:")
    db.execute(f"SET memory_limit = '{MEMORY}'")
    db.execute(f"SET threads = {max(1, os.process_cpu_count() or 1)}")
    db.execute("SET preserve_insertion_order = true")
    db.execute("SET enable_progress_bar = false")  # on by default in processes that were spawned, on stdout
    if temporary is not None:
        db.execute(f"SET temp_directory = {quoted(temporary)}")
    return db


def quoted(text: str) -> str:
    """Return ``text`` as a literal of SQL."""
    return "'" + text.replace("'", "''") + "'"
