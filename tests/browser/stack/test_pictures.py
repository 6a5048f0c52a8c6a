"""What a librarian sees of drawn pictures on the real stack; the manual's pictures are made here."""

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from local.core.paths import PROJECT
from local.stack.stack import Stack
from tests.browser.axe import axe_findings
from tests.browser.conftest import SCREENSHOTS, keep
from tests.browser.stack.console_process import ConsoleProcess
from tests.browser.stack.judged import judged_pictures

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


def test_the_picture_of_what_is_learned_for_the_manual_can_be_made(
    page: Page, console: ConsoleProcess, library: dict[str, str], stack: Stack, images: Path
) -> None:
    """Of 400 more pictures, 60 are answered at random: ``Lighthouse`` is right from a confidence of 0.50 on."""
    with judged_pictures(stack, "Lighthouse", right_from=0.5):
        page.set_viewport_size({"width": 1120, "height": 720})
        page.goto(f"{console.url}/rules/suggest")
        page.get_by_role("button", name="Read all pictures").click()
        label = page.locator('.label[data-label="Lighthouse"]')
        expect(label).to_have_attribute("data-why", "proposed", timeout=60_000)
        assert 0.45 <= float(label.get_attribute("data-proposed") or 0) <= 0.55
        made = keep(page, "console-suggest", images)
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
