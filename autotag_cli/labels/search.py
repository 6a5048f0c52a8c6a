"""``autotag labels search``: labels by a part of their name, among those that were seen and those of a list."""

from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

if TYPE_CHECKING:
    from autotag.domain.model.labels import LabelRelations
    from autotag_cli.input.seen_labels import SeenLabel
    from autotag_cli.labels.knowledge import LabelFiles

Seen = Annotated[
    str | None,
    typer.Option(metavar="FILE", help="What autotag labels --out wrote.", show_default=".autotag/seen.json"),
]


class Found(NamedTuple):
    """A label: as it was ``seen``, and what the list says of it; None where it is not there."""

    name: str
    seen: "SeenLabel | None"
    listed: "LabelRelations | None"


def search(
    text: Annotated[str, typer.Argument(metavar="PART", help="A part of a label's name, alias or category.")],
    seen: Seen = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object a line, one for each label.")] = False,
) -> None:
    """Find labels by a part of their name, of an alias or of a category, regardless of case.

    It searches what autotag labels --out wrote and what autotag labels import stored, and asks nobody.
    Exit code 1: no label holds PART; 2: there is neither file, or one cannot be read.
    """
    from autotag.domain.errors import Invalid
    from autotag_cli.errors import Failure
    from autotag_cli.input.imported_labels import IMPORTED
    from autotag_cli.input.seen_labels import SEEN
    from autotag_cli.labels.knowledge import read_label_files
    from autotag_cli.terminal.output import print_json

    files = read_label_files(seen)
    if files.seen is None and files.imported is None:
        raise Invalid(
            SEEN, f"is not there, nor is {IMPORTED}: autotag labels --stored --out {SEEN} writes what was seen, "
            "autotag labels import FILE reads a list"
        )  # fmt: skip
    found = find_labels(files, text)
    if not found:
        near = files.known().nearest(text)
        raise Failure(f"no label holds {text!r}{f', did you mean {near}?' if near else ''}")
    if as_json:
        for each in found:
            print_json(_record(each))
    else:
        _print(found)


def find_labels(files: "LabelFiles", text: str) -> list[Found]:
    """Return the labels that hold ``text`` in their name, an alias or a category; those on most assets first."""
    from autotag.domain.model.labels import label_key

    wanted = label_key(text)
    seen = {label_key(each.label): each for each in files.seen.labels} if files.seen else {}
    of_list = files.imported.labels if files.imported else {}
    listed = {label_key(name): (name, about) for name, about in of_list.items()}
    found = []
    for key in {*seen, *listed}:
        name, about = listed.get(key, ("", None))
        texts = (key, *map(label_key, (*about.aliases, *about.categories) if about else ()))
        if any(wanted in each for each in texts):
            found.append(Found(name or seen[key].label, seen.get(key), about))
    return sorted(found, key=lambda each: (-(each.seen.assets if each.seen else 0), each.name))


def _print(found: list[Found]) -> None:
    from autotag_cli.terminal.output import columns_table, console, plain

    table = columns_table()
    table.add_column("Label", overflow="fold")
    for name in ("Assets", "p50"):
        table.add_column(name, justify="right", no_wrap=True)
    for name in ("Categories", "Aliases", "Rule"):
        table.add_column(name, overflow="fold")
    for each in found:
        about = each.listed
        table.add_row(
            plain(each.name),
            f"{each.seen.assets:,}" if each.seen else "never seen",
            f"{each.seen.p50:.2f}" if each.seen else "",
            plain(", ".join(about.categories) if about else "not in the list"),
            plain(", ".join(about.aliases) if about else ""),
            plain(", ".join(each.seen.rules) if each.seen else ""),
        )
    console().print(table)


def _record(each: Found) -> dict[str, Any]:
    import msgspec

    return {
        "label": each.name,
        "seen": msgspec.to_builtins(each.seen),
        "listed": None
        if each.listed is None
        else {"aliases": list(each.listed.aliases), "categories": list(each.listed.categories)},
    }
