"""Every page: accessible in light and dark, 320 px wide, and but for the deck without JavaScript."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import axe_findings
from tests.browser.conftest import NewPage
from tests.browser.console.service import Service
from tests.browser.console.serving import Console
from tests.browser.page_faults import PageFaults

PATHS = (
    "/", "/review", "/review?tag=Guitar", "/review/grid", "/review/grid?tag=Guitar", "/review/done", "/asset/a1",
    "/library", "/library?q=label:guitar", "/rules", "/rules/suggest", "/runs", "/health",
)  # fmt: skip
LABELS = {"Concert": 0.95, "Stage": 0.9, "Guitar": 0.65, "Musician": 0.6, "Dancer": 0.3}


@pytest.fixture
def library(service: Service) -> Service:
    """Some pictures with questions, one without a picture, and answers of both kinds."""
    for n in range(1, 5):
        service.upload(f"a{n}", LABELS, public_id=f"stage/concert-{n:03}")
    service.upload("a5", LABELS, type="authenticated")
    ask = service.ask_as("arn:aws:iam::123456789012:user/another")
    service.decide(ask, ("a1", "Musician", "accept"), ("a2", "Musician", "reject"))
    return service


@pytest.mark.parametrize("path", PATHS)
def test_axe_finds_nothing_in_light_and_dark_and_320_pixels_need_no_scrolling_sideways(
    page: Page, library: Service, console: Console, path: str
) -> None:
    console.open(page, path)
    page.wait_for_load_state("networkidle")
    assert axe_findings(page) == []
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert axe_findings(page) == []


def test_every_page_but_the_deck_shows_its_content_without_javascript(
    new_page: NewPage, library: Service, console: Console
) -> None:
    page = new_page(java_script_enabled=False)
    console.open(page)
    for path in PATHS:
        page.goto(f"{console.url}{path}")
        if path.startswith("/review?") or path == "/review":
            assert "/review/grid" in page.locator("noscript").inner_text() or page.locator("noscript a").count()
        else:
            expect(page.locator("h1")).to_be_visible()
            expect(page.locator("noscript")).to_have_count(0)


def test_questions_are_answered_and_taken_back_without_javascript(
    new_page: NewPage, library: Service, console: Console
) -> None:
    page = new_page(java_script_enabled=False)
    console.open(page, "/review/grid?tag=Guitar")
    page.locator('.cell[data-asset="a2"] input').check()
    page.locator('.cell[data-asset="a3"] input').check()
    page.locator("#accept").click()
    assert "Guitar" in library.tags("a2") & library.tags("a3") and library.asked_about("a4") == {"Guitar", "Musician"}
    page.goto(f"{console.url}/review/done")
    page.locator('tr:has(a[href="/asset/a2"]) form.undo button').click()
    assert "Guitar" not in library.tags("a2") and "Guitar" in library.asked_about("a2")
    assert "Guitar" in library.tags("a3")


def test_a_picture_that_cannot_be_shown_has_a_reason_instead(
    page: Page, page_faults: PageFaults, library: Service, console: Console
) -> None:
    page_faults.expect("404|ERR_BLOCKED_BY_ORB")
    library.upload("b1", {"Guitar": 0.69}, public_id="stage/missing")
    console.open(page, "/review/grid?tag=Guitar")
    expect(page.locator('.cell[data-asset="a5"] .no-picture')).to_contain_text("authenticated")
    expect(page.locator('.cell[data-asset="b1"] .no-picture')).to_contain_text("Cloudinary does not deliver")
    page.goto(f"{console.url}/asset/a5")
    expect(page.get_by_text("This asset is authenticated")).to_be_visible()
