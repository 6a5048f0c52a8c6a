"""Statistics in a real browser: accessible in both colors and on a narrow screen, counted without scripts too."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from autotag.service.operations.scan import Scan
from tests.browser.axe import axe_findings
from tests.browser.conftest import PATIENCE, NewPage, keep
from tests.browser.console.service import Service
from tests.browser.console.serving import Console

LABELS = ("Concert", "Stage", "Guitar", "Musician", "Dancer", "Crowd", "Night")


@pytest.fixture
def library(service: Service) -> Service:
    """Pictures with labels of all confidences; people answered some questions."""
    for n in range(60):
        service.upload(f"a{n}", {name: round(0.3 + ((n * 7 + k * 13) % 70) / 100, 4) for k, name in enumerate(LABELS)})
    ask = service.ask_as("arn:aws:iam::123456789012:user/another")
    asked = [(f"a{n}", tag) for n in range(20) for tag in sorted(service.asked_about(f"a{n}"))]
    service.decide(ask, *((asset, tag, "accept" if n % 3 else "reject") for n, (asset, tag) in enumerate(asked[:30])))
    return service


@pytest.mark.parametrize("script", [True, False], ids=["with scripts", "without"])
def test_the_library_is_counted_and_every_plot_has_its_table(
    new_page: NewPage, library: Service, console: Console, script: bool
) -> None:
    page = new_page(java_script_enabled=script)
    console.open(page, "/stats")
    page.get_by_role("button", name="Count the library").click()
    expect(page.locator("#of")).to_contain_text("60 assets", timeout=4 * PATIENCE)
    for section in page.locator(".plots section").all():
        assert section.locator("table").count() >= 1
    for drawing in page.get_by_role("img").all():
        assert len(drawing.get_attribute("aria-label") or "") > 20
    page.locator("#label").fill("dancer")
    page.get_by_role("button", name="Show").click()
    expect(page.locator("#confidences svg")).to_have_attribute("aria-label", re.compile("^Dancer by confidence\\."))
    if script:
        is_accessible(page)


def test_a_count_in_steps_goes_on_by_itself_and_its_page_can_be_loaded_again(
    page: Page, library: Service, start_console: Callable[..., Console]
) -> None:
    start_console(in_steps=True).open(page, "/stats")
    page.get_by_role("button", name="Count the library").click()
    expect(page.locator("#of")).to_contain_text("60 assets", timeout=4 * PATIENCE)
    page.locator("#label").fill("dancer")
    page.get_by_role("button", name="Show").click()
    expect(page.locator("#confidences svg")).to_have_attribute("aria-label", re.compile("^Dancer by confidence\\."))
    read = len(library.requests)
    page.wait_for_load_state()
    page.reload()
    expect(page.locator("#confidences svg")).to_have_attribute("aria-label", re.compile("^Dancer by confidence\\."))
    assert not [request for request in library.requests[read:] if isinstance(request, Scan)]


def is_accessible(page: Page) -> None:
    for details in page.locator("details").all():
        details.locator("summary").click()
    page.evaluate("scrollTo(0, 0)")
    height = page.evaluate("document.documentElement.scrollHeight")
    page.set_viewport_size({"width": 1280, "height": height})
    for color in ("light", "dark"):
        page.emulate_media(color_scheme="dark" if color == "dark" else "light")
        keep(page, f"stats-{color}")
    assert axe_findings(page) == []
    page.set_viewport_size({"width": 320, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert axe_findings(page) == []
    page.set_viewport_size({"width": 320, "height": page.evaluate("document.documentElement.scrollHeight")})
    keep(page, "stats-320")
