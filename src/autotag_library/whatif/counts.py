"""How many assets gain and lose each tag, with a few of them as examples."""

from typing import NamedTuple

import numpy as np

from autotag.domain.model.labels import label_key
from autotag_library.arrays import Longs
from autotag_library.sets import begins
from autotag_library.whatif.compare import Comparison


class TagCount(NamedTuple):
    """How many assets gain and lose a tag, and the rows of the first of them."""

    tag: str
    gained: int
    lost: int
    gained_by: tuple[int, ...]
    lost_by: tuple[int, ...]


class RenameCount(NamedTuple):
    """How many assets have a tag under another name, and the rows of the first of them."""

    old: str
    new: str
    assets: int
    examples: tuple[int, ...]


class Counts(NamedTuple):
    """The counts of a comparison: of all tags, of renames, and of the tags that change ``besides`` renames.

    ``questions`` are the tags that more or fewer assets have a question to people about.
    """

    tags: tuple[TagCount, ...]
    renames: tuple[RenameCount, ...]
    besides: tuple[TagCount, ...]
    questions: tuple[TagCount, ...] = ()


def count(found: Comparison, examples: int) -> Counts:
    """Count a comparison, with so many ``examples`` of each tag and direction."""
    gained, lost, renamed, _, asked, unasked = found.changes
    texts = len(found.tags)
    spelled = {label_key(tag): tag for tag in reversed(found.tags)}
    pairs = _grouped(renamed.asset, renamed.old * texts + renamed.new, examples)
    return Counts(
        _tags(found.tags, _grouped(*gained, examples), _grouped(*lost, examples)),
        tuple(
            RenameCount(found.tags[pair // texts], found.tags[pair % texts], assets, shown)
            for pair, (assets, shown) in pairs.items()
        ),
        _tags(
            found.tags,
            _grouped(*_besides(*gained, renamed.asset * texts + renamed.new, texts), examples),
            _grouped(*_besides(*lost, renamed.asset * texts + renamed.old, texts), examples),
        ),
        _tags([spelled.get(key, key) for key in found.keys], _grouped(*asked, examples), _grouped(*unasked, examples)),
    )


def _besides(asset: Longs, tag: Longs, renamed: Longs, texts: int) -> tuple[Longs, Longs]:
    others = ~np.isin(asset * texts + tag, renamed)
    return asset[others], tag[others]


_Groups = dict[int, tuple[int, tuple[int, ...]]]
"""How often there is each code, and the lowest rows."""


def _grouped(asset: Longs, code: Longs, examples: int) -> _Groups:
    if not len(code):
        return {}
    order = np.lexsort((asset, code))
    code, asset = code[order], asset[order]
    starts = np.flatnonzero(begins(code))
    ends = np.append(starts[1:], len(code))
    return {
        int(code[start]): (int(end - start), tuple(asset[start : min(end, start + examples)].tolist()))
        for start, end in zip(starts.tolist(), ends.tolist(), strict=True)
    }


_NONE = (0, ())


def _tags(texts: list[str], gained: _Groups, lost: _Groups) -> tuple[TagCount, ...]:
    found = []
    for code in gained.keys() | lost.keys():
        (more, gained_by), (less, lost_by) = gained.get(code, _NONE), lost.get(code, _NONE)
        found.append(TagCount(texts[code], more, less, gained_by, lost_by))
    return tuple(sorted(found, key=lambda each: (-each.gained - each.lost, each.tag)))
