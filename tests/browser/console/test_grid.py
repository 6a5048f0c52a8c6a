"""The grid of one tag: many pictures answered at once, by the keyboard; what is refused stays, with its reason."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.console.deck import HELD
from tests.browser.console.service import Service
from tests.browser.console.serving import Console

HUNDRED = [f"a{n:03}" for n in range(100)]


@pytest.fixture
def grid(page: Page, service: Service, console: Console) -> Page:
    """The grid of a hundred pictures: a000 is the least confident at 0.50, a099 the most at 0.698."""
    for n, name in enumerate(HUNDRED):
        service.upload(name, {"Guitar": 0.5 + 0.002 * n})
    page.clock.install()
    console.open(page, "/review/grid?tag=Guitar")
    return page


def cell(page: Page, asset: str) -> Locator:
    return page.locator(f'.cell[data-asset="{asset}"]')


def shown(page: Page) -> list[str]:
    """Return the assets that still ask for an answer, in their order."""
    return [str(each.get_attribute("data-asset")) for each in page.locator(".cell:visible").all()]


def settle(page: Page) -> None:
    page.clock.fast_forward(HELD)
    expect(page.locator("#unsent")).to_have_attribute("data-unsent", "0")


def test_the_most_confident_picture_comes_first(grid: Page) -> None:
    names = shown(grid)
    assert names == sorted(names, reverse=True) and names[0] == HUNDRED[-1]


def test_a_hundred_are_answered_at_once_and_those_refused_stay_with_the_reason(grid: Page, service: Service) -> None:
    names = shown(grid)
    refused = names[3:6]
    for name in refused:
        service.overwrite(name)
    grid.locator("#from").fill("0.5")
    grid.locator("#select-from").click()
    expect(grid.locator("#chosen")).to_have_attribute("data-chosen", str(len(names)))
    grid.locator("#accept").focus()
    grid.keyboard.press("a")
    expect(grid.locator("#confirm-text")).to_contain_text(f"Accept {len(names)} pictures?")
    grid.keyboard.press("Enter")
    settle(grid)
    expect(grid.locator(".cell:visible")).to_have_count(len(refused))
    assert shown(grid) == refused
    for name in refused:
        expect(cell(grid, name).locator("[data-why]")).to_contain_text("was overwritten since")
    assert len(service.decisions) == len(names)
    for name in names:
        assert ("Guitar" in service.tags(name)) == (name not in refused)


def test_a_range_is_selected_and_answered_by_the_keyboard_and_taken_back(grid: Page, service: Service) -> None:
    names = shown(grid)
    grid.keyboard.press("ArrowRight")
    for _ in range(3):
        grid.keyboard.press("Shift+ArrowRight")
    expect(grid.locator("#chosen")).to_have_attribute("data-chosen", "4")
    grid.keyboard.press("Shift+ArrowLeft")
    expect(grid.locator("#chosen")).to_have_attribute("data-chosen", "3")
    grid.keyboard.press("ArrowRight")
    grid.keyboard.press("ArrowRight")
    grid.keyboard.press("x")
    grid.keyboard.press("r")
    settle(grid)
    chosen = [*names[:3], names[4]]
    assert sorted(each.asset for each in service.decisions) == sorted(chosen)
    assert all(service.asked_about(name) == set() for name in chosen)
    assert shown(grid) == [name for name in names if name not in chosen]

    grid.keyboard.press("z")
    settle(grid)
    assert shown(grid) == names
    assert all(service.asked_about(name) == {"Guitar"} for name in chosen)


def test_one_key_answers_the_picture_that_has_the_focus_and_moves_on(grid: Page, service: Service) -> None:
    first, second, *_ = shown(grid)
    grid.keyboard.press("ArrowRight")
    grid.keyboard.press("a")
    expect(cell(grid, first)).to_be_hidden()
    grid.keyboard.press("r")
    settle(grid)
    assert [(each.asset, each.verdict) for each in service.decisions] == [(first, "accept"), (second, "reject")]


def test_saying_no_to_many_answers_sends_none(grid: Page, service: Service) -> None:
    names = shown(grid)
    grid.locator("#from").fill("0.5")
    grid.locator("#select-from").click()
    grid.locator("#accept").focus()
    grid.keyboard.press("r")
    grid.locator("#no").click()
    settle(grid)
    assert service.decisions == [] and shown(grid) == names


def test_the_picture_that_has_the_focus_is_never_under_the_bar_of_buttons(grid: Page) -> None:
    grid.set_viewport_size({"width": 480, "height": 640})
    grid.keyboard.press("ArrowRight")
    for _ in range(8):
        grid.keyboard.press("ArrowDown")
        assert grid.evaluate(
            """() => {
              const { left, top, width, height } = document.activeElement.getBoundingClientRect();
              return document.elementFromPoint(left + width / 2, top + height / 2) === document.activeElement;
            }"""
        )
