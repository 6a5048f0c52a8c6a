"""The export of a console, read into memory in the background, for the providers that rules use."""

from collections.abc import Callable

from autotag.domain.errors import Conflict, Retryable
from autotag_console.learning.background import Background
from autotag_console.settings import LibraryFile
from autotag_library.columns.stamp import stamp_of


class ExportReading[T]:
    """What ``read`` makes of an export for some providers: read when it is first asked for, and kept.

    ``read`` raises ``Retryable`` if the export cannot be read.
    """

    def __init__(self, file: LibraryFile, read: Callable[[tuple[str, ...]], T]) -> None:
        self._path, self._stamp = file.path, stamp_of(file.path)
        self._reading: Background[tuple[str, ...], T] = Background(lambda providers, report: read(providers))

    def get(self, providers: tuple[str, ...], suffices: Callable[[T], bool]) -> T | None:
        """Return what was read if it ``suffices``; else begin to read for ``providers``, and return None.

        Raises ``Conflict`` if the file is another one than at the beginning, ``Retryable`` if it could not be read.
        """
        if stamp_of(self._path) != self._stamp:
            raise Conflict(f"the export {self._path.name} is another file now: start `autotag console` again to use it")
        if fault := self._reading.fault:
            self._reading.fault = ""
            raise Retryable(fault)
        if self.last is not None and suffices(self.last):
            return self.last
        self._reading.start(providers)
        return None

    @property
    def last(self) -> T | None:
        """What was read last, whatever it is for."""
        return self._reading.last.value if self._reading.last is not None else None

    @property
    def is_reading(self) -> bool:
        """Whether the export is being read."""
        return self._reading.progress is not None

    def wait(self) -> None:
        """Wait until the reading that is under way has ended."""
        self._reading.join()
