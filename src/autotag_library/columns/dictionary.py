"""Codes of texts in columns, as DuckDB counts them: texts are learned as they come, so that a file is read once."""

import threading

import duckdb

from autotag_library.columns.connection import quoted


class Dictionary:
    """The texts of a column, coded in the order in which they were found. Threads may share it."""

    def __init__(self, db: duckdb.DuckDBPyConnection, name: str) -> None:
        self._db, self._name = db, name
        self._texts: list[str] = []
        self._lock = threading.Lock()

    @property
    def texts(self) -> list[str]:
        """The texts, by their codes."""
        return self._texts

    def code(self, text: str) -> tuple[str, int]:
        """Return SQL for the code of the SQL expression ``text``, -1 if it is not known, and how many texts are."""
        known = len(self._texts)
        if not known:
            return "-1", 0
        return f"coalesce(enum_code(try_cast({text} AS {self._name}_{known}))::INTEGER, -1)", known

    def learn(self, found: list[str], known: int) -> None:
        """Add texts that were unknown when ``known`` texts were."""
        with self._lock:
            since = set(self._texts[known:])
            more = self._texts + [each for each in found if each not in since]
            if len(more) > len(self._texts):
                self._db.cursor().execute(f"CREATE TYPE {self._name}_{len(more)} AS ENUM ({_literals(more)})")
                self._texts = more


def _literals(texts: list[str]) -> str:
    return ", ".join(map(quoted, texts))
