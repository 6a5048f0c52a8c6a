"""The managed tags of many assets at once under one table of settings: as ``decide_tags`` gives them, in columns."""

from typing import NamedTuple

import numpy as np

from autotag_library.arrays import Bools, Ints, Library, Longs, Picked, ranges
from autotag_library.sets import begins, pairs_in, sorted_rows, unique
from autotag_library.tables.plan_table import Implied, PlanTable
from autotag_library.whatif.texts import TextCodes


class Kept(NamedTuple):
    """Labels that reach their threshold: the asset by its place among those asked for, the label, its confidence."""

    row: Longs
    label: Longs
    confidence: Longs


class Ownership(NamedTuple):
    """What people and the service did to the assets, each as sorted codes: asset times codes plus code.

    ``suppressed`` and ``user`` are of keys, ``managed`` and ``user_tags`` of tags.
    """

    suppressed: Longs
    user: Longs
    managed: Longs
    user_tags: Longs


class Given(NamedTuple):
    """Tags that something gives, one row each, in the order in which they come.

    The first one gives the spelling, and the codes of its ``words`` in further languages.
    """

    row: Longs
    tag_key: Longs
    tag: Longs
    priority: Longs
    confidence: Longs
    words: Longs


def ownership(library: Library, rows: Longs, texts: TextCodes) -> Ownership:
    """Return what is known of the assets ``rows``, which ascend."""
    suppressed, user, managed = (lists.of(rows) for lists in (library.suppressed, library.user, library.managed))
    return Ownership(
        unique(suppressed.row * texts.keys + texts.suppressed_of[suppressed.values]),
        unique(user.row * texts.keys + texts.key_of[user.values]),
        unique(managed.row * texts.tags + texts.tag_of[managed.values]),
        unique(user.row * texts.tags + texts.tag_of[user.values]),
    )


def kept_labels(picked: Picked, confidence: Ints, table: PlanTable) -> Kept:
    """Return those of the labels ``picked``, each with its ``confidence``, that reach their threshold."""
    at = np.flatnonzero(confidence >= table.bar[picked.values])
    return Kept(picked.row[at], picked.values[at].astype(np.int64), confidence[at].astype(np.int64))


def managed_tags(kept: Kept, table: PlanTable, assets: int, owned: Ownership, texts: TextCodes, surest: int) -> Longs:
    """Return the managed tags after a decision, sorted: each asset times the number of tags, plus its tag.

    ``surest`` is the code of the confidence 1, which additions have.
    """
    if table.skip:
        return owned.managed
    given = given_tags(kept, table, assets, owned, texts, surest)
    if owned.suppressed.size:
        removed = removed_keys(kept, table, assets, owned, texts)
        given = [_picked(each, ~pairs_in(each.row, each.tag_key, texts.keys, removed)) for each in given]
    merged = merged_tags(given, assets, texts)
    if merged.words.any():
        if owned.suppressed.size:
            at, word = texts.words.of(merged.words)
            gone = at[pairs_in(merged.row[at], texts.words.key[word], texts.keys, removed)]
            merged = _picked(merged, np.bincount(gone, minlength=len(merged.row)) == 0)
        return np.sort(_in_all_languages(merged, table.max_tags, owned, texts))
    if owned.user.size:
        present = pairs_in(merged.row, merged.tag_key, texts.keys, owned.user)
        at = np.flatnonzero(present)
        present[at] = ~pairs_in(merged.row[at], merged.tag[at], texts.tags, owned.managed)
        merged = _picked(merged, ~present)
    return np.sort(_within_cap(merged, table.max_tags, texts, assets))


def _picked(given: Given, chosen: Bools | Longs) -> Given:
    return Given(*(column[chosen] for column in given))


def given_tags(
    kept: Kept, table: PlanTable, assets: int, owned: Ownership, texts: TextCodes, surest: int
) -> list[Given]:
    """Return what labels give, then what their parents are, then what blocks add."""
    own = kept
    if owned.suppressed.size:
        stays = ~pairs_in(kept.row, table.key[kept.label], texts.keys, owned.suppressed)
        own = Kept(*(each[stays] for each in kept))
    label = own.label
    found = [
        Given(
            own.row, table.tag_key[label], table.tag[label], table.priority[label], own.confidence, table.words[label]
        )
    ]
    if len(table.parents.key):
        at, parents = _parents(kept, table)
        if table.parents.refused.any():
            allowed = ~table.parents.refused[parents]
            at, parents = at[allowed], parents[allowed]
        found.append(_of(table.parents, parents, kept.row[at], kept.confidence[at]))
    if len(table.add.key):
        tags = np.flatnonzero(~table.add.refused)
        row, added = np.repeat(np.arange(assets), len(tags)), np.tile(tags, assets)
        found.append(_of(table.add, added, row, np.full(len(row), surest, np.int64)))
    return found


def _of(implied: Implied, which: Longs, row: Longs, confidence: Longs) -> Given:
    return Given(
        row, implied.tag_key[which], implied.tag[which], implied.priority[which], confidence, implied.words[which]
    )


def _parents(kept: Kept, table: PlanTable) -> tuple[Longs, Longs]:
    """Return the parents of kept labels, nearest first: the place of the label in ``kept``, and the parent's row."""
    first = table.implies.first
    some = np.flatnonzero(first[kept.label + 1] > first[kept.label])
    starts = first[kept.label[some]]
    counts = first[kept.label[some] + 1] - starts
    return np.repeat(some, counts), table.implies.values[ranges(starts, counts)].astype(np.int64)


def removed_keys(kept: Kept, table: PlanTable, assets: int, owned: Ownership, texts: TextCodes) -> Longs:
    """Return the keys of tags that a person removed, by the tag itself or by a name that now gives the tag."""
    suppressed, keys = owned.suppressed, texts.keys
    by_name = pairs_in(kept.row, table.name_key[kept.label], keys, suppressed)
    by_name &= ~pairs_in(kept.row, table.key[kept.label], keys, suppressed)
    found = [suppressed, kept.row[by_name] * keys + table.tag_key[kept.label[by_name]]]
    if len(table.parents.key):
        at, parents = _parents(kept, table)
        found.append(_removed_implied(kept.row[at], table.parents, parents, suppressed, keys))
    if len(table.add.key):
        row, place = np.repeat(np.arange(assets), len(table.add.key)), np.tile(np.arange(len(table.add.key)), assets)
        found.append(_removed_implied(row, table.add, place, suppressed, keys))
    for name, key in table.keys_of_words.items():
        found.append(suppressed[suppressed % keys == name] // keys * keys + key)
    return unique(np.concatenate(found))


def _removed_implied(row: Longs, implied: Implied, place: Longs, suppressed: Longs, keys: int) -> Longs:
    gone = pairs_in(row, implied.key[place], keys, suppressed) & ~implied.refused[place]
    return row[gone] * keys + implied.tag_key[place[gone]]


def merged_tags(given: list[Given], assets: int, texts: TextCodes) -> Given:
    """Return each asset's tags once, with their highest priority and confidence, and the words of the first one."""
    all_given = Given(*map(np.concatenate, zip(*given, strict=True)))
    group = all_given.row * texts.keys + all_given.tag_key
    if not len(group):
        return all_given
    ascending, order = sorted_rows((group, np.arange(len(group))), (assets * texts.keys, len(group)))
    at = np.flatnonzero(begins(ascending))
    if len(at) == len(group):
        return all_given
    leader = order[at]
    priority, confidence = (np.maximum.reduceat(each[order], at) for each in (all_given.priority, all_given.confidence))
    return Given(
        all_given.row[leader],
        all_given.tag_key[leader],
        all_given.tag[leader],
        priority,
        confidence,
        all_given.words[leader],
    )


def _in_all_languages(given: Given, max_tags: int, owned: Ownership, texts: TextCodes) -> Longs:
    """Return each asset times the number of tags, plus each of its tags in all languages that fit under the cap."""
    rank = np.lexsort((texts.tag_rank[given.tag], -given.confidence, -given.priority, given.row))
    given = _picked(given, rank)
    counts = 1 + texts.words.lengths[given.words]
    of = np.repeat(np.arange(len(counts)), counts)
    first = np.cumsum(counts) - counts
    tag, key, row = given.tag[of], given.tag_key[of], given.row[of]
    _, word = texts.words.of(given.words)
    is_word = np.ones(len(of), np.bool_)
    is_word[first] = False
    tag[is_word], key[is_word] = texts.words.tag[word], texts.words.key[word]
    new = np.zeros(len(of), np.bool_)
    new[np.unique(row * texts.keys + key, return_index=True)[1]] = True  # where several give a tag, the first counts
    if owned.user.size:
        present = pairs_in(row, key, texts.keys, owned.user)
        new &= ~present | pairs_in(row, tag, texts.tags, owned.managed)
    used = np.cumsum(new)
    before = used[first] - new[first]  # of all assets up to this tag
    starts = np.flatnonzero(begins(given.row))
    of_asset = np.repeat(before[starts], np.diff(np.append(starts, len(counts))))
    fits = used[first + counts - 1] - of_asset <= max_tags
    stays = new & fits[of]
    found: Longs = row[stays] * texts.tags + tag[stays]
    return found


def _within_cap(given: Given, max_tags: int, texts: TextCodes, assets: int) -> Longs:
    """Return each asset times the number of tags, plus its tag, without the tags that exceed the cap."""
    row, _, tag, priority, confidence, _ = given
    exceeds = (np.bincount(row, minlength=assets) > max_tags)[row]
    within = row[~exceeds] * texts.tags + tag[~exceeds]
    if not exceeds.any():
        return within
    highest = int(priority.max()), int(confidence.max())
    ranked, *_, rank = sorted_rows(
        (
            row[exceeds],
            highest[0] - priority[exceeds],
            highest[1] - confidence[exceeds],
            texts.tag_rank[tag[exceeds]],
        ),
        (assets, highest[0] - int(priority.min()) + 1, highest[1] + 1, texts.tags),
    )
    starts = np.flatnonzero(begins(ranked))
    place = np.arange(len(ranked)) - np.repeat(starts, np.diff(np.append(starts, len(ranked))))
    stays = place < max_tags
    return np.concatenate([within, ranked[stays] * texts.tags + texts.tag_at[rank[stays]]])
