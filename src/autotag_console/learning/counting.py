"""Statistics that are counted step by step, where nothing goes on after an answer: each step reads for some seconds.

What is counted so far fits into a form. What people's verdicts say of thresholds does not, so it is not among it.
"""

from collections import Counter
from collections.abc import Callable
from copy import deepcopy

from msgspec import Struct
from msgspec.structs import replace

from autotag.domain.model.labels import label_key
from autotag.domain.rules.compiled.ruleset import Ruleset
from autotag.domain.statistics.counts import Counts
from autotag.domain.statistics.distributions import Distributions
from autotag.service.operations.scan import Scan
from autotag_console.ask import Ask, read_answer
from autotag_console.learning.learned import SEGMENTS, ScannedPage

_PAGE = 500
"""Assets of a page at most: few enough to be counted within seconds by a small function."""


class PartialCount(Struct, frozen=True):
    """Statistics as far as they are counted, by the rules with that ``name`` and ``version``.

    ``segment`` is the part of the library that is read next, from ``cursor`` on. ``cut``: rare names were left out, so
    that those which are there may be counted too low.
    """

    name: str
    version: str
    counts: Counts
    spread: Distributions
    segment: int = 0
    cursor: str = ""
    cut: bool = False

    @property
    def is_complete(self) -> bool:
        """Whether every asset is counted."""
        return self.segment == SEGMENTS

    @property
    def about(self) -> int:
        """About how many assets there are, 0 if that is not known."""
        return self.counts.assets * SEGMENTS // self.segment if self.segment else 0


def begin_count(ruleset: Ruleset, now: int) -> PartialCount:
    """Return statistics before the first step; ``now`` is in milliseconds."""
    return PartialCount(ruleset.name, ruleset.version, Counts(now), Distributions())


def count_on(ask: Ask, partial: PartialCount, ruleset: Ruleset, patient: Callable[[], bool]) -> PartialCount:
    """Return the statistics after a step: at least one page, and more until ``patient`` says no.

    Raises what ``Ask`` raises, and ``UnknownForm``.
    """
    counts, spread = deepcopy(partial.counts), deepcopy(partial.spread)
    for name in spread.confidences:  # the spellings that were left out of the form
        spread.names.setdefault(label_key(name), name)
    segment, cursor = partial.segment, partial.cursor
    while segment < SEGMENTS:
        scan = Scan(segment=segment, segments=SEGMENTS, cursor=cursor, limit=_PAGE)
        page = read_answer(ask(scan), ScannedPage)
        for scanned in page.assets:
            counts.add(scanned, ruleset)
            spread.add(scanned)
        segment, cursor = (segment, page.cursor) if page.cursor is not None else (segment + 1, "")
        if not patient():
            break
    return replace(partial, counts=counts, spread=spread, segment=segment, cursor=cursor)


def names_in(partial: PartialCount) -> int:
    """Return how many names the longest list of the statistics has."""
    return max(len(partial.counts.tags), len(partial.spread.confidences), len(partial.spread.corrections))


def shortened_count(partial: PartialCount, most: int) -> PartialCount:
    """Return what a page shows of the statistics, with the ``most`` most frequent tags, labels and corrections."""
    counts, spread = partial.counts, partial.spread
    labels = spread.frequent_labels()[:most]
    corrected = sorted(spread.corrections.items(), key=lambda item: -item[1].added - item[1].removed)[:most]
    corrections = dict(corrected)
    return replace(
        partial,
        counts=replace(
            counts,
            tags=Counter(dict(counts.tags.most_common(most))),
            labels=Counter(),
            labels_on=Counter(),
            thresholds={},
        ),
        spread=replace(
            spread,
            confidences={name: spread.confidences[name] for name in labels},
            corrections=corrections,
            names={key: name for key, name in spread.names.items() if key in corrections},
        ),
        cut=partial.cut or names_in(partial) > most,
    )
