"""The comparison of two sets of rules on an export in columns."""

from pathlib import Path

import msgspec

from autotag.domain.decisions.tag_changes import Rename, TagChangeCounts, TagCounts
from autotag.domain.errors import Invalid
from autotag_cli.rules.diff.count_changes import ComparedRules


def compare_columns(path: str, rules: ComparedRules) -> TagChangeCounts:
    """Return the counts of a whole export. Raises ``Invalid`` if it is damaged."""
    import duckdb

    from autotag_library.columns.connection import only
    from autotag_library.columns.identities import identities_of
    from autotag_library.columns.load import load
    from autotag_library.columns.stamp import stamp_of
    from autotag_library.columns.subjects import count_undescribed
    from autotag_library.whatif.compare import compare
    from autotag_library.whatif.counts import TagCount, count
    from autotag_library.whatif.full import full_engine

    file = Path(path)
    stamp = stamp_of(file)
    try:
        library = load(file, (*rules.old.providers, *rules.new.providers))
        found = compare(library, rules.old, rules.new, full_engine(file, rules.old, rules.new))
        counts = count(found, rules.examples)
        shown = {row for each in counts.tags + counts.besides for row in each.gained_by + each.lost_by}
        shown |= {row for each in counts.renames for row in each.examples}
        without_metadata = count_undescribed(only(file)) if rules.new.tests_metadata else 0
        names = {each.row: each.name for each in identities_of(file, sorted(shown))}
        if stamp_of(file) != stamp:
            raise duckdb.IOException("it was replaced while it was read")
    except (duckdb.Error, msgspec.DecodeError) as error:
        raise Invalid(path, f"cannot be read ({str(error).splitlines()[0]})") from error

    def tags(counted: tuple[TagCount, ...]) -> dict[str, TagCounts]:
        return {
            each.tag: TagCounts(
                each.gained,
                each.lost,
                [names[row] for row in each.gained_by],
                [names[row] for row in each.lost_by],
            )
            for each in counted
        }

    renames = {
        f"{each.old}\n{each.new}": Rename(each.old, each.new, each.assets, [names[row] for row in each.examples])
        for each in counts.renames
    }
    return TagChangeCounts(
        rules.examples, found.assets, found.undecided, found.changes.changed, tags(counts.tags), renames,
        tags(counts.besides), without_metadata,
    )  # fmt: skip
