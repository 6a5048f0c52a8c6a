"""A comparison that was interrupted goes on where it was, from its resume file."""

import json
import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from autotag_cli.stack.target import Reply
from tests.unit.autotag_cli.fake_ops import Breaking, FakeOps
from tests.unit.autotag_cli.rules.diff.stored.stored_comparison import ASSETS, EXPECTED
from tests.unit.autotag_cli.run_command import autotag, fake_environment


def test_a_person_who_stops_it_is_told_how_it_goes_on(ops: FakeOps, rules: tuple[Path, Path], tmp_path: Path) -> None:
    def stopped(url: str, headers: Mapping[str, str], body: bytes) -> Reply:
        raise KeyboardInterrupt

    resume = tmp_path / "diff.resume"
    result = autotag(
        "rules", "diff", *rules, "--stored", "--stack", "prod", "--resume", resume, obj=fake_environment(stopped)
    )

    assert result.exit_code not in (0, 2)
    assert f"Stopped: the same command resumes where it stopped, with the progress in {resume}." in result.stderr


@pytest.mark.parametrize("answers", [0, 1, 3, 5, 7])
def test_an_interrupted_comparison_goes_on_where_it_was(
    answers: int, ops: FakeOps, rules: tuple[Path, Path], tmp_path: Path
) -> None:
    resume = tmp_path / "diff.resume"
    command = ("rules", "diff", *rules, "--stored", "--stack", "prod", "--json", "--resume", resume)
    broken = Breaking(ops, answers)

    first = autotag(*command, obj=fake_environment(broken))

    assert (first.exit_code, first.stdout) == (1, "")
    assert "the table is down" in first.stderr
    assert f"the same command resumes where it stopped, with the progress in {resume}" in first.stderr
    done = json.loads(resume.read_bytes())["counts"]["assets"]

    broken.left = 100
    second = autotag(*command, obj=fake_environment(broken))

    assert second.exit_code == 0
    assert second.stderr == (f"Resuming after {done:,} assets.\n" if done else "")
    found = json.loads(second.stdout)
    assert (found["assets"], found["changed"], found["tags"]) == (ASSETS + 1, 799, EXPECTED)
    assert not resume.exists()


def test_without_a_resume_file_the_hint_is_given(ops: FakeOps, rules: tuple[Path, Path]) -> None:
    result = autotag("rules", "diff", *rules, "--stored", "--stack", "prod", obj=fake_environment(Breaking(ops, 0)))

    assert result.exit_code == 1
    assert result.stderr.count("\n") == 1
    assert "with --resume FILE the next comparison could resume where this one stopped" in result.stderr


def test_a_resume_file_is_of_one_comparison(ops: FakeOps, rules: tuple[Path, Path], tmp_path: Path) -> None:
    resume = tmp_path / "diff.resume"
    arguments = ("--stored", "--stack", "prod", "--resume", resume)
    autotag("rules", "diff", *rules, *arguments, obj=fake_environment(Breaking(ops, 2)))
    before = resume.read_bytes()

    result = autotag("rules", "diff", *reversed(rules), *arguments, "--examples", "1", obj=fake_environment(ops))

    assert result.exit_code == 2
    assert result.stderr == (
        f"autotag: {resume}: is of another comparison, old and new and examples differ: remove it to start over\n"
    )
    assert resume.read_bytes() == before


@pytest.mark.parametrize("name", ["/dev/null", "folder", "pipe"])
def test_a_resume_file_that_no_file_can_replace_is_refused(
    name: str, ops: FakeOps, rules: tuple[Path, Path], tmp_path: Path
) -> None:
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    resume = tmp_path / name  # that of /dev/null is /dev/null

    result = autotag(
        "rules", "diff", *rules, "--stored", "--stack", "prod", "--resume", resume, obj=fake_environment(ops)
    )

    assert (result.exit_code, ops.received) == (2, [])
    assert result.stderr.startswith(f"autotag: {resume}: is not a regular file")


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b"\xff", b'{"comparison": 1}', b"[" * 100_000])
def test_what_is_no_resume_file_is_told(content: bytes, ops: FakeOps, rules: tuple[Path, Path], tmp_path: Path) -> None:
    resume = tmp_path / "notes.txt"
    resume.write_bytes(content)

    result = autotag(
        "rules", "diff", *rules, "--stored", "--stack", "prod", "--resume", resume, obj=fake_environment(ops)
    )

    assert result.exit_code == 2
    assert f"{resume}: is not a resume file of rules diff" in result.stderr
    assert resume.read_bytes() == content


def test_a_resume_file_that_cannot_be_written_is_told_before_anything_is_asked(
    ops: FakeOps, rules: tuple[Path, Path], tmp_path: Path
) -> None:
    resume = tmp_path / "none" / "diff.resume"

    result = autotag(
        "rules", "diff", *rules, "--stored", "--stack", "prod", "--resume", resume, obj=fake_environment(ops)
    )

    assert result.exit_code == 2
    assert f"{resume}: cannot be written (No such file or directory)" in result.stderr
    assert ops.received == []
