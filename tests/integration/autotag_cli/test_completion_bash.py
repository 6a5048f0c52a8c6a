"""Completion in a real bash: installed as a person would, and asked for with the tabulator key."""

import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pexpect
import pytest

COMMANDS = Path(sys.executable).parent
_PROMPT = r"\[ready\] "
_CLEAR_LINE = "\x15"


class Bash:
    """An interactive bash whose home is ``home``, in the folder ``home``/work."""

    def __init__(self, home: Path) -> None:
        environment = {"HOME": str(home), "PATH": f"{COMMANDS}{os.pathsep}{os.defpath}", "LANG": "C.UTF-8"}
        self._bash: pexpect.spawn[str] = pexpect.spawn(
            "/bin/bash", ["--noprofile", "-i"],
            cwd=str(home / "work"), env={**environment, "TERM": "dumb", "INPUTRC": str(home / "inputrc")},
            encoding="utf-8", dimensions=(50, 160), timeout=30,
        )  # fmt: skip
        self._bash.expect(_PROMPT)

    def run(self, line: str) -> str:
        """Run a line, and return what it printed."""
        self._bash.sendline(line)
        self._bash.expect_exact(line)
        self._bash.expect(_PROMPT)
        return str(self._bash.before)

    def completes(self, words: str, to: str) -> bool:
        """Return whether one tabulator makes ``words`` become ``to``; the line is not run."""
        return self._shows(f"{words}\t", re.escape(to))

    def offers(self, words: str, *names: str) -> bool:
        """Return whether two tabulators list just ``names``."""
        return self._shows(f"{words}\t\t", r"\s+".join([re.escape(words.rstrip()), *names, re.escape("[ready] ")]))

    def close(self) -> None:
        """End it."""
        self._bash.close(force=True)

    def _shows(self, keys: str, pattern: str) -> bool:
        self._bash.send(keys)
        shown = self._bash.expect([pattern, pexpect.TIMEOUT], timeout=20) == 0
        self._bash.send(f"{_CLEAR_LINE}echo cleared")
        self._bash.expect_exact("echo cleared")
        self._bash.sendline("")
        self._bash.expect(_PROMPT)
        return shown


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "work" / "events").mkdir(parents=True)
    (tmp_path / "work" / "acme.toml").write_text('name = "acme"\n')
    (tmp_path / "inputrc").write_text("set bell-style none\n")
    (tmp_path / ".bashrc").write_text("PS1='[ready] '\n")
    return tmp_path


@pytest.fixture(params=["installed", "sourced"])
def bash(home: Path, request: pytest.FixtureRequest) -> Iterator[Bash]:
    first = Bash(home)
    if request.param == "installed":
        assert "completion installed" in first.run("autotag --install-completion")
        first.close()
        first = Bash(home)  # a new terminal reads what was installed
    else:
        first.run("source <(autotag --show-completion)")
    yield first
    first.close()


def test_bash_completes_commands_options_and_files(bash: Bash) -> None:
    assert bash.completes("autotag doc", "autotag doctor ")
    assert bash.completes("autotag rules che", "autotag rules check ")
    assert bash.completes("autotag rules tr", "autotag rules translate ")
    assert bash.completes("autotag rules check --str", "autotag rules check --strict ")
    assert bash.completes("autotag --stack prod ret", "autotag --stack prod retag ")
    assert bash.completes("autotag rules check ac", "autotag rules check acme.toml ")
    assert bash.completes("autotag decide --rules ac", "autotag decide --rules acme.toml ")
    assert bash.completes("autotag upload ev", "autotag upload events/")
    assert bash.offers("autotag ru", "rules", "runs")
    assert bash.offers(
        "autotag rules ",
        "active",
        "check",
        "diff",
        "example",
        "init",
        "push",
        "schema",
        "suggest",
        "translate",
        "versions",
    )
    assert bash.offers("autotag show --", "--help", "--json", "--profile", "--raw", "--region", "--stack")
