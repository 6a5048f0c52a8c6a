"""``autotag export``: every asset of a stack in one file, whatever interrupts it."""

import json
import resource
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from autotag_cli.export.file_format import assets, parts
from autotag_cli.stack.target import Reply
from tests.unit.autotag_cli.export.exported_file import ids
from tests.unit.autotag_cli.fake_ops import Breaking, FakeOps
from tests.unit.autotag_cli.made_up_history import scanned
from tests.unit.autotag_cli.run_command import autotag, fake_environment


def test_every_asset_is_in_the_file_once_as_the_stack_has_it(ops: FakeOps, tmp_path: Path) -> None:
    path = tmp_path / "all.jsonl"

    result = autotag("export", path, "--stack", "prod", obj=fake_environment(ops))

    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == f"{path}: 1,000 assets of prod\n"
    assert sorted(ids(path)) == sorted(ops.states)
    assert [each for each in tmp_path.iterdir()] == [path]
    head = json.loads(path.read_text().splitlines()[0])
    assert head["stack"] == "prod" and head["at"].endswith("Z")
    read = {each.asset.asset_id: each for part in parts(str(path)) for each in assets(part)}
    assert read == {key: scanned(state) for key, state in ops.states.items()}


@pytest.mark.parametrize("answers", [0, 1, 3, 6, 7])
def test_an_interrupted_export_goes_on_where_it_was(answers: int, ops: FakeOps, tmp_path: Path) -> None:
    path = tmp_path / "all.jsonl"
    path.write_text("the last one")
    broken = Breaking(ops, answers)

    first = autotag("export", path, "--stack", "prod", obj=fake_environment(broken))

    assert (first.exit_code, first.stdout) == (1, "")
    assert (
        "the table is down" in first.stderr
        and "run the same command again to continue where it stopped" in first.stderr
    )
    assert path.read_text() == "the last one"  # what is not whole replaces nothing
    progress = tmp_path / "all.jsonl.progress"
    done = json.loads(progress.read_bytes())["assets"] if progress.exists() else None
    with (tmp_path / "all.jsonl.part").open("ab") as part:
        part.write(b'{"asset": torn')  # killed while it was writing
    broken.left = 100
    second = autotag("export", path, "--stack", "prod", obj=fake_environment(broken))

    assert second.exit_code == 0, second.stderr
    assert second.stderr == ("" if done is None else f"Continuing after {done:,} assets.\n")
    assert sorted(ids(path)) == sorted(ops.states)
    assert [each for each in tmp_path.iterdir()] == [path]


def test_a_person_who_stops_it_is_told_how_it_goes_on(tmp_path: Path) -> None:
    def stopped(url: str, headers: Mapping[str, str], body: bytes) -> Reply:
        raise KeyboardInterrupt

    result = autotag("export", tmp_path / "x", "--stack", "prod", obj=fake_environment(stopped))

    assert result.exit_code not in (0, 2)
    assert "Stopped: run the same command again to continue where it stopped." in result.stderr


@pytest.mark.parametrize(
    ("progress", "part", "sentence"),
    [
        (b"{}", b"", "x.progress: is not the progress of an export"),
        (b'{"x":' + b"[" * 100_000, b"", "x.progress: is not the progress of an export"),
        (b'{"stack": "test", "size": 0, "assets": 0, "cursors": {}}', b"", "x.progress: is of an export of test"),
        (b'{"stack": "prod", "size": 9, "assets": 1, "cursors": {}}', b"12345678", "x.part: is shorter than"),
        (b'{"stack": "prod", "size": 9, "assets": 1, "cursors": {}}', b"1234567890", "x.part: holds something else"),
    ],
)
def test_what_cannot_be_gone_on_with_is_told_and_left(
    progress: bytes, part: bytes, sentence: str, ops: FakeOps, tmp_path: Path
) -> None:
    (tmp_path / "x.progress").write_bytes(progress)
    (tmp_path / "x.part").write_bytes(part)

    result = autotag("export", tmp_path / "x", "--stack", "prod", obj=fake_environment(ops))

    assert (result.exit_code, ops.received) == (2, [])
    assert sentence in result.stderr
    assert ((tmp_path / "x.progress").read_bytes(), (tmp_path / "x.part").read_bytes()) == (progress, part)


@contextmanager
def disk_of(size: int) -> Iterator[None]:
    """Let no file grow beyond ``size`` bytes, as a full disk does: a write takes a part, the next one fails."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("size", [0, 20, 300_000, 301_111])
def test_a_full_disk_is_a_sentence_that_says_how_to_go_on_and_nothing_is_lost(
    size: int, ops: FakeOps, tmp_path: Path
) -> None:
    path = tmp_path / "x"
    path.write_text("the last one")
    with disk_of(size):
        first = autotag("export", path, "--format", "jsonl", "--stack", "prod", obj=fake_environment(ops))

    goes_on = "run the same command again to continue where it stopped"
    assert (first.exit_code, first.stderr) == (1, f"autotag: {path}: cannot be written (File too large); {goes_on}\n")
    assert path.read_text() == "the last one"
    second = autotag("export", path, "--format", "jsonl", "--stack", "prod", obj=fake_environment(ops))

    assert second.exit_code == 0, second.stderr
    assert sorted(ids(path)) == sorted(ops.states)
    assert sorted(tmp_path.iterdir()) == [path]
