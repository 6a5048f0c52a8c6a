"""What changes on some assets that have the same settings, under the old rules and under the new ones."""

from typing import NamedTuple

import numpy as np

from autotag_library.arrays import Bools, Ints, Library, Longs, ranges
from autotag_library.sets import differences, members, pairs_in, unique, without
from autotag_library.tables.plan_table import PlanTable
from autotag_library.whatif.asked import asked_keys
from autotag_library.whatif.changes import NO_CHANGES, NO_RENAMES, NO_TAGS, Changes, Renames, TagsOf, together
from autotag_library.whatif.decide import Kept, kept_labels, managed_tags, ownership
from autotag_library.whatif.pair import Pair
from autotag_library.whatif.texts import TextCodes


class _Touched(NamedTuple):
    """Labels that matter: the asset by its place among those looked at, the label, and its confidence."""

    row: Longs
    label: Longs
    confidence: Longs


def changes_of(library: Library, pair: Pair, rows: Longs, texts: TextCodes) -> Changes:
    """Return what changes on the assets ``rows``, which ascend and have the settings of ``pair``."""
    if pair.never:
        return NO_CHANGES
    if pair.whole:
        return _decided(library, pair, rows, texts)
    touched = _touched(library, pair, rows)
    if not len(touched.row):
        return NO_CHANGES
    settled = np.zeros(len(rows), np.bool_)
    settled[touched.row] = True
    settled[touched.row[~pair.simple[touched.label]]] = False
    candidates = np.flatnonzero(settled)
    settled[candidates[~_is_within_cap(library, pair, rows[candidates])]] = False
    edits = _edits(library, pair, rows, touched, texts)
    settled[touched.row[edits.present]] = False
    counted = settled[touched.row]
    flips = _flips(pair, _Touched(*(each[counted & ~edits.removed] for each in touched)), rows)
    others = unique(touched.row[~counted])
    return together([flips, _decided(library, pair, rows[others], texts)])


def _touched(library: Library, pair: Pair, rows: Longs) -> _Touched:
    low, high = int(library.labels.first[rows[0]]), int(library.labels.first[rows[-1] + 1])
    if rows[-1] - rows[0] + 1 == len(rows):
        labels, confidences = library.labels.values[low:high], library.confidences[low:high]
        index = None
    else:
        picked = library.labels.of(rows)
        labels, confidences, index = picked.values, library.confidences[picked.at], picked.at
    at = _mattering(pair, labels, confidences)
    of = at + low if index is None else index[at]
    row = np.searchsorted(rows, library.labels.rows_of(of))
    return _Touched(row, labels[at].astype(np.int64), confidences[at].astype(np.int64))


def _mattering(pair: Pair, labels: Ints, confidences: Ints) -> Longs:
    """Return where labels matter; the usual case, a few names, is decided by the names alone."""
    some = np.flatnonzero(pair.matters.take(labels))
    names, codes = labels[some], confidences[some]
    return some[(codes >= pair.low[names]) & (codes < pair.high[names])]


class _Edits(NamedTuple):
    """Which of the touched labels give a tag that a person removed, and which one that is a person's tag already."""

    removed: Bools
    present: Bools


def _edits(library: Library, pair: Pair, rows: Longs, touched: _Touched, texts: TextCodes) -> _Edits:
    suppressed, user = library.suppressed.of(rows), library.user.of(rows)
    removed_keys = unique(suppressed.row * texts.keys + texts.suppressed_of[suppressed.values])
    table, removed = pair.new, np.zeros(len(touched.row), np.bool_)
    for key in (table.key, table.name_key, table.tag_key):
        removed |= pairs_in(touched.row, key[touched.label], texts.keys, removed_keys)
    user_keys = unique(user.row * texts.keys + texts.key_of[user.values])
    return _Edits(removed, pairs_in(touched.row, table.tag_key[touched.label], texts.keys, user_keys) & ~removed)


def _is_within_cap(library: Library, pair: Pair, rows: Longs) -> Bools:
    """Return which assets have too few labels for the cap."""
    plain = np.ones(len(rows), np.bool_)
    most = library.labels.lengths(rows) * int(pair.weight.max(initial=1)) + pair.added
    unsure = np.flatnonzero(most > pair.max_tags)
    if len(unsure):
        picked = library.labels.of(rows[unsure])
        lowest = np.minimum(pair.old.bar, pair.new.bar)
        reached = library.confidences[picked.at] >= lowest[picked.values]
        weights = pair.weight[picked.values[reached]]
        given = np.bincount(picked.row[reached], weights, minlength=len(unsure)) + pair.added
        plain[unsure[given > pair.max_tags]] = False
    return plain


def _flips(pair: Pair, touched: _Touched, rows: Longs) -> Changes:
    """Return the changes of labels that come or go by themselves."""
    row, label, confidence = touched
    before, after = confidence >= pair.old.bar[label], confidence >= pair.new.bar[label]
    asset, tag = rows[row], pair.new.tag[label]
    gained, lost = after & ~before, before & ~after
    asked = unasked = NO_TAGS
    if pair.questions:
        was, is_now = (confidence >= pair.old.asks[label]) & ~before, (confidence >= pair.new.asks[label]) & ~after
        key = pair.new.tag_key[label]
        asked, unasked = (TagsOf(asset[some], key[some]) for some in (is_now & ~was, was & ~is_now))
    return Changes(
        TagsOf(asset[gained], tag[gained]), TagsOf(asset[lost], tag[lost]), NO_RENAMES,
        len(unique(row[gained | lost])), asked, unasked,
    )  # fmt: skip


def _decided(library: Library, pair: Pair, rows: Longs, texts: TextCodes) -> Changes:
    """Decide on assets under both tables, and compare."""
    if not len(rows):
        return NO_CHANGES
    owned, surest = ownership(library, rows, texts), library.code_of(1.0)
    picked = library.labels.of(rows)
    confidence = library.confidences[picked.at]
    kept = kept_labels(picked, confidence, pair.old), kept_labels(picked, confidence, pair.new)
    tags = (
        managed_tags(some, table, len(rows), owned, texts, surest)
        for some, table in zip(kept, (pair.old, pair.new), strict=True)
    )
    gained, lost = (without(each, owned.user_tags) for each in differences(*tags))
    asked = unasked = NO_TAGS
    if pair.questions:
        asks = (
            asked_keys(picked, confidence, some, table, len(rows), owned, texts)
            for some, table in zip(kept, (pair.old, pair.new), strict=True)
        )
        asked, unasked = (TagsOf(rows[each // texts.keys], each % texts.keys) for each in differences(*asks))
    changed = len(unique(np.concatenate([gained, lost]) // texts.tags))
    return Changes(
        TagsOf(rows[gained // texts.tags], gained % texts.tags),
        TagsOf(rows[lost // texts.tags], lost % texts.tags),
        _renames(pair, kept, gained, lost, rows, texts),
        changed,
        asked,
        unasked,
    )


def _renames(pair: Pair, kept: tuple[Kept, Kept], gained: Longs, lost: Longs, rows: Longs, texts: TextCodes) -> Renames:
    """Return which lost tags another one replaces: both stand for one label, the first of them by key."""
    if not len(gained) or not len(lost) or pair.old.skip or pair.new.skip:
        return NO_RENAMES
    names = len(pair.old.tag)
    old, new = (
        _giving(kept_labels, table, names, texts) for kept_labels, table in zip(kept, (pair.old, pair.new), strict=True)
    )
    old, new = (each.picked(members(each.by, some)) for each, some in ((old, lost), (new, gained)))
    # a label gives a tag in each language: every lost one meets every gained one of the same label
    order = np.argsort(new.label, kind="stable")
    new = new.picked(order)
    low, high = (np.searchsorted(new.label, old.label, side) for side in ("left", "right"))
    from_ = np.repeat(np.arange(len(old.by)), high - low)
    from_tag, to_tag, label = old.by[from_], new.by[ranges(low, high - low)], old.label[from_]
    order = np.lexsort((texts.tag_rank[to_tag % texts.tags], texts.key_rank[pair.old.key[label % names]], from_tag))
    from_tag, to_tag = from_tag[order], to_tag[order]
    first = np.unique(from_tag, return_index=True)[1]
    return Renames(rows[from_tag[first] // texts.tags], from_tag[first] % texts.tags, to_tag[first] % texts.tags)


class _Giving(NamedTuple):
    """What each kept label gives: ``label`` is the asset and the label in one number, ``by`` the asset and the tag."""

    label: Longs
    by: Longs

    def picked(self, chosen: Bools | Longs) -> "_Giving":
        return _Giving(self.label[chosen], self.by[chosen])


def _giving(kept: Kept, table: PlanTable, names: int, texts: TextCodes) -> _Giving:
    label, by = kept.row * names + kept.label, kept.row * texts.tags + table.tag[kept.label]
    if not texts.words.any:
        return _Giving(label, by)
    of, word = texts.words.of(table.words[kept.label])
    spoken = kept.row[of] * texts.tags + texts.words.tag[word]
    return _Giving(np.concatenate([label, label[of]]), np.concatenate([by, spoken]))
