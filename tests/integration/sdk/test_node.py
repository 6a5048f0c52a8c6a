"""The official Node SDK drives the simulator: each file of node/ as a test, each of its tests as a subtest.

Node and the SDK are installed by ``make install``; without them these tests fail.
"""

import os
import signal
import subprocess
from pathlib import Path

import msgspec
import pytest

from local.core.paths import tool_path
from tests.integration.sdk.sdk_configuration import cloudinary_url
from tests.integration.sdk.sdk_lifecycle import KINDS
from tests.integration.simulator.simulator_client import KEY, SECRET, Simulator

SUITE = Path(__file__).parent / "node"
FILES = sorted(SUITE.glob("*.test.mjs"))
LIMIT_SECONDS = 60
TEST_LIMIT_SECONDS = 20


class Result(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One test of a file as ``reporter.mjs`` tells it; ``error`` is empty for one that passed."""

    name: str
    error: str
    skipped: bool


def run(file: Path, simulator: Simulator) -> tuple[list[Result], str]:
    """Run one file with Node's test runner and return the results of its tests, and what it wrote to stderr."""
    assert (SUITE / "node_modules" / "cloudinary").is_dir(), "the Node SDK is not installed: run `make test`"
    # the SDK leaves some answers unread, whose connections would keep a process that is done from ending
    options = ["--test", "--test-force-exit", f"--test-timeout={TEST_LIMIT_SECONDS * 1000}"]
    command = [str(tool_path("node", "node")), *options, "--test-reporter=./reporter.mjs", file.name]
    kept = {name: text for name, text in os.environ.items() if not name.startswith(("CLOUDINARY_", "NODE_"))}
    environment = {
        **kept,
        "CLOUDINARY_URL": cloudinary_url(simulator.url),
        "SIMULATOR_URL": simulator.url,
        "EVENT_KINDS": ",".join(KINDS),
        "SECOND_KEY": KEY,
        "SECOND_SECRET": SECRET,
    }
    child = subprocess.Popen(
        command, cwd=SUITE, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        text=True, start_new_session=True,
    )  # fmt: skip
    try:
        output, errors = child.communicate(timeout=LIMIT_SECONDS)
    finally:
        if child.poll() is None:
            os.killpg(child.pid, signal.SIGKILL)  # Node runs below a script that starts it
            child.communicate()
    results = [msgspec.json.decode(line, type=Result) for line in output.splitlines()]
    failed = any(result.error for result in results)
    assert bool(child.returncode) == failed, f"Node ended with {child.returncode}:\n{output}{errors}"
    return results, errors


def test_there_is_something_to_run() -> None:
    assert FILES


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_the_node_sdk_is_served_as_by_cloudinary(file: Path, simulator: Simulator, subtests: pytest.Subtests) -> None:
    results, errors = run(file, simulator)
    assert not errors, errors
    assert results, f"{file.name} has no test"
    for result in results:
        with subtests.test(result.name):
            assert not result.skipped
            assert not result.error, result.error
