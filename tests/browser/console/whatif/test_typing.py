"""A person who types, or chooses another label, while an answer is out: what they wrote stays theirs."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, Route, expect

from autotag_console.settings import LibraryFile
from tests.browser.console.serving import Console
from tests.unit.autotag_console.whatif.exported_library import asset
from tests.unit.autotag_library.libraries import AT, columns_of


@pytest.fixture
def exported() -> Iterator[LibraryFile]:
    """An export of a few pictures."""
    with columns_of([asset(n, Guitar=0.5 + n / 20, Drum=0.6) for n in range(8)]) as file:
        yield LibraryFile(file, AT)


@pytest.fixture
def workbench(exported: LibraryFile, start_console: Callable[..., Console], page: Page) -> Page:
    """The editor at a console with an export; the page is closed before the console and the export go."""
    start_console(library=exported).open(page, "/rules/edit")
    expect(page.locator("#whatif-effect .effect")).to_have_attribute("data-exact", "1")
    return page


def released(page: Page, held: list[Route]) -> None:
    """Let the questions that were held up be answered, and all that follow."""
    for route in held:
        route.continue_()
    page.unroute("**/api/whatif")


def test_what_is_typed_while_an_answer_is_out_stays(workbench: Page) -> None:
    held: list[Route] = []
    workbench.route("**/api/whatif", lambda route: held.append(route))
    field = workbench.locator("#text")
    with workbench.expect_request("**/api/whatif"):
        field.fill(f"{field.input_value()}# one\n")
    with workbench.expect_response("**/rules/check"):
        field.fill(f"{field.input_value()}# two\n")
    with workbench.expect_response("**/api/whatif"):
        released(workbench, held)
    expect(workbench.locator("#whatif-effect .effect")).to_have_attribute("data-exact", "1")
    assert field.input_value().endswith("# one\n# two\n")


def test_a_moved_slider_is_of_the_label_that_was_chosen_when_it_moved(workbench: Page) -> None:
    label = workbench.locator("#whatif-label")
    with workbench.expect_response("**/api/whatif"):
        label.fill("Guitar")
        label.press("Tab")
    expect(workbench.locator("[data-of]")).to_have_text("Guitar")
    expect(workbench.locator("#whatif-histogram svg")).to_be_visible()
    held: list[Route] = []
    workbench.route("**/api/whatif", lambda route: held.append(route))
    with workbench.expect_request("**/api/whatif"):
        workbench.locator("#range-threshold").fill("0.8")
    label.fill("Drum")
    label.press("Tab")
    expect(workbench.locator("[data-of]")).to_have_text("Drum")
    with workbench.expect_response("**/rules/check"):
        released(workbench, held)
    text = workbench.locator("#text")
    expect(text).to_have_value(re.compile(r"\[labels\.Guitar\]\nthreshold = 0\.8\n$"))
    assert "Drum" not in text.input_value()
