"""Reading a columnar export into arrays, for the providers that rules use."""

from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

import duckdb

from autotag_library.arrays import SEVERAL, Library
from autotag_library.columns.connection import connect, only
from autotag_library.columns.kept_arrays import keep_arrays, open_arrays
from autotag_library.columns.labels import read_labels
from autotag_library.columns.stamp import stamp_of
from autotag_library.columns.subjects import read_described, read_places, read_provider, read_related, read_texts


def load(path: Path, providers: Iterable[str]) -> Library:
    """Return the library of a columnar export, with the labels of these ``providers``.

    Its arrays are kept beside the file for the next time, where that is possible. Raises ``duckdb.Error`` if the file
    cannot be read.
    """
    used = tuple(dict.fromkeys(providers))
    kept = open_arrays(path, used)
    if kept is None:
        stamp = stamp_of(path)
        kept = _read(only(path), used)
        if stamp_of(path) != stamp:
            raise duckdb.IOException("the file was replaced while it was read")
        keep_arrays(path, kept, stamp)
    return kept


def _read(file: str, used: tuple[str, ...]) -> Library:
    with closing(connect()) as db:
        assets = int(db.execute("SELECT count(*) FROM exported($file)", {"file": file}).fetchall()[0][0])
        found = read_labels(db, file, used, assets)
        place_of, places = read_places(db, file)
        texts, (managed, user, suppressed) = read_texts(db, file, ("ours", "theirs", "suppressed"), assets)
        provider, retaining = read_provider(db, file, used)
        described = read_described(db, file)
        related = read_related(db, file, assets)
    return Library(
        providers=used,
        names=found.names,
        values=found.values,
        labels=found.labels,
        confidences=found.confidences,
        place_of=place_of,
        places=places,
        texts=texts,
        managed=managed,
        user=user,
        suppressed=suppressed,
        provider=provider,
        faulty=found.faulty,
        described=described,
        related=related,
        apart=found.doubled | retaining | (provider == SEVERAL),
    )
