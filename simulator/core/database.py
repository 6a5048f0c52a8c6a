"""Storage that survives a restart: JSON documents by table and key, and files, in one SQLite file for one process."""

import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import msgspec

_SCHEMA = "CREATE TABLE IF NOT EXISTS document (name TEXT, key TEXT, json BLOB NOT NULL, UNIQUE (name, key))"
_FILE_SCHEMA = "CREATE TABLE IF NOT EXISTS file (key TEXT PRIMARY KEY, bytes BLOB NOT NULL)"
_UPSERT = "INSERT INTO document VALUES (?, ?, ?) ON CONFLICT (name, key) DO UPDATE SET json = excluded.json"


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
            for statement in ("PRAGMA locking_mode = EXCLUSIVE", "PRAGMA journal_mode = WAL", _SCHEMA, _FILE_SCHEMA):
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
            self._connection.executemany(_UPSERT, rows)
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")

    def remove(self, table: str, key: str) -> None:
        """Delete one document, if it exists."""
        if self._connection is not None:
            self._connection.execute("DELETE FROM document WHERE name = ? AND key = ?", (table, key))

    @property
    def is_durable(self) -> bool:
        """Whether this store has a file on disk."""
        return self._connection is not None

    def save_file(self, key: str, data: bytes) -> None:
        """Store the bytes of a file in place of the one with the same key."""
        if self._connection is not None:
            self._connection.execute("INSERT OR REPLACE INTO file VALUES (?, ?)", (key, data))

    def load_file(self, key: str) -> bytes | None:
        """Return the bytes of a file, None if there is none."""
        row = self._connection and self._connection.execute("SELECT bytes FROM file WHERE key = ?", (key,)).fetchone()
        return row[0] if row else None

    def remove_file(self, key: str) -> None:
        """Delete the bytes of a file, if there are any."""
        if self._connection is not None:
            self._connection.execute("DELETE FROM file WHERE key = ?", (key,))

    def clear(self) -> None:
        """Delete all documents of all tables, and all files."""
        if self._connection is not None:
            self._connection.execute("DELETE FROM document")
            self._connection.execute("DELETE FROM file")

    def close(self) -> None:
        """Close the file."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None


class Table[T]:
    """The documents of one type, by key: in memory, and in the database if it has a file.

    The order is that in which the keys were first saved.
    """

    def __init__(self, database: Database, name: str, type_: type[T]) -> None:
        self._database = database
        self._name = name
        self._documents = database.load(name, type_)

    def get(self, key: str) -> T | None:
        """Return one document, None if there is none."""
        return self._documents.get(key)

    def values(self) -> list[T]:
        """Return all documents."""
        return list(self._documents.values())

    def save(self, key: str, document: T) -> None:
        """Store ``document`` in place of the one with the same key."""
        self.save_all([(key, document)])

    def save_all(self, documents: Sequence[tuple[str, T]]) -> None:
        """Store many documents in one transaction, each with its key."""
        self._database.save_all(self._name, documents)
        self._documents.update(documents)

    def remove(self, key: str) -> None:
        """Delete one document, if it exists."""
        if self._documents.pop(key, None) is not None:
            self._database.remove(self._name, key)

    def clear(self) -> None:
        """Remove all documents from memory; ``Database.clear`` deletes those of the file."""
        self._documents.clear()

    def __len__(self) -> int:
        return len(self._documents)
