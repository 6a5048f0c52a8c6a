"""How fast runs go, from what was seen of them in the last minutes."""

import time
from collections import deque
from collections.abc import Callable

_WINDOW, _LEAST = 120.0, 4.0
"""Seconds of which the pace is the mean, and those below which it is not known."""

_IDLE = 110.0
"""Seconds without a finished asset from which on nothing is known to go: the service continues a run once a minute."""

_MOST = 50
"""Runs that are remembered."""


class Paces:
    """The pace of each run that pages looked at. ``now`` returns seconds."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._seen: dict[str, deque[tuple[float, int]]] = {}

    def seen(self, run_id: str, finished: int) -> float | None:
        """Note that so many assets of a run are finished; return how many a second were lately, None: not known."""
        now = self._now()
        looks = self._seen.pop(run_id, deque[tuple[float, int]](maxlen=200))
        if looks and looks[-1][1] > finished:
            looks.clear()
        self._seen[run_id] = looks
        while len(self._seen) > _MOST:
            del self._seen[next(iter(self._seen))]
        looks.append((now, finished))
        while now - looks[0][0] > _WINDOW:
            looks.popleft()
        since, before = looks[0]
        watched = now - since
        if watched < (_LEAST if finished > before else _IDLE):
            return None
        return (finished - before) / watched
