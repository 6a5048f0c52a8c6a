"""The measurements of bench/decide.py, and their output."""

import statistics
from collections.abc import Callable
from importlib.metadata import version
from itertools import product
from platform import python_version

from rich.console import Console
from rich.table import Table

from autotag.domain.decisions.compare import ChangedTags, changed_tags
from autotag.domain.decisions.decide import decide
from autotag.domain.rules.compiled.ruleset import Ruleset
from bench.decisions.engines import AUTOTAG, ENGINES, HARD_CODED, REFERENCE
from bench.decisions.two_providers import two_providers
from bench.rule_changes import RuleChange, rule_changes
from bench.tables import measurement_table
from bench.targets import Targets
from bench.timing import TimedCalls, fill_turn, median_ratio, microseconds_per_asset, time_in_turns
from bench.workload import Asset, Case, Work, make_work, rules_of

PACKAGES = ("zen-engine", "cel-expr-python", "simpleeval", "maykin-json-logic-py", "rule-engine")
LABELS, RULES, BLOCKS = (8, 50), (10, 500, 5000), (0, 10, 1000)
ASSETS = 40
GROWTH_ASSETS = 1000
"""The number of assets: the maximum of folder blocks, so that each of them has an asset."""
PAGE = 200
"""The number of assets that ``rules diff --stored`` has in memory at once."""
WIDTH = 112


def report(rounds: int) -> None:
    """Measure everything and print it."""
    console, targets = Console(), Targets()
    if not console.is_terminal:
        console.width = WIDTH
    versions = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    console.print(f"Python {python_version()}, {versions}; medians of {rounds} rounds", highlight=False)
    console.print(_compare_engines(console, rounds, targets))
    with console.status("this engine as rules grow"):
        growth = _growth(rounds, targets)
    console.print(growth)
    with console.status("two providers"):
        agreement = two_providers(rounds, targets)
    console.print(agreement)
    with console.status("rules diff"):
        diff = _diff(rounds, targets)
    console.print(diff)
    console.print(targets.table)


def _compare_engines(console: Console, rounds: int, targets: Targets) -> Table:
    """Time every engine on every size of work."""
    table = measurement_table(
        "Microseconds a label, the answers equal", "labels", "rules", "blocks", *ENGINES, "autotag / zen"
    )
    ratios = []
    for case in (Case(*size) for size in product(LABELS, RULES, BLOCKS)):
        with console.status(f"{case.labels} labels, {case.rules} label rules, {case.blocks} blocks"):
            times = time_in_turns(_calls_by_engine(make_work(case, ASSETS)), rounds)
        medians = {name: statistics.median(rounds) / case.labels for name, rounds in times.items()}
        ratios.append(median_ratio(times[AUTOTAG], times[REFERENCE]))
        cells = [_number(medians[name]) if name in medians else "-" for name in ENGINES]
        table.add_row(*map(str, case), *cells, f"{ratios[-1]:.2f}")
    targets.at_most("time a label to zen-engine's, the worst row", 1.0, max(ratios))
    return table


def _number(value: float) -> str:
    return f"{value:.2f}" if value < 100 else f"{value:.0f}"


def _calls_by_engine(work: Work) -> dict[str, TimedCalls]:
    """Return the turn of each engine that can do the work, after checking that all answers are equal."""
    runs = {name: run for name, maker in ENGINES.items() if (run := maker(work))}
    answers = {name: [set(run(asset)) for asset in work.assets] for name, run in runs.items()}
    for name in runs:
        if answers[name] != answers[HARD_CODED]:
            raise SystemExit(f"{name} and {HARD_CODED} answer differently: {work.case}")
    return {name: fill_turn(run, work.assets) for name, run in runs.items()}


def _growth(rounds: int, targets: Targets) -> Table:
    """Time this engine alone as rules and blocks grow: on labels that it has seen before, and on new ones."""
    title = "autotag as rules grow: microseconds a label"
    table = measurement_table(title, "labels", "rules", "blocks", "seen before", "to the first row", "first seen")
    series = {
        "10 to 5,000 label rules": (1.2, [(10, 10), (500, 10), (5000, 10)]),
        "10 to 1,000 folder blocks": (2.0, [(500, 10), (500, 100), (500, 1000)]),
    }
    for labels, (series_name, (limit, sizes)) in product(LABELS, series.items()):
        works = [make_work(Case(labels, *size), GROWTH_ASSETS) for size in sizes]
        times: dict[Case, list[tuple[float, float]]] = {work.case: [] for work in works}
        for _ in range(rounds):
            for work in works:
                calls = _with_empty_caches(work)
                times[work.case].append((microseconds_per_asset(calls), microseconds_per_asset(calls)))
        repeated = [[second for _, second in pairs] for pairs in times.values()]
        for case, again in zip(times, repeated, strict=True):
            fresh = statistics.median(once for once, _ in times[case]) / labels
            table.add_row(
                *map(str, case),
                f"{statistics.median(again) / labels:.2f}",
                f"{median_ratio(again, repeated[0]):.2f}",
                f"{fresh:.2f}",
            )
        targets.at_most(f"{series_name}, {labels} labels", limit, median_ratio(repeated[-1], repeated[0]))
    return table


def _with_empty_caches(work: Work) -> TimedCalls:
    ruleset = Ruleset(rules_of(work.label_thresholds, work.folder_thresholds))
    return TimedCalls(lambda asset: decide(asset.typed, asset.subject, ruleset).labels, work.assets)


def _diff(rounds: int, targets: Targets) -> Table:
    """Time the comparison of two sets of rules on labels in memory."""
    table = measurement_table(
        "rules diff, assets of 50 labels", "what changes", "tags change on", "assets a second", "best round"
    )
    changes = rule_changes(PAGE)
    times = time_in_turns(
        {name: fill_turn(_comparison(change), change.assets) for name, change in changes.items()}, rounds
    )
    for name, change in changes.items():
        affected = sum(any(_comparison(change)(asset)) for asset in change.assets) / PAGE
        usual, best = 1e6 / statistics.median(times[name]), 1e6 / min(times[name])
        table.add_row(name, f"{affected:.0%}", f"{usual:,.0f}", f"{best:,.0f}")
        if change.target is not None:  # no ratio: only an undisturbed round shows the rate
            targets.at_least(f"rules diff, {name}", change.target, best)
    return table


def _comparison(change: RuleChange) -> Callable[[Asset], ChangedTags]:
    return lambda asset: changed_tags(asset.typed, asset.subject, change.old, change.new)
