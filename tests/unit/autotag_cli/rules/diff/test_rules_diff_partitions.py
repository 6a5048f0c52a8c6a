"""``autotag rules diff`` on files of a partitioned export: counts and examples are those of one file with all."""

from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from multiprocessing import get_context
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autotag.domain.decisions.tag_changes import TagChangeCounts
from autotag.domain.errors import Invalid
from autotag.domain.learning.scanned_asset import ScannedAsset
from autotag.domain.rules.compiled.ruleset import Ruleset
from autotag.domain.rules.parse import parse_rules
from autotag.domain.rules.schema import Rules
from autotag_cli.rules.diff.columns import compare_columns
from autotag_cli.rules.diff.count_changes import ComparedRules
from autotag_cli.rules.diff.partitions import compare_files
from autotag_library.columns.connection import connect
from tests.unit.autotag_cli.made_up_history import Known, history, scanned
from tests.unit.autotag_library.libraries import LIBRARIES, columns_of
from tests.unit.domain.rules.rule_strategies import RULES, SETS

OLD, NEW = "[defaults]\nthreshold = 0.7\n", "[defaults]\nthreshold = 0.5\n"


def merged(files: list[str], rules: ComparedRules, processes: int) -> TagChangeCounts:
    changes = TagChangeCounts(rules.examples)
    for _, found in compare_files(files, rules, processes):
        changes.merge(found)
    return changes


def as_told(changes: TagChangeCounts) -> object:
    """Return what a command shows."""
    return (
        changes.assets, changes.undecided, changes.changed, changes.ranked(), changes.ranked_renames(),
        changes.others(),
    )  # fmt: skip


@settings(max_examples=8, deadline=None)
@given(assets=LIBRARIES, old=RULES, new=RULES, data=st.data())
def test_files_together_say_what_one_file_says(
    assets: list[ScannedAsset], old: Rules, new: Rules, data: st.DataObject
) -> None:
    part_of = data.draw(st.lists(st.integers(0, 2), min_size=len(assets), max_size=len(assets)))
    split = [[asset for asset, part in zip(assets, part_of, strict=True) if part == number] for number in range(3)]
    rules = ComparedRules(Ruleset(old, SETS), Ruleset(new, SETS), 2)
    with columns_of(assets) as one, columns_of(split[0]) as a, columns_of(split[1]) as b, columns_of(split[2]) as c:
        files = [str(file) for file, part in ((a, split[0]), (b, split[1]), (c, split[2])) if part]
        assert as_told(merged(files, rules, 1)) == as_told(compare_columns(str(one), rules))


def test_processes_share_the_files_and_count_the_same(tmp_path: Path) -> None:
    assets = [scanned(state) for state in history({"Dog": Known(0.5, 0.7, 40), "Cat": Known(0.9, 0.7, 30)}, 1)]
    rules = ComparedRules(Ruleset(parse_rules(OLD)), Ruleset(parse_rules(NEW)), 3)
    with columns_of(assets[:30]) as first, columns_of(assets[30:]) as second:
        files = [str(first), str(second)]
        alone, together = (list(compare_files(files, rules, processes)) for processes in (1, 2))
    assert [path for path, _ in together] == files
    assert together == alone and sum(found.assets for _, found in alone) == 70


def shows_progress() -> bool:
    with closing(connect()) as db:
        return bool(db.execute("SELECT current_setting('enable_progress_bar')").fetchall()[0][0])


def test_a_process_prints_no_progress_into_the_result() -> None:
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        assert not pool.submit(shows_progress).result()


def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    damaged = tmp_path / "00000.parquet"
    damaged.write_bytes(b"PAR1")
    rules = ComparedRules(Ruleset(parse_rules(OLD)), Ruleset(parse_rules(NEW)), 3)
    with pytest.raises(Invalid, match="cannot be read"):
        list(compare_files([str(damaged)], rules, 1))
