"""The output of a comparison of rules, as a table or as JSON."""

from typing import Any

from rich.text import Text

from autotag.domain.rules.compiled.ruleset import Rulebook
from autotag_cli.terminal.output import console, plain, print_json
from autotag_cli.terminal.tag_changes import Effect, Tally
from autotag_cli.terminal.tag_changes_table import tag_changes_table


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
    out.print(tag_changes_table(out, tally, gained="Gained by", lost="Lost by"))
