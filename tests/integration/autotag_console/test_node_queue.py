"""The page's script that holds answers, run by Node: each file of node/ as a test. It is a module without packages."""

import subprocess
from pathlib import Path

import pytest

from local.core.paths import tool_path

SUITE = Path(__file__).parent / "node"
FILES = sorted(SUITE.glob("*.test.mjs"))
LIMIT_SECONDS = 120


def test_there_is_something_to_run() -> None:
    assert FILES


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_answers_are_sent_once_late_or_never_whatever_happens(file: Path) -> None:
    command = [str(tool_path("node", "node")), "--test", "--test-reporter=tap", file.name]
    result = subprocess.run(command, cwd=SUITE, capture_output=True, text=True, timeout=LIMIT_SECONDS, check=False)
    assert result.returncode == 0 and "# pass 0" not in result.stdout, result.stdout + result.stderr
