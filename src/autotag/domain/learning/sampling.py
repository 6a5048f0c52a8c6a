"""Which random questions to ask: pictures of each label, from all confidences, with few questions on a picture.

The choice needs one pass over the library and keeps a few candidates for each label and tenth of the confidences. A
hash of the seed, the asset and the label decides, so the order of the assets does not matter, and nothing that people
or rules do to an asset makes it more likely. What is asked is as random within each stratum as the hash; how many are
asked in each may be uneven, since the estimate is one for each confidence.
"""

from collections.abc import Collection, Iterable
from hashlib import blake2b
from heapq import heappush, heapreplace
from typing import NamedTuple

from msgspec import Struct

from autotag.domain.learning.asset_labels import asset_labels
from autotag.domain.learning.scanned_asset import ScannedAsset
from autotag.domain.model.labels import label_key, label_keys
from autotag.domain.rules.compiled.ruleset import Ruleset

STRATA = 10
"""Strata of confidence for each label, from 0 to 1. Those without assets take no questions."""

PER_LABEL = 60
"""The default for the questions on a label: with so many, proposals are hardly ever worse."""


class Limits(NamedTuple):
    """How many questions may be asked.

    ``per_label``: on each label in all, with those of earlier days; ``today``: now, on all labels together; ``share``
    (0 to 1): of all questions that wait, at most this part are samples, but ``least`` may always wait.
    """

    per_label: int = PER_LABEL
    today: int = 500
    share: float = 0.5
    least: int = 100


class Asked(Struct, frozen=True):
    """The random questions to ask about one asset: the keys of its ``labels``."""

    asset_id: str
    public_id: str
    labels: tuple[str, ...]


class _Candidate(NamedTuple):
    """``order`` is negative, so that the heap's first is the one to drop."""

    order: int
    asset_id: str
    public_id: str


class _Stratum(Struct):
    """Candidates of one label at some confidences; ``asked`` already, whether answered or not."""

    kept: list[_Candidate] = []
    asked: int = 0


class SamplePool(Struct):
    """What may be asked, after one pass over the library. ``only``: keys of labels, empty for all.

    ``waiting``: questions that reviewers are asked by the rules; ``sampled``: samples that wait.
    """

    seed: str
    per_label: int = PER_LABEL
    only: frozenset[str] = frozenset()
    waiting: int = 0
    sampled: int = 0
    labels: dict[str, list[_Stratum]] = {}
    names: dict[str, str] = {}

    def add(self, scanned: ScannedAsset, ruleset: Ruleset) -> None:
        """Count one asset under the active rules. Labels that a person decided on, or was asked about, are left out."""
        if scanned.status == "gone":
            return
        known = _known(scanned)
        reviewed = label_keys(scanned.review)
        self.waiting += len(reviewed)
        by_label: dict[str, bool] = {}
        for key, sample in scanned.samples.items():
            by_label[sample.label] = True
            if not sample.answer and key not in known:
                self.sampled += 1
        for label in asset_labels(scanned, ruleset):
            key, tag_key = label.plan.key, label.plan.tag_key
            if self.only and key not in self.only:
                continue
            stratum = self._stratum(key, label.confidence)
            self.names.setdefault(key, label.name)
            if key in by_label:
                stratum.asked += 1
            elif not (label.decided or label.given or tag_key in scanned.samples or tag_key in known or key in known):
                self._offer(stratum, key, scanned)

    def _stratum(self, key: str, confidence: float) -> _Stratum:
        strata = self.labels.setdefault(key, [])
        if not strata:
            strata.extend(_Stratum() for _ in range(STRATA))
        return strata[min(STRATA - 1, int(confidence * STRATA))]

    def _offer(self, stratum: _Stratum, key: str, scanned: ScannedAsset) -> None:
        asset_id = scanned.asset.asset_id
        digest = blake2b(f"{self.seed}\0{key}\0{asset_id}".encode(), digest_size=8).digest()
        candidate = _Candidate(-int.from_bytes(digest), asset_id, scanned.asset.public_id)
        if len(stratum.kept) < self.per_label:
            heappush(stratum.kept, candidate)
        elif candidate > stratum.kept[0]:
            heapreplace(stratum.kept, candidate)

    def asked(self, key: str) -> int:
        """Return how many samples of a label there are, answered or not."""
        return sum(stratum.asked for stratum in self.labels.get(key, ()))


def _known(scanned: ScannedAsset) -> frozenset[str]:
    """Return the keys of the tags on which a person's last wish holds."""
    return label_keys(each.tag for each in scanned.preferences if not each.withdrawn)


def allowed(pool: SamplePool, limits: Limits) -> int:
    """Return how many questions may be asked now, on all labels together."""
    among = limits.share / (1 - limits.share) * pool.waiting if limits.share < 1 else float(limits.today)
    return max(0, min(limits.today, int(max(among, limits.least)) - pool.sampled))


def choose_samples(pool: SamplePool, limits: Limits) -> list[Asked]:
    """Return the questions to ask now, by asset. Labels with the fewest samples come first, then strata alike.

    An asset gets a second question only where a label has no other candidate left in a stratum.
    """
    turns = {key: pool.asked(key) for key in sorted(pool.labels)}
    counts = {key: [stratum.asked for stratum in strata] for key, strata in pool.labels.items()}
    queues = {key: [sorted(stratum.kept, reverse=True) for stratum in strata] for key, strata in pool.labels.items()}
    chosen: dict[str, list[str]] = {}
    public_ids: dict[str, str] = {}
    for _ in range(allowed(pool, limits)):
        open_labels = [key for key, count in turns.items() if count < limits.per_label and any(queues[key])]
        if not open_labels:
            break
        key = min(open_labels, key=lambda each: (turns[each], each))
        stratum = min((i for i in range(STRATA) if queues[key][i]), key=lambda i: (counts[key][i], i))
        candidate = _take(queues[key][stratum], chosen)
        chosen.setdefault(candidate.asset_id, []).append(key)
        public_ids[candidate.asset_id] = candidate.public_id
        turns[key] += 1
        counts[key][stratum] += 1
    return [Asked(asset_id, public_ids[asset_id], tuple(labels)) for asset_id, labels in chosen.items()]


def _take(queue: list[_Candidate], chosen: Collection[str]) -> _Candidate:
    for i, candidate in enumerate(queue):
        if candidate.asset_id not in chosen:
            return queue.pop(i)
    return queue.pop(0)


def only(names: Iterable[str]) -> frozenset[str]:
    """Return the keys of labels that are named for a pool."""
    return frozenset(map(label_key, names))
