"""The export of a console, as the workbench asks it: labels for all providers that rules used, and verdicts."""

from collections.abc import Iterable

import duckdb
from msgspec import Struct

from autotag.domain.errors import Retryable
from autotag_console.library.reading import ExportReading
from autotag_console.pictures import Delivery
from autotag_console.settings import LibraryFile
from autotag_console.whatif.effects import SAMPLE, Effects
from autotag_library.arrays import Library
from autotag_library.columns.load import load
from autotag_library.columns.verdicts import NO_VERDICTS, Verdicts, read_verdicts


class _Read(Struct, frozen=True):
    library: Library
    verdicts: dict[str, Verdicts]


class Opened:
    """An export that is read when it is first asked for, and again if rules use a provider that was not read.

    ``sample`` assets answer where an answer is wanted at once. ``delivery`` is that of the stack's own cloud, once it
    is known.
    """

    def __init__(self, file: LibraryFile, sample: int = SAMPLE) -> None:
        self.file = file
        self.effects = Effects(file.path, sample)
        self._reading = ExportReading(file, self._load)
        self._providers: tuple[str, ...] = ()
        self.delivery: Delivery | None = None

    def library(self, providers: Iterable[str]) -> Library | None:
        """Return the library for at least these providers, None while it is being read.

        Raises ``Conflict`` if the file is another one than at the beginning, ``Retryable`` if it could not be read.
        """
        wanted = tuple(dict.fromkeys((*self._providers, *providers)))
        found = self._reading.get(wanted, lambda read: set(wanted) <= set(read.library.providers))
        if found is not None:
            return found.library
        self._providers = wanted
        return None

    def verdicts(self, key: str) -> Verdicts:
        """Return what people said of the label with this key, as far as the export is read."""
        return self._reading.last.verdicts.get(key, NO_VERDICTS) if self._reading.last is not None else NO_VERDICTS

    def label_names(self) -> tuple[str, ...]:
        """Return the names of all labels, as far as the export is read."""
        return self._reading.last.library.names if self._reading.last is not None else ()

    def wait(self) -> None:
        """Wait until the reading that is under way has ended."""
        self._reading.wait()

    def _load(self, providers: tuple[str, ...]) -> _Read:
        try:
            return _Read(load(self.file.path, providers), read_verdicts(self.file.path))
        except duckdb.Error as error:
            raise Retryable(f"the export cannot be read ({str(error).splitlines()[0]})") from error
