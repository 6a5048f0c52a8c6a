"""What one set of settings says about each label name, as columns of numbers."""

from typing import Any, NamedTuple

import numpy as np

from autotag.domain.rules.compiled.implied_tag import ImpliedTag
from autotag.domain.rules.compiled.label_plan import LabelPlans
from autotag.domain.rules.compiled.languages import Word
from autotag.domain.rules.compiled.settings import Settings, bar_of
from autotag_library.arrays import Bools, Ints, Library, Longs, Ragged
from autotag_library.tables.codes import Codes


class Texts(NamedTuple):
    """The codes that all tables share: of ``tags`` as they are spelled, and of ``keys``."""

    tags: Codes
    keys: Codes
    words: "WordCodes"


class WordCodes:
    """The codes of the words that tags have in further languages, from 1; 0 is none. ``of`` gives those of one tag.

    ``tags`` and ``keys`` hold the codes of the words of each code.
    """

    def __init__(self, tags: Codes, keys: Codes) -> None:
        self._tags, self._keys = tags, keys
        self._codes: dict[tuple[Word, ...], int] = {(): 0}
        self.tags: list[tuple[int, ...]] = [()]
        self.keys: list[tuple[int, ...]] = [()]

    def of(self, words: tuple[Word, ...]) -> int:
        """Return the code of these words."""
        known = self._codes.get(words)
        if known is None:
            known = self._codes[words] = len(self._codes)
            self.tags.append(tuple(self._tags.of(word.tag) for word in words))
            self.keys.append(tuple(self._keys.of(word.key) for word in words))
        return known


def new_texts() -> Texts:
    """Return codes for the texts of tables that are yet to be made."""
    tags, keys = Codes(), Codes()
    return Texts(tags, keys, WordCodes(tags, keys))


class Implied(NamedTuple):
    """Tags that rules imply, one row each: the codes of their keys, tags and words, and their priorities."""

    key: Longs
    tag_key: Longs
    tag: Longs
    priority: Longs
    refused: Bools
    words: Longs

    def picked(self, rows: Longs) -> "Implied":
        """Return these rows."""
        return Implied(
            self.key[rows],
            self.tag_key[rows],
            self.tag[rows],
            self.priority[rows],
            self.refused[rows],
            self.words[rows],
        )


class PlanTable(NamedTuple):
    """One row for each label name of a library.

    ``bar`` is the lowest code of a confidence that reaches the threshold, ``asks`` that of one that people are at least
    asked about. ``words`` are the codes of its tag's words in further languages. ``implies`` are rows of ``parents``.
    ``add`` are the tags that blocks add, in their order. ``keys_of_words`` gives, by the code of the key of a word
    without case and prefix, that of its tag. ``skip``: the assets keep their tags.
    """

    bar: Ints
    asks: Ints
    key: Longs
    name_key: Longs
    tag_key: Longs
    tag: Longs
    priority: Longs
    words: Longs
    implies: Ragged
    parents: Implied
    add: Implied
    keys_of_words: dict[int, int]
    max_tags: int
    skip: bool


class PlanTables:
    """The tables of settings. Settings that say the same of each label share columns, as those of folders mostly do."""

    def __init__(self, library: Library, texts: Texts) -> None:
        self._library, self._texts = library, texts
        self._shared: dict[int, tuple[LabelPlans, _Shared]] = {}

    def of(self, settings: Settings, provider: str = "") -> PlanTable:
        """Return the table of these settings for labels of ``provider``, computed by the rules themselves."""
        plans = settings.label_plans
        if id(plans) not in self._shared:
            self._shared[id(plans)] = plans, self._share(plans)
        shared = self._shared[id(plans)][1]
        usual = self._library.code_of(bar_of(provider, settings)[0])
        bar = np.where(shared.own_bar < 0, usual, shared.own_bar)
        is_refused = shared.own_bar >= len(self._library.values)  # no confidence is enough, nor asked about
        nobody = len(self._library.values)
        asked = nobody if settings.review is None else self._library.code_of(settings.review)
        asks = np.minimum(bar, np.where(shared.own_review < 0, asked, shared.own_review))
        code = self._library.confidences.dtype
        return PlanTable(
            bar=bar.astype(code),
            asks=np.where(is_refused, bar, asks).astype(code),
            **shared.columns,
            add=_implied([plans.implied(name) for name, _ in settings.add], self._texts),
            max_tags=settings.max_tags,
            skip=bool(settings.skip),
        )

    def _share(self, plans: LabelPlans) -> "_Shared":
        rows = [plans.lookup(name) for name in self._library.names]
        said = {row.bar for row in rows} | {row.review for row in rows}
        codes = {bar: self._library.code_of(bar) for bar in said if bar is not None}
        parents = {parent.name: parent for row in rows for parent, _ in row.implies}
        place_of = {name: place for place, name in enumerate(parents)}
        places = [place_of[parent.name] for row in rows for parent, _ in row.implies]
        first = np.cumsum([0, *(len(row.implies) for row in rows)])
        tags, keys = self._texts.tags.of, self._texts.keys.of
        return _Shared(
            np.array([-1 if row.bar is None else codes[row.bar] for row in rows], np.int64),
            np.array([-1 if row.review is None else codes[row.review] for row in rows], np.int64),
            {
                "key": np.array([keys(row.key) for row in rows], np.int64),
                "name_key": np.array([keys(row.name_key) for row in rows], np.int64),
                "tag_key": np.array([keys(row.tag_key) for row in rows], np.int64),
                "tag": np.array([tags(row.tag) for row in rows], np.int64),
                "priority": np.array([row.priority for row in rows], np.int64),
                "words": np.array([self._texts.words.of(row.words) for row in rows], np.int64),
                "implies": Ragged(first, np.array(places, np.int64)),
                "parents": _implied(list(parents.values()), self._texts),
                "keys_of_words": {keys(name): keys(key) for name, key in plans.keys_of_words.items()},
            },
        )


class _Shared(NamedTuple):
    own_bar: Longs
    own_review: Longs
    columns: dict[str, Any]


def without_labels(table: PlanTable) -> PlanTable:
    """Return the table for assets of whose labels none counts."""
    none = np.full_like(table.bar, np.iinfo(table.bar.dtype).max)
    return table._replace(bar=none, asks=none)


def _implied(rows: list[ImpliedTag], texts: Texts) -> Implied:
    return Implied(
        key=np.array([texts.keys.of(row.key) for row in rows], np.int64),
        tag_key=np.array([texts.keys.of(row.tag_key) for row in rows], np.int64),
        tag=np.array([texts.tags.of(row.tag) for row in rows], np.int64),
        priority=np.array([row.priority for row in rows], np.int64),
        refused=np.array([row.refused for row in rows], np.bool_),
        words=np.array([texts.words.of(row.words) for row in rows], np.int64),
    )
