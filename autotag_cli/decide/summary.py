"""The summary of many inputs, counted one by one."""

from collections import Counter
from typing import TYPE_CHECKING

from autotag.domain.rules.compiled.ruleset import Ruleset
from autotag_cli.decide.offline_decision import OfflineDecision

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

FAILED = ("pending", "failed", "timed_out")
"""Outcomes without a decision: not yet, or failed."""

_OUTCOMES = ("tagged", "unchanged", "skipped", "failed", "pending")
_TAGS = 20
_LOCATIONS = 10
_BAR = 30


class Summary:
    """Counts of outcomes, tags and errors. Memory use grows with the number of tags, not of inputs."""

    def __init__(self) -> None:
        self.outcomes: Counter[str] = Counter()
        self.tags: Counter[str] = Counter()
        self.review: Counter[str] = Counter()
        self.errors = 0
        self.unread = 0
        self.locations: list[str] = []

    @property
    def inputs(self) -> int:
        """Return the number of inputs, including those with an error."""
        return self.outcomes.total() + self.errors

    @property
    def exit_code(self) -> int:
        """Return 2 if an input is invalid; 1 if one cannot be read, is pending or has failed; else 0."""
        if self.errors > self.unread:
            return 2
        return int(bool(self.unread) or any(self.outcomes[outcome] for outcome in FAILED))

    def add(self, offline: OfflineDecision) -> None:
        """Count one decision."""
        self.outcomes[offline.outcome] += 1
        if offline.decision:
            self.tags.update(offline.decision.tags)
            self.review.update(offline.decision.review)

    def add_error(self, location: str, *, unread: bool) -> None:
        """Count an input that is invalid, or ``unread``: the system did not allow to read it."""
        self.errors += 1
        self.unread += unread
        if len(self.locations) < _LOCATIONS:
            self.locations.append(location)

    def sentence(self) -> str:
        """Return the outcomes in one line."""
        counts = [f"{count:,} {outcome}" for outcome in _OUTCOMES if (count := self.outcomes[outcome])]
        counts += [f"{self.errors:,} with a fault"] if self.errors else []
        return f"{self.inputs:,} inputs: {', '.join(counts) or 'nothing'}."

    def show(self, console: "Console", ruleset: Ruleset) -> None:
        """Print everything that was counted."""
        from rich.text import Text

        from autotag_cli.terminal.output import facts_table, plain

        styles = dict.fromkeys(FAILED, "red") | {"tagged": "green"}
        rows = [("inputs", plain(f"{self.inputs:,}", "bold"))]
        for outcome in _OUTCOMES:
            count = self.outcomes[outcome]
            rows.append((outcome, plain(f"{count:,}", styles.get(outcome, "") if count else "dim")))
        if self.errors:
            more = self.errors - len(self.locations)
            locations = ", ".join(self.locations) + (f", … {more:,} more" if more else "")
            rows.append(("faults", Text.assemble(plain(f"{self.errors:,}", "red"), plain(f"  {locations}", "dim"))))
        console.print(Text.assemble("Decided by rules ", plain(f"{ruleset.name} {ruleset.version[:12]}", "bold")))
        console.print()
        console.print(facts_table(rows))
        for header, counted, style in (("Tag", self.tags, "green"), ("Tag to review", self.review, "yellow")):
            if counted:
                console.print()
                console.print(_counts(header, counted, style, ascii_only=console.options.ascii_only))


def _counts(header: str, counted: Counter[str], style: str, *, ascii_only: bool) -> "Table":
    from autotag_cli.terminal.output import columns_table, plain

    ranked = sorted(counted.items(), key=lambda item: (-item[1], item[0]))
    most = ranked[0][1]
    table = columns_table()
    table.add_column(header, overflow="fold")
    table.add_column("Assets", justify="right", no_wrap=True)
    table.add_column("")
    for tag, count in ranked[:_TAGS]:
        bar = ("=" if ascii_only else "━") * max(1, count * _BAR // most)
        table.add_row(plain(tag), f"{count:,}", plain(bar, style))
    if len(ranked) > _TAGS:
        table.add_row(plain(f"… {len(ranked) - _TAGS:,} more", "dim"), "", "")
    return table
