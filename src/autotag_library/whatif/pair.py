"""Two tables of settings side by side: which labels matter for a difference, and which do so in a simple way."""

from typing import NamedTuple

import numpy as np

from autotag_library.arrays import Bools, Ints, Longs
from autotag_library.tables.plan_table import Implied, PlanTable
from autotag_library.whatif.texts import TextCodes, Words


class Pair(NamedTuple):
    """The tables ``old`` and ``new``, and what follows from both for each label name.

    A label matters if its confidence is at least ``low`` and below ``high``. ``matters``: it may. ``simple``: it gives
    a tag that nothing else gives, and differs in its bar only. ``weight``: how many tags it gives at most. ``added``:
    how many tags blocks add at most.
    ``whole``: all assets matter, whatever their labels. ``never``: no asset does. ``questions``: those to people count.
    """

    old: PlanTable
    new: PlanTable
    low: Ints
    high: Ints
    matters: Bools
    simple: Bools
    weight: Longs
    added: int
    whole: bool
    never: bool
    questions: bool

    @property
    def max_tags(self) -> int:
        """The lower of both caps."""
        return min(self.old.max_tags, self.new.max_tags)


def pair_of(old: PlanTable, new: PlanTable, texts: TextCodes, questions: bool = False) -> Pair:
    """Compare two tables of the same library: the tags that they give, and the ``questions`` if these count too."""
    same_plan = _same_plans(old, new)
    low, high = np.minimum(old.bar, new.bar), np.maximum(old.bar, new.bar)
    if questions:
        asks = np.minimum(old.asks, new.asks), np.maximum(old.asks, new.asks)
        others = asks[0] < asks[1]
        low, high = np.where(others, np.minimum(low, asks[0]), low), np.where(low < high, high, asks[1])
        low = np.where(same_plan, low, asks[0])
    high = np.where(same_plan, high, np.iinfo(high.dtype).max).astype(high.dtype)
    same_add = _same(old.add, new.add)
    whole = old.skip != new.skip or old.max_tags != new.max_tags or not same_add
    matters = low < high
    has_words = (old.words > 0) | (new.words > 0) | bool(old.keys_of_words or new.keys_of_words)
    return Pair(
        old,
        new,
        low,
        high,
        matters,
        simple=same_plan & (_implied_counts(new) == 0) & ~has_words & _alone(new, old, texts.words),
        weight=np.maximum(_weights(old, texts.words), _weights(new, texts.words)),
        added=max(int((1 + texts.words.lengths[table.add.words]).sum()) for table in (old, new)),
        whole=whole,
        never=(old.skip and new.skip) or not (whole or matters.any()),
        questions=questions,
    )


def _weights(table: PlanTable, words: Words) -> Longs:
    """Return how many tags each name gives: its own and its parents', in all languages."""
    implied = table.implies.values.astype(np.int64)
    each = np.concatenate([np.zeros(1, np.int64), np.cumsum(1 + words.lengths[table.parents.words[implied]])])
    weights: Longs = 1 + words.lengths[table.words] + each[table.implies.first[1:]] - each[table.implies.first[:-1]]
    return weights


def _implied_counts(table: PlanTable) -> Longs:
    return np.diff(table.implies.first)


def _same_plans(old: PlanTable, new: PlanTable) -> Bools:
    fields = ("name_key", "tag_key", "tag", "priority", "words")
    same: Bools = np.logical_and.reduce([getattr(old, field) == getattr(new, field) for field in fields])
    for row in np.flatnonzero((_implied_counts(old) > 0) | (_implied_counts(new) > 0)).tolist():
        if same[row]:
            same[row] = _same(_parents(old, row), _parents(new, row))
    return same


def _parents(table: PlanTable, row: int) -> Implied:
    rows = table.implies.values[table.implies.first[row] : table.implies.first[row + 1]].astype(np.int64)
    return table.parents.picked(rows)


def _same(one: Implied, other: Implied) -> bool:
    return all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))


def _alone(new: PlanTable, old: PlanTable, words: Words) -> Bools:
    """Return for which names no other name, parent, addition or word gives the same tag under the old or new rules."""
    given = []
    for table in (old, new):
        given += [np.unique(np.stack([table.tag_key, table.key]), axis=1)[0]]  # names of one key are one label
        given += [table.parents.tag_key.repeat(2), table.add.tag_key.repeat(2)]
        spoken = np.unique(np.concatenate([table.words, table.parents.words, table.add.words]))
        given += [words.key[words.of(spoken)[1]].repeat(2)]
    by_old_and_new = np.bincount(np.concatenate(given))
    alone: Bools = by_old_and_new[new.tag_key] == 2  # once under each
    return alone
