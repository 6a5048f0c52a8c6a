"""The output of a comparison of rules, as a table or as JSON."""

from typing import Any

from rich.text import Text

from autotag.domain.decisions.tag_changes import TagChangeCounts, TagCounts
from autotag.domain.rules_text.categories import MovedLabels, moved_labels
from autotag_cli.rules.diff.count_changes import ComparedRules
from autotag_cli.rules.moved_text import moved_text
from autotag_cli.terminal.output import console, plain, print_json
from autotag_cli.terminal.tag_changes_table import print_renames, tag_changes_table


def print_diff_json(changes: TagChangeCounts, rules: ComparedRules) -> None:
    """Print the counts as one JSON object."""
    print_json(
        {
            "old": {"name": rules.old.name, "version": rules.old.version},
            "new": {"name": rules.new.name, "version": rules.new.version},
            "categories": [
                {"category": each.category, "joined": each.joined, "left": each.left} for each in _moved(rules)
            ],
            "assets": changes.assets,
            "changed": changes.changed,
            "undecided": changes.undecided,
            "without_metadata": changes.without_metadata,
            "tags": [{"tag": tag, **_record(change)} for tag, change in changes.ranked()],
            "renames": [
                {"from": each.old, "to": each.new, "assets": each.assets, "examples": each.examples}
                for each in changes.ranked_renames()
            ],
        },
        indent=2,
    )


def _moved(rules: ComparedRules) -> tuple[MovedLabels, ...]:
    return moved_labels(rules.old.sets, rules.new.sets)


def _record(change: TagCounts) -> dict[str, Any]:
    examples = {"gained": change.gained_by, "lost": change.lost_by}
    return {"gained": change.gained, "lost": change.lost, "examples": examples}


def print_diff(changes: TagChangeCounts, rules: ComparedRules) -> None:
    """Print the counts as a table: a line for each tag, with example assets."""
    out = console()
    names = (f"{each.name} {each.version[:12]}" for each in (rules.old, rules.new))
    out.print(Text(" → " if not out.options.ascii_only else " -> ").join(plain(name, "bold") for name in names))
    out.print()
    moved = _moved(rules)
    for each in moved:
        out.print(plain(moved_text(each)))
    if moved:
        out.print()
    undecided = f", {changes.undecided:,} of them without labels" if changes.undecided else ""
    if not changes.assets:
        out.print("No asset was compared.")
        return
    if unseen := changes.without_metadata:
        subject = "1 asset was" if unseen == 1 else f"{unseen:,} assets were"
        out.print(f"{subject} never seen with metadata, which the new rules ask for: autotag retag --refresh reads it.")
    if not changes.changed:
        out.print(f"No tag changes on any of {changes.assets:,} assets{undecided}.")
        return
    out.print(f"Tags change on {changes.changed:,} of {changes.assets:,} assets{undecided}.")
    print_renames(out, changes)
    if not changes.others():
        return
    out.print()
    out.print(tag_changes_table(out, changes, gained="Gained by", lost="Lost by"))
