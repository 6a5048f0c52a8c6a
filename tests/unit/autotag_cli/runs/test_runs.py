"""``autotag runs``: what was and is under way, by as much of an id as is needed, and stopping it."""

import io
import json

import pytest
import typer

from autotag_cli.runs.confirm import confirm
from tests.unit.autotag_cli.fake_library import FakeLibrary
from tests.unit.autotag_cli.fake_ops import CALLER
from tests.unit.autotag_cli.run_command import autotag


@pytest.fixture
def library() -> FakeLibrary:
    found = FakeLibrary()
    found.autotag("retag", "--folder", "stage", "--detach")
    return found


def flat(text: str) -> str:
    return " ".join(text.split())


def test_runs_are_listed_the_youngest_first(library: FakeLibrary) -> None:
    first = library.run.id
    library.autotag("backfill", "--prefix", "lost/", "--dry-run", "--detach")

    shown = library.autotag("runs")
    assert shown.exit_code == 0
    header, youngest, oldest = shown.stdout.splitlines()
    assert header.split()[:4] == ["Run", "Action", "Status", "Started"]
    assert flat(youngest).startswith(f"{library.run.id[:12]} backfill, dry running")
    assert flat(youngest).endswith("0 seen, 0 new, 0 reads prefix lost/")
    assert flat(oldest).startswith(f"{first[:12]} retag running")
    assert flat(oldest).endswith("0 of 0 changed, 0 looked at folder stage")
    assert [run["id"] for run in json.loads(library.autotag("runs", "list", "--json").stdout)] == [
        library.run.id,
        first,
    ]
    assert library.autotag("runs", "--json").stdout == library.autotag("runs", "list", "--json").stdout


def test_a_stack_without_runs_says_so() -> None:
    result = FakeLibrary().autotag("runs")

    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "There was no run yet.\n")


def test_a_run_is_shown_with_what_it_is_about_and_is_not_gone_on_with(library: FakeLibrary) -> None:
    shown = flat(library.autotag("runs", "show", library.run.id).stdout)

    assert f"run {library.run.id} action retag status running" in shown and f"by {CALLER}" in shown
    assert "assets folder stage" in shown and "rules seq 1 or later" in shown
    assert "looked at 0 assets, not all yet" in shown
    assert library.run.counts.seen == 0
    assert json.loads(library.autotag("runs", "show", library.run.id, "--json").stdout)["filter"] == {"folder": "stage"}


def test_a_watched_run_goes_on_and_its_end_is_told(library: FakeLibrary) -> None:
    result = library.autotag("runs", "watch", library.run.id)

    assert result.exit_code == 0 and library.run.status == "done" and library.slept
    assert "status done" in flat(result.stdout)
    again = library.autotag("runs", "watch", library.run.id, "--json")
    assert (again.exit_code, json.loads(again.stdout)["status"]) == (0, "done")


def test_a_run_is_paused_and_resumed_and_cancelled(library: FakeLibrary) -> None:
    paused = library.autotag("runs", "pause", library.run.id)
    assert paused.exit_code == 0 and f"status paused, by {CALLER}" in flat(paused.stdout)
    assert library.autotag("runs", "watch", library.run.id).exit_code == 1

    assert "status running" in flat(library.autotag("runs", "resume", library.run.id).stdout)
    assert library.autotag("runs", "watch", library.run.id).exit_code == 0

    library.autotag("retag", "--folder", "stage", "--detach")
    cancelled = library.autotag("runs", "cancel", library.run.id, "--json")
    assert (cancelled.exit_code, json.loads(cancelled.stdout)["status"]) == (0, "cancelled")


@pytest.mark.parametrize("verb", ["pause", "resume", "cancel"])
def test_a_run_that_is_over_cannot_be_told_anything(verb: str, library: FakeLibrary) -> None:
    library.autotag("runs", "watch", library.run.id)
    result = library.autotag("runs", verb, library.run.id)

    assert (result.exit_code, result.stdout) == (1, "")
    assert f"nothing was changed: the run is done, so you cannot {verb} it" in result.stderr


def test_an_id_may_be_shortened_as_long_as_it_is_one_runs(library: FakeLibrary) -> None:
    short = library.run.id[:6]
    assert library.run.id in library.autotag("runs", "show", short).stdout

    library.autotag("retag", "--yes", "--detach")
    result = library.autotag("runs", "show", short)
    assert result.exit_code == 2
    assert f"ID: {short} matches several runs, expected more digits of one of " in result.stderr
    assert all(run_id in result.stderr for run_id in library.fakes.runs.items)


@pytest.mark.parametrize("text", ["12345", "xyz123", "f" * 33, "../etc", "ABCDEF"])
def test_what_is_no_id_is_told_and_nobody_asked(text: str, library: FakeLibrary) -> None:
    call = len(library.received)
    result = library.autotag("runs", "show", text)

    assert result.exit_code == 2 and "ID: expected a run's id, or its first six digits or more" in result.stderr
    assert len(library.received) == call


@pytest.mark.parametrize("text", ["ffffff", "f" * 32])
def test_a_run_that_never_was_is_a_no(text: str, library: FakeLibrary) -> None:
    result = library.autotag("runs", "show", text)

    assert result.exit_code == 1 and text in result.stderr


@pytest.mark.parametrize("command", ["list", "show", "watch", "pause", "resume", "cancel"])
def test_each_command_explains_itself(command: str) -> None:
    assert command in autotag("runs", "--help").stdout
    assert autotag("runs", command, "--help").exit_code == 0


class Terminal(io.StringIO):
    """Somebody who types."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("answer", ["y\n", "what?\ny\n"])
def test_a_yes_on_a_terminal_is_a_yes(answer: str, capsys: pytest.CaptureFixture[str]) -> None:
    confirm("Everything?", yes=False, terminal=Terminal(answer))

    captured = capsys.readouterr()
    assert captured.out == "" and captured.err.startswith("Everything? [y/n]")


@pytest.mark.parametrize("answer", ["n\n", "\n", ""])
def test_anything_else_starts_nothing(answer: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(typer.Exit) as exit_:
        confirm("Everything?", yes=False, terminal=Terminal(answer))

    assert exit_.value.exit_code == 1
    assert "Nothing was started." in capsys.readouterr().err
