"""Storage that survives a restart: JSON documents by table and key, in one SQLite file for one process."""

import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec

_SCHEMA = "CREATE TABLE IF NOT EXISTS document (name TEXT, key TEXT, json BLOB NOT NULL, UNIQUE (name, key))"
_PUT = "INSERT INTO document VALUES (?, ?, ?) ON CONFLICT (name, key) DO UPDATE SET json = excluded.json"


class Database:
    """A store of documents. Without a file it stores nothing, and its users need not know that.

    A save is durable at once: a crash of the process does not lose the document.
    """

    def __init__(self, file: Path | None = None) -> None:
        """Open or create ``file``. Raises ``sqlite3.Error`` if it is unusable or another process uses it."""
        self._connection: sqlite3.Connection | None = None
        if file is None:
            return
        connection = sqlite3.connect(file, timeout=0, autocommit=True)
        try:
            for statement in ("PRAGMA locking_mode = EXCLUSIVE", "PRAGMA journal_mode = WAL", _SCHEMA):
                connection.execute(statement)
        except sqlite3.Error:
            connection.close()
            raise
        self._connection = connection

    def load[T](self, table: str, type_: type[T]) -> dict[str, T]:
        """Return the documents of ``table`` by key, in the order in which their keys were first saved."""
        if self._connection is None:
            return {}
        rows = self._connection.execute("SELECT key, json FROM document WHERE name = ? ORDER BY rowid", (table,))
        return {key: msgspec.json.decode(json, type=type_) for key, json in rows}

    def save(self, table: str, key: str, document: Any) -> None:
        """Store ``document``, any value that msgspec encodes as JSON; replace the one with the same key."""
        self.save_all(table, [(key, document)])

    def save_all(self, table: str, documents: Iterable[tuple[str, Any]]) -> None:
        """Store many documents in one transaction, each with its key."""
        if self._connection is None:
            return
        self._connection.execute("BEGIN")
        try:
            rows = ((table, key, msgspec.json.encode(document)) for key, document in documents)
            self._connection.executemany(_PUT, rows)
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")

    def remove(self, table: str, key: str) -> None:
        """Delete one document, if it exists."""
        if self._connection is not None:
            self._connection.execute("DELETE FROM document WHERE name = ? AND key = ?", (table, key))

    def clear(self) -> None:
        """Delete all documents."""
        if self._connection is not None:
            self._connection.execute("DELETE FROM document")

    def close(self) -> None:
        """Close the file."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
