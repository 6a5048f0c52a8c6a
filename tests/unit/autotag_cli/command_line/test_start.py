"""What a start of the command imports: the command that is called, and nothing that it does not need."""

import subprocess
import sys

import pytest

from autotag_cli.main import app
from tests.unit.autotag_cli.command_line.commands import COMMANDS
from tests.unit.autotag_cli.run_command import PROJECT

FILE = str(PROJECT / "events" / "responses" / "upload-guitarist.json")
SLOW = {"boto3", "botocore", "pydantic", "requests", "urllib3", "tree_sitter", "jsonschema", "cryptography", "asyncio"}
SHARED = {"command_line", "terminal", "input", "errors", "main"}
"""What is in every start, beside the command that is called."""


def imported(*arguments: str) -> set[str]:
    """Return the modules that a call of the command has loaded at its end."""
    code = (
        f"import sys; sys.argv = ['autotag', *{list(arguments)!r}]\n"
        "from autotag_cli.main import app\n"
        "try:\n    app()\n"
        "finally:\n    print(*sorted(sys.modules), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=PROJECT)
    return set(done.stderr.splitlines()[-1].split())


def packages(modules: set[str]) -> set[str]:
    """Return the packages of the command among ``modules``."""
    return {name.split(".")[1] for name in modules if name.startswith("autotag_cli.")}


@pytest.mark.parametrize(
    "arguments",
    [("--help",), ("--version",), ("decide", "--help"), ("decide", FILE), ("decide", FILE, "--json"), ("rules", "-h")],
)
def test_a_start_imports_nothing_that_it_does_not_need(arguments: tuple[str, ...]) -> None:
    roots = {name.partition(".")[0] for name in imported(*arguments)}

    assert roots & SLOW == set()


@pytest.mark.parametrize("arguments", [("--help",), ("decide", "--help"), ("decide", FILE, "--json")])
def test_rich_is_imported_for_tables_alone(arguments: tuple[str, ...]) -> None:
    assert "rich" not in imported(*arguments)


@pytest.mark.parametrize("arguments", [("decide", FILE), ("decide", FILE, "--json"), ("decide", "--help")])
def test_decide_loads_no_other_command(arguments: tuple[str, ...]) -> None:
    assert packages(imported(*arguments)) <= {"decide", *SHARED}


def test_every_command_that_help_names_can_be_loaded_and_is_called_as_its_definition_is() -> None:
    assert {words[0] for words in COMMANDS if words} == {name for name in COMMANDS[()].commands}
    assert all(COMMANDS[()].commands[name].name == name for name in COMMANDS[()].commands)
    assert app.registered_commands == []
