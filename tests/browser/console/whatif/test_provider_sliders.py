"""The slider of a provider's threshold: it writes into the text, and counts for the labels of its provider alone."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from autotag_console.settings import LibraryFile
from tests.browser.console.serving import Console
from tests.unit.autotag_console.whatif.exported_library import asset
from tests.unit.autotag_library.libraries import AT, columns_of

TWO = """name = "team"

[defaults]
providers = ["aws_rek_tagging", "google_tagging"]
threshold = 0.7 # as agreed
"""


@pytest.fixture
def exported() -> Iterator[LibraryFile]:
    """An export of ten pictures with labels of Rekognition, Guitar from 0.50 to 0.95."""
    with columns_of([asset(n, Guitar=0.5 + n / 20) for n in range(10)]) as file:
        yield LibraryFile(file, AT)


@pytest.fixture
def workbench(exported: LibraryFile, start_console: Callable[..., Console], page: Page) -> Page:
    """The editor with rules of two providers, at a console with an export."""
    start_console(library=exported).open(page, "/rules/edit")
    page.locator("#text").fill(TWO)
    expect(page.locator("#whatif-providers [data-provider]")).to_have_count(2)
    expect(page.locator("#whatif-effect")).to_have_attribute("data-exact", "1")
    return page


def guitars(page: Page) -> str:
    """Return what the table says of the tag: gained, lost, new questions, questions gone."""
    return page.locator("tr[data-tag=Guitar]").inner_text()


def test_a_providers_slider_writes_its_threshold_and_the_numbers_follow(workbench: Page) -> None:
    expect(workbench.locator("tr[data-tag=Guitar]")).to_have_count(0)  # the rules are as they were
    slider = workbench.get_by_role("slider", name="Threshold of the provider aws_rek_tagging")
    expect(slider).to_have_value("0.7")
    with workbench.expect_response("**/rules/check"):
        slider.fill("0.9")
    text, written = workbench.locator("#text"), "[providers.aws_rek_tagging]\nthreshold = 0.9\n\n"
    expect(text).to_have_value(re.compile(re.escape(written)))
    assert text.input_value().replace(written, "") == TWO
    expect(workbench.locator("tr[data-tag=Guitar]")).to_have_count(1)
    expect(workbench.locator("#whatif-effect")).to_have_attribute("data-exact", "1")

    now = guitars(workbench)
    with workbench.expect_response("**/rules/check"):
        workbench.get_by_role("slider", name="Threshold of the provider google_tagging").fill("0.95")
    expect(text).to_have_value(re.compile(r"\[providers\.google_tagging\]\nthreshold = 0\.95\n"))
    expect(workbench.locator("#whatif-effect")).to_have_attribute("data-exact", "1")
    assert guitars(workbench) == now, "no picture has a label of this provider"


def test_a_providers_slider_is_moved_by_keyboard_and_its_number_follows(workbench: Page) -> None:
    slider = workbench.get_by_role("slider", name="Threshold of the provider google_tagging")
    slider.focus()
    with workbench.expect_response("**/rules/check"):
        for _ in range(3):
            workbench.keyboard.press("ArrowRight")
    text = workbench.locator("#text")
    expect(text).to_have_value(re.compile(r"\[providers\.google_tagging\]\nthreshold = 0\.73\n"))
    expect(workbench.get_by_label("Threshold of the provider google_tagging, as a number")).to_have_value("0.73")
    expect(slider).to_be_focused()
