"""How people err and what labels have in common, learned from all labels; then the posterior of each label's curve.

A label is ``asked`` if people answered enough questions about it at random: then only answers count for its curve,
since what they say does not depend on an unknown. For all other labels, edits count as well, and the removal rate
(how often a person who looks at a wrong tag removes it) is one of several. Edits alone cannot tell it: many removals
may be few wrong tags found by careful people, or many found by others. Each rate that the data do not contradict is a
case of its own, and a threshold is proposed only if it is better in every case.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from autotag.domain.learning.calibration.curves import Basis, basis_from
from autotag.domain.learning.calibration.fitting import Design, Fit, People, Prior, design, fit
from autotag.domain.learning.calibration.pooling import pool
from autotag.domain.learning.label_evidence import LabelEvidence, Point
from autotag.domain.learning.steps import STEPS, THRESHOLDS

ASKED = 10
"""Answered samples from which a label's curve is estimated from answers alone."""

_SLIPS = ((0.005, 0.15), (0.03, 0.25), (0.06, 0.3), (0.1, 0.2), (0.15, 0.1))
"""How often verdicts may be slips, with what is expected of each."""
_SLIPS_OF_EDITS = ((0.02, 0.4), (0.06, 0.4), (0.12, 0.2))
_REMOVALS = (0.1, 0.25, 0.45, 0.7, 1.0)
_NOT_RULED_OUT = 3.0
"""Nats by which a removal rate may explain the data worse than the best one: one twentieth as likely."""
_ROUNDS = 5
_ROUNDS_OF_EDITS = 3
_POOLED = 48
"""Labels with the most verdicts, from which the common prior is learned: more would hardly change it."""


class Part(NamedTuple):
    """One way in which people may err, the prior of curves that goes with it, and how likely it is."""

    people: People
    prior: Prior
    weight: float


Case = tuple[Part, ...]
"""What may be, for one removal rate: the weights of its parts sum to one."""


class Model(NamedTuple):
    """What was learned from all labels. ``asked`` is the case of labels that are asked about, ``edited`` the others."""

    basis: Basis
    asked: tuple[Case, ...]
    edited: tuple[Case, ...]

    def cases(self, evidence: LabelEvidence) -> list[list[tuple[Fit, float]]]:
        """Return the posteriors of a label's curve with their weights, for each case."""
        label = design(points_of(evidence), self.basis)
        return [
            [(fit(label, part.people, part.prior, part.prior.mean), part.weight) for part in case]
            for case in self._cases_of(evidence)
        ]

    def slips(self, evidence: LabelEvidence) -> list[tuple[float, float]]:
        """Return how often verdicts on the label may be slips, with the weight of each rate; these sum to one."""
        cases = self._cases_of(evidence)
        return [(part.people.slip, part.weight / len(cases)) for case in cases for part in case]

    def _cases_of(self, evidence: LabelEvidence) -> tuple[Case, ...]:
        return self.asked if is_asked(evidence) else self.edited


def is_asked(evidence: LabelEvidence) -> bool:
    """Return whether enough questions at random were answered about the label."""
    return sum(evidence.said["sample"]) >= ASKED


def points_of(evidence: LabelEvidence) -> list[Point]:
    """Return the verdicts that count for the curve of a label."""
    points = evidence.points()
    return [point for point in points if not point.passive] if is_asked(evidence) else points


def learn(labels: Mapping[str, LabelEvidence]) -> Model:
    """Return what the labels have in common."""
    basis = basis_from(_lowest(labels.values()))
    known = [(each, points) for _, each in sorted(labels.items()) if (points := points_of(each))]
    known.sort(key=lambda pair: -sum(point.weight for point in pair[1]))
    judged = [points for _, points in known]
    answers = [[point for point in points if not point.passive] for points in judged]
    asked_about = [design(points, basis) for points in answers if points][:_POOLED]
    asked = (_case(_pool(asked_about, 1.0, _SLIPS, _ROUNDS)),)
    if all(is_asked(each) for each, _ in known):
        return Model(basis, asked, asked)
    if not any(point.passive for points in judged for point in points):
        return Model(basis, asked, asked)
    designs = [design(points, basis) for points in judged[:_POOLED]]
    by_rate = [_pool(designs, rate, _SLIPS_OF_EDITS, _ROUNDS_OF_EDITS) for rate in _REMOVALS]
    likely = [_log_sum([weight for *_, weight in each]) for each in by_rate]
    edited = [_case(each) for each, value in zip(by_rate, likely, strict=True) if value >= max(likely) - _NOT_RULED_OUT]
    return Model(basis, asked, tuple(edited))


def _lowest(labels: Iterable[LabelEvidence]) -> float:
    steps = (
        next((step for step in range(STEPS + 1) if each.library.all_below[step] or each.library.all_kept[step]), STEPS)
        for each in labels
    )
    return THRESHOLDS[min(steps, default=0)]


def _pool(
    labels: Sequence[Design], removal: float, slips: Iterable[tuple[float, float]], rounds: int
) -> list[tuple[People, Prior, float]]:
    """Return the prior for each slip rate, with the logarithm of how likely that rate is."""
    found = []
    for slip, expected in slips:
        people = People(slip, removal)
        pooled = pool(labels, people, rounds)
        found.append((people, pooled.prior, pooled.log_evidence + math.log(expected)))
    return found


def _case(pooled: Sequence[tuple[People, Prior, float]]) -> Case:
    total = _log_sum([weight for *_, weight in pooled])
    return tuple(Part(people, prior, math.exp(weight - total)) for people, prior, weight in pooled)


def _log_sum(values: Sequence[float]) -> float:
    top = max(values)
    return top + math.log(sum(math.exp(each - top) for each in values))
