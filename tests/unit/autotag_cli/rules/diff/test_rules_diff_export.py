"""``autotag rules diff`` on an export: what it tells is what it tells of the stack, by however many processes."""

import json
from pathlib import Path
from typing import Any

import duckdb
import pytest
from msgspec.structs import replace

from autotag.domain.decisions.tag_changes import TagChangeCounts
from autotag.domain.rules.compiled.ruleset import Ruleset
from autotag.domain.rules.parse import parse_rules
from autotag.domain.rules.schema import Rules
from autotag_cli.export.file_format import parts
from autotag_cli.rules.diff.count_changes import ComparedRules
from autotag_cli.rules.diff.parallel import PartResult, compare_parts
from tests.unit.autotag_cli.fake_ops import FakeOps
from tests.unit.autotag_cli.made_up_history import Known, history
from tests.unit.autotag_cli.run_command import autotag, fake_environment

OLD, NEW = 'name = "old"\n', 'name = "new"\n[defaults]\nthreshold = 0.5\n'


@pytest.fixture
def rules(tmp_path: Path) -> tuple[Path, Path]:
    (tmp_path / "old.toml").write_text(OLD)
    (tmp_path / "new.toml").write_text(NEW)
    return tmp_path / "old.toml", tmp_path / "new.toml"


@pytest.fixture
def ops() -> FakeOps:
    found = FakeOps()
    labels = {"Dog": Known(0.5, 0.7, 300), "Cat": Known(0.9, 0.7, 200)}
    untouched = (replace(state, people={}, managed_tags={}) for state in history(labels, 1))
    found.states = {state.asset.asset_id: state for state in untouched}
    return found


@pytest.fixture
def export(ops: FakeOps, tmp_path: Path) -> Path:
    path = tmp_path / "all.jsonl"
    assert autotag("export", path, "--stack", "prod", obj=fake_environment(ops)).exit_code == 0
    return path


@pytest.fixture
def columns(ops: FakeOps, tmp_path: Path) -> Path:
    path = tmp_path / "all.parquet"
    assert autotag("export", path, "--stack", "prod", obj=fake_environment(ops)).exit_code == 0
    return path


@pytest.mark.parametrize("form", ["export", "columns"])
def test_it_tells_what_it_tells_of_the_stack(
    form: str, rules: tuple[Path, Path], ops: FakeOps, request: pytest.FixtureRequest
) -> None:
    of_export = autotag("rules", "diff", *rules, request.getfixturevalue(form), "--json")
    of_stack = autotag("rules", "diff", *rules, "--stored", "--stack", "prod", "--json", obj=fake_environment(ops))

    assert (of_export.exit_code, of_export.stderr) == (0, "")
    assert of_export.stdout == of_stack.stdout
    assert json.loads(of_export.stdout)["changed"] > 100


def joined(counted: list[PartResult]) -> TagChangeCounts:
    changes = TagChangeCounts(3)
    for each in counted:
        changes.merge(each.changes)
    return changes


def test_processes_share_it_and_count_the_same(export: Path) -> None:
    compared = ComparedRules(Ruleset(parse_rules(OLD)), Ruleset(parse_rules(NEW)), 3)

    alone = list(compare_parts(parts(str(export)), compared, 1))
    together = list(compare_parts(parts(str(export), 10_000), compared, 2))

    assert len(alone) == 1 and len(together) > 5
    assert joined(together) == joined(alone)
    assert sum(each.size for each in together) == sum(each.size for each in alone)


def test_a_line_that_is_no_asset_is_told_and_the_other_parts_count(export: Path) -> None:
    lines = export.read_bytes().split(b"\n")
    lines[-2] = b"{"
    export.write_bytes(b"\n".join(lines))
    compared = ComparedRules(Ruleset(Rules()), Ruleset(Rules()), 3)

    for processes in (1, 2):
        counted = list(compare_parts(parts(str(export), 10_000), compared, processes))

        assert [each.error for each in counted if each.error] == [
            f"{export}:501: expected an exported asset (Input data was truncated)"
        ]
        assert 0 < joined(counted).assets < 500


def test_exports_and_other_inputs_are_counted_together(
    rules: tuple[Path, Path], export: Path, columns: Path, tmp_path: Path
) -> None:
    answer: dict[str, Any] = {"public_id": "x", "info": {"categorization": {}}}
    answer["info"]["categorization"] = {
        "aws_rek_tagging": {"status": "complete", "data": [{"tag": "Dog", "confidence": 0.6}]}
    }
    other = tmp_path / "other.json"
    other.write_text(json.dumps(answer))

    found = [
        json.loads(autotag("rules", "diff", *rules, *on, "--json").stdout)
        for on in ([export], [export, other], [columns, other], [export, columns, other])
    ]

    assert [each["assets"] for each in found] == [500, 501, 501, 1001]
    assert [each["changed"] - found[0]["changed"] for each in found] == [0, 1, 1, found[0]["changed"] + 1]
    assert found[1] == found[2]


@pytest.mark.parametrize(
    ("cut", "sentence"),
    [(0, "cannot be read as Parquet"), (4, "cannot be read as Parquet"), (None, "is Parquet, but not an export")],
)
def test_parquet_that_is_no_export_is_told(
    cut: int | None, sentence: str, rules: tuple[Path, Path], columns: Path, tmp_path: Path
) -> None:
    if cut is None:
        duckdb.sql(f"COPY (SELECT 1 AS n) TO '{columns}' (FORMAT parquet)")
    else:
        columns.write_bytes(columns.read_bytes()[:1000] + b"PAR1"[:cut])

    result = autotag("rules", "diff", *rules, columns, "--json")

    assert (result.exit_code, result.stdout) == (2, "")
    assert f"autotag: {columns}: {sentence}" in result.stderr and "Traceback" not in result.stderr


def test_an_export_of_another_form_is_told(rules: tuple[Path, Path], columns: Path) -> None:
    other = columns.with_name("other.parquet")
    metadata = "KV_METADATA {autotag_library: '{\"form\": 9}'}"
    duckdb.sql(f"COPY (SELECT * FROM '{columns}') TO '{other}' (FORMAT parquet, {metadata})")  # noqa: S608 (a test's)

    result = autotag("rules", "diff", *rules, other)

    assert result.exit_code == 2
    assert f"{other}: is an export of form 9, expected 1: export it again" in result.stderr


def test_a_broken_export_is_told(rules: tuple[Path, Path], export: Path) -> None:
    export.write_bytes(export.read_bytes()[:-20])

    result = autotag("rules", "diff", *rules, export, "--json")

    assert result.exit_code == 2
    assert f"autotag: {export}:501: expected an exported asset" in result.stderr
