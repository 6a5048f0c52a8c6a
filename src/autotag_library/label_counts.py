"""What became of each label of an export, counted block by block: memory does not grow with the number of assets."""

import os
from array import array
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import duckdb
import numpy as np

from autotag.domain.model.labels import REKOGNITION, label_key
from autotag.domain.statistics.label_counts import STEPS, LabelCounts, LibraryLabels
from autotag.domain.statistics.label_tags import LabelTags
from autotag_library.arrays import Longs
from autotag_library.columns.connection import connect, only
from autotag_library.columns.dictionary import Dictionary
from autotag_library.columns.labels import BLOCK, LabelBlock, learn_names, read_block
from autotag_library.columns.stamp import stamp_of
from autotag_library.columns.subjects import different, read_detected, read_providers, read_texts_of
from autotag_library.columns.wishes import wishes_of

CELLS = 2**25
"""Cells of the table in which labels are counted: one for each asset and each label that there is."""

_TAGS = ("ours", "review")
"""The columns of the tags that labels gave, and of those that people are asked about."""


def count_labels(
    file: Path, tags: LabelTags, provider: str | None = None, *, block: int = BLOCK, cells: int = CELLS
) -> LibraryLabels:
    """Count the labels of an export in columns, of one ``provider`` or of all, as ``LibraryLabels.add`` does.

    ``block`` assets are read at once, and counted in tables of ``cells``. Raises ``duckdb.Error`` if it cannot be read.
    """
    stamp = stamp_of(file)
    with closing(connect()) as db:
        found = _Counting(db, only(file), tags, provider, cells).count(block)
        if provider in (None, REKOGNITION):
            found.detected = read_detected(db, only(file))
    for key in _removed(file):
        found.removed[key] += 1
    if stamp_of(file) != stamp:
        raise duckdb.IOException("it was replaced while it was read")
    return found


def _removed(file: Path) -> Iterable[str]:
    """Yield the key of each label whose tag a person removed, once for each asset."""
    return (
        key
        for _, key in {
            (row, key)
            for row, wish in wishes_of(file)
            if wish.want == "remove"
            for key in wish.labels or (label_key(wish.tag),)
        }
    )


class _Counted(NamedTuple):
    """The counts of a block, by the codes of ``keys``: of each step of confidence, and of both kinds of tags."""

    keys: list[str]
    steps: Longs
    tagged: Longs
    in_review: Longs


class _Cells(NamedTuple):
    """Pairs of an asset and a key, in the order of assets."""

    row: Longs
    key: Longs


class _Counting:
    def __init__(
        self, db: duckdb.DuckDBPyConnection, file: str, tags: LabelTags, provider: str | None, cells: int
    ) -> None:
        self._db, self._file, self._tags, self._cells = db, file, tags, cells
        self._names, self._texts = Dictionary(db, "label"), Dictionary(db, "text")
        self._providers = (provider,) if provider is not None else read_providers(db, file)

    def count(self, block: int) -> LibraryLabels:
        assets = int(self._db.execute("SELECT count(*) FROM exported($file)", {"file": self._file}).fetchall()[0][0])
        found = LibraryLabels(assets)
        if not self._providers or not assets:
            return found
        learn_names(self._db, self._names, self._providers, {"file": self._file, "low": 0, "high": block})
        self._texts.learn(sorted({text for column in _TAGS for text in different(self._db, self._file, column)}), 0)
        with ThreadPoolExecutor(os.process_cpu_count() or 1) as pool:
            for counted in pool.map(lambda low: self._block(low, min(assets, low + block)), range(0, assets, block)):
                _add(found, counted)
        for name in self._names.texts:
            counts = found.labels[label_key(name)]
            counts.name = min(counts.name, name) if counts.name else name
        return found

    def _block(self, low: int, high: int) -> _Counted:
        labels = read_block(self._db, self._file, self._providers, self._names, low, high)
        keys = [label_key(name) for name in self._names.texts]
        known = list(dict.fromkeys(keys))
        code = {key: number for number, key in enumerate(known)}
        key_of: Longs = np.array([code[key] for key in keys], np.int64)
        labels_of: dict[str, list[int]] = {}
        for key, number in code.items():
            for tag in self._tags.keys_of(key):
                labels_of.setdefault(tag, []).append(number)
        tagged, review = (self._tags_of(each, low, high, labels_of) for each in _TAGS)
        return _count(labels, key_of, known, tagged, review, self._cells)

    def _tags_of(self, column: str, low: int, high: int, labels_of: dict[str, list[int]]) -> _Cells:
        """Return the labels that may have given the tags of a column, with their assets; a pair may come twice."""
        rows, codes = read_texts_of(self._db, self._file, column, self._texts, low, high)
        given = [labels_of.get(label_key(text), []) for text in self._texts.texts]
        lengths = np.array([len(each) for each in given], np.int64)
        first = np.cumsum(lengths) - lengths
        flat: Longs = np.array([number for each in given for number in each], np.int64)
        many = lengths[codes]
        at = np.arange(int(many.sum())) + np.repeat(first[codes] - (np.cumsum(many) - many), many)
        return _Cells(np.repeat(rows, many), flat[at])


def _count(block: LabelBlock, key_of: Longs, keys: list[str], tagged: _Cells, review: _Cells, cells: int) -> _Counted:
    """Count a block in tables of some assets at a time."""
    width, assets = max(1, len(keys)), len(block.lengths)
    rows = max(1, cells // width)
    ends = np.concatenate([[0], np.cumsum(block.lengths)])
    steps = np.minimum(STEPS - 1, (block.confidences * STEPS + 1e-9).astype(np.int64))
    counts = np.zeros(width * STEPS, np.int64)
    both = np.zeros((2, width), np.int64)
    table, given = np.zeros((2, min(rows, assets) * width), np.bool_)
    for low in range(0, assets, rows):
        high = min(assets, low + rows)
        part = slice(ends[low], ends[high])
        cell = np.repeat(np.arange(high - low), block.lengths[low:high]) * width + key_of[block.codes[part]]
        step = steps[part]
        table[:] = False
        table[cell] = True
        if np.count_nonzero(table) < len(cell):  # an asset has a label twice
            cell, step = _highest(cell, step)
        counts += np.bincount(cell % width * STEPS + step, minlength=len(counts))
        for number, pairs in enumerate((tagged, review)):
            at = slice(*np.searchsorted(pairs.row, (low, high)))
            pair = (pairs.row[at] - low) * width + pairs.key[at]
            given[pair] = True
            if np.count_nonzero(given) < len(pair):  # two tags of an asset may be of one label
                pair = np.unique(pair)
            given[pair] = False
            both[number] += np.bincount(pair[table[pair]] % width, minlength=width)
    return _Counted(keys, counts.reshape(width, STEPS), both[0], both[1])


def _highest(cell: Longs, step: Longs) -> tuple[Longs, Longs]:
    """Return each cell once, with its highest step."""
    both = np.sort(cell * STEPS + step)
    last = np.append(both[1:] // STEPS != both[:-1] // STEPS, True)
    return both[last] // STEPS, both[last] % STEPS


def _add(found: LibraryLabels, counted: _Counted) -> None:
    for number, key in enumerate(counted.keys):
        steps = array("Q", counted.steps[number].tolist())
        more = LabelCounts("", steps, int(counted.tagged[number]), int(counted.in_review[number]))
        known = found.labels.setdefault(key, more)
        if known is not more:
            known.merge(more)
