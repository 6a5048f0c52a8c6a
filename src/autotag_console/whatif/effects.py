"""What one set of rules changes against another: computed from an export, and kept while its pictures are shown."""

import hashlib
import threading
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Literal, NamedTuple

import numpy as np

from autotag.domain.decisions.compare import ChangedTags
from autotag.domain.decisions.compare_questions import ChangedQuestions
from autotag.domain.model.labels import label_key
from autotag.domain.rules.compiled.ruleset import Ruleset
from autotag.domain.rules.parse import parse_rules
from autotag.domain.rules.schema import Rules
from autotag.domain.rules_text.categories import KnownCategories
from autotag_library.arrays import Library, Longs
from autotag_library.columns.connection import only
from autotag_library.columns.subjects import count_undescribed
from autotag_library.sample import sample_of, sample_rows
from autotag_library.whatif.changes import TagsOf
from autotag_library.whatif.compare import Comparison, FullEngine, compare
from autotag_library.whatif.counts import Counts, count
from autotag_library.whatif.full import full_engine

SAMPLE = 20_000
"""Assets of the sample that answers while a slider moves."""

_KEPT = 2
"""Answers of a kind that are kept; one about a million assets takes up to 300 MB."""

Direction = Literal["gained", "lost", "asked", "unasked"]
DIRECTIONS: tuple[Direction, ...] = ("gained", "lost", "asked", "unasked")


class Effect(NamedTuple):
    """What ``new`` rules change in a library of ``size`` assets: the counts, and the changes.

    ``rows`` are the library's rows if it is of a sample, which may be all. ``key`` names it in addresses of pictures.
    ``without_metadata`` is how many assets of the whole library were never seen with it, where ``new`` asks for it.
    """

    key: str
    old: Ruleset
    new: Ruleset
    size: int
    found: Comparison
    counts: Counts
    rows: Longs | None
    without_metadata: int

    @property
    def is_exact(self) -> bool:
        """Whether it is of all assets."""
        return self.rows is None

    def assets(self, tag: str, direction: Direction) -> Longs:
        """Return the rows of the assets that change so in a tag, in ascending order."""
        key = label_key(tag)
        of_keys = direction in ("asked", "unasked")
        texts = self.found.keys if of_keys else self.found.tags
        codes = [code for code, text in enumerate(texts) if (text == key if of_keys else text == tag)]
        changed: TagsOf = getattr(self.found.changes, direction)
        rows = np.sort(changed.asset[np.isin(changed.tag, codes)])
        return rows if self.rows is None else self.rows[rows]


class Effects:
    """The answers about an export. Threads may ask; the whole library is compared for one at a time."""

    def __init__(self, file: Path, sample: int = SAMPLE) -> None:
        self._file, self._size = file, sample
        self._whole, self._part = threading.Lock(), threading.Lock()
        self._kept: dict[str, Effect] = {}
        self._samples: tuple[Library, Library, Longs] | None = None
        self._undescribed: tuple[Library, int] | None = None

    def of(self, library: Library, old: Ruleset, new: Ruleset, *, exact: bool) -> Effect:
        """Return what the rules ``new`` change against ``old``: on all assets, or on a sample.

        Raises ``duckdb.Error`` if the export cannot be read.
        """
        asked = old.version, new.version, exact, library.providers
        key = hashlib.sha256(repr(asked).encode()).hexdigest()[:16]
        with self._whole if exact else self._part:
            found = self._kept.get(key)
            if found is None:
                found = self._compared(library, key, old, new) if exact else self._about(library, key, old, new)
                self._keep(found)
        return found

    def kept(self, key: str) -> Effect | None:
        """Return an answer that is kept still."""
        return self._kept.get(key)

    def _keep(self, effect: Effect) -> None:
        """Keep an answer in place of the oldest of its kind."""
        alike = [key for key, each in list(self._kept.items()) if each.is_exact == effect.is_exact]
        for key in alike[: max(0, len(alike) - _KEPT + 1)]:
            self._kept.pop(key, None)
        self._kept[effect.key] = effect

    def _compared(self, library: Library, key: str, old: Ruleset, new: Ruleset) -> Effect:
        engine = full_engine(self._file, old, new, questions=True)
        found = _effect(library, key, old, new, engine, library.size, None)
        return found._replace(without_metadata=self._without_metadata(library, new))

    def _about(self, library: Library, key: str, old: Ruleset, new: Ruleset) -> Effect:
        if self._samples is None or self._samples[0] is not library:
            rows = sample_rows(library, self._size)
            self._samples = library, sample_of(library, rows), rows
        _, sample, rows = self._samples
        engine = full_engine(self._file, old, new, questions=True)
        found = _effect(sample, key, old, new, _of_sample(engine, rows), library.size, rows)
        return found._replace(without_metadata=self._without_metadata(library, new))

    def _without_metadata(self, library: Library, rules: Ruleset) -> int:
        """Count the assets that were never seen with metadata, once for an export, if ``rules`` ask for it."""
        if not rules.tests_metadata:
            return 0
        if self._undescribed is None or self._undescribed[0] is not library:
            self._undescribed = library, count_undescribed(only(self._file))
        return self._undescribed[1]


def _effect(
    library: Library, key: str, old: Ruleset, new: Ruleset, engine: FullEngine, size: int, rows: Longs | None
) -> Effect:
    found = compare(library, old, new, engine, questions=True)
    return Effect(key, old, new, size, found, count(found, 0), rows, 0)


def _of_sample(engine: FullEngine, rows: Longs) -> FullEngine:
    """Return an engine that is asked for rows of the sample."""

    def decide(some: Longs) -> Iterator[tuple[int, ChangedTags | None, ChangedQuestions]]:
        place = {int(rows[each]): each for each in some.tolist()}
        for row, changed, questions in engine(rows[some]):
            yield place[row], changed, questions

    return decide


def compiled(text: str, categories: KnownCategories | None) -> Ruleset:
    """Return the rules of a text. Raises ``Invalid`` if it is no valid rules file, or names another category."""
    sets = categories.resolve(_parsed(text)).sets if categories else {}
    return _compiled(text, tuple(sets.items()))


@lru_cache(maxsize=4)
def _compiled(text: str, sets: tuple[tuple[str, tuple[str, ...]], ...]) -> Ruleset:
    return Ruleset(_parsed(text), dict(sets))


@lru_cache(maxsize=4)
def _parsed(text: str) -> Rules:
    return parse_rules(text)
