"""The tasks of README.md: files exist or are made by a command above, and options are real."""

import re
import shlex
from typing import Any

import pytest
import typer.main

from autotag_cli.main import app
from tests.unit.autotag_cli.run_command import PROJECT

TASKS = (PROJECT / "README.md").read_text("utf-8").partition("\n## Tasks\n")[2].partition("\n## ")[0]
_ROWS = "\n".join(line for line in TASKS.splitlines() if line.startswith("|"))
COMMANDS = [code for code in re.findall(r"`(autotag [^`]+)`", _ROWS) if "PUBLIC_ID" not in code]
MAKES_FILE = re.compile(r"autotag (?:rules init|export) (\S+)|--out (\S+)")
FILE = re.compile(r"[\w./-]+\.(?:toml|jsonl|json)|events/[\w/]+")


@pytest.mark.parametrize("command", COMMANDS)
def test_a_file_that_a_task_names_exists_or_is_made_above(command: str) -> None:
    above = COMMANDS[: COMMANDS.index(command) + 1]
    made = {name for each in above for found in MAKES_FILE.finditer(each) for name in found.groups() if name}

    assert [name for name in FILE.findall(command) if name not in made and not (PROJECT / name).exists()] == []


@pytest.mark.parametrize("command", COMMANDS)
def test_a_task_names_a_command_with_its_options(command: str) -> None:
    found: Any = typer.main.get_command(app)
    words = shlex.split(command)[1:]
    while words and hasattr(found, "commands"):
        found = found.commands[words.pop(0) if words[0] in found.commands else found.default]
    known = {name for param in found.params for name in (*param.opts, *param.secondary_opts)}

    assert {word for word in words if word.startswith("--")} - known == set()
