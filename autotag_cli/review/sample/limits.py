"""How many questions at random may be asked now, so that they never flood the queue of those who answer."""

from typing import NamedTuple

DAY = 86_400_000
"""Milliseconds."""

ALWAYS = 60
"""Questions at random that may wait whatever else does: as many as one label needs."""

DAILY = 240
"""The default for the questions at random that are asked in 24 hours: four labels."""

SHARE = 0.5
"""The default for the share of the waiting questions that may be asked at random."""


class Room(NamedTuple):
    """How many more questions the limit for a day and the share of the queue each allow; None: any number."""

    daily: int
    share: int | None

    @property
    def both(self) -> int:
        """How many both allow."""
        return self.daily if self.share is None else min(self.daily, self.share)


def room_for(waiting: int, samples: int, asked_today: int, *, daily: int, share: float) -> Room:
    """Return the room beside ``waiting`` questions, ``samples`` of which are at random.

    ``asked_today`` are those asked in the last 24 hours. ``share`` is above 0; 1 or more does not limit.
    """
    if share >= 1:
        return Room(max(0, daily - asked_today), None)
    by_share = int((share * waiting - samples) / (1 - share) + 1e-9)  # samples + n <= share * (waiting + n)
    return Room(max(0, daily - asked_today), max(0, by_share, ALWAYS - samples))
