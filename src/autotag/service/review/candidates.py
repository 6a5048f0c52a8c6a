"""The candidates for a page of the review queue, in order: read from all partitions of its index at once, in waves."""

import heapq
from collections.abc import Callable, Iterator
from functools import partial
from typing import NamedTuple

from autotag.domain.review.waiting import LAST_ID, Place, WaitingAsset
from autotag.domain.state.due_entry import SHARDS
from autotag.ports.operations import ReviewQueue
from autotag.ports.runtime import Start

_SPARE = 5
"""Assets to read more than a page holds: its last ones may have begun to wait in the same millisecond."""

_MORE = 4
"""How many times as many assets each further wave reads, so that few waves read a long queue."""


class Wave(NamedTuple):
    """What one wave has read. All assets that wait since before ``read_until`` (ms) are read; None: all assets are."""

    assets: list[WaitingAsset]
    read_until: int | None


def waves(
    index: ReviewQueue, start: Start, *, since: int = 0, tag: str = "", most: int | None = None
) -> Iterator[Wave]:
    """Yield what waits since ``since`` (ms) or later: in each wave one page of every partition that has more.

    ``tag`` is the key of a tag that the assets are, or may be, asked about; "": any. ``most``: as many assets of each
    partition are enough for now; None: as many as fit into a page.
    """
    limit = None if most is None else most + _SPARE
    rests: dict[int, object | None] = dict.fromkeys(range(SHARDS))
    while rests:
        reads = {
            shard: start(partial(index.page, shard, since, tag=tag, limit=limit, rest=rest))
            for shard, rest in rests.items()
        }
        pages = {shard: read() for shard, read in reads.items()}
        rests = {shard: page.rest for shard, page in pages.items() if page.rest is not None}
        read_until = min((pages[shard].read_until for shard in rests), default=None)
        yield Wave([asset for page in pages.values() for asset in page.assets], read_until)
        limit = None if limit is None else limit * _MORE


class OldestFirst:
    """Candidates, the oldest first: read as far as they are taken.

    While ``patient`` holds, more is read until a page is full. After that, reading goes on only until some assets are
    passed: a page without assets has a next one, too.
    """

    def __init__(
        self, found: Iterator[Wave], after: Place, wanted: Callable[[WaitingAsset], bool], patient: Callable[[], bool]
    ) -> None:
        self._waves, self._wanted, self._patient = found, wanted, patient
        self._after = after
        self._ahead: list[WaitingAsset] = []
        self._read_until: int | None = after.rank
        self._taken = 0

    def take(self, most: int) -> list[WaitingAsset]:
        """Return the next assets, ``most`` at most; none if there are none, or no time to look further."""
        while self._is_short(most) and self._read_until is not None and (self._patient() or not self._leads_on()):
            wave = next(self._waves)
            self._ahead += [asset for asset in wave.assets if self._wanted(asset) and self._after < _place(asset)]
            self._ahead.sort(key=_place)
            self._read_until = wave.read_until
        ready = [asset for asset in self._ahead[:most] if self._is_certain(asset)]
        self._ahead = self._ahead[len(ready) :]
        if ready:
            self._after = _place(ready[-1])
        elif self._read_until is not None:
            self._after = max(self._after, Place(self._read_until - 1, LAST_ID))
        self._taken += len(ready)
        return ready

    @property
    def place(self) -> Place | None:
        """Where the next page goes on; None: nothing is left."""
        return None if self._read_until is None and not self._ahead else self._after

    @property
    def count(self) -> int | None:
        """How many assets pass behind the place of the beginning; None: not known."""
        return self._taken + len(self._ahead) if self._read_until is None else None

    def _is_short(self, most: int) -> bool:
        return len(self._ahead) < most or not self._is_certain(self._ahead[most - 1])

    def _is_certain(self, asset: WaitingAsset) -> bool:
        """Return whether no asset that is still to be read comes before ``asset``."""
        return self._read_until is None or asset.since < self._read_until

    def _leads_on(self) -> bool:
        """Return whether the next page would begin behind this one's beginning."""
        if self._read_until is None or (self._ahead and self._is_certain(self._ahead[0])):
            return True
        return self._read_until - 1 > self._after.rank


class MostConfident:
    """Candidates, the most confident first: the first ``most`` behind a place.

    All of the queue is read for them, since the index is in another order. ``complete`` is false if ``patient`` ended
    before: then only the oldest of the queue were looked at.
    """

    def __init__(
        self, found: Iterator[Wave], after: Place, place_of: Callable[[WaitingAsset], Place | None], most: int
    ) -> None:
        self._waves, self._after, self._place_of, self._most = found, after, place_of, most
        self._best: list[Place] = []
        self._assets: dict[Place, WaitingAsset] = {}
        self._number = self._taken = 0
        self.complete = False

    def read(self, patient: Callable[[], bool]) -> "MostConfident":
        """Read the queue, and return this. ``place_of`` is None for an asset that does not pass."""
        for wave in self._waves:
            placed = {place: asset for asset in wave.assets if (place := self._place_of(asset)) is not None}
            behind = {place: asset for place, asset in placed.items() if place > self._after}
            self._number += len(behind.keys() - self._assets.keys())
            self._assets |= behind
            self._best = heapq.nsmallest(self._most, self._assets)
            self._assets = {place: self._assets[place] for place in self._best}
            self.complete = wave.read_until is None
            if not patient():
                break
        return self

    def take(self, most: int) -> list[WaitingAsset]:
        """Return the next assets, ``most`` at most; none if there are none, or as many as can be taken were."""
        some = self._best[self._taken : self._taken + most]
        self._taken += len(some)
        if some:
            self._after = some[-1]
        return [self._assets[place] for place in some]

    @property
    def place(self) -> Place | None:
        """Where the next page goes on; None: nothing is left."""
        return self._after if self._taken < self._number else None

    @property
    def count(self) -> int | None:
        """How many assets pass behind the place of the beginning; None: not known."""
        return self._number if self.complete else None


Candidates = OldestFirst | MostConfident
"""Assets of the queue that pass a filter, in an order, behind a place in it."""


def _place(asset: WaitingAsset) -> Place:
    return Place(asset.since, asset.asset_id)
