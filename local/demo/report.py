"""The output of the demonstration."""

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.markup import escape

from autotag.domain.model.conversion import convert
from autotag.domain.model.outcome import LabelOutcome
from autotag_cli.terminal.label_table import label_table, without_distant_misses
from local.demo.cases import Case


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
            _show_labels(console, audit["labels"])
    for problem in problems:
        console.print(f"[red]wrong: {escape(problem)}[/red]", soft_wrap=True)
    if not problems:
        console.print("[green]as expected[/green]")


def show_public_endpoints(console: Console, urls: Sequence[str]) -> None:
    """Show the public endpoints."""
    console.print(f"public endpoints     {escape(', '.join(urls)) or 'none'}", soft_wrap=True)


def show_forgery(console: Console, public_id: str, status: int | None, audits: int) -> None:
    """Show the answer to a notification with a wrong signature, if any, and the number of audits that it left."""
    console.print()
    console.rule(f"[bold]{escape(public_id)}[/bold]  a forged notification", align="left")
    color = "green" if status in (401, None) and not audits else "red"
    outcome = f"answered {status}" if status else "left in the poll channel"
    console.print(f"[{color}]{outcome}, audits left behind: {audits}[/{color}]")


def show_replays(console: Console, audits: Sequence[str], differences: Mapping[str, str]) -> None:
    """Show for each audit whether its replay is identical; ``differences`` has the output of the others, by audit."""
    console.print()
    console.rule("[bold]replay[/bold]  decided again from the stored labels and rules", align="left")
    for audit in audits:
        result = f"[red]{escape(differences[audit])}[/red]" if audit in differences else "[green]identical[/green]"
        console.print(f"{escape(audit)}  {result}", soft_wrap=True)


def show_result(console: Console, problems: Sequence[str], seconds: float) -> None:
    """Show the end result."""
    console.print()
    for problem in problems:
        console.print(f"[red]wrong: {escape(problem)}[/red]", soft_wrap=True)
    result = f"[red]{len(problems)} wrong[/red]" if problems else "[green]Everything is as expected[/green]"
    console.print(f"{result} ({seconds:.0f} s).")


def _show_labels(console: Console, records: Sequence[dict[str, Any]]) -> None:
    """Show the outcomes of labels in the command's own table; of those below their threshold only near misses."""
    labels, hidden = without_distant_misses(convert(records, list[LabelOutcome]))
    console.print(label_table(console, labels))
    if hidden:
        console.print(f"[dim]… {hidden} more below their threshold[/dim]")
