"""The changes of tags as a table: a line for each tag, with example assets."""

from rich.console import Console
from rich.table import Table
from rich.text import Text

from autotag.domain.decisions.tag_changes import TagChangeCounts, TagCounts
from autotag_cli.terminal.output import columns_table, plain


def print_renames(out: Console, changes: TagChangeCounts) -> None:
    """Print a line for each rename of a tag, such as ``Guitar -> guitar``, with the number of assets."""
    if not changes.renames:
        return
    table = columns_table()
    table.add_column("Renamed", overflow="fold", max_width=max(40, out.width // 2))
    table.add_column("On", justify="right", no_wrap=True)
    if changes.examples:
        table.add_column("For example", overflow="fold")
    for each in changes.ranked_renames():
        more = f", … {each.assets - len(each.examples):,} more" if each.assets > len(each.examples) else ""
        examples = (plain(", ".join(each.examples) + more, "dim"),) if changes.examples else ()
        table.add_row(plain(f"{each.old} -> {each.new}"), plain(f"{each.assets:,}", "cyan"), *examples)
    out.print()
    out.print(table)


def tag_changes_table(out: Console, changes: TagChangeCounts, *, gained: str, lost: str) -> Table:
    """Return the table; ``gained`` and ``lost`` are the headers of the counts."""
    table = columns_table()
    table.add_column("Tag", overflow="fold", max_width=max(24, out.width // 3))
    for name in (gained, lost):
        table.add_column(name, justify="right", no_wrap=True)
    if changes.examples:
        table.add_column("For example", overflow="fold")
    for tag, change in changes.others():
        table.add_row(
            plain(tag),
            plain(f"{change.gained:,}" if change.gained else "", "green"),
            plain(f"{change.lost:,}" if change.lost else "", "red"),
            *((_examples(change),) if changes.examples else ()),
        )
    return table


def _examples(change: TagCounts) -> Text:
    signed = [("+", "green", change.gained_by, change.gained), ("-", "red", change.lost_by, change.lost)]
    lines = []
    for sign, style, names, count in signed:
        if names:
            more = f", … {count - len(names):,} more" if count > len(names) else ""
            lines.append(Text.assemble((f"{sign} ", style), plain(", ".join(names) + more, "dim")))
    return Text("\n").join(lines)
