"""Reading the labels of a columnar export into arrays, block by block."""

from typing import NamedTuple

import duckdb
import numpy as np

from autotag.domain.model.labels import NAME_FAULTS, label_key
from autotag_library.arrays import Bools, Floats, Ints, Longs, Ragged, lists_of
from autotag_library.columns.connection import quoted

_BLOCK = 100_000
"""Assets that are read at once."""
_STEPS = 10_000
"""Cloudinary returns confidences of four decimals; others are looked up among all that there are."""


class Labels(NamedTuple):
    """The labels of all assets, as ``Library`` has them.

    ``doubled``: which assets have one label twice; ``faulty``: which have one that cannot be used.
    """

    names: tuple[str, ...]
    values: Floats
    labels: Ragged
    confidences: Ints
    doubled: Bools
    faulty: Bools


class _Summary(NamedTuple):
    names: list[str]
    values: Floats
    all_usable: bool


def read_labels(db: duckdb.DuckDBPyConnection, file: str, providers: tuple[str, ...], assets: int) -> Labels:
    """Read the labels of these providers that can be used."""
    summary = _summary(db, file, providers)
    names, values = summary.names, summary.values
    db.execute(f"CREATE TYPE label AS ENUM ({', '.join(map(quoted, names or ['']))})")
    keys = _key_codes(names)
    labels: list[Ints] = [np.zeros(0, np.uint16)]
    confidences: list[Ints] = [np.zeros(0, np.uint16)]
    lengths, doubled = [np.zeros(0, np.int64)], [np.zeros(0, np.bool_)]
    where = "" if summary.all_usable else f"WHERE {_usable()} AND list_contains($providers, l.provider)"
    for low in range(0, assets, _BLOCK):
        found = db.execute(
            "SELECT n, enum_code(l.name::label) AS name, l.confidence AS confidence FROM "
            f"(SELECT n, unnest(labels) AS l FROM read_parquet($file) WHERE n >= $low AND n < $high) {where}",
            {"file": file, "low": low, "high": low + _BLOCK} | ({} if summary.all_usable else {"providers": providers}),
        ).fetchnumpy()
        rows = found["n"].astype(np.int64) - low
        size = min(_BLOCK, assets - low)
        codes: Ints = found["name"].astype(np.uint16 if len(names) < 2**16 else np.uint32)
        ranks = _confidence_codes(found["confidence"].astype(np.float64), values)
        order = _ranking(rows, codes, ranks)
        labels.append(codes[order])
        confidences.append(ranks[order])
        lengths.append(np.bincount(rows, minlength=size))
        doubled.append(_has_double(rows, keys[codes], size))
    return Labels(
        tuple(names),
        values,
        lists_of(np.concatenate(lengths), np.concatenate(labels)),
        np.concatenate(confidences),
        np.concatenate(doubled),
        np.zeros(assets, np.bool_) if summary.all_usable else _faulty(db, file, providers, assets),
    )


def _faulty(db: duckdb.DuckDBPyConnection, file: str, providers: tuple[str, ...], assets: int) -> Bools:
    rows = db.execute(
        "SELECT DISTINCT n FROM (SELECT n, unnest(labels) AS l FROM read_parquet($file)) "
        f"WHERE NOT {_usable()} AND list_contains($providers, l.provider)",
        {"file": file, "providers": providers},
    ).fetchnumpy()["n"]
    found = np.zeros(assets, np.bool_)
    found[rows.astype(np.int64)] = True
    return found


def _usable() -> str:
    return f"(l.fault = '' OR l.fault IN ({', '.join(map(quoted, sorted(NAME_FAULTS)))}))"


def _summary(db: duckdb.DuckDBPyConnection, file: str, providers: tuple[str, ...]) -> _Summary:
    """Return all names and confidences in ascending order, and whether every label counts."""
    found = db.execute(
        f"SELECT list(DISTINCT l.name), list(DISTINCT l.confidence), "
        f"bool_and({_usable()}) AND bool_and(list_contains($providers, l.provider)) "
        "FROM (SELECT unnest(labels) AS l FROM read_parquet($file))",
        {"file": file, "providers": providers},
    ).fetchall()[0]
    names, values = sorted(found[0] or ()), np.array(found[1] or (), np.float64)
    steps = np.arange(_STEPS + 1) / _STEPS
    all_values = steps if np.isin(values, steps).all() else np.unique(np.append(values, 1.0))
    return _Summary(names, all_values, bool(found[2]))


def _confidence_codes(confidences: Floats, values: Floats) -> Ints:
    if len(values) == _STEPS + 1:
        codes = np.rint(confidences * _STEPS)
        if np.array_equal(codes / _STEPS, confidences):
            return codes.astype(np.uint16)
    return np.searchsorted(values, confidences).astype(np.uint16 if len(values) < 2**16 else np.uint32)


def _ranking(rows: Longs, labels: Ints, confidences: Ints) -> Longs:
    """Return the order that puts each asset's most confident labels first; most providers return them so."""
    order = np.arange(len(rows))
    later, ties = confidences[1:] > confidences[:-1], confidences[1:] == confidences[:-1]
    wrong = (rows[1:] == rows[:-1]) & (later | (ties & (labels[1:] < labels[:-1])))
    if wrong.any():
        unsorted = np.zeros(int(rows[-1]) + 1, np.bool_)
        unsorted[rows[1:][wrong]] = True
        some = np.flatnonzero(unsorted[rows])
        order[some] = some[np.lexsort((labels[some], -confidences[some].astype(np.int64), rows[some]))]
    return order


def _key_codes(names: list[str]) -> Longs:
    known: dict[str, int] = {}
    return np.array([known.setdefault(label_key(name), len(known)) for name in names], np.int64)


def _has_double(rows: Longs, keys: Longs, size: int) -> Bools:
    """Return for which of ``size`` assets a key comes twice; ``rows`` ascend."""
    count = int(keys.max(initial=0)) + 1
    both = np.sort(rows * count + keys)
    found = np.zeros(size, np.bool_)
    found[both[1:][both[1:] == both[:-1]] // count] = True
    return found
