"""The commands that the documents give exist, with the options that they are given."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import botocore.session
import pytest
import typer.main
from botocore import xform_name

from autotag_cli.main import app
from tests.unit.docs.pages import PAGES, PROJECT, code, name

GLOBAL = {"query", "output"}
SESSION: Any = botocore.session.get_session()


class Command(NamedTuple):
    """One call of the AWS CLI as a document writes it."""

    page: str
    service: str
    operation: str
    options: tuple[str, ...]


def commands() -> Iterator[Command]:
    for page in PAGES:
        for line in code(page).splitlines():
            for call in re.split(r"\baws (?=[a-z])", line)[1:]:
                service, operation, *rest = re.split(r"[\s)]+", call.partition("  #")[0])
                if operation == "wait":
                    operation = f"wait {rest.pop(0)}"
                options = re.findall(r"(?<![\w-])--([a-z-]+)", call.partition("  #")[0])
                yield Command(name(page), service, operation, tuple(options))


COMMANDS = sorted(set(commands()))


def members(command: Command) -> tuple[set[str], set[str]]:
    """Return the options that the service's own model of an operation knows, and those that it requires."""
    model = SESSION.get_service_model(command.service)
    if command.operation.startswith("wait "):
        waiters = SESSION.get_waiter_model(command.service)
        names = {xform_name(each, "-"): each for each in waiters.waiter_names}
        operation = waiters.get_waiter(names[command.operation.removeprefix("wait ")]).operation
    else:
        operation = {xform_name(each, "-"): each for each in model.operation_names}[command.operation]
    shape = model.operation_model(operation).input_shape
    known = {xform_name(each, "-"): shape.members[each] for each in shape.members}
    negated = {f"no-{each}" for each, member in known.items() if member.type_name == "boolean"}
    return set(known) | negated, {xform_name(each, "-") for each in shape.required_members}


@pytest.mark.parametrize("command", COMMANDS, ids=lambda each: f"{each.service} {each.operation}")
def test_a_command_of_aws_exists_and_has_its_options(command: Command) -> None:
    known, required = members(command)
    assert required <= set(command.options) <= known | GLOBAL


def test_the_runbook_has_commands() -> None:
    assert len([command for command in COMMANDS if command.page == "docs/operations.md"]) > 30


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_a_command_of_autotag_exists(page: Path) -> None:
    group = typer.main.get_command(app)
    subcommands = group.commands  # type: ignore[attr-defined]
    for words in re.findall(r"^(?:\.venv/bin/)?autotag ([a-z]+)(?: ([a-z]+))?", code(page), re.MULTILINE):
        assert words[0] in subcommands
        if hasattr(subcommands[words[0]], "commands") and not hasattr(subcommands[words[0]], "default"):
            assert words[1] in subcommands[words[0]].commands


@pytest.mark.parametrize(("tool", "folder"), [("autotag", ".venv/bin"), ("sam", ".tools/sam/bin")])
def test_readme_installs_a_tool_and_puts_it_on_the_path_before_it_calls_it(tool: str, folder: str) -> None:
    lines = code(PROJECT / "README.md").splitlines()
    called = next(at for at, line in enumerate(lines) if line.startswith(f"{tool} "))
    (path,) = [at for at, line in enumerate(lines[:called]) if line.startswith("export PATH=")]
    assert "make install" in [line.partition("#")[0].strip() for line in lines[:path]]
    assert f"$PWD/{folder}:" in lines[path]


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_a_target_of_make_exists(page: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", (PROJECT / "Makefile").read_text("utf-8"), re.MULTILINE))
    assert set(re.findall(r"^make ([a-z]+)", code(page), re.MULTILINE)) <= targets
