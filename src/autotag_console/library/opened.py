"""The export of a console, read into memory once, in the background."""

import duckdb

from autotag.domain.errors import Conflict, Retryable
from autotag_console.learning.background import Background, Report
from autotag_console.settings import LibraryFile
from autotag_library.columns.stamp import stamp_of
from autotag_library.search.index import SearchIndex, open_index


class OpenedExport:
    """An export that can be searched once it is read; it is read again where the rules use other providers."""

    def __init__(self, file: LibraryFile) -> None:
        self._path, self._stamp = file.path, stamp_of(file.path)
        self._reading: Background[tuple[str, ...], SearchIndex] = Background(self._read)

    def index(self, providers: tuple[str, ...]) -> SearchIndex | None:
        """Return what is searched, None while it is being read.

        Raises ``Conflict`` if the file is another one than at the beginning, ``Retryable`` if it could not be read.
        """
        if stamp_of(self._path) != self._stamp:
            raise Conflict(
                f"the export {self._path.name} is another file now: start `autotag console` again to search it"
            )
        if fault := self._reading.fault:
            self._reading.fault = ""
            raise Retryable(fault)
        last = self._reading.last
        if last is not None and last.value.library.providers == tuple(dict.fromkeys(providers)):
            return last.value
        self._reading.start(providers)
        return None

    @property
    def is_reading(self) -> bool:
        """Whether the export is being read."""
        return self._reading.progress is not None

    def wait(self) -> None:
        """Wait until the reading that is under way has ended."""
        self._reading.join()

    def _read(self, providers: tuple[str, ...], report: Report) -> SearchIndex:
        try:
            return open_index(self._path, providers)
        except duckdb.Error as error:
            raise Retryable(f"the export {self._path.name} cannot be read: {str(error).splitlines()[0]}") from error
