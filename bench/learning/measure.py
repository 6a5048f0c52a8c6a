"""What the proposals do to the true cost of invented libraries, scenario by scenario."""

import random
from collections.abc import Iterator
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from autotag.domain.learning.suggestions import suggest
from autotag.domain.model.labels import label_key
from autotag.domain.rules.compiled.ruleset import Ruleset
from autotag.domain.rules.schema import LabelRule
from bench.learning.former_evidence import collect_evidence
from bench.learning.former_rule import MIN_VERDICTS, Proposal, propose
from bench.learning.library import Library, Seen, bar_of, best_bar, cost, make_library, scanned
from bench.learning.people import ask, evidence_of, look, thresholds
from bench.learning.scenarios import Scenario


class Size(NamedTuple):
    """How much is invented: libraries, and in each of them labels and pictures. ``per_label``: random questions."""

    libraries: int
    labels: int
    pictures: int
    per_label: int = 60


class Tally(Struct):
    """Sums over labels. Costs are true ones, of all pictures: at first, by now, and at the best possible bars.

    ``worse``: proposals that raise the true cost against the bar before them. ``covered``: proposals whose interval of
    the precision holds the true one. ``could``: labels where some bar saves more than a tenth, ``missed`` those of them
    without a proposal.
    """

    labels: int = 0
    proposed: int = 0
    worse: int = 0
    covered: int = 0
    intervals: int = 0
    could: int = 0
    missed: int = 0
    cost_before: float = 0.0
    cost_after: float = 0.0
    cost_best: float = 0.0


class _Proposed(NamedTuple):
    threshold: float
    low: float
    high: float


def measure(
    scenario: Scenario, size: Size, seed: int, number: int, *, before: bool, wrong_costs: float = 1.0
) -> dict[str, Tally]:
    """Return the sums of one library, by stage: from verdicts alone, with samples, and with as many again after a push.

    ``before``: add what the former rule does, in the first two stages.
    """
    found: dict[str, Tally] = {}
    dice = random.Random(f"{seed} {number} {scenario}")  # noqa: S311 - an invented library
    library = make_library(scenario, size.labels, size.pictures, dice)
    first = library
    look(library, scenario, dice)
    for stage, per_label in (("alone", 0), ("asked", size.per_label), ("asked again", 2 * size.per_label)):
        if per_label:
            ask(library, per_label, scenario.slips, f"{seed} {number}", dice)
        if before and stage != "asked again":
            _count(found, f"{stage}, former", first, library, _former(library), wrong_costs)
        proposed = _proposed(library, wrong_costs)
        _count(found, stage, first, library, proposed, wrong_costs)
        if stage == "asked":
            library = _pushed(library, proposed)
    return found


def _proposed(library: Library, wrong_costs: float) -> dict[str, _Proposed]:
    found = {}
    for each in suggest(evidence_of(library), Ruleset(library.rules), wrong_costs=wrong_costs).because("proposed"):
        if each.proposed is not None and each.outcome is not None:
            new = each.outcome.precision_new
            found[each.label] = _Proposed(each.proposed, new.low if new else 0.0, new.high if new else 1.0)
    return found


def _former(library: Library) -> dict[str, _Proposed]:
    assets = (scanned(each, library.rules, thresholds(library, each)) for each in library.pictures)
    evidence = collect_evidence(assets, Ruleset(library.rules))
    found = {}
    for key, label in evidence.labels.items():
        rule = library.rules.labels.get(key)
        old = rule.threshold if rule is not None and rule.threshold is not None else library.rules.defaults.threshold
        proposal = propose(label, old, MIN_VERDICTS)
        if isinstance(proposal, Proposal):
            new = proposal.precision_new
            found[label.name] = _Proposed(proposal.new, new.low, new.high)
    return found


def _pushed(library: Library, proposed: dict[str, _Proposed]) -> Library:
    labels = dict(library.rules.labels)
    for name, each in proposed.items():
        labels[label_key(name)] = LabelRule(threshold=each.threshold)
    return library._replace(rules=replace(library.rules, labels=labels))


def _count(
    found: dict[str, Tally],
    stage: str,
    first: Library,
    library: Library,
    proposed: dict[str, _Proposed],
    wrong_costs: float,
) -> None:
    tally = found.setdefault(stage, Tally())
    for name in library.names:
        seen = [each.labels[name] for each in library.pictures if name in each.labels]
        present = _cost_of(library, name, wrong_costs)
        best = min(cost(seen, best_bar(seen), wrong_costs), present)
        tally.labels += 1
        tally.cost_before += _cost_of(first, name, wrong_costs)
        tally.cost_best += best
        could = best < 0.9 * present
        tally.could += could
        proposal = proposed.get(name)
        if proposal is None:
            tally.missed += could
            tally.cost_after += present
            continue
        after = cost(seen, proposal.threshold, wrong_costs)
        tally.cost_after += after
        tally.proposed += 1
        tally.worse += after > present
        kept = [each.right for each in seen if each.confidence >= proposal.threshold]
        if kept:
            tally.intervals += 1
            tally.covered += proposal.low <= sum(kept) / len(kept) <= proposal.high


def _cost_of(library: Library, name: str, wrong_costs: float) -> float:
    """Return the true cost of the bars in force: in each folder its own."""
    return sum(cost(group, bar, wrong_costs) for bar, group in _by_bar(library, name))


def _by_bar(library: Library, name: str) -> Iterator[tuple[float, list[Seen]]]:
    groups: dict[float, list[Seen]] = {}
    for picture in library.pictures:
        if name in picture.labels:
            bar = bar_of(library.rules, name, picture.folder).threshold
            groups.setdefault(bar, []).append(picture.labels[name])
    yield from groups.items()
