"""Suggestions for people: a table of the proposals, and a sentence on every other label."""

from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.table import Table

from autotag.domain.learning.outcome import Interval, Moved
from autotag.domain.learning.suggestions import LabelSuggestion, Suggestions
from autotag.domain.rules.parse import rules_version
from autotag.domain.rules.schema import Rules
from autotag_cli.terminal.confidence_bar import threshold_text
from autotag_cli.terminal.output import columns_table, console, counted, plain

_NAMED = 5


def print_suggestions(suggestions: Suggestions, rules: Rules, commands: Iterable[str]) -> None:
    """Print a line for each proposal, why the other labels have none, and what comes next."""
    out = console()
    out.print(plain(f"{rules.name} {rules_version(rules)[:12]}", "bold"))
    out.print()
    out.print(f"People's verdicts on {suggestions.judged:,} of {suggestions.assets:,} assets count.")
    out.print(f"A wrong tag is as bad as {_missing_tags(suggestions.wrong_costs)} (--wrong-costs).")
    proposals = suggestions.because("proposed")
    if proposals:
        out.print(f"Another threshold is better, almost surely, for {counted(len(proposals), 'label')}:")
        out.print()
        out.print(_table(out, proposals))
        out.print()
    else:
        out.print("There is no threshold to propose.")
    for sentence in _others(suggestions):
        out.print(plain(sentence, "dim"), soft_wrap=True)
    following = list(commands)
    if following:
        out.print()
        out.print(plain("Next:"))
        for command in following:
            out.print(plain(f"  {command}"), soft_wrap=True)


def _missing_tags(wrong_costs: float) -> str:
    return "a missing one" if wrong_costs == 1 else f"{wrong_costs:g} missing ones"


def _others(suggestions: Suggestions) -> list[str]:
    found = []
    if unwanted := suggestions.because("unwanted"):
        named = _named([each.label for each in unwanted])
        found.append(
            f"{counted(len(unwanted), 'label')} {_looks(unwanted)} unwanted at any confidence: deny? ({named})"
        )
    if unasked := suggestions.because("unasked"):
        named = _named([f"{each.label} {threshold_text(each.present)}" for each in unasked])
        found.append(
            f"{counted(len(unasked), 'label')}: nobody was asked below the threshold ({named}): set review, or run "
            "autotag review sample"
        )
    if thin := suggestions.because("thin"):
        named = _named([f"{each.label} {each.missing:,}" for each in thin])
        found.append(f"{counted(len(thin), 'label')}: there are too few verdicts (so many more are needed: {named})")
    if fine := suggestions.because("fine"):
        found.append(f"{counted(len(fine), 'label')}: no other threshold is expected to be much better")
    if unsure := suggestions.because("unsure"):
        named = _named([each.label for each in unsure])
        found.append(
            f"{counted(len(unsure), 'label')}: another threshold may be better, but that is not sure ({named})"
        )
    by_hand = [(each.not_counted["only_right"], each.label) for each in suggestions.labels]
    by_hand = sorted((-number, name) for number, name in by_hand if number)
    if by_hand:
        count = -sum(number for number, _ in by_hand)
        named = _named([f"{name} {-number:,}" for number, name in by_hand])
        found.append(
            f"{counted(count, 'tag')} added by hand did not count ({named}): where people are not asked, they can add "
            "a missing tag, but not mark a wrong one."
        )
    return found


def _looks(labels: Sequence[LabelSuggestion]) -> str:
    return "looks" if len(labels) == 1 else "look"


def _named(names: Sequence[str]) -> str:
    more = f", … {len(names) - _NAMED:,} more labels" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more


def _table(out: Console, proposals: Sequence[LabelSuggestion]) -> Table:
    arrow = "->" if out.options.ascii_only else "→"
    table = columns_table()
    table.add_column("Label", overflow="fold", max_width=max(20, out.width // 4))
    for name in ("Threshold", "Come", "right", "Go", "right", "Precision now", "then", "Verdicts"):
        table.add_column(name, justify="right", no_wrap=True)
    for each in proposals:
        if each.proposed is None or each.outcome is None:
            continue
        table.add_row(
            plain(each.label),
            f"{threshold_text(each.present)} {arrow} {threshold_text(each.proposed)}",
            f"{each.outcome.come.tags:,}",
            _right(each.outcome.come),
            f"{each.outcome.go.tags:,}",
            _right(each.outcome.go),
            _percent(each.precision),
            _percent(each.outcome.precision_new),
            f"{sum(map(sum, each.said.values())):,}",
        )
    return table


def _right(moved: Moved) -> str:
    if not moved.tags:
        return ""
    right = moved.right
    return f"{right.expected:,.0f} ({right.low:,.0f}-{right.high:,.0f})"


def _percent(interval: Interval | None) -> str:
    if interval is None:
        return "none kept"
    return f"{interval.expected:.0%} ({interval.low:.0%}-{interval.high:.0%})"
