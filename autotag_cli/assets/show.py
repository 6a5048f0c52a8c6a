"""``autotag show``: the state of one asset, as the deployed service stores it."""

from typing import TYPE_CHECKING, Any

import typer

from autotag_cli.stack.options import AsJson, Asset, Stack

if TYPE_CHECKING:
    from autotag_cli.stack.responses import Shown

_STATUS_STYLES = {"failed": "red", "timed_out": "red", "pending": "yellow", "applying": "yellow", "gone": "dim"}
_SHOWN_LABELS = 8


def show(
    ctx: typer.Context,
    asset: Asset,
    stack: Stack = None,
    as_json: AsJson = False,
) -> None:
    """Show what the service knows about an asset: its status, managed tags, people's tags, labels, and what is due.

    Exit code 1: there is no such asset, or the request failed.
    """
    from autotag_cli.stack.connection import connect_ops
    from autotag_cli.stack.responses import read
    from autotag_cli.terminal.output import console, print_json

    found = connect_ops(ctx, stack).show(asset)
    if as_json:
        print_json(found, indent=2)
    else:
        from autotag_cli.terminal.output import facts_table

        console().print(facts_table(_rows(read(found))))


def _rows(shown: "Shown") -> list[tuple[str, Any]]:
    from autotag_cli.terminal.output import plain

    ref, facts = shown.asset, shown.facts
    rows: list[tuple[str, Any]] = [
        ("asset", plain(ref.public_id, "bold")),
        ("asset_id", ref.asset_id),
        ("kind", "/".join(filter(None, (ref.resource_type, ref.type)))),
        ("version", str(ref.version)),
        ("status", plain(shown.status.replace("_", " "), _STATUS_STYLES.get(shown.status, "green"))),
    ]
    if shown.decided_at:
        rows.append(("decided at", f"{shown.decided_at} by rules {shown.rules_version[:12]}"))
    rows.append(("managed tags", plain(", ".join(shown.tags.ours) or "none", "green" if shown.tags.ours else "dim")))
    rows.append(("people's tags", plain(", ".join(shown.tags.theirs) or "none", "" if shown.tags.theirs else "dim")))
    if shown.tags.review:
        rows.append(("to review", plain(", ".join(shown.tags.review), "yellow")))
    for tag, wish in shown.people.items():
        rows.append(("a person", f"{'added' if wish.want == 'add' else 'removed'} {tag} at {wish.at}"))
    if facts:
        context = ", ".join(f"{key}={value}" for key, value in facts.context.items())
        optional = (("folder", facts.folder), ("format", facts.format), ("context", context))
        rows += [(name, value) for name, value in optional if value]
    for provider, found in shown.categorizations.items():
        rows.append((provider, f"{found.status}, observed at {found.observed_at}"))
        if found.error:
            rows.append(("", plain(found.error, "red")))
        if found.labels:
            best = sorted(found.labels, key=lambda label: -label.confidence)
            names = [f"{label.label} {label.confidence:.4f}" for label in best[:_SHOWN_LABELS]]
            rest = len(best) - len(names)
            rows.append(("", plain(", ".join(names) + (f", … {rest} more" if rest else ""), "dim")))
    if shown.poll:
        rows.append(
            ("next poll", f"{shown.poll.due_at}, {shown.poll.attempts} done so far, until {shown.poll.deadline_at}")
        )
    if shown.intent:
        changes = [f"+{tag}" for tag in shown.intent.add] + [f"-{tag}" for tag in shown.intent.remove]
        rows.append(("being applied", f"{' '.join(changes) or 'nothing'}, due again at {shown.intent.due_at}"))
    return rows
