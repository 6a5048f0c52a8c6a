"""``--stack``, ``--region`` and ``--profile`` before and after every command that works on a stack."""

from dataclasses import replace
from pathlib import Path

import pytest

from autotag.domain.errors import Invalid
from autotag.domain.model.audit import audit_id
from autotag_cli.stack.environment import Environment
from autotag_cli.stack.target import Target
from tests.unit.autotag_cli.command_line.commands import ON_STACK, required
from tests.unit.autotag_cli.run_command import autotag, fake_environment

EACH = pytest.mark.parametrize("words", ON_STACK, ids=" ".join)


AUDIT = audit_id("a1", 1_780_000_000_000, "1f2e3d4c")


class Looked:
    """An account without stacks that keeps what it was asked for."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str | None, str | None]] = []

    def find(self, name: str, region: str | None, profile: str | None) -> Target:
        self.asked.append((name, region, profile))
        raise Invalid("stack", f"there is no {name!r}")

    @property
    def environment(self) -> Environment:
        variables = {"CLOUDINARY_URL": "cloudinary://1:s@demo"}
        return replace(fake_environment(variables=variables), find=self.find)


def arguments(words: tuple[str, ...], rules: Path) -> list[str]:
    """Return what a command needs besides the stack to ask for it."""
    needed = {
        ("labels", "list"): ["--stored"],
        ("rules", "check"): [str(rules), "--stored"],
        ("rules", "push"): [str(rules)],
        ("review", "undo"): [AUDIT],
        ("rules", "diff"): ["active", "active", "--stored"],
        ("rules", "suggest"): ["--stored"],
        ("rules", "translate"): ["--to", "de", "--stored"],
        ("revert",): ["--all", "--yes"],
        ("export",): [str(rules.with_name("out.jsonl"))],
    }
    return needed.get(words, required(words))


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    path = tmp_path / "rules.toml"
    path.write_text('name = "x"\n')
    return path


@EACH
def test_before_the_command(words: tuple[str, ...], rules: Path) -> None:
    looked = Looked()
    before = ("--stack", "prod", "--region", "ap-south-1", "--profile", "work")
    autotag(*before, *words, *arguments(words, rules), obj=looked.environment)

    assert looked.asked == [("prod", "ap-south-1", "work")]


@EACH
def test_after_the_command(words: tuple[str, ...], rules: Path) -> None:
    looked = Looked()
    after = ("--stack", "prod", "--region", "ap-south-1", "--profile", "work")
    autotag(*words, *arguments(words, rules), *after, obj=looked.environment)

    assert looked.asked == [("prod", "ap-south-1", "work")]


@EACH
def test_the_later_one_wins(words: tuple[str, ...], rules: Path) -> None:
    looked = Looked()
    before = ("--stack", "first", "--region", "eu-west-1", "--profile", "home")
    after = ("--stack", "second", "--region", "ap-south-1")
    autotag(*before, *words, *arguments(words, rules), *after, obj=looked.environment)

    assert looked.asked == [("second", "ap-south-1", "home")]


@pytest.mark.parametrize("words", ["--stack a runs --stack b list", "runs --stack b list", "runs --stack b"])
def test_between_a_group_and_its_command(words: str) -> None:
    looked = Looked()
    autotag(*words.split(), obj=looked.environment)

    assert looked.asked == [("b", None, None)]


@pytest.mark.parametrize("option", ["--region", "--profile"])
def test_a_region_or_a_profile_without_a_stack_is_refused(option: str) -> None:
    result = autotag("show", "x", option, "y")

    assert result.exit_code == 2
    expected = "expected with --stack NAME or AUTOTAG_STACK, since a local stack has none"
    assert result.stderr == f"autotag: {option}: {expected}\n"
