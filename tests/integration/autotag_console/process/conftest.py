"""A console in a thread, which starts quickly, and the command in a folder with a local stack."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from autotag_cli.stack.target import Reply
from local.core.waiting import until
from tests.integration.autotag_console.process.console_process import (
    PATIENCE,
    Console,
    ConsoleProcess,
    running_process,
    running_thread,
)
from tests.integration.autotag_console.process.ops_server import CLOUDINARY_SECRET, OpsServer
from tests.unit.autotag_cli.fake_review_queue import FakeReviewQueue


class Stack:
    """A stack in memory. ``asked`` holds the bodies of the requests to its ops function."""

    def __init__(self) -> None:
        self.queue = FakeReviewQueue()
        self.asked: list[bytes] = []

    def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Reply:
        """Answer as AWS does: STS, or the ops function."""
        if "sts." in url:
            return Reply(403, b"")
        self.asked.append(body)
        return self.queue(url, headers, body)


@pytest.fixture
def stack() -> Stack:
    return Stack()


@pytest.fixture
def console(stack: Stack) -> Iterator[Console]:
    with running_thread(stack.post, {"CLOUDINARY_URL": f"cloudinary://111:{CLOUDINARY_SECRET}@demo"}) as running:
        until(lambda: len(stack.asked) == 3, "what is asked for at the start", within=PATIENCE)
        stack.asked.clear()
        yield running


@pytest.fixture
def ops() -> Iterator[OpsServer]:
    with OpsServer() as server:
        yield server


@pytest.fixture
def folder(tmp_path: Path, ops: OpsServer) -> Path:
    """A folder in which the command finds the local stack."""
    ops.describe(tmp_path)
    return tmp_path


@pytest.fixture
def process(folder: Path) -> Iterator[ConsoleProcess]:
    with running_process(folder) as running:
        yield running
