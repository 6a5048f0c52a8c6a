"""``autotag export`` in columns: the same assets as in lines, whatever interrupts it."""

import json
from pathlib import Path

import duckdb
import pytest

from autotag_cli.export.columns import assets_in_columns, is_columns
from autotag_library.columns.schema import COLUMNS, METADATA_KEY
from tests.unit.autotag_cli.export.test_export import disk_of
from tests.unit.autotag_cli.fake_ops import Breaking, FakeOps
from tests.unit.autotag_cli.made_up_history import scanned
from tests.unit.autotag_cli.run_command import autotag, fake_environment


def export(ops: FakeOps | Breaking, path: Path, *options: str) -> tuple[int, str, str]:
    result = autotag("export", path, *options, "--stack", "prod", obj=fake_environment(ops))
    return result.exit_code, result.stdout, result.stderr


def test_every_asset_is_in_the_columns_once_as_the_stack_has_it(ops: FakeOps, tmp_path: Path) -> None:
    path = tmp_path / "all"

    assert export(ops, path) == (0, f"{path}: 1,000 assets of prod\n", "")

    assert list(tmp_path.iterdir()) == [path] and is_columns(str(path))
    read = {each.asset.asset_id: each for each in assets_in_columns(str(path))}
    assert read == {key: scanned(state) for key, state in ops.states.items()}
    names = [each.asset.public_id for each in assets_in_columns(str(path))]
    assert names == sorted(names)


def test_its_columns_are_those_of_the_documented_schema(ops: FakeOps, tmp_path: Path) -> None:
    path = tmp_path / "all.parquet"
    export(ops, path)

    db = duckdb.connect()
    found = db.execute("DESCRIBE SELECT * FROM read_parquet($file)", {"file": str(path)}).fetchall()
    assert [(name, kind.replace('"', "")) for name, kind, *_ in found] == [(each.name, each.type) for each in COLUMNS]
    stored = db.execute("SELECT key, value FROM parquet_kv_metadata($file)", {"file": str(path)}).fetchall()
    header = json.loads(dict(stored)[METADATA_KEY.encode()])
    assert (header["form"], header["stack"], header["at"][-1]) == (1, "prod", "Z")


@pytest.mark.parametrize("answers", [0, 3, 7])
def test_an_interrupted_export_continues_and_what_is_there_stays_until_then(
    answers: int, ops: FakeOps, tmp_path: Path
) -> None:
    path = tmp_path / "all.parquet"
    path.write_text("the last one")
    broken = Breaking(ops, answers)

    assert export(broken, path)[0] == 1
    assert path.read_text() == "the last one"
    broken.left = 100
    assert export(broken, path)[0] == 0

    assert len(list(assets_in_columns(str(path)))) == 1000
    assert list(tmp_path.iterdir()) == [path]


def test_a_disk_that_is_full_when_the_columns_are_written_is_told_and_the_lines_are_read_once(
    ops: FakeOps, tmp_path: Path
) -> None:
    path = tmp_path / "all.parquet"
    lines = tmp_path / "x.jsonl"
    export(ops, lines)
    path.write_text("the last one")
    (tmp_path / "all.parquet.part").write_bytes(lines.read_bytes())
    progress = {"stack": "prod", "size": lines.stat().st_size, "assets": 1000, "cursors": {}, "segments": 4}
    (tmp_path / "all.parquet.progress").write_text(json.dumps(progress))
    asked = len(ops.received)

    with disk_of(10_000):
        code, out, err = export(ops, path)

    assert (code, out, path.read_text()) == (1, "", "the last one")
    assert f"{path}: cannot be written in columns" in err and "run the same command again" in err
    assert export(ops, path)[0] == 0
    assert len(list(assets_in_columns(str(path)))) == 1000
    assert len(ops.received) == asked  # all lines were there


@pytest.mark.parametrize(
    ("name", "options", "columns"),
    [
        ("all.jsonl", (), False),
        ("all.ndjson", (), False),
        ("all.jsonl", ("--format", "parquet"), True),
        ("all.parquet", (), True),
        ("all.parquet", ("--format", "jsonl"), False),
    ],
)
def test_the_format_is_the_one_asked_for_or_else_that_of_the_name(
    name: str, options: tuple[str, ...], columns: bool, ops: FakeOps, tmp_path: Path
) -> None:
    assert export(ops, tmp_path / name, *options)[0] == 0
    assert is_columns(str(tmp_path / name)) is columns


def test_what_a_killed_process_left_while_it_wrote_the_columns_is_removed(ops: FakeOps, tmp_path: Path) -> None:
    left = tmp_path / ".a[1].columns-x1y2z3"
    left.mkdir()
    (left / "columns").write_bytes(b"PAR1")
    (tmp_path / ".a1.columns-other").mkdir()

    assert export(ops, tmp_path / "a[1]")[0] == 0

    assert sorted(each.name for each in tmp_path.iterdir()) == [".a1.columns-other", "a[1]"]
