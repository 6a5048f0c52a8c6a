"""The output of a comparison of rules, as a table or as JSON."""

from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from autotag.domain.rules.compiled.ruleset import Rulebook
from autotag_cli.terminal.output import console, plain, print_json
from autotag_cli.terminal.tag_changes import Effect, Tally


def print_diff_json(tally: Tally, old: Rulebook, new: Rulebook) -> None:
    """Print the counts as one JSON object."""
    print_json(
        {
            "old": {"name": old.name, "version": old.version},
            "new": {"name": new.name, "version": new.version},
            "assets": tally.assets,
            "changed": tally.changed,
            "undecided": tally.undecided,
            "tags": [{"tag": tag, **_record(effect)} for tag, effect in tally.ranked()],
        },
        indent=2,
    )


def _record(effect: Effect) -> dict[str, Any]:
    examples = {"gained": effect.gained_by, "lost": effect.lost_by}
    return {"gained": effect.gained, "lost": effect.lost, "examples": examples}


def print_diff(tally: Tally, old: Rulebook, new: Rulebook) -> None:
    """Print the counts as a table: a line for each tag, with example assets."""
    out = console()
    names = (f"{rules.name} {rules.version[:12]}" for rules in (old, new))
    out.print(Text(" → " if not out.options.ascii_only else " -> ").join(plain(name, "bold") for name in names))
    out.print()
    undecided = f", {tally.undecided:,} of them without labels" if tally.undecided else ""
    if not tally.changed:
        out.print(f"No tag changes on any of {tally.assets:,} assets{undecided}.")
        return
    out.print(f"Tags change on {tally.changed:,} of {tally.assets:,} assets{undecided}.")
    out.print()
    out.print(_table(out, tally))


def _table(out: Console, tally: Tally) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    table.add_column("Tag", overflow="fold", max_width=max(24, out.width // 3))
    for name in ("Gained by", "Lost by"):
        table.add_column(name, justify="right", no_wrap=True)
    if tally.examples:
        table.add_column("For example", overflow="fold")
    for tag, effect in tally.ranked():
        table.add_row(
            plain(tag),
            plain(f"{effect.gained:,}" if effect.gained else "", "green"),
            plain(f"{effect.lost:,}" if effect.lost else "", "red"),
            *((_examples(effect),) if tally.examples else ()),
        )
    return table


def _examples(effect: Effect) -> Text:
    signed = [("+", "green", effect.gained_by, effect.gained), ("-", "red", effect.lost_by, effect.lost)]
    lines = []
    for sign, style, names, count in signed:
        if names:
            more = f", … {count - len(names):,} more" if count > len(names) else ""
            lines.append(Text.assemble((f"{sign} ", style), plain(", ".join(names) + more, "dim")))
    return Text("\n").join(lines)
