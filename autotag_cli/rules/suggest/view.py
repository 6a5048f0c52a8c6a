"""The output of proposed thresholds, as a table or as JSON."""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct
from rich.console import Console
from rich.table import Table

from autotag.domain.model.labels import label_key
from autotag.domain.rules.parse import rules_version
from autotag.domain.rules.schema import Rules
from autotag_cli.rules.suggest.evidence import Evidence
from autotag_cli.rules.suggest.propose import NoProposal, Proposal, Share, propose
from autotag_cli.terminal.confidence_bar import threshold_text
from autotag_cli.terminal.output import columns_table, console, counted, plain, print_json


class Suggestions(Struct, frozen=True):
    """The ``proposals``, those with most verdicts first. ``not_proposed``: the number of labels without one, by reason.

    ``not_counted``: labels with the number of their verdicts that are not counted, those with most of them first.
    """

    assets: int
    edited: int
    proposals: tuple[Proposal, ...]
    not_proposed: dict[NoProposal, int]
    not_counted: tuple[tuple[str, int], ...] = ()


def propose_all(evidence: Evidence, rules: Rules, min_verdicts: int) -> Suggestions:
    """Return the proposals for all labels with evidence. ``least``: the lowest number of verdicts for a proposal."""
    own = {label_key(name): rule.threshold for name, rule in rules.labels.items() if rule.threshold is not None}
    proposals: list[Proposal] = []
    not_proposed: dict[NoProposal, int] = {"unasked": 0, "thin": 0, "fine": 0, "unsure": 0}
    for key, label in evidence.labels.items():
        proposed = propose(label, own.get(key, rules.defaults.threshold), min_verdicts)
        if isinstance(proposed, Proposal):
            proposals.append(proposed)
        else:
            not_proposed[proposed] += 1
    proposals.sort(key=lambda each: (-each.right - each.wrong, each.label))
    not_counted = [(label.name, label.not_counted) for label in evidence.labels.values() if label.not_counted]
    not_counted.sort(key=lambda each: (-each[1], each[0]))
    return Suggestions(evidence.assets, evidence.edited, tuple(proposals), not_proposed, tuple(not_counted))


def print_suggestions_json(suggestions: Suggestions, rules: Rules) -> None:
    """Print the proposals as one JSON object."""
    print_json(
        {
            "rules": {"name": rules.name, "version": rules_version(rules)},
            "assets": suggestions.assets,
            "assets_with_verdicts": suggestions.edited,
            "proposals": [_record(each) for each in suggestions.proposals],
            "not_proposed": suggestions.not_proposed,
            "not_counted": dict(suggestions.not_counted),
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


def _interval(share: Share) -> dict[str, float | int | None]:
    value = share.part / share.whole if share.whole else None
    return {"right": share.part, "of": share.whole, "share": value, "low": share.low, "high": share.high}


def print_suggestions(suggestions: Suggestions, rules: Rules) -> None:
    """Print a line for each proposal, and why the other labels have none."""
    out = console()
    out.print(plain(f"{rules.name} {rules_version(rules)[:12]}", "bold"))
    out.print()
    out.print(f"People changed tags on {suggestions.edited:,} of {suggestions.assets:,} assets.")
    if suggestions.proposals:
        out.print(f"Their edits support another threshold for {counted(len(suggestions.proposals), 'label')}:")
        out.print()
        out.print(_table(out, suggestions.proposals))
        out.print()
    else:
        out.print("There is no threshold to propose.")
    for sentence in _reasons(suggestions.not_proposed):
        out.print(plain(sentence, "dim"))
    if suggestions.not_counted:
        out.print(plain(_not_counted(suggestions.not_counted), "dim"), soft_wrap=True)


_NAMED = 5

_WHY: dict[NoProposal, str] = {
    "unasked": "all verdicts are at confidences where people are not asked",
    "thin": "there are too few verdicts",
    "fine": "the present threshold is right",
    "unsure": "another threshold looks better, but that might be an accident",
}


def _reasons(not_proposed: Mapping[NoProposal, int]) -> list[str]:
    return [f"{counted(not_proposed[why], 'label')}: {sentence}" for why, sentence in _WHY.items() if not_proposed[why]]


def _not_counted(not_counted: tuple[tuple[str, int], ...]) -> str:
    count = sum(times for _, times in not_counted)
    named = ", ".join(f"{name} {times:,}" for name, times in not_counted[:_NAMED])
    more = f", … {len(not_counted) - _NAMED:,} more labels" if len(not_counted) > _NAMED else ""
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


def _percent(share: Share) -> str:
    if not share.whole:
        return "none kept"
    return f"{share.part / share.whole:.0%} ({share.low:.0%}-{share.high:.0%})"
