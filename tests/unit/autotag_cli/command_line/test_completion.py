"""Shell completion: what the shell asks, and what the command answers."""

import pytest

from tests.unit.autotag_cli.run_command import autotag


def completed(words: str, shell: str = "bash") -> list[str]:
    """Return what completes the last word of a line."""
    line = f"autotag {words}"
    answer = autotag(
        env={"_AUTOTAG_COMPLETE": f"complete_{shell}", "COMP_WORDS": line, "COMP_CWORD": str(len(line.split(" ")) - 1)}
    )
    return answer.stdout.split()


@pytest.mark.parametrize(
    ("words", "answers"),
    [
        ("rul", ["rules"]),
        ("re", ["replay", "retag", "revert", "resource", "review"]),
        ("rules pu", ["push"]),
        ("rules check --str", ["--strict"]),
        ("show --reg", ["--region"]),
        ("--pro", ["--profile"]),
        ("runs --st", ["--stack"]),
    ],
)
def test_commands_and_options_are_completed(words: str, answers: list[str]) -> None:
    assert sorted(completed(words)) == sorted(answers)


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_of_a_shell_asks_this_command(shell: str) -> None:
    result = autotag(env={"_AUTOTAG_COMPLETE": f"source_{shell}"})

    assert result.exit_code == 0
    assert f"_AUTOTAG_COMPLETE=complete_{shell}" in result.stdout


def test_completion_can_be_shown_and_installed() -> None:
    shown = autotag("--help").stdout

    assert "--install-completion" in shown and "--show-completion" in shown
