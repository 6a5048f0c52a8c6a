"""The output of one decision."""

from rich.console import Console
from rich.text import Text

from autotag_cli.decide.offline_decision import OfflineDecision
from autotag_cli.decide.summary import FAILED
from autotag_cli.terminal.label_table import label_table
from autotag_cli.terminal.output import facts_table, plain


def print_decision(console: Console, source: str, offline: OfflineDecision, *, first: bool) -> None:
    """Print the outcome of each label of one asset, and its tags. ``source`` names the input, "" if it has no name."""
    audit, decision = offline.audit, offline.decision
    name = audit.asset.public_id or audit.asset.asset_id
    rules = f"rules {audit.rules.name} {audit.rules.version[:12]}{', dry run' if audit.mode == 'dry_run' else ''}"
    title = [plain(name or source, "bold")] if name or source else []
    title += [plain(source, "dim")] if name and source else []
    if not first:
        console.print()
    console.print(Text("  ").join([*title, plain(rules, "dim")]), soft_wrap=True)
    if audit.labels:
        console.print()
        console.print(label_table(console, audit.labels))
    console.print()
    rows = [("outcome", plain(offline.outcome.replace("_", " "), "bold red" if offline.outcome in FAILED else "bold"))]
    if isinstance(audit.reason, str):
        rows.append(("reason", plain(audit.reason)))
    if decision and not decision.skip:
        rows.append(("tags", plain(", ".join(decision.tags), "green") if decision.tags else plain("none", "dim")))
        if decision.present:
            there = "all of them" if decision.present == decision.tags else ", ".join(decision.present)
            rows.append(("on the asset", plain(there)))
        if audit.tags.removed:
            rows.append(("to remove", plain(", ".join(audit.tags.removed), "red")))
        if decision.review:
            rows.append(("to review", plain(", ".join(decision.review), "yellow")))
    console.print(facts_table(rows))
