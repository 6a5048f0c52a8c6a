"""The export of a console: read into memory once, in the background, for the providers that rules use."""

from collections.abc import Iterable

import duckdb
from msgspec import Struct

from autotag.domain.errors import Conflict, Retryable
from autotag_console.learning.background import Background, Report
from autotag_console.settings import LibraryFile
from autotag_console.whatif.effects import SAMPLE, Effects
from autotag_library.arrays import Library
from autotag_library.columns.load import load
from autotag_library.columns.stamp import stamp_of
from autotag_library.columns.verdicts import NO_VERDICTS, Verdicts, read_verdicts


class _Read(Struct, frozen=True):
    library: Library
    verdicts: dict[str, Verdicts]


class Opened:
    """An export that is read when it is first asked for, and again if rules use a provider that was not read.

    ``sample`` assets answer where an answer is wanted at once.
    """

    def __init__(self, file: LibraryFile, sample: int = SAMPLE) -> None:
        self.file = file
        self.effects = Effects(file.path, sample)
        self._read: Background[tuple[str, ...], _Read] = Background(self._load)
        self._providers: tuple[str, ...] = ()
        self._stamp = stamp_of(file.path)

    def library(self, providers: Iterable[str]) -> Library | None:
        """Return the library for at least these providers, None while it is being read.

        Raises ``Conflict`` if the file is another one than at the beginning, ``Retryable`` if it could not be read.
        """
        if stamp_of(self.file.path) != self._stamp:
            name = self.file.path.name
            raise Conflict(f"the export {name} is another file now: start `autotag console` again to use it")
        wanted = tuple(dict.fromkeys((*self._providers, *providers)))
        last = self._read.last
        if last is not None and set(wanted) <= set(last.value.library.providers):
            return last.value.library
        if self._read.progress is None and self._read.fault and wanted == self._providers:
            fault, self._read.fault = self._read.fault, ""
            raise Retryable(fault)
        self._providers = wanted
        self._read.start(wanted)
        return None

    def verdicts(self, key: str) -> Verdicts:
        """Return what people said of the label with this key, as far as the export is read."""
        last = self._read.last
        return last.value.verdicts.get(key, NO_VERDICTS) if last is not None else NO_VERDICTS

    def label_names(self) -> tuple[str, ...]:
        """Return the names of all labels, as far as the export is read."""
        last = self._read.last
        return last.value.library.names if last is not None else ()

    def wait(self) -> None:
        """Wait until the reading that is under way has ended."""
        self._read.join()

    def _load(self, providers: tuple[str, ...], report: Report) -> _Read:
        try:
            return _Read(load(self.file.path, providers), read_verdicts(self.file.path))
        except duckdb.Error as error:
            raise Retryable(f"the export cannot be read ({str(error).splitlines()[0]})") from error
