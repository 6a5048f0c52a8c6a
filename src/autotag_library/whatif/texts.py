"""The codes of texts in a comparison, once all tables are made: of tags, of keys, and of what the library holds."""

from typing import NamedTuple

import numpy as np

from autotag.domain.model.labels import label_key
from autotag_library.arrays import Library, Longs, ranges
from autotag_library.tables.plan_table import Texts


class TextCodes(NamedTuple):
    """``tags`` and ``keys`` are how many there are; ``tag_rank`` and ``key_rank`` order their codes by text,
    and ``tag_at`` gives the tag of a rank.

    ``tag_of``, ``key_of`` and ``suppressed_of`` give, for each text of the library, its code as a tag, that of its key,
    and its code as a key. ``words`` are the words of tags in further languages.
    """

    tags: int
    keys: int
    tag_rank: Longs
    tag_at: Longs
    key_rank: Longs
    tag_of: Longs
    key_of: Longs
    suppressed_of: Longs
    words: "Words"


class Words(NamedTuple):
    """The words of tags by their codes, which count from 1; 0 is none.

    ``lengths`` are how many there are of a code, ``first`` where they begin in ``tag`` and ``key``, which are codes.
    """

    lengths: Longs
    first: Longs
    tag: Longs
    key: Longs

    @property
    def any(self) -> bool:
        """Whether any tag has a word in a further language."""
        return len(self.tag) > 0

    def of(self, codes: Longs) -> tuple[Longs, Longs]:
        """Return the words of ``codes``: for each its place among ``codes``, and its own place."""
        counts = self.lengths[codes]
        return np.repeat(np.arange(len(codes)), counts), ranges(self.first[codes], counts)


def text_codes(library: Library, texts: Texts) -> TextCodes:
    """Return the codes; ``texts`` must hold those of all tables, and are completed."""
    tag_of = np.array([texts.tags.of(text) for text in library.texts], np.int64)
    key_of = np.array([texts.keys.of(label_key(text)) for text in library.texts], np.int64)
    suppressed_of = np.array([texts.keys.of(text) for text in library.texts], np.int64)
    tag_rank = _ranks(texts.tags.texts)
    return TextCodes(
        len(texts.tags), len(texts.keys), tag_rank, np.argsort(tag_rank), _ranks(texts.keys.texts), tag_of, key_of,
        suppressed_of, _words(texts),
    )  # fmt: skip


def _words(texts: Texts) -> Words:
    lengths = np.array([len(each) for each in texts.words.tags], np.int64)
    tag, key = (
        np.array([code for each in codes for code in each], np.int64) for codes in (texts.words.tags, texts.words.keys)
    )
    return Words(lengths, np.cumsum(lengths) - lengths, tag, key)


def _ranks(texts: list[str]) -> Longs:
    ranks = np.empty(len(texts), np.int64)
    ranks[sorted(range(len(texts)), key=texts.__getitem__)] = np.arange(len(texts))
    return ranks
