"""What a librarian sees of drawn pictures on the real stack; the manual's pictures are made here."""

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from local.core.paths import PROJECT
from tests.browser.axe import axe_findings
from tests.browser.conftest import SCREENSHOTS, keep
from tests.browser.stack.console_process import ConsoleProcess

DOCS = PROJECT / "docs" / "images"
MOST_BYTES = 150_000
SHOWN = "stage/concert-002"


@pytest.fixture
def images() -> Path:
    """Where pictures of pages go: into the manual if ``make images`` asks for that."""
    return DOCS if os.environ.get("CONSOLE_IMAGES") == "docs" else SCREENSHOTS


def test_the_pictures_of_the_manual_can_be_made(
    page: Page, console: ConsoleProcess, library: dict[str, str], images: Path
) -> None:
    pages = {
        "start": "/",
        "deck": "/review?tag=Guitar",
        "grid": "/review/grid?tag=Audience",
        "asset": f"/asset/{library[SHOWN]}",
    }
    page.set_viewport_size({"width": 1120, "height": 720})
    for name, path in pages.items():
        page.goto(f"{console.url}{path}")
        page.wait_for_load_state("networkidle")
        for image in page.locator("main img:visible").all():
            expect(image).to_have_js_property("complete", True)
        made = keep(page, f"console-{name}", images)
        assert made.stat().st_size <= MOST_BYTES, made
        assert axe_findings(page) == []


def test_pictures_come_from_the_local_cloudinary_in_the_sizes_of_their_pages(
    page: Page, console: ConsoleProcess, library: dict[str, str]
) -> None:
    page.goto(f"{console.url}/review/grid?tag=Guitar")
    thumbnail = page.locator(".cell img").first
    expect(thumbnail).to_have_attribute("src", re.compile("/demo/image/upload/c_fill,g_auto,w_320,h_240/"))
    expect(thumbnail).to_have_js_property("naturalWidth", 900)  # the local Cloudinary does not scale
    page.goto(f"{console.url}/asset/{library[SHOWN]}")
    expect(page.locator("main img").first).to_have_js_property("naturalWidth", 900)
