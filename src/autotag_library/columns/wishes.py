"""Reading what people wanted of tags."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from autotag.domain.model.conversion import decoder
from autotag.domain.state.asset_state import TagPreference
from autotag_library.columns.connection import connect, only

_PAGE = 10_000
_DECODER = decoder(tuple[TagPreference, ...])


def wishes_of(file: Path) -> Iterator[tuple[int, TagPreference]]:
    """Yield each row with a wish that was not withdrawn, in the order of the file.

    Raises ``duckdb.Error`` if it cannot be read.
    """
    with closing(connect()) as db:
        found = db.execute(
            "SELECT n, wishes::VARCHAR FROM exported($file) WHERE wishes::VARCHAR <> '[]' ORDER BY n",
            {"file": only(file)},
        )
        while page := found.fetchmany(_PAGE):
            for row, text in page:
                yield from ((row, wish) for wish in _DECODER.decode(text) if not wish.withdrawn)
