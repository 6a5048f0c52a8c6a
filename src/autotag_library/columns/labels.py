"""Reading the labels of a columnar export into arrays, block by block."""

import os
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import duckdb
import numpy as np
import numpy.typing as npt

from autotag.domain.model.labels import NAME_FAULTS, label_key
from autotag_library.arrays import NOWHERE, Bools, Floats, Ints, Longs, Ragged, lists_of
from autotag_library.columns.connection import quoted
from autotag_library.columns.dictionary import Dictionary
from autotag_library.columns.schema import ROW_GROUP

BLOCK = 6 * ROW_GROUP
"""Assets that are read at once."""
_STEPS = 10_000
"""Cloudinary returns confidences of four decimals; others are looked up among all that there are."""
_LABELS = "(SELECT n, unnest(labels) AS l FROM exported($file) WHERE n >= $low AND n < $high)"
_USUAL_VALUES = np.arange(_STEPS + 1) / _STEPS
_USABLE = f"(l.fault IN ('', {', '.join(map(quoted, sorted(NAME_FAULTS)))}))"
"""Whether a label counts: it has no fault, or one that only its name has."""


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


class LabelBlock(NamedTuple):
    """Labels of some assets: how many each has, their codes in the order of the file, and their confidences."""

    lengths: Longs
    codes: Ints
    confidences: Floats
    faulty: Bools


def read_labels(
    db: duckdb.DuckDBPyConnection, file: str, providers: tuple[str, ...], assets: int, block: int = BLOCK
) -> Labels:
    """Read the labels of these providers that can be used, of ``block`` assets at once."""
    names = Dictionary(db, "label")
    learn_names(db, names, providers, {"file": file, "low": 0, "high": block})  # most of the names that there are

    def read(low: int) -> LabelBlock:
        return read_block(db, file, providers, names, low, min(assets, low + block))

    with ThreadPoolExecutor(os.process_cpu_count() or 1) as pool:
        blocks = list(pool.map(read, range(0, assets, block)))
        order = sorted(range(len(names.texts)), key=names.texts.__getitem__)
        rank: Ints = np.empty(len(order), np.uint16 if len(order) < 2**16 else np.uint32)
        rank[order] = np.arange(len(order))
        texts = [names.texts[each] for each in order]
        values, keys = _values(blocks), _key_codes(texts)
        ranked = list(pool.map(lambda block: _ranked(block, rank, values, keys), blocks))
    return Labels(
        tuple(texts),
        values,
        lists_of(_joined([block.lengths for block in blocks], np.int64), _joined([each.labels for each in ranked])),
        _joined([each.confidences for each in ranked]),
        _joined([each.doubled for each in ranked], np.bool_),
        _joined([block.faulty for block in blocks], np.bool_),
    )


def _joined[T: np.generic](parts: list[npt.NDArray[T]], kind: type[np.generic] = np.uint16) -> npt.NDArray[T]:
    """Return all parts, one after another; of none, an empty array of this ``kind``."""
    return np.concatenate(parts) if parts else np.zeros(0, kind)


def read_block(
    db: duckdb.DuckDBPyConnection, file: str, providers: tuple[str, ...], names: Dictionary, low: int, high: int
) -> LabelBlock:
    given: dict[str, str | int] = {"file": file, "low": low, "high": high}
    cursor = db.cursor()
    while True:
        code, _ = names.code("l.name")
        found = cursor.execute(
            f"SELECT (n - $low)::INTEGER AS row, {code} AS code, l.confidence AS confidence, {_of(providers)} AS used, "
            f"{_USABLE} AS usable FROM {_LABELS}",
            given,
        ).fetchnumpy()
        counts = found["used"] & found["usable"]
        codes = found["code"]
        if not (codes[counts] < 0).any():
            break
        learn_names(cursor, names, providers, given)
    rows_of, confidences, size = found["row"], found["confidence"], high - low
    faulty = np.zeros(size, np.bool_)
    if not counts.all():
        faulty[rows_of[found["used"] & ~found["usable"]]] = True
        rows_of, codes, confidences = rows_of[counts], codes[counts], confidences[counts]
    return LabelBlock(np.bincount(rows_of, minlength=size), codes.astype(np.uint32), confidences, faulty)


def learn_names(
    db: duckdb.DuckDBPyConnection, names: Dictionary, providers: tuple[str, ...], given: dict[str, str | int]
) -> None:
    code, known = names.code("l.name")
    new = db.execute(
        f"SELECT DISTINCT l.name FROM {_LABELS} WHERE {_of(providers)} AND {_USABLE} AND {code} < 0", given
    ).fetchall()
    names.learn([name for (name,) in new], known)


def _of(providers: tuple[str, ...]) -> str:
    return f"l.provider IN ({', '.join(map(quoted, providers))})"


def _values(blocks: list[LabelBlock]) -> Floats:
    """Return all confidences in ascending order; those that are usual cost nothing."""
    if all(np.array_equal(np.rint(block.confidences * _STEPS) / _STEPS, block.confidences) for block in blocks):
        return _USUAL_VALUES
    found: Floats = np.unique(np.concatenate([[1.0], *(np.unique(block.confidences) for block in blocks)]))
    return found


class _Ranked(NamedTuple):
    labels: Ints
    confidences: Ints
    doubled: Bools


def _ranked(block: LabelBlock, rank: Ints, values: Floats, keys: Longs) -> _Ranked:
    """Return the labels of a block in the order that ``Library`` has them in."""
    labels, confidences = rank[block.codes], _confidence_codes(block.confidences, values)
    rows = np.repeat(np.arange(len(block.lengths)), block.lengths)
    unsorted = _unsorted(rows, labels, confidences)
    if len(unsorted):
        in_one = (rows[unsorted] * len(values) + (len(values) - 1 - confidences[unsorted])) * len(rank)
        ordered = np.sort(in_one + labels[unsorted])
        labels[unsorted] = ordered % len(rank)
        confidences[unsorted] = len(values) - 1 - ordered // len(rank) % len(values)
    return _Ranked(labels, confidences, _has_double(rows, keys[labels], len(block.lengths)))


def _confidence_codes(confidences: Floats, values: Floats) -> Ints:
    if values is _USUAL_VALUES:
        return np.rint(confidences * _STEPS).astype(np.uint16)
    return np.searchsorted(values, confidences).astype(np.uint16 if len(values) < 2**16 else np.uint32)


def _unsorted(rows: Longs, labels: Ints, confidences: Ints) -> Longs:
    """Return the labels of the assets whose labels are not in order; most providers return them by confidence."""
    later, ties = confidences[1:] > confidences[:-1], confidences[1:] == confidences[:-1]
    wrong = (rows[1:] == rows[:-1]) & (later | (ties & (labels[1:] < labels[:-1])))
    if not wrong.any():
        return NOWHERE
    found = np.zeros(int(rows[-1]) + 1, np.bool_)
    found[rows[1:][wrong]] = True
    return np.flatnonzero(found[rows])


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
