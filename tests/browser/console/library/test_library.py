"""The library in a real browser: searched by text and by fields, by keyboard, on an export and on the stack."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from autotag.service.operations.scan import Scan
from autotag_console.ask import read_answer
from autotag_console.learning.learned import ScannedPage
from autotag_console.settings import LibraryFile
from tests.browser.axe import SCHEMES, axe_findings
from tests.browser.conftest import NewPage, keep
from tests.browser.console.service import LIBRARIAN, Service
from tests.browser.console.serving import Console
from tests.browser.page_faults import PageFaults
from tests.unit.autotag_library.libraries import AT, columns_of

PICTURES = 50


@pytest.fixture
def exported(service: Service, start_console: Callable[..., Console]) -> Iterator[Console]:
    """A console with an export of its stack, which got one more picture since."""
    for n in range(PICTURES):
        labels = {"Electric Guitar": round(0.4 + n / 100, 4), "Concert": 0.9, "Musician": 0.6 if n % 2 else 0.3}
        service.upload(f"a{n:02}", labels, public_id=f"stage/concert-{n:03}")
    service.decide(service.ask_as(LIBRARIAN), ("a01", "Musician", "reject"))
    with columns_of(read_answer(service.ask_as(LIBRARIAN)(Scan(limit=1000)), ScannedPage).assets) as file:
        service.upload("new", {"Concert": 0.9}, public_id="stage/new")
        yield start_console(library=LibraryFile(file, AT))


def test_results_with_their_reasons_are_accessible_also_at_320_pixels(page: Page, exported: Console) -> None:
    exported.open(page, "/library")
    keep(page, "library-form")
    page.get_by_label("Search for").fill('label:"Electric Guitar">0.5<0.8 rule:defaults.threshold')
    page.keyboard.press("Enter")
    expect(page.locator("#said")).to_have_text("29 pictures.")
    expect(page.locator(".cell").first).to_contain_text("Cloudinary found Electric Guitar with the confidence 0.51")
    page.wait_for_load_state("networkidle")
    for color in SCHEMES:
        page.emulate_media(color_scheme=color)
        keep(page, f"library-{color}")
    assert axe_findings(page) == []
    page.set_viewport_size({"width": 320, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.locator(".cell").first.scroll_into_view_if_needed()
    keep(page, "library-320")
    assert axe_findings(page) == []


def test_fields_are_filled_in_by_keyboard_and_back_leads_to_the_search_before(page: Page, exported: Console) -> None:
    exported.open(page, "/library?q=stage")
    expect(page.locator("#said")).to_have_text(f"Pictures 1 to 40 of {PICTURES}.")
    page.locator("summary", has_text="Search by fields").focus()
    page.keyboard.press("Enter")
    for text in ("", "Electric Guitar", "0.5", "0.7"):
        page.keyboard.press("Tab")
        page.keyboard.type(text)
    page.keyboard.press("Enter")
    expect(page.locator("#written")).to_have_text('stage label:"Electric Guitar">=0.5<0.7')
    expect(page.locator("#said")).to_have_text("20 pictures.")
    keep(page, "library-fields")
    page.go_back()
    expect(page.locator("#said")).to_have_text(f"Pictures 1 to 40 of {PICTURES}.")
    page.locator("#next").click()
    expect(page.locator(".cell")).to_have_count(PICTURES - 40)


def test_without_scripts_what_the_export_lacks_is_found_on_the_stack(new_page: NewPage, exported: Console) -> None:
    page = new_page(java_script_enabled=False)
    exported.open(page, "/library?q=stage/new")
    expect(page.locator("#none")).to_be_visible()
    keep(page, "library-none")
    page.get_by_label("now, on the stack").check()
    page.get_by_role("button", name="Search").click()
    expect(page.locator('.cell[data-asset="new"]')).to_be_visible()
    page.locator('.cell[data-asset="new"] h3 a').click()
    expect(page.locator("h1")).to_have_text("stage/new")


def test_a_fault_is_read_aloud_and_the_query_stays(page: Page, page_faults: PageFaults, exported: Console) -> None:
    page_faults.expect("400")
    exported.open(page, "/library?q=tag:")
    expect(page.get_by_role("alert")).to_have_text("query, character 5: expected a tag after tag:.")
    expect(page.get_by_label("Search for")).to_have_value("tag:")
    assert axe_findings(page) == []
