"""README.md: a first success on one screen, and tasks that run as they stand."""

import re
import shlex
from contextlib import chdir
from pathlib import Path

import pytest

from local.core.credentials import NOTIFICATION_SECRET
from tests.unit.autotag_cli.run_command import PROJECT, autotag

PAGE = PROJECT / "README.md"
TEXT = PAGE.read_text("utf-8")
TASKS = TEXT.partition("\n## Tasks\n")[2].partition("\n## ")[0]
SCREEN = 60
"""Lines that a reader sees without paging far."""
OFFLINE = ("decide", "rules init", "rules example", "rules check", "rules schema", "capture", "verify")

CALLS = [call for call in re.findall(r"`(autotag [^`]+)`", TASKS) if "-" not in call.split()[1]]


def test_three_lines_say_what_it_is() -> None:
    opening = TEXT.partition("\n```")[0].strip().splitlines()
    assert opening[0] == "# autotag" and len([line for line in opening[1:] if line]) == 3


def test_a_picture_and_the_way_to_a_first_success_are_on_the_first_screen() -> None:
    first = "\n".join(TEXT.splitlines()[:SCREEN])
    assert first.index("$ autotag decide") < first.index("```mermaid") < first.index("\nmake demo ")


def test_two_commands_show_it_at_work() -> None:
    block = TEXT.partition("## See it work\n")[2].partition("```bash\n")[2].partition("\n```")[0]
    assert [line.partition("  ")[0].strip() for line in block.splitlines()] == [
        "make demo",
        ".venv/bin/autotag decide events/responses/upload-guitarist.json",
    ]


def test_tasks_are_in_six_groups() -> None:
    groups = ["Look", "Rules", "Library", "Reviews", "Cloudinary", "Operate"]
    assert re.findall(r"^### (.*)$", TASKS, re.MULTILINE) == groups


@pytest.mark.parametrize("call", [call for call in CALLS if call.removeprefix("autotag ").startswith(OFFLINE)])
def test_a_task_that_needs_no_stack_runs_as_it_stands(call: str, tmp_path: Path) -> None:
    for folder in ("docs", "events"):
        (tmp_path / folder).symlink_to(PROJECT / folder)
    with chdir(tmp_path):
        result = autotag(*shlex.split(call)[1:], env={"AUTOTAG_SECRET": NOTIFICATION_SECRET})
    assert result.exit_code == (1 if "forged" in call else 0), result.output
    assert result.output


def test_the_tasks_are_found() -> None:
    assert len(CALLS) > 20
