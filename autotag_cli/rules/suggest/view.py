"""The output of proposed thresholds, as a table or as JSON."""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct
from rich.console import Console
from rich.table import Table

from autotag.domain.model.labels import label_key
from autotag.domain.rules.parse import Rules, rules_version
from autotag_cli.rules.suggest.evidence import Evidence
from autotag_cli.rules.suggest.propose import Proposal, Share, Verdict, propose
from autotag_cli.terminal.confidence_bar import threshold_text
from autotag_cli.terminal.output import columns_table, console, counted, plain, print_json


class Suggested(Struct, frozen=True):
    """The ``proposals``, those with most verdicts first. ``others``: the number of labels without one, by reason.

    ``unasked``: labels with the number of their verdicts that are not counted, those with most of them first.
    """

    assets: int
    spoken: int
    proposals: tuple[Proposal, ...]
    others: dict[Verdict, int]
    unasked: tuple[tuple[str, int], ...] = ()


def suggest_all(evidence: Evidence, rules: Rules, least: int) -> Suggested:
    """Return the proposals for all labels with evidence. ``least``: the lowest number of verdicts for a proposal."""
    own = {label_key(name): rule.threshold for name, rule in rules.labels.items() if rule.threshold is not None}
    proposals: list[Proposal] = []
    others: dict[Verdict, int] = {"unasked": 0, "thin": 0, "fine": 0, "unsure": 0}
    for key, found in evidence.labels.items():
        proposed = propose(found, own.get(key, rules.defaults.threshold), least)
        if isinstance(proposed, Proposal):
            proposals.append(proposed)
        else:
            others[proposed] += 1
    proposals.sort(key=lambda each: (-each.right - each.wrong, each.label))
    unasked = [(found.name, found.unasked) for found in evidence.labels.values() if found.unasked]
    unasked.sort(key=lambda each: (-each[1], each[0]))
    return Suggested(evidence.assets, evidence.spoken, tuple(proposals), others, tuple(unasked))


def print_suggested_json(suggested: Suggested, rules: Rules) -> None:
    """Print the proposals as one JSON object."""
    print_json(
        {
            "rules": {"name": rules.name, "version": rules_version(rules)},
            "assets": suggested.assets,
            "assets_with_verdicts": suggested.spoken,
            "proposals": [_record(each) for each in suggested.proposals],
            "not_proposed": suggested.others,
            "not_counted": dict(suggested.unasked),
        },
        indent=2,
    )


def _record(each: Proposal) -> dict[str, Any]:
    return {
        "label": each.label,
        "threshold": {"old": each.old, "new": each.new},
        "evidence": {"right": each.right, "of_these_left": each.left, "wrong": each.wrong},
        "errors": {"old": each.errors_old, "new": each.errors_new},
        "precision": {"old": _interval(each.precision_old), "new": _interval(each.precision_new)},
        "moved": _interval(each.moved),
    }


def _interval(found: Share) -> dict[str, float | int | None]:
    value = found.part / found.whole if found.whole else None
    return {"right": found.part, "of": found.whole, "share": value, "low": found.low, "high": found.high}


def print_suggested(suggested: Suggested, rules: Rules) -> None:
    """Print a line for each proposal, and why the other labels have none."""
    out = console()
    out.print(plain(f"{rules.name} {rules_version(rules)[:12]}", "bold"))
    out.print()
    out.print(f"People changed tags on {suggested.spoken:,} of {suggested.assets:,} assets.")
    if suggested.proposals:
        out.print(f"Their edits support another threshold for {counted(len(suggested.proposals), 'label')}:")
        out.print()
        out.print(_table(out, suggested.proposals))
        out.print()
    else:
        out.print("There is no threshold to propose.")
    for sentence in _others(suggested.others):
        out.print(plain(sentence, "dim"))
    if suggested.unasked:
        out.print(plain(_not_counted(suggested.unasked), "dim"), soft_wrap=True)


_NAMED = 5

_WHY: dict[Verdict, str] = {
    "unasked": "all verdicts are at confidences where people are not asked",
    "thin": "there are too few verdicts",
    "fine": "the present threshold is right",
    "unsure": "another threshold looks better, but that might be an accident",
}


def _others(others: Mapping[Verdict, int]) -> list[str]:
    return [f"{counted(others[why], 'label')}: {sentence}" for why, sentence in _WHY.items() if others[why]]


def _not_counted(unasked: tuple[tuple[str, int], ...]) -> str:
    count = sum(times for _, times in unasked)
    named = ", ".join(f"{name} {times:,}" for name, times in unasked[:_NAMED])
    more = f", … {len(unasked) - _NAMED:,} more labels" if len(unasked) > _NAMED else ""
    return (
        f"{counted(count, 'verdict')} on labels below the bar did not count ({named}{more}): people are not asked "
        "there, so they can add a missing tag, but not mark a wrong one. A lower review bar makes these labels "
        "questions."
    )


def _table(out: Console, proposals: tuple[Proposal, ...]) -> Table:
    arrow = "->" if out.options.ascii_only else "→"
    table = columns_table()
    table.add_column("Label", overflow="fold", max_width=max(20, out.width // 4))
    for name in ("Threshold", "Right", "Wrong", "Errors", "Precision now", "then"):
        table.add_column(name, justify="right", no_wrap=True)
    for each in proposals:
        table.add_row(
            plain(each.label),
            f"{threshold_text(each.old)} {arrow} {threshold_text(each.new)}",
            f"{each.right:,}" + (f" ({each.left:,} left)" if each.left else ""),
            f"{each.wrong:,}",
            f"{each.errors_old:,} {arrow} {each.errors_new:,}",
            _percent(each.precision_old),
            _percent(each.precision_new),
        )
    return table


def _percent(found: Share) -> str:
    if not found.whole:
        return "none kept"
    return f"{found.part / found.whole:.0%} ({found.low:.0%}-{found.high:.0%})"
