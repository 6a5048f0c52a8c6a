"""Reading what rules decide on besides labels: places, tags, and which provider an asset's labels are of."""

import json
from collections.abc import Sequence
from contextlib import closing

import duckdb
import numpy as np
import numpy.typing as npt

from autotag.domain.model.labels import REKOGNITION
from autotag_library.arrays import NONE, SEVERAL, Bools, Ints, Longs, Place, Ragged, lists_of
from autotag_library.columns.connection import connect, has_column, metadata_of
from autotag_library.columns.dictionary import Dictionary


def read_places(db: duckdb.DuckDBPyConnection, file: str) -> tuple[tuple[Place, ...], Ints]:
    """Return the different places, and the code of each asset's."""
    db.execute(
        "CREATE TEMP TABLE places AS SELECT (row_number() OVER ()) - 1 AS code, * FROM (SELECT DISTINCT "
        "coalesce(folder, '') AS folder, coalesce(format, '') AS format, "
        "coalesce(to_json(map_entries(context))::VARCHAR, '[]') AS context, resource_type FROM exported($file))",
        {"file": file},
    )
    places = db.execute("SELECT folder, format, context, resource_type FROM places ORDER BY code").fetchall()
    codes = db.execute(
        "SELECT n, code FROM exported($file) AS asset JOIN places ON coalesce(asset.folder, '') = places.folder "
        "AND coalesce(asset.format, '') = places.format "
        "AND coalesce(to_json(map_entries(asset.context))::VARCHAR, '[]') = places.context "
        "AND asset.resource_type = places.resource_type",
        {"file": file},
    ).fetchnumpy()
    found = np.empty(len(codes["n"]), np.int32)
    found[codes["n"]] = codes["code"]
    return tuple(_place(*each) for each in places), found


def _place(folder: str, format_: str, context: str, resource_type: str) -> Place:
    pairs = tuple(sorted((each["key"], each["value"]) for each in json.loads(context)))
    return Place(folder, format_, pairs, resource_type)


def read_described(db: duckdb.DuckDBPyConnection, file: str) -> Bools:
    """Return which assets have structured metadata. It differs from asset to asset, so the full engine reads it."""
    found = db.execute(
        f"SELECT coalesce(len(json_keys({metadata_of(db, file)})), 0) > 0 AS described FROM exported($file) ORDER BY n",
        {"file": file},
    ).fetchnumpy()
    return np.asarray(found["described"], np.bool_)


def count_undescribed(file: str) -> int:
    """Return how many assets were never seen with their structured metadata, be it empty."""
    with closing(connect()) as db:
        column = metadata_of(db, file)
        found = db.execute(f"SELECT count(*) FROM exported($file) WHERE {column} IS NULL", {"file": file}).fetchall()
    return int(found[0][0])


def read_texts(
    db: duckdb.DuckDBPyConnection, file: str, columns: Sequence[str], assets: int
) -> tuple[tuple[str, ...], list[Ragged]]:
    """Return the different texts of some columns of lists, and for each column the lists of their codes."""
    texts = Dictionary(db, "text")
    for column in columns:
        known = set(texts.texts)
        texts.learn([text for text in different(db, file, column) if text not in known], len(known))
    return tuple(texts.texts), [_lists(db, file, column, texts, assets) for column in columns]


def different(db: duckdb.DuckDBPyConnection, file: str, column: str) -> list[str]:
    """Return the different texts of a column of lists."""
    found = db.execute(
        f"SELECT DISTINCT unnest({column}) FROM exported($file) WHERE len({column}) > 0", {"file": file}
    ).fetchall()
    return [text for (text,) in found]


def read_texts_of(
    db: duckdb.DuckDBPyConnection, file: str, column: str, texts: Dictionary, low: int, high: int
) -> tuple[Longs, Ints]:
    """Return the texts of a column of lists, of the assets from ``low`` to below ``high``: the asset's place, the code.

    ``texts`` holds all of them.
    """
    code, _ = texts.code("text")
    found = (
        db.cursor()
        .execute(
            f"SELECT (n - $low)::INTEGER AS row, {code} AS code FROM (SELECT n, unnest({column}) AS text "
            "FROM exported($file) WHERE n >= $low AND n < $high)",
            {"file": file, "low": low, "high": high},
        )
        .fetchnumpy()
    )
    return found["row"].astype(np.int64), found["code"].astype(np.int64)


def read_providers(db: duckdb.DuckDBPyConnection, file: str) -> tuple[str, ...]:
    """Return the providers that answered for any asset."""
    found = db.execute("SELECT DISTINCT unnest(categorizations).provider FROM exported($file)", {"file": file})
    return tuple(sorted(provider for (provider,) in found.fetchall()))


def read_related(db: duckdb.DuckDBPyConnection, file: str, assets: int) -> Bools:
    """Return which assets have labels whose ancestors are known."""
    found = np.zeros(assets, np.bool_)
    if has_column(db, file, "about"):
        db.execute("SELECT n FROM exported($file) WHERE contains(about::VARCHAR, '\"parents\"')", {"file": file})
        found[db.fetchnumpy()["n"].astype(np.int64)] = True
    return found


def read_detected(db: duckdb.DuckDBPyConnection, file: str) -> dict[str, tuple[int, tuple[str, ...]]]:
    """Return the categories that the last answer by Rekognition itself gave each label, by key, with its time (ms)."""
    if not has_column(db, file, "about"):
        return {}
    found = db.execute(_DETECTED, {"file": file, "provider": REKOGNITION}).fetchall()
    return {key: (detected["answered_at"], tuple(detected["categories"])) for key, detected in found}


_DETECTED = """
    SELECT key, max({'answered_at': answered_at, 'categories': categories}) AS detected FROM (
        SELECT answered_at, entry.key AS key, entry.value.categories AS categories FROM (
            SELECT unnest(map_entries(from_json(about, '"MAP(VARCHAR, STRUCT(categories VARCHAR[]))"'))) AS entry,
                list_filter(categorizations, lambda each: each.provider = $provider)[1].observed_at AS answered_at
            FROM exported($file) WHERE contains(about::VARCHAR, '"categories"')
        )
    ) WHERE len(categories) > 0 GROUP BY key
"""


def _lists(db: duckdb.DuckDBPyConnection, file: str, column: str, texts: Dictionary, assets: int) -> Ragged:
    code, _ = texts.code("text")
    found = db.execute(
        f"SELECT n, {code} AS code FROM (SELECT n, unnest({column}) AS text FROM exported($file))", {"file": file}
    ).fetchnumpy()
    return lists_of(np.bincount(found["n"], minlength=assets), found["code"].astype(np.int32))


def read_provider(
    db: duckdb.DuckDBPyConnection, file: str, providers: tuple[str, ...]
) -> tuple[npt.NDArray[np.uint8], Bools]:
    """Return the code of the provider that is complete for each asset, and where tags may stay without their labels."""
    found = db.execute(
        "SELECT list_filter(list_transform(list_filter(categorizations, lambda each: each.status = 'complete'), "
        "lambda each: list_position($providers, each.provider)), lambda each: each > 0) AS complete, "
        "CASE len(complete) WHEN 0 THEN 0 WHEN 1 THEN complete[1] ELSE -1 END AS code, "
        "len(json_keys(stands)) > 0 AS retaining FROM exported($file) ORDER BY n",
        {"file": file, "providers": providers},
    ).fetchnumpy()
    code = found["code"].astype(np.int64)
    provider = np.where(code == 0, NONE, np.where(code < 0, SEVERAL, code - 1)).astype(np.uint8)
    return provider, np.asarray(found["retaining"], np.bool_)
