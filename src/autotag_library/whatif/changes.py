"""What changes on assets: each with the tags it gains and loses, and the tags that are only renamed."""

from typing import NamedTuple

import numpy as np

from autotag_library.arrays import Longs

NOTHING: Longs = np.zeros(0, np.int64)


class TagsOf(NamedTuple):
    """Assets by their rows, each with the code of a tag: one pair of numbers for each change."""

    asset: Longs
    tag: Longs


class Renames(NamedTuple):
    """Assets by their rows, each with the code of a tag that it loses, and of the one that it gains for it."""

    asset: Longs
    old: Longs
    new: Longs


class Changes(NamedTuple):
    """The changes of some assets. ``changed`` is how many of them change.

    ``asked`` and ``unasked`` are the questions that people are asked and not asked any more, by the codes of the keys
    of tags; they are not looked for unless they count.
    """

    gained: TagsOf
    lost: TagsOf
    renamed: Renames
    changed: int
    asked: TagsOf
    unasked: TagsOf


NO_TAGS = TagsOf(NOTHING, NOTHING)
NO_RENAMES = Renames(NOTHING, NOTHING, NOTHING)
NO_CHANGES = Changes(NO_TAGS, NO_TAGS, NO_RENAMES, 0, NO_TAGS, NO_TAGS)


def together(parts: list[Changes]) -> Changes:
    """Return the changes of all parts, whose assets are different ones."""
    if not parts:
        return NO_CHANGES
    return Changes(
        TagsOf(*map(np.concatenate, zip(*(each.gained for each in parts), strict=True))),
        TagsOf(*map(np.concatenate, zip(*(each.lost for each in parts), strict=True))),
        Renames(*map(np.concatenate, zip(*(each.renamed for each in parts), strict=True))),
        sum(each.changed for each in parts),
        TagsOf(*map(np.concatenate, zip(*(each.asked for each in parts), strict=True))),
        TagsOf(*map(np.concatenate, zip(*(each.unasked for each in parts), strict=True))),
    )
