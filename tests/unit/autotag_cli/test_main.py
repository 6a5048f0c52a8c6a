"""The command as a whole."""

import re

import pytest

from tests.unit.autotag_cli.run_command import autotag


def test_version() -> None:
    result = autotag("--version")

    assert result.exit_code == 0
    assert re.fullmatch(r"autotag \d+\.\d+\.\d+\n", result.stdout)


@pytest.mark.parametrize(
    "command",
    [
        "decide",
        "verify",
        "capture",
        "show",
        "audits",
        "replay",
        "upload",
        "explicit",
        "update",
        "resource",
        "tags",
        "setup",
        "doctor",
    ],
)
def test_each_command_explains_itself(command: str) -> None:
    assert command in autotag("--help").stdout
    assert autotag(command, "--help").exit_code == 0


@pytest.mark.parametrize(
    "arguments", [("nosuch",), ("decide",), ("show",), ("audits", "x", "--limit", "0"), ("verify", "x")]
)
def test_wrong_usage(arguments: tuple[str, ...]) -> None:
    result = autotag(*arguments)

    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("autotag: ") and result.stderr.count("\n") == 1
