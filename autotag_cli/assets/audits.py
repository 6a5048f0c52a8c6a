"""``autotag audits``: the history of one asset, each decision with its reasons."""

from typing import TYPE_CHECKING, Annotated

import typer

from autotag_cli.stack.options import Asset, Raw, Stack

if TYPE_CHECKING:
    from rich.console import Console

    from autotag.domain.model.audit import Audit

_BY_NAME = ("review", "revert")
"""Kinds of audits whose reason has the whole identity of a caller, which the sentence shortens."""


def audits(
    ctx: typer.Context,
    asset: Asset,
    stack: Stack = None,
    limit: Annotated[int, typer.Option(min=1, help="The highest number of audits.")] = 20,
    full: Annotated[bool, typer.Option("--full", help="Also show every label below its threshold.")] = False,
    table: Annotated[bool, typer.Option("--table", help="Labels as a table, with confidences drawn as bars.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON array of audit records.")] = False,
    raw: Raw = False,
) -> None:
    """List an asset's audits, newest first: what happened, and why each label is a tag or not.

    Exit code 1: there is no such asset, or the request failed.
    """
    from autotag_cli.stack.connection import connect_ops
    from autotag_cli.stack.responses import read_audits
    from autotag_cli.terminal.output import console, note, print_json

    answer = connect_ops(ctx, stack).audits(asset, limit, raw=raw)
    if as_json or raw:
        print_json(answer, indent=2)
        return
    found, out = read_audits(answer), console()
    for i, audit in enumerate(found):
        if i:
            out.print()
        if table:
            _print_table(out, audit, full=full)
        else:
            _print_sentences(out, audit, found[i + 1 :], full=full)
    if not answer:
        note("No audit yet: there is no decision on this asset.")


def _print_sentences(out: "Console", audit: "Audit", earlier: "list[Audit]", *, full: bool) -> None:
    from autotag.domain.sentences.history import explain_audit
    from autotag.domain.sentences.labels import explain_labels
    from autotag_cli.terminal.label_table import style_of, without_distant_misses
    from autotag_cli.terminal.output import facts_table, plain
    from autotag_cli.terminal.sentence_text import sentence_text

    _print_title(out, audit, cause=False)
    out.print(sentence_text(explain_audit(audit, earlier)))
    rows = [("audit", plain(audit.audit_id, "dim"))]
    if audit.trigger.kind in _BY_NAME and isinstance(audit.reason, str):
        rows.append(("reason", plain(audit.reason, "dim")))
    if isinstance(audit.undid, str):
        rows.append(("takes back", plain(audit.undid, "dim")))
    if audit.tags.before:
        rows.append(("before", plain(", ".join(audit.tags.before))))
    out.print(facts_table(rows))
    shown, hidden = (audit.labels, 0) if full else without_distant_misses(audit.labels)
    near = set(map(id, shown))
    if shown:
        out.print()
    for outcome, sentence in zip(audit.labels, explain_labels(audit), strict=True):
        if id(outcome) in near:
            out.print(sentence_text(sentence, style_of(outcome.outcome)))
    _print_hidden(out, hidden)


def _print_table(out: "Console", audit: "Audit", *, full: bool) -> None:
    from autotag_cli.terminal.label_table import label_table, without_distant_misses
    from autotag_cli.terminal.output import facts_table, plain

    _print_title(out, audit, cause=True)
    rows = [("audit", plain(audit.audit_id, "dim"))]
    if isinstance(audit.reason, str):
        rows.append(("reason", plain(audit.reason)))
    if isinstance(audit.undid, str):
        rows.append(("takes back", plain(audit.undid, "dim")))
    changes = (("added", audit.tags.added, "green"), ("removed", audit.tags.removed, "red"))
    for name, tags, style in (*changes, ("to review", audit.tags.review, "yellow"), ("before", audit.tags.before, "")):
        if tags:
            rows.append((name, plain(", ".join(tags), style)))
    out.print(facts_table(rows))
    labels, hidden = (audit.labels, 0) if full else without_distant_misses(audit.labels)
    if labels:
        out.print()
        out.print(label_table(out, labels))
    _print_hidden(out, hidden)


def _print_title(out: "Console", audit: "Audit", *, cause: bool) -> None:
    from rich.text import Text

    from autotag_cli.terminal.output import plain

    failed = audit.outcome in ("failed", "timed_out")
    kind = " ".join(filter(None, (audit.trigger.kind, audit.trigger.notification_type)))
    dry = ", dry run" if audit.mode == "dry_run" else ""
    title = (
        plain(audit.asset.public_id, "bold"),
        plain(f"  {audit.at}  "),
        plain(audit.outcome.replace("_", " "), "bold red" if failed else "bold green"),
        plain(f"  by {kind}, rules {audit.rules.name} {audit.rules.version[:12]}{dry}" if cause else "", "dim"),
    )
    out.print(Text.assemble(*title), soft_wrap=True)


def _print_hidden(out: "Console", hidden: int) -> None:
    from autotag_cli.terminal.output import plain

    if hidden:
        out.print(plain(f"… {hidden} more below their threshold, --full shows them", "dim"))
