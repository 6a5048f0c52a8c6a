"""Where an export is written: links, files in its place, and other exports into it."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from autotag_cli.export.write import ExportPaths, is_at
from tests.unit.autotag_cli.export.exported_file import ASSETS, ids
from tests.unit.autotag_cli.fake_ops import FakeOps
from tests.unit.autotag_cli.run_command import autotag, fake_environment


def test_a_part_that_is_no_export_is_never_written_to(ops: FakeOps, tmp_path: Path) -> None:
    (tmp_path / "x.part").write_bytes(b"my notes")
    result = autotag("export", tmp_path / "x", "--stack", "prod", obj=fake_environment(ops))
    assert (result.exit_code, ops.received, (tmp_path / "x.part").read_bytes()) == (2, [], b"my notes")
    assert "x.part: holds something else than an export" in result.stderr


def test_a_link_in_the_place_of_a_part_is_not_followed(ops: FakeOps, tmp_path: Path) -> None:
    (tmp_path / "notes").write_bytes(b"my notes")
    (tmp_path / "x.part").symlink_to(tmp_path / "notes")
    result = autotag("export", tmp_path / "x", "--stack", "prod", obj=fake_environment(ops))
    assert (result.exit_code, ops.received, (tmp_path / "notes").read_bytes()) == (2, [], b"my notes")
    assert "x.part: is a link" in result.stderr


def test_a_part_that_is_no_file_is_named(ops: FakeOps, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "x.part")
    result = autotag("export", tmp_path / "x", "--stack", "prod", obj=fake_environment(ops))
    assert (result.exit_code, ops.received) == (2, []) and "x.part: " in result.stderr


def test_a_file_that_cannot_be_written_is_told_before_anything_is_asked(ops: FakeOps, tmp_path: Path) -> None:
    path = tmp_path / "none" / "x"

    result = autotag("export", path, "--stack", "prod", obj=fake_environment(ops))

    assert result.exit_code == 2
    assert (result.stderr, ops.received) == (f"autotag: {path}: cannot be written (No such file or directory)\n", [])


@contextmanager
def held(path: Path) -> Iterator[None]:
    """Hold a file as another export does."""
    with path.open("ab") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        yield


@pytest.mark.parametrize("name", ["x", "./x", "link"])
def test_of_two_exports_into_one_file_the_second_is_refused_and_asks_nothing(
    name: str, ops: FakeOps, tmp_path: Path
) -> None:
    (tmp_path / "x").write_text("the last one")
    (tmp_path / "link").symlink_to("x")
    (tmp_path / "x.part").write_text("what the other one has written")

    with held(tmp_path / "x.part"):
        result = autotag("export", tmp_path / name, "--stack", "prod", obj=fake_environment(ops))

    assert (result.exit_code, ops.received) == (1, [])
    sentence = f"another export is writing {tmp_path / name}: wait for it, or name another file"
    assert result.stderr == f"autotag: {sentence}\n"
    assert (tmp_path / "x").read_text() == "the last one"
    assert (tmp_path / "x.part").read_text() == "what the other one has written"


def test_an_export_that_is_over_keeps_nobody_from_the_next(ops: FakeOps, tmp_path: Path) -> None:
    for _ in range(2):
        assert (
            autotag(
                "export", tmp_path / "x", "--format", "jsonl", "--stack", "prod", obj=fake_environment(ops)
            ).exit_code
            == 0
        )
    assert len(ids(tmp_path / "x")) == ASSETS


def test_a_file_that_another_export_puts_in_its_place_meanwhile_is_not_written_to(tmp_path: Path) -> None:
    """Between opening and locking ``x.part`` the other one may end: then that is ``x``, whole, and not ours."""
    paths = ExportPaths(str(tmp_path / "x"))
    with paths.part.open("ab") as stream:
        paths.part.replace(paths.whole)

        assert not is_at(stream, paths.part)
        paths.part.write_bytes(b"a third one")
        assert not is_at(stream, paths.part)


def test_a_link_stands_for_the_file_that_it_leads_to(ops: FakeOps, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("x")

    assert (
        autotag(
            "export", tmp_path / "link", "--format", "jsonl", "--stack", "prod", obj=fake_environment(ops)
        ).exit_code
        == 0
    )
    assert (tmp_path / "link").is_symlink() and len(ids(tmp_path / "x")) == ASSETS


@pytest.mark.parametrize("name", ["/dev/null", "/dev/full", "-", "folder", "pipe", "open pipe"])
def test_what_no_file_can_replace_is_refused_before_anything_is_asked(name: str, ops: FakeOps, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    reading, writing = os.pipe()
    paths = {"folder": f"{tmp_path}/folder", "pipe": f"{tmp_path}/pipe", "open pipe": f"/dev/fd/{writing}"}
    path = paths.get(name, name)
    try:
        result = autotag("export", path, "--stack", "prod", obj=fake_environment(ops))
    finally:
        os.close(reading)
        os.close(writing)

    assert (result.exit_code, ops.received) == (2, [])
    assert result.stderr.startswith(f"autotag: {path}: is not a regular file")
    assert Path("/dev/null").is_char_device() and not Path("/dev/null.part").exists()
