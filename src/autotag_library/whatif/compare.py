"""What would change in a whole library if other rules decided: exact, and mostly by columns."""

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np

from autotag.domain.decisions.compare import LEAVES_ALONE, ChangedTags
from autotag.domain.decisions.compare_questions import ChangedQuestions
from autotag.domain.rules.compiled.ruleset import Ruleset, Subject
from autotag_library.arrays import NONE, Bools, Library, Longs
from autotag_library.sets import unique
from autotag_library.tables.asset_settings import AssetSettings, asset_settings
from autotag_library.tables.plan_table import PlanTable, PlanTables, Texts, new_texts, without_labels
from autotag_library.whatif.assets import changes_of
from autotag_library.whatif.changes import Changes, Renames, TagsOf, together
from autotag_library.whatif.pair import Pair, pair_of
from autotag_library.whatif.texts import TextCodes, text_codes

_BLOCK = 20_000
"""Assets that are looked at together: their labels fit into a processor's caches."""

FullEngine = Callable[[Longs], Iterable[tuple[int, ChangedTags | None, ChangedQuestions]]]
"""Decides on whole assets by their rows: their changes, None where the new rules have no labels to decide on, and the
questions, which are none where they do not count."""


class Comparison(NamedTuple):
    """The changes of a library. ``tags`` are the texts of their codes, ``keys`` those of the questions' codes.

    ``undecided`` assets have no labels of a provider of the new rules. ``apart`` were decided by the full engine.
    """

    assets: int
    undecided: int
    apart: int
    changes: Changes
    tags: list[str]
    keys: list[str]


def compare(library: Library, old: Ruleset, new: Ruleset, full: FullEngine, *, questions: bool = False) -> Comparison:
    """Compare two sets of rules whose providers the library was loaded for, and their ``questions`` if these count too.

    ``full`` decides on the assets for which columns do not suffice.
    """
    texts = new_texts()
    tables = PlanTables(library, texts)
    sides = _Side(library, old, tables), _Side(library, new, tables)
    sides[0].leave_alone(tables.of(LEAVES_ALONE.settings_for(Subject(), {})), LEAVES_ALONE)
    codes = text_codes(library, texts)
    apart = library.apart | sides[0].apart | sides[1].apart
    undecided = ~sides[1].has_labels & ~apart
    rows = np.flatnonzero(~(apart | undecided))
    parts = list(_in_columns(library, sides, rows, codes, questions))
    whole = _by_full_engine(np.flatnonzero(apart), full, texts)
    parts.append(whole.changes)
    return Comparison(
        library.size,
        int(undecided.sum()) + whole.undecided,
        int(apart.sum()),
        together(parts),
        texts.tags.texts,
        texts.keys.texts,
    )


class _Side:
    """One set of rules on a library: each asset's table, and which assets columns do not suffice for."""

    def __init__(self, library: Library, rules: Ruleset, tables: PlanTables) -> None:
        self._library = library
        self._found: AssetSettings = asset_settings(library, rules)
        names = library.providers if rules.bars else ("",)
        self.tables: list[PlanTable] = [tables.of(each, name) for each in self._found.settings for name in names]
        provider = np.minimum(library.provider, len(names) - 1).astype(np.int64)
        self.codes: Longs = self._found.codes * len(names) + provider
        used = np.zeros(256, np.bool_)
        used[[library.providers.index(name) for name in rules.providers]] = True
        one_is_enough = np.array([each.agree <= 1 or bool(each.skip) for each in self._found.settings], np.bool_)
        changes_ancestors = np.array([each.ancestors in ("drop", "imply") for each in self._found.settings], np.bool_)
        related = library.related & changes_ancestors[self._found.codes]
        self.apart: Bools = (self._found.apart | related) & used[library.provider]
        self.has_labels: Bools = used[library.provider] & (one_is_enough[self._found.codes] | self.apart)
        if rules.adopts:
            self.apart = self.apart | (np.diff(library.user.first) > 0)

    def leave_alone(self, table: PlanTable, rules: Ruleset) -> None:
        """Let the assets without labels be those that no rules have decided on."""
        library = self._library
        usual = [library.providers.index(name) for name in rules.providers if name in library.providers]
        has_usual = np.isin(library.provider, usual) & (library.provider != NONE)
        self.tables += [without_labels(table), table]
        nothing = len(self.tables) - 2
        self.codes = np.where(self.has_labels, self.codes, nothing + has_usual)


def _in_columns(
    library: Library, sides: tuple[_Side, _Side], rows: Longs, texts: TextCodes, questions: bool
) -> Iterator[Changes]:
    old, new = sides
    both = old.codes[rows] * len(new.tables) + new.codes[rows]
    work: list[tuple[Pair, Longs]] = []
    kinds = unique(both)
    place = np.searchsorted(kinds, both)
    for number, kind in enumerate(kinds.tolist()):
        pair = pair_of(old.tables[kind // len(new.tables)], new.tables[kind % len(new.tables)], texts, questions)
        if not pair.never:
            some = rows[place == number] if len(kinds) > 1 else rows
            work += [(pair, some[at : at + _BLOCK]) for at in range(0, len(some), _BLOCK)]
    with ThreadPoolExecutor(os.process_cpu_count() or 1) as pool:
        yield from pool.map(lambda each: changes_of(library, each[0], each[1], texts), work)


class _Whole(NamedTuple):
    changes: Changes
    undecided: int


def _by_full_engine(rows: Longs, full: FullEngine, texts: Texts) -> _Whole:
    gained: list[tuple[int, int]] = []
    lost: list[tuple[int, int]] = []
    renamed: list[tuple[int, int, int]] = []
    asked: list[tuple[int, int]] = []
    unasked: list[tuple[int, int]] = []
    undecided = changed = 0
    tags, keys = texts.tags, texts.keys
    for row, found, questions in full(rows) if len(rows) else ():
        asked += [(row, keys.of(key)) for key in questions.asked]
        unasked += [(row, keys.of(key)) for key in questions.unasked]
        if found is None:
            undecided += 1
            continue
        changed += bool(found.gained or found.lost)
        gained += [(row, tags.of(tag)) for tag in found.gained]
        lost += [(row, tags.of(tag)) for tag in found.lost]
        renamed += [(row, tags.of(one), tags.of(other)) for one, other in found.renamed]
    return _Whole(
        Changes(
            TagsOf(*_columns(gained, 2)),
            TagsOf(*_columns(lost, 2)),
            Renames(*_columns(renamed, 3)),
            changed,
            TagsOf(*_columns(asked, 2)),
            TagsOf(*_columns(unasked, 2)),
        ),
        undecided,
    )


def _columns(rows: list[tuple[int, ...]] | list[tuple[int, int]] | list[tuple[int, int, int]], count: int) -> Longs:
    return np.array(rows, np.int64).reshape(-1, count).T
