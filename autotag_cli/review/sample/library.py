"""A library as questions at random see it: how many pictures have a label, were asked about, and may still be."""

import heapq
from collections import Counter
from hashlib import blake2b
from typing import NamedTuple

from msgspec import Struct, field

from autotag.domain.decisions.label_selection import select_labels
from autotag.domain.model.labels import label_key, label_keys, unusable
from autotag.domain.review.waiting import UNIT
from autotag.domain.rules.compiled.label_plan import LabelPlan
from autotag.domain.rules.compiled.ruleset import Ruleset, Subject
from autotag_cli.review.sample.limits import DAY
from autotag.domain.state.scanned_asset import ScannedAsset

STRATA = 20
"""Parts of the confidences from 0 to 1, from each of which pictures are kept."""


class Candidate(NamedTuple):
    """A picture that may be asked about; ``rank`` is its place in a random order."""

    rank: int
    asset_id: str
    version: int
    confidence: float


class LabelCensus(Struct):
    """The pictures of one label that the rules let decide.

    ``answered`` are questions at random that a person has answered, in the queue or by a change of the tag; ``waiting``
    are open; ``asked`` counts both by part of the confidences. ``refused`` says why the rules never give its tag, "" if
    they do. ``strata`` hold, by part of the confidences, the first pictures in a random order that may still be asked
    about (the worst rank first).
    """

    name: str
    tag: str = ""
    pictures: int = 0
    answered: int = 0
    waiting: int = 0
    refused: str = ""
    asked: Counter[int] = field(default_factory=Counter)
    strata: dict[int, list[Candidate]] = field(default_factory=dict)


class Library(Struct):
    """All labels by key. ``questions`` wait, ``samples`` of them asked at random; ``today``: asked in 24 hours."""

    now: int
    seed: int
    keep: int
    assets: int = 0
    questions: int = 0
    samples: int = 0
    today: int = 0
    labels: dict[str, LabelCensus] = field(default_factory=dict)

    def add(self, scanned: ScannedAsset, ruleset: Ruleset) -> None:
        """Count one asset."""
        self.assets += 1
        decided = label_keys(preference.tag for preference in scanned.preferences)
        open_ = {key for key, sample in scanned.samples.items() if not sample.answer and key not in decided}
        self.questions += len(open_ | label_keys(scanned.review))
        self.samples += len(open_)
        self.today += sum(sample.at > self.now - DAY for sample in scanned.samples.values())
        for key, sample in scanned.samples.items():
            census = self.labels.setdefault(sample.label, LabelCensus(sample.label))
            census.waiting += key in open_
            census.answered += key not in open_
            census.asked[_part(sample.confidence / UNIT)] += 1
        self._add_labels(scanned, ruleset, decided)

    def _add_labels(self, scanned: ScannedAsset, ruleset: Ruleset, decided: frozenset[str]) -> None:
        results = scanned.results_of(ruleset.providers).items()
        labels = {name: found.labels for name, found in results if found.status == "complete"}
        if not labels:
            return
        selected = select_labels(labels, ruleset.providers)
        settings = ruleset.settings_for(_subject(scanned), selected.by_key)
        closed = decided.union(scanned.suppressed, label_keys(scanned.user_tags))
        for label in selected.labels:
            if settings.skip or unusable(label):
                continue
            plan = settings.label_plans.lookup(label.name)
            census = self.labels.setdefault(plan.key, LabelCensus(label.name))
            if plan.refused:
                census.refused = plan.because
                continue
            census.name, census.tag = label.name, plan.tag
            census.pictures += 1
            if plan.tag_key not in scanned.samples and closed.isdisjoint(_names(plan)):
                self._keep(census, scanned, label.confidence)

    def _keep(self, census: LabelCensus, scanned: ScannedAsset, confidence: float) -> None:
        asset = scanned.asset
        text = f"{self.seed} {label_key(census.name)} {asset.asset_id}"
        rank = int.from_bytes(blake2b(text.encode(), digest_size=8).digest())
        kept = census.strata.setdefault(_part(confidence), [])
        found = Candidate(-rank, asset.asset_id, asset.version, confidence)
        if len(kept) < self.keep:
            heapq.heappush(kept, found)
        else:
            heapq.heappushpop(kept, found)


def _part(confidence: float) -> int:
    return min(STRATA - 1, int(confidence * STRATA))


def _names(plan: LabelPlan) -> tuple[str, str, str]:
    return plan.key, plan.tag_key, plan.name_key


def _subject(scanned: ScannedAsset) -> Subject:
    facts = scanned.facts
    return Subject(
        folder=facts.folder if facts else "",
        format=facts.format if facts else "",
        context=facts.context if facts else {},
        user_tags=scanned.user_tags,
        managed_tags=frozenset(scanned.managed_tags),
        suppressed=frozenset(scanned.suppressed),
    )


def chosen(census: LabelCensus, number: int) -> tuple[Candidate, ...]:
    """Return up to ``number`` pictures to ask about: as many of each part of the confidences as there are.

    Within a part they are random. Parts of which fewer were asked about before come first.
    """
    asked = Counter(census.asked)
    left = {part: sorted(kept) for part, kept in census.strata.items()}
    found = list[Candidate]()
    while len(found) < number and any(left.values()):
        part = min((asked[part], -kept[-1].rank, part) for part, kept in left.items() if kept)[2]
        found.append(left[part].pop())
        asked[part] += 1
    return tuple(found)
