"""Help of every command."""

import re
from typing import get_args

import pytest

from autotag_cli.command_line.groups import Panel
from tests.unit.autotag_cli.command_line.commands import COMMANDS
from tests.unit.autotag_cli.run_command import autotag

ALL = pytest.mark.parametrize("words", sorted(COMMANDS), ids=" ".join)


@ALL
def test_h_shows_the_same_as_help(words: tuple[str, ...]) -> None:
    short, long = autotag(*words, "-h"), autotag(*words, "--help")

    assert (short.exit_code, short.stdout) == (0, long.stdout)
    assert long.stdout.startswith(f"Usage: {' '.join(('autotag', *words))} ")
    assert "-h, --help" in long.stdout


@ALL
def test_no_value_is_named_after_a_type(words: tuple[str, ...]) -> None:
    shown = autotag(*words, "--help").stdout

    assert re.findall(r"<\w+>|\b(?:TEXT|INTEGER|FLOAT|BOOLEAN)\b|<\w+ range>|list\[", shown) == []


def test_help_shows_the_commands_by_tasks() -> None:
    shown = autotag("--help").stdout

    panels = ["Look", "Rules", "Library", "Cloudinary", "Set up and operate"]
    assert re.findall(r"^(\S.*):$", shown, re.MULTILINE) == ["Options", *panels]
    assert list(get_args(Panel)) == panels
    for title, command in zip(panels, ("audits", "rules", "retag", "upload", "doctor"), strict=True):
        assert re.search(rf"^{title}:\n(?:  .*\n)*  {command} ", shown, re.MULTILINE)


def test_each_command_is_described_by_a_whole_sentence() -> None:
    for words in COMMANDS:
        if hasattr(COMMANDS[words], "commands"):
            assert "..." not in autotag(*words, "--help").stdout.replace("[ARGS]...", "").replace("COMMAND...", "")


def test_without_a_command_the_help_is_shown_and_the_exit_code_says_that_nothing_was_done() -> None:
    result = autotag()

    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == autotag("--help").stdout
