"""Which random questions to ask: pictures of each label, from all confidences, with few questions on a picture.

The choice needs one pass over the library and keeps a few candidates for each label and tenth of the confidences. A
hash of the seed, the asset and the label decides, so the order of the assets does not matter, and nothing that people
or rules do to an asset makes it more likely. What is asked is as random within each stratum as the hash; how many are
asked in each may be uneven, since the estimate is one for each confidence.
"""

from collections.abc import Collection, Mapping
from hashlib import blake2b
from heapq import heappush, heapreplace
from typing import NamedTuple

from msgspec import Struct, field

from autotag.domain.learning.asset_labels import asset_labels
from autotag.domain.learning.scanned_asset import ScannedAsset
from autotag.domain.model.labels import label_key, label_keys
from autotag.domain.model.verdicts import Sample
from autotag.domain.rules.compiled.ruleset import Ruleset

STRATA = 10
"""Strata of confidence for each label, from 0 to 1. Those without assets take no questions."""

PER_LABEL = 60
"""The default for the questions on a label: with so many, proposals are hardly ever worse."""

LEAST = 60
"""Samples that may wait whatever else does: as many as one label needs."""

_UNIT = 10_000
"""The confidence 1 of a sample, which holds whole numbers."""


class Asked(Struct, frozen=True):
    """The random questions to ask about one asset: the keys of its ``labels``."""

    asset_id: str
    version: int
    labels: tuple[str, ...]


class _Candidate(NamedTuple):
    """``order`` is negative, so that the heap's first is the one to drop."""

    order: int
    asset_id: str
    version: int


class _Stratum(Struct):
    """Candidates of one label at some confidences; ``asked`` already, whether answered or not."""

    kept: list[_Candidate] = []
    asked: int = 0


class SampledLabel(Struct):
    """One label: on how many ``pictures`` its threshold can decide, and its samples ``answered`` and ``waiting``.

    Answered are those that a person has decided on since, in the queue or by a change of the tag.
    """

    name: str
    tag: str = ""
    pictures: int = 0
    answered: int = 0
    waiting: int = 0
    strata: list[_Stratum] = field(default_factory=lambda: [_Stratum() for _ in range(STRATA)])

    @property
    def asked(self) -> int:
        """How many samples there are, answered or not."""
        return self.answered + self.waiting

    @property
    def candidates(self) -> int:
        """How many pictures may still be asked about, as far as they are kept."""
        return sum(len(stratum.kept) for stratum in self.strata)

    def stratum(self, confidence: float) -> _Stratum:
        """Return the stratum of a confidence (0 to 1)."""
        return self.strata[min(STRATA - 1, int(confidence * STRATA))]


class SamplePool(Struct):
    """What may be asked, after one pass over the library: of each label and stratum, ``per_label`` candidates.

    ``waiting``: questions that only the rules ask; ``sampled``: samples that wait; ``recent``: samples that were asked
    after ``since`` (ms). ``seen`` are the names of all labels by key, also of those whose threshold never decides.
    """

    seed: str
    per_label: int = PER_LABEL
    since: int = 0
    assets: int = 0
    waiting: int = 0
    sampled: int = 0
    recent: int = 0
    labels: dict[str, SampledLabel] = {}
    seen: dict[str, str] = {}

    def add(self, scanned: ScannedAsset, ruleset: Ruleset) -> None:
        """Count one asset under the active rules; none to ask about if a person decided on its tag, or was asked."""
        if scanned.status == "gone":
            return
        self.assets += 1
        known = label_keys(each.tag for each in scanned.preferences if not each.withdrawn)
        is_open = {key for key, sample in scanned.samples.items() if not sample.answer and key not in known}
        self.sampled += len(is_open)
        self.waiting += len(label_keys(scanned.review) - is_open)
        for key, sample in scanned.samples.items():
            self._add_sample(sample, is_open=key in is_open)
        for found in scanned.complete_labels().values():
            self.seen |= {key: label.name for label in found if (key := label_key(label.name)) not in self.seen}
        asked = {sample.label for sample in scanned.samples.values()}
        for label in asset_labels(scanned, ruleset):
            key, tag_key = label.plan.key, label.plan.tag_key
            tally = self._label(key)
            tally.name, tally.tag = label.name, label.plan.tag
            tally.pictures += 1
            closed = label.decided or label.given or tag_key in scanned.samples or tag_key in known or key in known
            if not closed and key not in asked:
                self._offer(tally.stratum(label.confidence), key, scanned)

    def _add_sample(self, sample: Sample, *, is_open: bool) -> None:
        tally = self._label(sample.label)
        tally.waiting += is_open
        tally.answered += not is_open
        tally.stratum(sample.confidence / _UNIT).asked += 1
        self.recent += sample.at > self.since

    def _label(self, key: str) -> SampledLabel:
        return self.labels.setdefault(key, SampledLabel(key))

    def _offer(self, stratum: _Stratum, key: str, scanned: ScannedAsset) -> None:
        asset_id = scanned.asset.asset_id
        digest = blake2b(f"{self.seed}\0{key}\0{asset_id}".encode(), digest_size=8).digest()
        candidate = _Candidate(-int.from_bytes(digest), asset_id, scanned.asset.version)
        if len(stratum.kept) < self.per_label:
            heappush(stratum.kept, candidate)
        elif candidate > stratum.kept[0]:
            heapreplace(stratum.kept, candidate)


class Room(NamedTuple):
    """How many more samples the limit for a day and the share of the queue each allow; ``share`` None: any number."""

    daily: int
    share: int | None

    @property
    def both(self) -> int:
        """How many both allow."""
        return self.daily if self.share is None else min(self.daily, self.share)


def room_for(pool: SamplePool, *, daily: int, share: float) -> Room:
    """Return how many samples may be asked now.

    At most ``daily`` are asked ``since`` the pool's time. At most ``share`` (above 0) of all questions that wait are
    samples, but ``LEAST`` may always wait; a share of 1 does not limit.
    """
    left = max(0, daily - pool.recent)
    if share >= 1:
        return Room(left, None)
    by_share = int(share / (1 - share) * pool.waiting + 1e-9) - pool.sampled
    return Room(left, max(0, by_share, LEAST - pool.sampled))


def choose_samples(pool: SamplePool, quotas: Mapping[str, int]) -> list[Asked]:
    """Return the questions to ask now, by asset: as many of each label as its quota, if there are so many candidates.

    Strata of a label take turns, those with the fewest samples first. An asset gets a second question only where a
    label has no other candidate left in a stratum.
    """
    left = {key: number for key, number in sorted(quotas.items()) if number > 0}
    counts = {key: [stratum.asked for stratum in pool.labels[key].strata] for key in left}
    queues = {key: [sorted(stratum.kept, reverse=True) for stratum in pool.labels[key].strata] for key in left}
    chosen: dict[str, list[str]] = {}
    versions: dict[str, int] = {}
    while open_labels := [key for key, number in left.items() if number and any(queues[key])]:
        key = max(open_labels, key=lambda each: left[each])
        stratum = min((i for i in range(STRATA) if queues[key][i]), key=lambda i: (counts[key][i], i))
        candidate = _take(queues[key][stratum], chosen)
        chosen.setdefault(candidate.asset_id, []).append(key)
        versions[candidate.asset_id] = candidate.version
        left[key] -= 1
        counts[key][stratum] += 1
    return [Asked(asset_id, versions[asset_id], tuple(labels)) for asset_id, labels in chosen.items()]


def _take(queue: list[_Candidate], chosen: Collection[str]) -> _Candidate:
    for i, candidate in enumerate(queue):
        if candidate.asset_id not in chosen:
            return queue.pop(i)
    return queue.pop(0)
