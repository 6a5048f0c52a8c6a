"""A real browser: one Chromium for the whole run, and for each test its own pages, whose faults fail the test.

What the tests look at is kept in ``.local/screenshots``.
"""

import re
from collections.abc import Callable, Generator, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page, expect

from local.core.paths import LOCAL
from tests.browser.chromium import running_chromium
from tests.browser.page_faults import PageFaults

SCREENSHOTS = LOCAL / "screenshots"
PATIENCE = 15_000
"""Milliseconds for which an action or an expectation waits: a busy machine is slow, a working page is not."""
expect.set_options(timeout=PATIENCE)  # a context's own setting is about actions alone

NewPage = Callable[..., Page]

_FAILED = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Note that a test failed, so that its pages are kept as pictures."""
    report = yield
    item.stash[_FAILED] = item.stash.get(_FAILED, False) or report.failed
    return report


@pytest.fixture(scope="session")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with running_chromium(tmp_path_factory.mktemp("chromium")) as browser:
        yield browser


@pytest.fixture
def page_faults() -> Iterator[PageFaults]:
    """What went wrong in the test's pages; whatever the test has not announced fails it at its end."""
    faults = PageFaults()
    yield faults
    assert not faults.unexpected


@pytest.fixture
def new_page(chromium: Browser, page_faults: PageFaults, request: pytest.FixtureRequest) -> Iterator[NewPage]:
    """A function that opens a page with a session of its own, as another person's browser does.

    Its options are those of Playwright's ``new_context``, e.g. ``java_script_enabled=False``.
    """
    contexts: list[BrowserContext] = []

    def open_page(**options: Any) -> Page:
        context = chromium.new_context(**{"viewport": {"width": 1280, "height": 800}, "locale": "en-US", **options})
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        page_faults.watch(context)
        return context.new_page()

    yield open_page
    failed = request.node.stash.get(_FAILED, False) or bool(page_faults.unexpected)
    for number, context in enumerate(contexts):
        if failed and context.pages:
            with suppress(Error):  # a page that crashed shows nothing
                keep(context.pages[0], f"failed-{request.node.name}-{number}")
        context.close()


@pytest.fixture
def page(new_page: NewPage) -> Page:
    return new_page()


def keep(page: Page, name: str, folder: Path = SCREENSHOTS) -> Path:
    """Keep what the window of a page shows as a picture; return its file."""
    path = folder / f"{re.sub(r'[^A-Za-z0-9_-]+', '-', name)}.png"
    page.screenshot(path=path)
    return path
