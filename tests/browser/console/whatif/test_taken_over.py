"""The workbench as a person meets it: a suggestion that was taken over, and numbers that cannot be."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from autotag_console.settings import LibraryFile
from tests.browser.console.serving import Console
from tests.browser.page_faults import PageFaults
from tests.unit.autotag_console.whatif.exported_library import asset
from tests.unit.autotag_library.libraries import AT, columns_of

READING = '<p class="quiet" data-reading>The export is being read …</p>'
"""As ``whatif_histogram.html`` says it."""


@pytest.fixture
def exported() -> Iterator[LibraryFile]:
    """An export of a few pictures."""
    with columns_of([asset(n, Guitar=0.5 + n / 20) for n in range(8)]) as file:
        yield LibraryFile(file, AT)


def test_its_label_is_drawn_once_the_export_is_read_and_a_picture_that_is_gone_has_its_reason(
    exported: LibraryFile, start_console: Callable[..., Console], page: Page, page_faults: PageFaults
) -> None:
    page.route("**/rules/histogram?*", lambda route: route.fulfill(content_type="text/html", body=READING), times=1)
    page.route("**/image/upload/**", lambda route: route.fulfill(status=404))
    page_faults.expect("/image/upload/")
    start_console(library=exported).open(page, "/rules/edit?label=Guitar&threshold=0.55")
    expect(page.locator("#whatif-label")).to_have_value("Guitar")
    expect(page.locator("#whatif-histogram svg")).to_be_visible()
    expect(page.locator("#whatif-none")).to_be_hidden()
    expect(page.locator("#range-threshold")).to_be_enabled()
    expect(page.locator("#range-threshold")).to_have_value("0.55")
    expect(page.locator("#whatif-pictures .no-picture").first).to_contain_text("Cloudinary does not deliver")


def test_a_number_that_cannot_be_is_said_and_the_slider_goes_back(
    exported: LibraryFile, start_console: Callable[..., Console], page: Page, page_faults: PageFaults
) -> None:
    page_faults.expect("400")
    start_console(library=exported).open(page, "/rules/edit?label=Guitar&threshold=0.55")
    number = page.locator('[data-bar="threshold"] input[type=number]')
    expect(number).to_be_enabled()
    number.fill("7")
    number.press("Tab")
    expect(page.locator("#whatif-said")).to_contain_text("Threshold of this label, as a number: ")
    asked_from = page.locator('[data-bar="review"] input[type=number]')
    asked_from.fill("0.99")
    asked_from.press("Tab")
    expect(page.locator("#whatif-said")).to_contain_text("expected at most defaults.threshold")
    expect(asked_from).not_to_have_value("0.99")
    expect(page.locator("#text")).not_to_have_value(re.compile("0.99"))
