"""The console of a real local stack, with drawn pictures about which people are asked."""

import signal
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import NoReturn

import pytest
from playwright.sync_api import Browser, Page, StorageState

from local.clients.ops import ops
from local.stack.run_folders import new_run_folder
from local.stack.stack import Stack, temporary_stack
from tests.browser.conftest import NewPage
from tests.browser.stack.console_process import ConsoleProcess, running_console
from tests.browser.stack.library import ASKS, upload_pictures
from tests.browser.stack.scenes import draw

PICTURES = 24


@pytest.fixture(scope="session")
def folder() -> Path:
    return new_run_folder("browser")


@pytest.fixture(scope="session")
def stack(folder: Path, request: pytest.FixtureRequest) -> Iterator[Stack]:
    """A stack of this run's own, whose rules ask people; they are pushed before any worker starts."""
    previous = signal.signal(signal.SIGTERM, _terminated)
    try:
        with temporary_stack(folder, print, keep_logs=lambda: bool(request.session.testsfailed)) as started:
            ops(started).push_rules(ASKS, None)
            yield started
    finally:
        signal.signal(signal.SIGTERM, previous)


@pytest.fixture(scope="session")
def library(stack: Stack, chromium: Browser) -> dict[str, str]:
    """The asset_ids of the uploaded pictures, by public_id."""
    return upload_pictures(stack, draw(chromium, PICTURES), within=120)


@pytest.fixture(scope="session")
def console(stack: Stack, folder: Path) -> Iterator[ConsoleProcess]:
    with running_console(stack, folder / "console.log") as console:
        yield console


@pytest.fixture(scope="session")
def signed_in(console: ConsoleProcess, chromium: Browser) -> StorageState:
    """The session that the console's address has opened."""
    context = chromium.new_context()
    context.new_page().goto(console.start_url)
    state = context.storage_state()
    context.close()
    return state


@pytest.fixture
def page(new_page: NewPage, signed_in: StorageState, library: dict[str, str]) -> Page:
    """A page in the session of a person who opened the console."""
    return new_page(storage_state=signed_in)


def _terminated(number: int, _frame: FrameType | None) -> NoReturn:
    pytest.exit(f"ended by signal {number}", returncode=128 + number)
