"""A command that changes something names the stack that it works on; one that only looks does not."""

from pathlib import Path

import pytest

from tests.unit.autotag_cli.fake_ops import FakeOps
from tests.unit.autotag_cli.fake_stack import DOCUMENT, FakeStack
from tests.unit.autotag_cli.run_command import PROJECT, autotag, fake_environment

RULES = PROJECT / "docs" / "rules.example.toml"
NAMED = "Working on the stack prod in eu-west-1."
CHANGING: list[tuple[str | Path, ...]] = [
    ("rules", "push", RULES),
    ("retag", "--yes", "--detach"),
    ("revert", "--tag", "dog", "--yes", "--detach"),
    ("backfill", "--detach"),
    ("runs", "pause", "0" * 32),
    ("runs", "resume", "0" * 32),
    ("runs", "cancel", "0" * 32),
    ("review", "accept", "a1", "dog"),
    ("review", "reject", "a1", "dog"),
    ("review", "clear", "a1", "dog"),
]
LOOKING: list[tuple[str | Path, ...]] = [
    ("rules", "push", RULES, "--dry-run"),
    ("rules", "active"),
    ("retag", "--dry-run"),
    ("runs", "list"),
    ("review", "list"),
    ("show", "a1"),
]


def words(arguments: tuple[str | Path, ...]) -> str:
    return " ".join(str(each) for each in arguments if not isinstance(each, Path))


@pytest.mark.parametrize("arguments", CHANGING, ids=words)
def test_a_command_that_changes_something_names_the_stack(arguments: tuple[str | Path, ...]) -> None:
    """So that a shell with another ``AUTOTAG_STACK`` is noticed at once; it is named on stderr, before the change."""
    result = autotag(*arguments, obj=fake_environment(FakeOps(), variables={"AUTOTAG_STACK": "prod"}))
    assert NAMED in result.stderr and NAMED not in result.stdout


@pytest.mark.parametrize("arguments", LOOKING, ids=words)
def test_a_command_that_only_looks_names_none(arguments: tuple[str | Path, ...]) -> None:
    result = autotag(*arguments, obj=fake_environment(FakeOps(), variables={"AUTOTAG_STACK": "prod"}))
    assert NAMED not in result.output


def test_setup_names_the_stack_unless_it_only_plans() -> None:
    stack = FakeStack(DOCUMENT)
    assert NAMED in autotag("setup", "--stack", "prod", "--no-probe", obj=stack.environment).stderr
    assert NAMED not in autotag("setup", "--stack", "prod", "--dry-run", obj=stack.environment).output
