"""Which labels to ask about now, and about how many of their pictures: a pure function of the library."""

from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from typing import NamedTuple

from msgspec import Struct

from autotag.domain.errors import Invalid
from autotag.domain.model.labels import label_key
from autotag_cli.review.sample.library import Candidate, LabelCensus, Library, chosen
from autotag_cli.review.sample.limits import Room, room_for

OPTION = "--labels"


class Limits(NamedTuple):
    """The questions for each label, the most in 24 hours, and the share of the queue (above 0) for those at random."""

    per_label: int
    daily: int
    share: float


class LabelProgress(Struct, frozen=True):
    """One label: its questions at random that are ``answered`` or ``waiting``, and the pictures to ask about now.

    ``left`` are further ones that are still to be asked about. ``short``: there are no pictures for them.
    """

    label: str
    tag: str
    pictures: int
    answered: int
    waiting: int
    asks: tuple[Candidate, ...]
    left: int
    short: int = 0

    @property
    def is_done(self) -> bool:
        """Whether nothing is to be asked or answered any more."""
        return not (self.waiting or self.asks or self.left)


class Plan(Struct, frozen=True):
    """What is asked now. ``wanted`` questions would be needed for these labels; ``room`` allows fewer if it is less.

    ``left_out`` is the number of labels that are not begun, though they have enough pictures.
    """

    labels: tuple[LabelProgress, ...]
    wanted: int
    room: Room
    left_out: int = 0

    @property
    def asked(self) -> int:
        """How many questions are asked now."""
        return sum(len(each.asks) for each in self.labels)

    @property
    def waiting(self) -> int:
        """How many questions about these labels wait, those that are asked now included."""
        return self.asked + sum(each.waiting for each in self.labels)


def plan_samples(library: Library, names: Sequence[str], limits: Limits) -> Plan:
    """Return what to ask about the labels with ``names``; without any, about the most frequent ones.

    Then those that are begun come first, and no label is begun for which there is no room, or that fewer pictures have
    than are asked about. Raises ``Invalid`` for a name that no picture's label has, or that the rules refuse.
    """
    room = room_for(library.questions, library.samples, library.today, daily=limits.daily, share=limits.share)
    found = _named(library, names) if names else _frequent(library, limits.per_label)
    rest, planned = room.both, list[LabelProgress]()
    wanted = left_out = 0
    for census in found:
        missing = max(0, limits.per_label - census.answered - census.waiting)
        able = chosen(census, missing)
        begun = census.answered or census.waiting
        if not names and not begun and not rest:
            left_out += 1
            continue
        asks = able[:rest]
        rest -= len(asks)
        wanted += len(able)
        planned.append(
            LabelProgress(
                census.name, census.tag, census.pictures, census.answered, census.waiting,
                asks, len(able) - len(asks), missing - len(able),
            )
        )  # fmt: skip
    return Plan(tuple(planned), wanted, room, left_out)


def _frequent(library: Library, per_label: int) -> list[LabelCensus]:
    usable = [each for each in library.labels.values() if each.tag and (each.pictures >= per_label or _is_begun(each))]
    return sorted(usable, key=lambda each: (not _is_begun(each), -each.pictures, each.name))


def _is_begun(census: LabelCensus) -> bool:
    return bool(census.answered or census.waiting)


def _named(library: Library, names: Iterable[str]) -> list[LabelCensus]:
    found = {}
    for name in names:
        census = library.labels.get(label_key(name))
        if census is None:
            known = {key: each.name for key, each in library.labels.items()}
            near = [known[key] for key in get_close_matches(label_key(name), known)]
            guess = f"; did you mean {' or '.join(near)}?" if near else ""
            raise Invalid(OPTION, f"no picture has the label {name!r}{guess}")
        if not census.tag:
            raise Invalid(OPTION, f"the rules never give {name!r} ({census.refused or 'its assets are skipped'})")
        found[label_key(name)] = census
    return list(found.values())
