"""The output of ``autotag labels``, as a table or as JSON."""

import msgspec

from autotag_cli.input.seen_labels import SeenLabel, SeenLabels
from autotag_cli.terminal.output import columns_table, console, counted, plain, print_json

_NUMBERS = ("Assets", "p10", "p50", "p90", "Tagged", "Review", "Removed")


def print_labels_json(seen: SeenLabels, least: int) -> None:
    """Print the labels of at least ``least`` assets as one JSON object."""
    print_json(msgspec.to_builtins(seen.at_least(least)), indent=2)


def print_labels(seen: SeenLabels, least: int) -> None:
    """Print the labels of at least ``least`` assets as a table."""
    out = console()
    shown = seen.at_least(least).labels
    out.print(
        plain(
            f"{counted(len(seen.labels), 'label')} on {counted(seen.assets, 'asset')} of {seen.source}, "
            f"rules {seen.rules.name} {seen.rules.version[:12]}"
        )
    )
    if not shown:
        if seen.labels:
            out.print(plain(f"None is on {counted(least, 'asset')} or more."))
        return
    out.print()
    table = columns_table()
    table.add_column("Label", overflow="fold")
    for name in _NUMBERS:
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("Rule", overflow="fold")
    for each in shown:
        table.add_row(plain(each.label), *_numbers(each), plain(", ".join(each.rules)))
    out.print(table)
    if len(shown) < len(seen.labels):
        rare = len(seen.labels) - len(shown)
        out.print(plain(f"… {rare:,} more on fewer than {counted(least, 'asset')}", "dim"))


def _numbers(each: SeenLabel) -> tuple[str, ...]:
    shares = (each.p10, each.p50, each.p90)
    return (
        f"{each.assets:,}",
        *(f"{share:.2f}" for share in shares),
        f"{each.tagged / each.assets:.0%}",
        f"{each.in_review:,}",
        f"{each.removed:,}",
    )
