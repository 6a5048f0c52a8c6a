"""One deployed stack for the whole run: the real template on the AWS emulator, against the simulated Cloudinary.

``stack.outputs`` are the template's outputs, ``stack.client("dynamodb")`` is a boto3 client of the emulator,
``stack.simulator_url`` is the simulated Cloudinary, ``stack.environment()`` is the environment for ``autotag``;
``local.clients.functions`` reads what a function logged, ``local.clients.cloudinary`` calls Cloudinary,
``local.core.waiting.until`` waits for a condition.
"""

import re
import signal
from collections.abc import Generator, Iterator
from pathlib import Path
from types import FrameType
from typing import NoReturn

import pytest

from local.stack.run_folders import new_run_folder
from local.stack.stack import Stack, temporary_stack
from tests.e2e.deployment.aws_calls import recording
from tests.e2e.setup_commands import SIGNING, command

_WARNINGS = {
    "the emulator": re.compile(r"^[-0-9]+ [:0-9]+ (WARNING|ERROR) (?!\[samtranslator)"),
    "the functions": re.compile(r"\"level\":\"(WARNING|ERROR)\""),
}
_LINES, _COLUMNS = 20, 400


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Function) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show what the emulator and the functions warned of last where a test failed: an event may have been lost."""
    report = yield
    run = item.funcargs.get("folder")
    if report.failed and isinstance(run, Path) and (log := run / "ministack.log").exists():
        lines = log.read_text("utf-8", "replace").splitlines()
        for who, warning in _WARNINGS.items():
            warned = [line[:_COLUMNS] for line in lines if warning.search(line)]
            report.sections.append((f"warnings of {who}", "\n".join(warned[-_LINES:])))
    return report


@pytest.fixture(scope="session")
def folder() -> Path:
    """The run folder of this run's stack; processes of its functions are known by it."""
    return new_run_folder("test")


@pytest.fixture(scope="session")
def stack(request: pytest.FixtureRequest, folder: Path) -> Iterator[Stack]:
    """A stack of this run's own, on ports and in a folder of its own; only logs are left, if a test failed."""
    previous = signal.signal(signal.SIGTERM, _terminated)
    try:
        keep = lambda: bool(request.session.testsfailed)  # noqa: E731
        with temporary_stack(
            folder, print, parameters={"Console": "on"}, function_variables=recording(folder), keep_logs=keep
        ) as started:
            yield started
    finally:
        signal.signal(signal.SIGTERM, previous)


@pytest.fixture(scope="module")
def working_stack(stack: Stack) -> Iterator[None]:
    """A stack that is set up, and whose last notification was a valid one; it is set up again afterwards."""
    assert command(stack, "setup").code == 0
    yield
    restored = command(stack, "setup", "--no-probe", "--writer-key-dedicated", **SIGNING)
    assert restored.code == 0, restored


def _terminated(number: int, _frame: FrameType | None) -> NoReturn:
    pytest.exit(f"ended by signal {number}", returncode=128 + number)
