"""Output of the counts: tables for people, JSON for programs."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from rich.table import Table

from autotag.domain.model.labels import REKOGNITION
from autotag.domain.rules.compiled.ruleset import Ruleset
from autotag.domain.statistics.cost.month import Estimate
from autotag.domain.statistics.counts import Counts, ThresholdCounts, quantile
from autotag_cli.terminal.confidence_bar import threshold_text
from autotag_cli.terminal.output import columns_table, console, counted, facts_table, plain, print_json

Health = dict[str, Any]
"""The ops function's answer about the health of the service."""


def record(counts: Counts, rules: Ruleset, health: Health, cost: Estimate, top: int) -> dict[str, Any]:
    """Return all counts as one object for programs."""
    labels = counts.labels_on
    return {
        "assets": {"total": counts.assets, "by_status": dict(counts.statuses.most_common())},
        "labels": {"per_asset": _spread(labels), "top": dict(counts.labels.most_common(top))},
        "tags": {"total": counts.tags.total(), "top": dict(counts.tags.most_common(top))},
        "rules": {"name": rules.name, "version": rules.version},
        "outcomes": dict(counts.outcomes.most_common()),
        "thresholds": [
            {"rule": path, "threshold": b.threshold, "reached": b.reached, "review": b.review, "below": b.below}
            for path, b in _busiest_thresholds(counts, len(counts.thresholds))
        ],
        "review": {"assets": counts.in_review, "tags": counts.tags_in_review},
        "people": {
            "assets": counts.people.assets,
            "kept": counts.people.added,
            "removed": counts.people.removed,
            "brought": counts.people.set_by_upload,
        },
        "now": {
            "admin_calls_this_hour": health.get("budget"),
            "breaker": health.get("breaker"),
            "rekognition_calls_today": health.get("detection"),
        },
        "last_30_days": {
            "assets_decided": counts.month.decided,
            "addon_units": dict(_units(counts)),
            "rekognition_calls": counts.month.labeled[REKOGNITION],
            "tag_calls": cost.tag_calls,
            "dollars": {name: round(amount, 4) for name, amount in cost.lines.items()},
            "dollars_idle": round(cost.idle, 4),
            "dollars_total": round(cost.total, 4),
        },
    }


def print_record(values: dict[str, Any]) -> None:
    """Print the record as one JSON object."""
    print_json(values, indent=2)


def print_stats(counts: Counts, rules: Ruleset, health: Health, cost: Estimate, top: int) -> None:
    """Print the counts as tables."""
    out = console()
    out.print(facts_table(_facts(counts, health, cost)))
    out.print()
    out.print(plain(f"Under the active rules, {rules.name} {rules.version[:12]}", "bold"))
    out.print(facts_table([("label outcomes", _most(_words(counts.outcomes.most_common())))]))
    if counts.thresholds:
        out.print()
        out.print(_thresholds(_busiest_thresholds(counts, top), len(counts.thresholds) - top))
    out.print()
    out.print(plain("The last thirty days", "bold"))
    out.print(facts_table(_month(counts, cost)))


def _facts(counts: Counts, health: Health, cost: Estimate) -> list[tuple[str, Any]]:
    spread = _spread(counts.labels_on)
    people = counts.people
    return [
        ("assets", _total(counts.assets, _words(counts.statuses.most_common()))),
        ("labels per asset", f"mean {spread['mean']:.1f}, median {spread['median']}, at most {spread['most']}"),
        ("managed tags", _total(counts.tags.total(), counts.tags.most_common(10))),
        ("labels", _most(counts.labels.most_common(10))),
        ("in review", f"{counted(counts.tags_in_review, 'tag')} of {counted(counts.in_review, 'asset')}"),
        ("people kept or added", counted(people.added, "tag")),
        ("people removed", f"{counted(people.removed, 'tag')}; they edited {counted(people.assets, 'asset')}"),
        ("Admin API", _budget(health)),
        ("calls to Cloudinary", _breaker(health)),
        *([("Rekognition", _detection(health["detection"]))] if health.get("detection") else []),
    ]


def _detection(usage: dict[str, Any]) -> str:
    model = f", label model {usage['model']}" if usage["model"] else ""
    before = f" ({usage['earlier']} before)" if usage["earlier"] else ""
    return f"{usage['used']:,} of {usage['cap']:,} calls of this day (UTC){model}{before}"


def _units(counts: Counts) -> list[tuple[str, int]]:
    """Return how many assets each add-on of Cloudinary has labeled in the month."""
    return [(name, n) for name, n in counts.month.labeled.most_common() if name != REKOGNITION]


def _month(counts: Counts, cost: Estimate) -> list[tuple[str, Any]]:
    units = [(name, n) for name, n in _units(counts) if n]
    lines = sorted(((name, amount) for name, amount in cost.lines.items() if amount), key=lambda line: -line[1])
    return [
        ("assets decided", f"{cost.images:,}"),
        ("add-on units", _most(units)),
        *([("Rekognition", f"{asked:,} images")] if (asked := counts.month.labeled[REKOGNITION]) else []),
        ("tag calls", f"{cost.tag_calls:,}"),
        ("AWS, estimated", plain(f"${cost.total:,.2f}, of which ${cost.idle:,.2f} without any traffic", "bold")),
        ("", plain(", ".join(f"{name} ${amount:,.2f}" for name, amount in lines), "dim")),
    ]


def _budget(health: Health) -> str:
    budget = health.get("budget")
    if budget is None:
        return "not known"
    return f"{counted(budget['used'], 'call')} this hour{', no more until the next' if budget['closed'] else ''}"


def _breaker(health: Health) -> Any:
    breaker = health.get("breaker")
    if "breaker" in health.get("faults", {}):
        return "not known"
    return plain(f"stopped until {breaker['until']}: {breaker['reason']}", "red") if breaker else "allowed"


def _spread(counted: Counter[int]) -> dict[str, Any]:
    assets = counted.total()
    mean = sum(number * times for number, times in counted.items()) / assets if assets else 0.0
    quantiles = {"median": quantile(counted, 0.5), "p95": quantile(counted, 0.95), "most": max(counted, default=0)}
    return {"assets": assets, "mean": round(mean, 2), **quantiles}


def _total(total: int, parts: Iterable[tuple[str, int]]) -> str:
    return f"{total:,}: {_most(parts)}" if total else "none"


def _most(parts: Iterable[tuple[str, int]]) -> str:
    return ", ".join(f"{name} {times:,}" for name, times in parts) or "none"


def _words(parts: Iterable[tuple[str, int]]) -> Iterable[tuple[str, int]]:
    return ((name.replace("_", " "), times) for name, times in parts)


def _busiest_thresholds(counts: Counts, top: int) -> list[tuple[str, ThresholdCounts]]:
    def rank(item: tuple[str, ThresholdCounts]) -> tuple[int, str]:
        path, labels = item
        return -labels.reached - labels.review - labels.below, path

    return sorted(counts.thresholds.items(), key=rank)[:top]


def _thresholds(thresholds: list[tuple[str, ThresholdCounts]], more: int) -> Table:
    table = columns_table()
    table.add_column("Threshold", justify="right")
    for name in ("Reached by", "Review", "Below"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("Rule", overflow="fold")
    for path, counts in thresholds:
        table.add_row(
            threshold_text(counts.threshold),
            f"{counts.reached:,}",
            f"{counts.review:,}",
            f"{counts.below:,}",
            plain(path),
        )
    if more > 0:
        table.add_row("", "", "", "", plain(f"… {more:,} more", "dim"))
    return table
