"""The page of what is learned, in a real browser: accessible, in both colors, on a narrow screen, without scripts."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import axe_findings
from tests.browser.conftest import PATIENCE, NewPage, keep
from tests.browser.console.service import Service
from tests.browser.console.serving import Console

PATH = "/rules/suggest"
PICTURES = 90


@pytest.fixture
def learned(service: Service) -> Service:
    """Pictures with answers to questions at random: ``Guitar`` is right from 0.45 on, about ``Drum`` there is one."""
    for n in range(PICTURES):
        confidence = round(0.3 + 0.7 * n / PICTURES, 4)
        service.upload(f"a{n}", {"Guitar": confidence, **({"Drum": 0.6} if n < 3 else {})})
    ask = service.ask_as("arn:aws:iam::123456789012:user/another")
    for n in range(0, PICTURES, 2):
        service.sampled(f"a{n}", "guitar", *(["drum"] if n < 3 else []))
        service.decide(ask, (f"a{n}", "Guitar", "accept" if 0.3 + 0.7 * n / PICTURES >= 0.45 else "reject"))
    service.decide(ask, ("a0", "Drum", "accept"))
    return service


def learn(page: Page, console: Console) -> None:
    console.open(page, "/rules")
    page.get_by_role("link", name="Thresholds learned from people").click()
    page.get_by_role("button", name="Read all pictures").click()
    expect(page.locator('.label[data-label="Guitar"]')).to_be_visible(timeout=PATIENCE)


@pytest.mark.parametrize("color", ["light", "dark"])
def test_what_is_learned_is_shown_and_axe_finds_nothing_also_at_320_pixels(
    page: Page, learned: Service, console: Console, color: str
) -> None:
    page.emulate_media(color_scheme="dark" if color == "dark" else "light")
    learn(page, console)
    guitar = page.locator('.label[data-label="Guitar"]')
    expect(guitar).to_have_attribute("data-why", "proposed")
    expect(page.locator('.label[data-label="Drum"]')).to_have_attribute("data-why", "thin")
    expect(page.locator("#commands")).to_contain_text("autotag rules push suggested.toml")
    expect(page.locator("#of")).to_contain_text(f"{PICTURES} pictures")
    keep(page, f"suggest-{color}")
    for details in page.locator("details").all():
        details.locator("summary").click()
    page.set_viewport_size({"width": 320, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert guitar.locator("table").evaluate("it => it.offsetWidth <= it.closest('details').offsetWidth")
    guitar.scroll_into_view_if_needed()
    keep(page, f"suggest-{color}-320")
    assert axe_findings(page) == []


def test_the_drawing_has_its_numbers_in_words_and_the_pictures_lead_to_their_pages(
    page: Page, learned: Service, console: Console
) -> None:
    learn(page, console)
    guitar = page.locator('.label[data-label="Guitar"]')
    words = guitar.get_by_role("img").get_attribute("aria-label") or ""
    assert words.startswith("Guitar by confidence. 0.30 to 0.35: ") and "judged right" in words
    guitar.get_by_text("Pictures that spoke").click()
    link = guitar.locator(".pictures a").first
    name = link.inner_text()
    link.click()
    expect(page.locator("h1")).to_have_text(name)


def test_it_works_without_scripts_by_a_page_that_loads_itself_again(
    new_page: NewPage, learned: Service, console: Console
) -> None:
    page = new_page(java_script_enabled=False)
    learn(page, console)
    expect(page.locator('.label[data-label="Guitar"]')).to_have_attribute("data-why", "proposed")
    expect(page.locator("noscript")).to_have_count(0)
