"""The output of one asset: its facts, its tags, and which of its labels are among them."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from rich.console import Console
from rich.table import Table

from autotag.domain.model.labels import Categorization, parse_categorizations
from autotag_cli.cloudinary.metadata_pairs import context_of, text_list
from autotag_cli.cloudinary.missing_parts import threshold_of
from autotag_cli.terminal.confidence_bar import confidence_bar
from autotag_cli.terminal.label_table import style_of
from autotag_cli.terminal.output import columns_table, console, facts_table, plain

_MISSES = 3
_OTHERS = 12
"""How many labels without a tag are shown: with a threshold that explains it, and without one."""


class _Row(NamedTuple):
    label: str
    provider: str
    confidence: float
    tag: str
    fault: str


def print_asset(answer: dict[str, Any], requested: Mapping[str, str] | None = None) -> None:
    """Print Cloudinary's response about one asset. ``requested``: the fields of the call, if there was one."""
    out, auto_tagging = console(), threshold_of(requested or {})
    results = parse_categorizations(answer, 0)
    out.print(facts_table(_facts(answer, results)))
    rows = _rows(results, text_list(answer.get("tags")))
    if not rows:
        return
    visible, hidden = _few(rows, _OTHERS if auto_tagging is None else _MISSES)
    out.print()
    out.print(_table(out, visible, auto_tagging, several=len(results) > 1))
    if hidden:
        out.print(plain(f"… {hidden} more labels without a tag, --json prints all", "dim"))


def _facts(answer: dict[str, Any], results: dict[str, Categorization]) -> list[tuple[str, Any]]:
    tags = text_list(answer.get("tags"))
    context = context_of(answer)
    size = f"{answer['width']} x {answer['height']}, " if answer.get("width") else ""
    kind = "/".join(filter(None, (str(answer.get(name) or "") for name in ("resource_type", "type", "format"))))
    rows: list[tuple[str, Any]] = [("public_id", plain(answer.get("public_id", ""), "bold"))]
    if answer.get("existing"):
        rows.append(("existing", plain("it was there already and is unchanged", "yellow")))
    if answer.get("status"):  # of an asynchronous call
        rows.append(("status", plain(answer["status"], "yellow")))
    if "asset_id" in answer:
        rows.append(("asset_id", str(answer["asset_id"])))
    rows.append(("kind", f"{kind}, {size}{answer['bytes']:,} bytes" if isinstance(answer.get("bytes"), int) else kind))
    folder = answer.get("asset_folder") or answer.get("folder")
    optional = (
        ("version", answer.get("version")),
        ("folder", folder),
        ("url", answer.get("secure_url")),
        ("context", ", ".join(f"{key}={value}" for key, value in context.items())),
    )
    rows += [(name, str(value)) for name, value in optional if value]
    rows.append(("tags", plain(", ".join(tags) or "none", "green" if tags else "dim")))
    for provider, result in results.items():
        if result.status != "complete":
            rows.append((provider, plain(": ".join(filter(None, (result.status, result.error))), "yellow")))
    return rows


def _rows(results: dict[str, Categorization], tags: Sequence[str]) -> list[_Row]:
    by_key = {tag.casefold(): tag for tag in tags}
    return [
        _Row(label.name, provider, label.confidence, by_key.get(label.name.casefold(), ""), label.fault)
        for provider, result in results.items()
        for label in result.labels
    ]


def _few(rows: list[_Row], most: int) -> tuple[list[_Row], int]:
    """Drop the labels without a tag after the first ``most``; return the other rows, and how many were dropped."""
    others = [row for row in rows if not row.tag]
    hidden = set(map(id, others[most:])) if len(others) > most + 1 else set()
    return [row for row in rows if id(row) not in hidden], len(hidden)


def _table(out: Console, rows: list[_Row], auto_tagging: float | None, *, several: bool) -> Table:
    ascii_only = out.options.ascii_only
    table = columns_table()
    table.add_column("Label", overflow="fold")
    if several:
        table.add_column("Provider", overflow="fold")
    table.add_column("Confidence" if auto_tagging is None else "Confidence, auto_tagging", no_wrap=True)
    table.add_column("Tag", overflow="fold")
    for row in rows:
        style = style_of("kept" if row.tag else "invalid" if row.fault else "below_threshold")
        cells = [plain(row.label)]
        cells += [plain(row.provider, "dim")] if several else []
        cells.append(confidence_bar(row.confidence, auto_tagging, style, ascii_only=ascii_only))
        cells.append(plain(row.tag or row.fault or "-", style))
        table.add_row(*cells)
    return table
