"""Everything that is known about one label: the library's confidences, and what people said."""

from array import array
from collections.abc import Iterator
from math import fsum
from typing import NamedTuple
from zlib import crc32

from msgspec import Struct, field

from autotag.domain.learning.asset_labels import AssetLabel
from autotag.domain.learning.steps import STEPS, step_of
from autotag.domain.learning.verdicts import KINDS, Edit, Kind, NotCounted, Verdict

EXAMPLES = 10
"""Assets that are kept as examples of what people said, for each label and each of right and wrong."""

_MINUTE = 60_000
_ONE_REQUEST = 20
"""Answers of one request in one folder that count in full: more at once were hardly looked at one by one."""


def _counts() -> "array[int]":
    return array("Q", bytes(8 * (STEPS + 1)))


class LibraryCounts(Struct):
    """Assets by the step of the label's confidence: those below their own present bar, and those that reach it.

    ``all_*`` are those where the label's threshold can decide; ``open_*`` those of them where it does decide, since no
    person has decided on the tag.
    """

    all_below: "array[int]" = field(default_factory=_counts)
    all_kept: "array[int]" = field(default_factory=_counts)
    open_below: "array[int]" = field(default_factory=_counts)
    open_kept: "array[int]" = field(default_factory=_counts)

    def add(self, label: AssetLabel) -> bool:
        """Count an asset; return whether it is counted: not where something else gives the tag or brought it."""
        if label.given or label.brought:
            return False
        step = step_of(label.confidence)
        (self.all_kept if label.kept else self.all_below)[step] += 1
        if not label.decided:
            (self.open_kept if label.kept else self.open_below)[step] += 1
        return True


class Example(NamedTuple):
    """An asset whose picture shows what people said. ``order`` makes the choice of examples arbitrary but the same."""

    order: int
    asset_id: str
    public_id: str
    confidence: float
    kind: Kind
    right: bool


class Point(NamedTuple):
    """Verdicts at one step: ``weight`` in all, ``right`` of it. ``passive``: of edits, else of answers."""

    step: int
    passive: bool
    weight: float
    right: float


class _Act(NamedTuple):
    """What makes verdicts one act of a person: same place, same moment, same verdict."""

    passive: bool
    right: bool | None
    folder: str
    moment: int


class LabelEvidence(Struct):
    """The evidence on one label. ``name``: as spelled in the asset counted first; ``providers``: those who gave it.

    ``said`` counts verdicts by kind: (right, wrong). ``removals`` are those of the managed tag, whether they are
    verdicts or not, by folder, minute and step. ``edits`` are the assets on which a person edited the tag, by step, and
    ``added`` those of them where they added it.
    """

    name: str
    providers: set[str] = set()
    library: LibraryCounts = field(default_factory=LibraryCounts)
    said: dict[Kind, list[int]] = field(default_factory=lambda: {kind: [0, 0] for kind in KINDS})
    not_counted: dict[NotCounted, int] = field(default_factory=lambda: {"only_right": 0, "alone": 0})
    samples: dict[tuple[int, bool], int] = {}
    acts: dict[_Act, dict[int, int]] = {}
    removals: set[tuple[str, int, int]] = set()
    edits: dict[int, int] = {}
    added: dict[int, int] = {}
    examples: dict[bool, list[Example]] = field(default_factory=lambda: {True: [], False: []})

    def add(self, verdict: Verdict, folder: str, asset_id: str, public_id: str) -> None:
        """Count one verdict."""
        step = step_of(verdict.confidence)
        self.said[verdict.kind][0 if verdict.right else 1] += 1
        if verdict.kind == "sample":
            key = (step, verdict.right)
            self.samples[key] = self.samples.get(key, 0) + 1
        else:
            passive = verdict.passive
            act = _Act(
                passive,
                verdict.right if passive else None,
                folder,
                verdict.at // _MINUTE if passive else verdict.at,
            )
            steps = self.acts.setdefault(act, {})
            key_of = step if passive else 2 * step + verdict.right
            steps[key_of] = steps.get(key_of, 0) + 1
        self._show(Example(_order(asset_id), asset_id, public_id, verdict.confidence, verdict.kind, verdict.right))

    def add_edit(self, edit: Edit, folder: str, confidence: float) -> None:
        """Count an edit, whether it is a verdict or not; of removals of the managed tag, each act once a step."""
        step = step_of(confidence)
        self.edits[step] = self.edits.get(step, 0) + 1
        if edit.right:
            self.added[step] = self.added.get(step, 0) + 1
        elif edit.kept:
            self.removals.add((folder, edit.at // _MINUTE, step))

    def _show(self, example: Example) -> None:
        shown = self.examples[example.right]
        shown.append(example)
        if len(shown) > 2 * EXAMPLES:
            shown.sort()
            del shown[EXAMPLES:]

    def shown(self, *, right: bool) -> list[Example]:
        """Return some assets of which people said that, the most confident first."""
        return sorted(sorted(self.examples[right])[:EXAMPLES], key=lambda each: (-each.confidence, each.asset_id))

    def points(self) -> list[Point]:
        """Return the verdicts by step. Those of one act of many count as one; samples count in full.

        Edits of the same verdict in one folder and one minute are one act, however many. Answers of one request in one
        folder count in full up to 20, and together as 20 beyond that: a page of questions may be answered at once.
        """
        found: dict[tuple[int, bool], tuple[list[float], list[float]]] = {}
        for step, passive, right, weight in self._weighted():
            weights, of_right = found.setdefault((step, passive), ([], []))
            weights.append(weight)
            of_right.append(weight if right else 0.0)
        # exact sums, since assets come in any order, and the same ones must say the same
        return [Point(*key, fsum(weights), fsum(of_right)) for key, (weights, of_right) in sorted(found.items())]

    def _weighted(self) -> Iterator[tuple[int, bool, bool, float]]:
        for (step, right), count in self.samples.items():
            yield step, False, right, float(count)
        for act, steps in self.acts.items():
            total = sum(steps.values())
            for key, count in steps.items():
                if act.right is not None:
                    yield key, True, act.right, count / total
                else:
                    yield key // 2, False, bool(key % 2), count * min(1.0, _ONE_REQUEST / total)


def _order(asset_id: str) -> int:
    return crc32(asset_id.encode())
