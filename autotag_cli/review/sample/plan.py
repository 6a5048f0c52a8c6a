"""Which labels to ask about now, and about how many of their pictures: a pure function of what may be asked."""

from collections import Counter
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from typing import NamedTuple

from msgspec import Struct

from autotag.domain.errors import Invalid
from autotag.domain.learning.sampling import Asked, Room, SampledLabel, SamplePool, choose_samples, room_for
from autotag.domain.model.labels import label_key

OPTION = "--labels"
DAY = 86_400_000
"""Milliseconds."""

DAILY = 240
"""The default for the questions at random that are asked in 24 hours: four labels."""

MOST_PER_LABEL = 1000

SHARE = 0.5
"""The default for the share of the waiting questions that may be asked at random."""


class Limits(NamedTuple):
    """The questions for each label, the most in 24 hours, and the share of the queue (above 0) for those at random."""

    per_label: int
    daily: int
    share: float


class LabelProgress(Struct, frozen=True):
    """One label: its questions at random that are ``answered``, ``waiting`` and asked ``now``.

    ``left`` are further ones that are still to be asked. ``short``: there are no pictures for so many.
    """

    label: str
    tag: str
    pictures: int
    answered: int
    waiting: int
    now: int
    left: int
    short: int = 0


class Plan(Struct, frozen=True):
    """What is asked now. ``wanted`` questions would be needed for these labels; ``room`` allows fewer if it is less.

    ``left_out`` is the number of labels that are not begun, though they have enough pictures.
    """

    labels: tuple[LabelProgress, ...]
    asks: tuple[Asked, ...]
    wanted: int
    room: Room
    left_out: int = 0

    @property
    def asked(self) -> int:
        """How many questions are asked now."""
        return sum(each.now for each in self.labels)

    @property
    def waiting(self) -> int:
        """How many questions about these labels wait, those that are asked now included."""
        return self.asked + sum(each.waiting for each in self.labels)


def plan_samples(pool: SamplePool, names: Sequence[str], limits: Limits) -> Plan:
    """Return what to ask about the labels with ``names``; without any, about the most frequent ones.

    Then those that are begun come first, and no label is begun for which there is no room, or that is on fewer pictures
    than are asked about. One label gets all its questions before the next. Raises ``Invalid`` for a name that no
    picture's label has, or whose own threshold never decides.
    """
    room = room_for(pool, daily=limits.daily, share=limits.share)
    keys = _named(pool, names) if names else _frequent(pool, limits.per_label)
    rest, quotas, ables = room.both, dict[str, int](), dict[str, int]()
    left_out = 0
    for key in keys:
        tally = pool.labels[key]
        if not names and not tally.asked and not rest:
            left_out += 1
            continue
        ables[key] = min(tally.candidates, max(0, limits.per_label - tally.asked))
        quotas[key] = min(rest, ables[key])
        rest -= quotas[key]
    asks = choose_samples(pool, quotas)
    now = Counter(label for each in asks for label in each.labels)
    labels = (_progress(pool.labels[key], now[key], able, limits.per_label) for key, able in ables.items())
    return Plan(tuple(labels), tuple(asks), sum(ables.values()), room, left_out)


def _progress(tally: SampledLabel, now: int, able: int, per_label: int) -> LabelProgress:
    short = max(0, per_label - tally.asked) - able
    return LabelProgress(
        tally.name, tally.tag, tally.pictures, tally.answered, tally.waiting, now, left=able - now, short=short
    )


def _frequent(pool: SamplePool, per_label: int) -> list[str]:
    usable = {key: each for key, each in pool.labels.items() if each.tag and (each.asked or each.pictures >= per_label)}
    return sorted(usable, key=lambda key: (not usable[key].asked, -usable[key].pictures, key))


def _named(pool: SamplePool, names: Iterable[str]) -> list[str]:
    found = dict[str, None]()
    for name in names:
        key = label_key(name)
        if key not in pool.seen:
            near = [pool.seen[each] for each in get_close_matches(key, pool.seen)]
            guess = f"; did you mean {' or '.join(near)}?" if near else ""
            raise Invalid(OPTION, f"no picture has the label {name!r}{guess}")
        if key not in pool.labels or not pool.labels[key].tag:
            why = "it is denied or not allowed, its assets are skipped, or a [[when]] block sets its threshold"
            raise Invalid(OPTION, f"no threshold of {name!r} decides anything: {why}")
        found[key] = None
    return list(found)
