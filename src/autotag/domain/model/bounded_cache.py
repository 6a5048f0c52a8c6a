"""A cache of computed values whose size is bounded."""

from collections.abc import Callable, Hashable

_LONGEST = 255
_COUNTED_AS_ONE = 32
"""Characters of a text that count as one entry: a short name takes less memory than what is kept beside it."""


def weight(key: Hashable) -> int:
    """Return how many entries ``key`` counts as, so that a cache of long texts takes no more memory; 0: do not keep it.

    A text of more than 255 characters is not kept. Nothing longer is a tag, and few folders are.
    """
    if not isinstance(key, str):
        return 1
    return 0 if len(key) > _LONGEST else 1 + len(key) // _COUNTED_AS_ONE


class BoundedCache[K: Hashable, V]:
    """Values that are computed once for each key, until more than ``limit`` of them clear the cache.

    Keys count by their ``weight``. A value that grows later counts what it adds with ``charge``. ``entries`` holds the
    cached values; a hot loop may look there before it calls ``get``. No value is None. Threads may share it without a
    lock: at worst a value is computed twice, and the limit is off by what was counted at the same moment.
    """

    __slots__ = ("_compute", "_left", "_limit", "entries")

    def __init__(self, compute: Callable[[K], V], limit: int) -> None:
        self.entries: dict[K, V] = {}
        self._compute, self._limit, self._left = compute, limit, limit

    def get(self, key: K) -> V:
        """Return the value of ``key``."""
        value = self.entries.get(key)
        if value is None:
            value = self._compute(key)
            count = weight(key)
            if count:
                self.charge(count)
                self.entries[key] = value
        return value

    def charge(self, count: int) -> None:
        """Count ``count`` more entries, which cached values hold; clear the cache if that exceeds the limit."""
        self._left -= count
        if self._left < 0:
            self.entries.clear()
            self._left = self._limit - count
