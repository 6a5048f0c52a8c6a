"""Decisions on the labels of two providers: what it costs that both must give a tag."""

import random
import statistics

import msgspec
from msgspec.structs import replace
from rich.table import Table

from autotag.domain.decisions.decide import decide
from autotag.domain.model.labels import Label
from autotag.domain.rules.compiled.ruleset import Ruleset
from bench.tables import measurement_table
from bench.targets import Targets
from bench.timing import TimedCalls, fill_turn, median_ratio, time_in_turns
from bench.workload import PROVIDER, Asset, Case, make_work, rules_of

OTHER = "google_tagging"
NAMES, ASSETS = 50, 300
SHARED = (0, 16, 50)
"""Of the names, how many both providers return: none, a third as providers with vocabularies of their own, or all."""
USUAL = 16
AT_MOST = 1.25


def two_providers(rounds: int, targets: Targets) -> Table:
    """Time ``agree = 2`` against the same rules without it, on the same labels, in turns."""
    table = measurement_table(
        "agree = 2 over two providers: microseconds an asset", "names", "of both", "agree = 1", "agree = 2", "ratio"
    )
    work = make_work(Case(NAMES, 500, 10), ASSETS)
    rules = rules_of(work.label_thresholds, work.folder_thresholds)
    one = replace(rules, defaults=replace(rules.defaults, providers=(PROVIDER, OTHER)))
    rulesets = {agree: Ruleset(replace(one, defaults=replace(one.defaults, agree=agree))) for agree in (1, 2)}
    for shared in SHARED:
        assets = [_of_two(asset, shared) for asset in work.assets]
        calls = {f"{agree}": _decisions(rulesets[agree], assets) for agree in rulesets}
        times = time_in_turns(calls, rounds)
        ratio = median_ratio(times["2"], times["1"])
        medians = [f"{statistics.median(times[name]):.0f}" for name in calls]
        table.add_row(str(NAMES), str(shared), *medians, f"{ratio:.2f}")
        if shared == USUAL:
            targets.at_most(f"agree = 2, {shared} of {NAMES} names of both", AT_MOST, ratio)
    return table


def _decisions(ruleset: Ruleset, assets: list[Asset]) -> TimedCalls:
    return fill_turn(lambda asset: decide(asset.typed, asset.subject, ruleset), assets)


def _of_two(asset: Asset, shared: int) -> Asset:
    """Return the asset with its labels from two providers, who both return the ``shared`` ones in the middle."""
    labels, rng = asset.typed[PROVIDER], random.Random(asset.folder)  # noqa: S311 - nothing secret
    first, last = (len(labels) - shared) // 2, (len(labels) + shared) // 2
    others = [(label.name, round(label.confidence - 0.05 * rng.random(), 4)) for label in labels[first:]]
    others.sort(key=lambda each: -each[1])
    typed = msgspec.json.decode(msgspec.json.encode(others), type=tuple[Label, ...])  # strings of their own
    return asset._replace(typed={PROVIDER: labels[:last], OTHER: typed})
