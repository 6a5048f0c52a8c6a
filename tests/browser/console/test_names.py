"""Names that try to be more than names: markup, scripts, directions of text, control characters, and very long ones."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import axe_findings
from tests.browser.console.deck import Deck
from tests.browser.console.service import Service
from tests.browser.console.serving import Console

MARKUP = '"><img src=x onerror="document.title=1"><script>document.title=1</script>'
TURNED = "abc\u202egnp.exe\u2066\u200b"
LONG = "W" * 255
HOSTILE = {
    "markup": MARKUP, "template": "{{ 7 * 7 }}{% raw %}</script>", "turned": TURNED, "control": "a\x07b\x1b[31mc\x7f",
    "attribute": "x' onmouseover='document.title=1", "address": "javascript:document.title=1", "long": LONG,
    "path": "../../start?token=x#y%2f&amp;", "right to left": "שלום עולם", "lines": "one\ntwo\u2028three",
}  # fmt: skip


@pytest.fixture
def hostile(service: Service) -> Service:
    """An asset for each name, which is its public_id, its folder, the tag that is asked about and one that it has."""
    for n, name in enumerate(HOSTILE.values()):
        labels = {name: 0.65, f"{name[:200]} too": 0.9}
        service.upload(f"a{n}", labels, public_id=f"stage/{name}", asset_folder=f"stage/{name}", tags=[name + "!"][:1])
    return service


def paths() -> list[str]:
    assets = [f"/asset/a{n}" for n in range(len(HOSTILE))]
    return ["/", "/review", "/review/grid", "/review/done", *assets]


def test_no_name_runs_as_a_script_or_changes_a_page(page: Page, hostile: Service, console: Console) -> None:
    console.open(page)
    for path in paths():
        page.goto(f"{console.url}{path}")
        assert page.title().endswith("autotag")
        assert page.locator("img[src='x'], main script:not([type='application/json']), [onmouseover]").count() == 0
        assert page.locator("a[href^='javascript:']").count() == 0
        assert "\u202e" not in page.locator("body").inner_text()


def test_what_cannot_be_seen_in_a_name_is_shown_by_its_code(page: Page, hostile: Service, console: Console) -> None:
    console.open(page, f"/asset/a{list(HOSTILE).index('turned')}")
    expect(page.locator("h1")).to_contain_text("abc⟨U+202E⟩gnp.exe⟨U+2066⟩⟨U+200B⟩")
    page.goto(f"{console.url}/asset/a{list(HOSTILE).index('control')}")
    expect(page.locator("h1")).to_contain_text("a⟨U+0007⟩b⟨U+001B⟩[31mc⟨U+007F⟩")


def test_every_name_is_reviewed_like_any_other(page: Page, hostile: Service, console: Console) -> None:
    """But for labels with invisible characters, which the service does not take as labels."""
    questions = {tag for n in range(len(HOSTILE)) for tag in hostile.asked_about(f"a{n}")}
    assert {MARKUP, LONG, HOSTILE["address"], HOSTILE["right to left"]} < questions
    deck = Deck(page).open(console)
    met = deck.press(*"a" * len(questions))
    deck.send()
    assert {tag for _, tag in met} == questions
    for asset, tag in met:
        assert tag in hostile.tags(asset) and hostile.asked_about(asset) == set()
    page.goto(f"{console.url}/review/done")
    expect(page.locator("#answers [data-answer]")).to_have_count(len(questions))


def test_long_and_hostile_names_stay_accessible_and_need_no_scrolling_sideways(
    page: Page, hostile: Service, console: Console
) -> None:
    console.open(page)
    tag = list(HOSTILE).index("long")
    for path in ("/", "/review", f"/asset/a{tag}", f"/review/grid?tag={LONG}"):
        page.set_viewport_size({"width": 1280, "height": 800})
        page.goto(f"{console.url}{path}")
        assert axe_findings(page) == []
        page.set_viewport_size({"width": 320, "height": 640})
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
