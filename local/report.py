"""What the demonstration shows a person."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from local.scenario import Case

_STYLES = {"kept": "green", "present": "green", "below_threshold": "dim", "failed": "red"}
_SHOWN_LEFT_OUT = 4
"""How many of the labels that did not become tags are shown; the audit holds all."""


def show_asset(
    console: Console,
    case: Case,
    tags: Sequence[str],
    audits: Sequence[dict[str, Any]],
    problems: Sequence[str],
) -> None:
    """Show one asset: its tags as Cloudinary has them, then each audit with its reasons."""
    console.print()
    console.rule(f"[bold]{escape(case.public_id)}[/bold]", align="left")
    console.print(f"[dim]{escape(case.story)}[/dim]")
    console.print(f"tags in Cloudinary   {escape(', '.join(tags)) or '[dim]none[/dim]'}")
    for audit in audits:
        console.print(
            f"audit in DynamoDB    {escape(audit['audit_id'])}\n"
            f"                     {audit['at']}  [bold]{audit['outcome']}[/bold] "
            f"by {audit['trigger']['kind']}, "
            f"rules {escape(audit['rules']['name'])} {audit['rules']['version'][:12]}",
            soft_wrap=True,
        )
        if audit.get("reason"):
            console.print(f"reason               {escape(audit['reason'])}", soft_wrap=True)
        if audit["labels"]:
            console.print(_labels(audit["labels"]))
    for problem in problems:
        console.print(f"[red]wrong: {escape(problem)}[/red]", soft_wrap=True)
    if not problems:
        console.print("[green]as expected[/green]")


def show_forgery(console: Console, public_id: str, status: int, audits: int) -> None:
    """Show how a notification with a wrong signature was answered and what it left behind."""
    console.print()
    console.rule(f"[bold]{escape(public_id)}[/bold]  a forged notification", align="left")
    colour = "green" if status == 401 and not audits else "red"
    console.print(f"[{colour}]answered {status}, audits left behind: {audits}[/{colour}]")


def show_verdict(console: Console, problems: Sequence[str], seconds: float) -> None:
    """Show the end result."""
    console.print()
    for problem in problems:
        console.print(f"[red]wrong: {escape(problem)}[/red]", soft_wrap=True)
    verdict = f"[red]{len(problems)} wrong[/red]" if problems else "[green]Everything is as expected[/green]"
    console.print(f"{verdict} ({seconds:.0f} s).")


def _labels(labels: Sequence[dict[str, Any]]) -> Table:
    table = Table(box=None, header_style="dim", pad_edge=False)
    for name in ("label", "confidence", "bar", "outcome"):
        table.add_column(name, no_wrap=True)
    table.add_column("because", overflow="fold")
    ranked = sorted(labels, key=lambda label: -label["confidence"])
    became = [label for label in ranked if label["outcome"] in ("kept", "present")]
    left_out = [label for label in ranked if label not in became]
    for label in became + left_out[:_SHOWN_LEFT_OUT]:
        style = _STYLES.get(label["outcome"], "yellow")
        bar = label["threshold"]
        table.add_row(
            escape(label["label"]),
            f"{label['confidence']:.4f}",
            "" if bar is None else f"{bar:.2f}",
            f"[{style}]{label['outcome'].replace('_', ' ')}[/{style}]{_renamed(label)}",
            escape(label["because"]),
        )
    rest = Counter(label["outcome"] for label in left_out[_SHOWN_LEFT_OUT:])
    for outcome, count in rest.items():
        table.add_row(f"[dim]… {count} more[/dim]", "", "", f"[dim]{outcome.replace('_', ' ')}[/dim]", "")
    return table


def _renamed(label: dict[str, Any]) -> str:
    tag = label["tag"]
    return f" as {escape(tag)}" if tag and tag != label["label"] else ""
