"""The export that the console answers questions about all assets from."""

from pathlib import Path
from typing import TYPE_CHECKING

from autotag.domain.errors import Invalid
from autotag_console.settings import LibraryFile

if TYPE_CHECKING:
    from autotag_console.workbench.library_pages import LibraryPages

DEFAULT_LIBRARY = "library.parquet"
"""The file that is used if none is named, and it is there."""


def library_file(path: str | None, stack: str) -> LibraryFile | None:
    """Return the export at ``path``, None if none is named and there is none with the usual name.

    Raises ``Invalid`` if it is not an export in columns of this stack, ``Failure`` if DuckDB or numpy is missing.
    """
    if path is None and not Path(DEFAULT_LIBRARY).is_file():
        return None
    from autotag_cli.export.columns import columns_header

    file = path or DEFAULT_LIBRARY
    header = columns_header(file)
    if header is None:
        raise Invalid(file, f"{_fault(Path(file))}, expected a file that autotag export library.parquet has written")
    if header.stack != stack:
        raise Invalid(file, f"is an export of the stack {header.stack}, expected one of {stack}")
    return LibraryFile(Path(file).absolute(), header.at)


def _fault(path: Path) -> str:
    """Return why the console cannot use what is at ``path``."""
    if path.is_dir():
        return "is a folder, which autotag rules diff reads and the console does not"
    return "is not an export in columns" if path.is_file() else "is not there"


def library_pages(library: LibraryFile | None) -> "LibraryPages":
    """Return what an export adds to the console; it needs the packages that read it."""
    if library is None:
        from autotag_console.workbench.library_pages import NO_LIBRARY

        return NO_LIBRARY
    from autotag_console.library.search import library_routes
    from autotag_console.whatif.opened import Opened
    from autotag_console.whatif.pages import whatif_pages

    found = whatif_pages(Opened(library))
    return found._replace(routes=(*library_routes(library), *found.routes))
