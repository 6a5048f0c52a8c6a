"""Exports in columns: Parquet files, which DuckDB writes and reads."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from autotag.domain.errors import Invalid
from autotag.domain.learning.scanned_asset import ScannedAsset
from autotag_cli.command_line.extras import check_extra
from autotag_cli.errors import Failure
from autotag_cli.export.file_format import header_of
from autotag_cli.input.files import open_file

if TYPE_CHECKING:
    from autotag_library.columns.header import Header

_MAGIC = b"PAR1"
"""How a Parquet file begins. Source: parquet.apache.org, File Format."""


def check_columns(needed_by: str) -> None:
    """Raise ``Failure`` with what to install if the packages for columns are missing."""
    check_extra("library", needed_by, ("duckdb", "numpy"))


def finish_columns(lines: Path, target: Path) -> None:
    """Write the lines of an export into ``target``, in columns, and remove them. Raises ``Failure``, ``OSError``."""
    import duckdb

    from autotag_library.columns.write import write_columns

    header = header_of(str(lines))
    try:
        write_columns(lines, target, header.stack, header.at)
    except duckdb.Error as error:
        raise Failure(f"{target}: cannot be written in columns ({str(error).splitlines()[0]})") from error
    lines.unlink()


def is_columns(path: str) -> bool:
    """Return whether ``path`` is an export in columns. Raises as ``columns_header``."""
    return columns_header(path) is not None


def columns_header(path: str) -> "Header | None":
    """Return the header of an export in columns, None if ``path`` is none.

    Raises ``Invalid`` if it is a Parquet file of another kind or form, ``Failure`` if DuckDB is missing.
    """
    if path == "-" or not Path(path).is_file():
        return None
    with open_file(path) as stream:
        if stream.read(len(_MAGIC)) != _MAGIC:
            return None
    check_columns(f"reading {path}, which is Parquet,")
    import duckdb

    from autotag_library.columns.header import read_header
    from autotag_library.columns.schema import FORM

    try:
        header = read_header(Path(path))
    except duckdb.Error as error:
        raise Invalid(path, f"cannot be read as Parquet ({str(error).splitlines()[0]})") from error
    if header is None:
        raise Invalid(path, "is Parquet, but not an export of autotag")
    if header.form != FORM:
        raise Invalid(path, f"is an export of form {header.form}, expected {FORM}: export it again")
    return header


def assets_in_columns(path: str) -> Iterator[ScannedAsset]:
    """Yield the assets of an export in columns. Raises ``Invalid`` if it is damaged."""
    import duckdb

    from autotag_library.columns.rows import assets_of

    try:
        for _, asset in assets_of(Path(path)):
            yield asset
    except (duckdb.Error, msgspec.DecodeError) as error:
        raise Invalid(path, f"cannot be read ({str(error).splitlines()[0]})") from error
