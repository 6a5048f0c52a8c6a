"""The numbers of questions in the review queue, by tag and by folder, from one pass over its index."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from typing import Annotated, Any, NamedTuple

from msgspec import Meta, Struct

from autotag.domain.model.audit import iso
from autotag.domain.model.folder_glob import folder_pattern
from autotag.domain.review.waiting import WaitingAsset
from autotag.ports.operations import ReviewQueue
from autotag.ports.runtime import Clock, Start
from autotag.service.review.candidates import waves

_LIFE = 30_000
"""Milliseconds for which a count is used without another pass over the index."""

_MOST = 1000
"""The most tags, and the most folders, of an answer."""


class ReviewSummary(Struct, frozen=True, forbid_unknown_fields=True, tag="review_summary", tag_field="op"):
    """A request for the numbers of questions, of all assets or of a folder (a glob)."""

    folder: Annotated[str, Meta(max_length=1024)] = ""


class _Number:
    """A number of questions or assets, how many are ``samples``, and since when the oldest waits (ms)."""

    __slots__ = ("oldest", "samples", "size")

    def __init__(self) -> None:
        self.size, self.samples, self.oldest = 0, 0, 0

    def add(self, since: int, size: int = 1, samples: int = 0) -> None:
        self.oldest = min(self.oldest, since) if self.size else since
        self.size += size
        self.samples += samples


class QueueCount(NamedTuple):
    """A count, made at ``at`` (ms): the questions by folder and tag key, and the assets by folder.

    ``unindexed``: assets whose tags the index does not know yet, in any folder. ``complete`` is false if only the
    oldest assets were counted.
    """

    at: int
    questions: Mapping[str, Mapping[str, _Number]]
    assets: Mapping[str, _Number]
    unindexed: _Number
    complete: bool


class QueueCounter:
    """A counter of the review queue, which keeps its last count for half a minute."""

    def __init__(self, index: ReviewQueue, start: Start, clock: Clock) -> None:
        self._index, self._start, self._clock = index, start, clock
        self._last: QueueCount | None = None

    def count(self, patient: Callable[[], bool]) -> QueueCount:
        """Return a count of up to half a minute ago; it ends early when ``patient`` no longer holds."""
        now = self._clock.now()
        if self._last is None or abs(now - self._last.at) >= _LIFE:
            self._last = self._counted(now, patient)
        return self._last

    def _counted(self, now: int, patient: Callable[[], bool]) -> QueueCount:
        questions: dict[str, dict[str, _Number]] = {}
        assets: dict[str, _Number] = {}
        unindexed, complete = _Number(), True
        for wave in waves(self._index, self._start):
            _add(wave.assets, questions, assets, unindexed)
            complete = wave.read_until is None
            if not patient():
                break
        return QueueCount(now, questions, assets, unindexed, complete)


def _add(
    found: Iterable[WaitingAsset],
    questions: dict[str, dict[str, _Number]],
    assets: dict[str, _Number],
    unindexed: _Number,
) -> None:
    for asset in found:
        if asset.asks is None:
            unindexed.add(asset.since)
            continue
        assets.setdefault(asset.folder, _Number()).add(asset.since)
        by_tag = questions.setdefault(asset.folder, {})
        for tag in asset.asks:
            by_tag.setdefault(tag, _Number()).add(asset.since, samples=tag in asset.samples)


def review_summary(found: QueueCount, folder: str, cloud_name: str) -> dict[str, Any]:
    """Return the numbers of ``found`` in the folders that the glob ``folder`` matches ("": all), the largest first.

    ``assets`` and ``oldest`` include the ``unindexed`` assets, whose tags and folders are not known; the other numbers
    do not. ``samples`` are those of a tag's questions that are asked at random. ``partial``: only the oldest ``assets``
    were looked at.
    """
    is_in = folder_pattern(folder).fullmatch if folder else None
    folders = [name for name in found.assets if is_in is None or is_in(name)]
    tags: dict[str, _Number] = {}
    by_folder: dict[str, _Number] = {}
    for name in folders:
        for tag, number in found.questions[name].items():
            tags.setdefault(tag, _Number()).add(number.oldest, number.size, number.samples)
            by_folder.setdefault(name, _Number()).add(number.oldest, number.size)
    waiting = [*(found.assets[name] for name in folders), *([found.unindexed] if found.unindexed.size else [])]
    return {
        "assets": sum(number.size for number in waiting),
        "questions": sum(number.size for number in tags.values()),
        "oldest": iso(min(number.oldest for number in waiting)) if waiting else None,
        "tags": [
            {"tag": tag, "questions": number.size, "samples": number.samples, "oldest": iso(number.oldest)}
            for tag, number in _top(tags)
        ],
        "folders": [{"folder": name, "questions": number.size} for name, number in _top(by_folder)],
        "tags_left_out": max(0, len(tags) - _MOST),
        "folders_left_out": max(0, len(by_folder) - _MOST),
        "unindexed": found.unindexed.size,
        "partial": not found.complete,
        "counted_at": iso(found.at),
        "cloud_name": cloud_name,
    }


def _top(numbers: Mapping[str, _Number]) -> Iterator[tuple[str, _Number]]:
    return islice(sorted(numbers.items(), key=lambda item: (-item[1].size, item[0])), _MOST)
