"""A run in a real browser: planned, started, watched, paused and undone, by keyboard alone and without scripts."""

import re
import threading
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from autotag.domain.runs.run import SEGMENTS
from autotag.service.operations.api import Request
from autotag.service.runs.requests import PlanRun
from tests.browser.axe import axe_findings
from tests.browser.conftest import NewPage, keep
from tests.browser.console.service import Service
from tests.browser.console.serving import Console
from tests.browser.page_faults import PageFaults

NEW = '[defaults]\nthreshold = 0.9\n[labels.People]\ntag = "crowd"\n'


@pytest.fixture
def library(service: Service) -> Service:
    """Twelve pictures; newer rules rename a tag of six of them and remove another one from six."""
    for n in range(12):
        labels = {"People": 0.95, "Guitar": 0.8} if n % 2 else {"Dog": 0.95, "Guitar": 0.4}
        service.upload(f"a{n}", labels, public_id=f"stage/concert-{n:03}")
    service.use_rules(NEW)
    return service


def is_accessible(page: Page, name: str) -> None:
    """Look at a page in light and dark, and at 320 pixels."""
    for color in ("light", "dark"):
        page.emulate_media(color_scheme="dark" if color == "dark" else "light")
        keep(page, f"{name}-{color}")
    assert axe_findings(page) == []
    page.set_viewport_size({"width": 320, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    keep(page, f"{name}-320")
    assert axe_findings(page) == []
    page.set_viewport_size({"width": 1280, "height": 800})


def press(page: Page, name: str) -> None:
    """Press a button by the keyboard alone."""
    page.get_by_role("button", name=name).focus()
    page.keyboard.press("Enter")


def test_a_run_is_planned_started_watched_and_undone_by_the_keyboard(
    page: Page, page_faults: PageFaults, library: Service, console: Console
) -> None:
    page_faults.expect("400")
    before = {f"a{n}": library.tags(f"a{n}") for n in range(12)}
    console.open(page, "/runs")
    page.get_by_role("link", name="Plan a run").focus()
    page.keyboard.press("Enter")
    press(page, "See what it would change")
    expect(page.locator("#plan")).to_contain_text("Tags would change on 6 of 12 assets.")
    is_accessible(page, "run-plan")
    press(page, "Start the run")
    expect(page.locator("#live")).to_have_attribute("data-every", "2000")
    is_accessible(page, "run-going")
    press(page, "Pause")
    expect(page.locator("#live")).to_contain_text("Paused by ")
    press(page, "Continue")
    expect(page.locator("#live")).to_contain_text("Running")
    page.get_by_text("Stop it for good").focus()
    page.keyboard.press("Enter")
    press(page, "Stop for good")
    expect(page.locator("#live")).to_contain_text("Cancelled")
    page.goto(f"{console.url}/runs/new")
    press(page, "See what it would change")
    press(page, "Start the run")
    expect(page.locator("#live")).to_contain_text("Running")
    library.carry_out_runs()
    expect(page.locator("#live")).to_contain_text("Done")  # the page looks again by itself
    page.locator("#undo").focus()
    page.keyboard.press("Enter")
    press(page, "See what it would undo")
    page.locator("#count").fill("7")
    press(page, "Undo it")
    expect(page.locator("#wrong")).to_have_text("Expected 6, not 7: nothing was started.")
    is_accessible(page, "run-undo")
    page.locator("#count").fill("6")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Revert")
    library.carry_out_runs()
    expect(page.locator("#live")).to_contain_text("Done")
    assert {asset: library.tags(asset) for asset in before} == before
    page.goto(f"{console.url}/runs")
    expect(page.locator(".run")).to_have_count(3)
    is_accessible(page, "runs")


def test_a_run_works_without_scripts(new_page: NewPage, library: Service, console: Console) -> None:
    page = new_page(java_script_enabled=False)
    console.open(page, "/runs/new?folder=stage/**")
    page.get_by_role("button", name="See what it would change").click()
    expect(page.locator("#plan")).to_contain_text("Tags would change on 6 of 12 assets.")
    page.get_by_role("button", name="Start the run").click()
    expect(page).to_have_url(re.compile("/runs/[0-9a-f]{32}$"))
    library.carry_out_runs()
    page.get_by_role("link", name="Look again").click()
    expect(page.locator("#live")).to_contain_text("Done")
    assert library.tags("a1") == {"crowd"}


def test_a_plan_in_steps_goes_on_by_itself_and_its_page_can_be_loaded_again(
    page: Page, library: Service, start_console: Callable[..., Console]
) -> None:
    opened = threading.Event()
    planned: list[Request] = []

    def hold(request: Request) -> None:
        if isinstance(request, PlanRun):
            planned.append(request)
            assert len(planned) <= 2 * SEGMENTS or opened.wait(60)

    library.before = hold
    start_console(in_steps=True).open(page, "/runs/new")
    press(page, "See what it would change")
    expect(page.locator("#live")).to_contain_text("looked at so far.")
    expect(page.get_by_role("button", name="Go on")).to_be_hidden()
    is_accessible(page, "run-plan-in-steps")
    opened.set()
    expect(page.locator("#plan")).to_contain_text("Tags would change on 6 of 12 assets.")
    read = len(planned)
    page.wait_for_load_state()
    page.reload()
    expect(page.locator("#plan")).to_contain_text("Tags would change on 6 of 12 assets.")
    assert len(planned) == read
    press(page, "Start the run")
    expect(page.locator("#live")).to_contain_text("Running")


def test_a_plan_in_steps_goes_on_by_a_button_without_scripts(
    new_page: NewPage, library: Service, start_console: Callable[..., Console]
) -> None:
    page = new_page(java_script_enabled=False)
    start_console(in_steps=True).open(page, "/runs/new")
    page.get_by_role("button", name="See what it would change").click()
    while page.locator("#go-on").count():
        page.get_by_role("button", name="Go on").click()
    expect(page.locator("#plan")).to_contain_text("Tags would change on 6 of 12 assets.")
    page.get_by_role("button", name="Start the run").click()
    expect(page).to_have_url(re.compile("/runs/[0-9a-f]{32}$"))
