"""Reading what rules decide on besides labels: places, tags, and which provider an asset's labels are of."""

import json
from collections.abc import Sequence

import duckdb
import numpy as np
import numpy.typing as npt

from autotag_library.arrays import NONE, SEVERAL, Bools, Ints, Place, Ragged, lists_of

_PAGE = 100_000


def read_places(db: duckdb.DuckDBPyConnection, file: str) -> tuple[tuple[Place, ...], Ints]:
    """Return the different places, and the code of each asset's."""
    found = db.execute(
        "SELECT coalesce(folder, ''), coalesce(format, ''), coalesce(to_json(map_entries(context))::VARCHAR, '[]') "
        "FROM read_parquet($file) ORDER BY n",
        {"file": file},
    )
    known: dict[tuple[str, str, str], int] = {}
    codes: list[int] = []
    while page := found.fetchmany(_PAGE):
        codes += [known.setdefault(each, len(known)) for each in page]
    return tuple(_place(*each) for each in known), np.array(codes, np.int32)


def _place(folder: str, format_: str, context: str) -> Place:
    return Place(folder, format_, tuple(sorted((each["key"], each["value"]) for each in json.loads(context))))


def read_texts(
    db: duckdb.DuckDBPyConnection, file: str, columns: Sequence[str], assets: int
) -> tuple[tuple[str, ...], list[Ragged]]:
    """Return the different texts of some columns of lists, and for each column the lists of their codes."""
    known: dict[str, int] = {}
    lists = []
    for column in columns:
        found = db.execute(
            f"SELECT n, unnest({column}) FROM read_parquet($file) WHERE len({column}) > 0 ORDER BY n", {"file": file}
        )
        rows: list[int] = []
        codes: list[int] = []
        while page := found.fetchmany(_PAGE):
            rows += [n for n, _ in page]
            codes += [known.setdefault(text, len(known)) for _, text in page]
        lengths = np.bincount(np.array(rows, np.int64), minlength=assets)
        lists.append(lists_of(lengths, np.array(codes, np.int32)))
    return tuple(known), lists


def read_provider(
    db: duckdb.DuckDBPyConnection, file: str, providers: tuple[str, ...]
) -> tuple[npt.NDArray[np.uint8], Bools]:
    """Return the code of the provider that is complete for each asset, and where tags may stay without their labels."""
    found = db.execute(
        "SELECT list_filter(list_transform(list_filter(categorizations, lambda each: each.status = 'complete'), "
        "lambda each: list_position($providers, each.provider)), lambda each: each > 0) AS complete, "
        "CASE len(complete) WHEN 0 THEN 0 WHEN 1 THEN complete[1] ELSE -1 END AS code, "
        "len(json_keys(stands)) > 0 AS retaining FROM read_parquet($file) ORDER BY n",
        {"file": file, "providers": providers},
    ).fetchnumpy()
    code = found["code"].astype(np.int64)
    provider = np.where(code == 0, NONE, np.where(code < 0, SEVERAL, code - 1)).astype(np.uint8)
    return provider, np.asarray(found["retaining"], np.bool_)
