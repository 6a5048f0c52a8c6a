"""The tags that people are asked about on many assets at once: as ``decide`` gives them, in columns."""

import numpy as np

from autotag_library.arrays import NOWHERE, Ints, Longs, Picked
from autotag_library.sets import pairs_in, unique, without
from autotag_library.tables.plan_table import PlanTable
from autotag_library.whatif.decide import Kept, Ownership, given_tags, merged_tags, removed_keys
from autotag_library.whatif.texts import TextCodes


def asked_keys(
    picked: Picked, confidence: Ints, kept: Kept, table: PlanTable, assets: int, owned: Ownership, texts: TextCodes
) -> Longs:
    """Return the questions, sorted: each asset times the number of keys, plus the key of its tag.

    People are asked about a label between both bars, unless its tag is given anyway, or is theirs, or was removed.
    """
    if table.skip:
        return NOWHERE
    labels, keys = picked.values, texts.keys
    at = np.flatnonzero((confidence >= table.asks[labels]) & (confidence < table.bar[labels]))
    row, label = picked.row[at], labels[at].astype(np.int64)
    if owned.suppressed.size:
        gone = pairs_in(row, table.key[label], keys, owned.suppressed)
        gone |= pairs_in(row, table.name_key[label], keys, owned.suppressed)
        removed = removed_keys(kept, table, assets, owned, texts)
        gone |= pairs_in(row, table.tag_key[label], keys, removed)
        of, word = texts.words.of(table.words[label])
        gone[of[pairs_in(row[of], texts.words.key[word], keys, removed)]] = True
        row, label = row[~gone], label[~gone]
    found = without(unique(row * keys + table.tag_key[label]), owned.user)
    given = given_tags(kept, table, assets, owned, texts, 0)
    taken = [each.row * keys + each.tag_key for each in given]
    if texts.words.any:
        merged = merged_tags(given, assets, texts)
        of, word = texts.words.of(merged.words)
        taken.append(merged.row[of] * keys + texts.words.key[word])
    return without(found, unique(np.concatenate(taken)))
