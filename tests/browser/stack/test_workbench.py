"""Rules tried out, pushed and applied on the real stack, in the console: what was shown is what happens, to the asset.

``WHATIF_ASSETS`` is the number of assets (100; it was tried with 2,000).
"""

import os
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from local.clients.autotag_command import run_autotag
from local.clients.simulator_control import Tags, seed_assets, simulator_control, tags_of
from local.clients.tables import is_settled
from local.core.waiting import until
from local.stack.stack import Stack
from tests.browser.conftest import NewPage
from tests.browser.stack.console_process import ConsoleProcess, running_console

ASSETS = int(os.environ.get("WHATIF_ASSETS", "100"))
WITHIN = 60 + ASSETS
"""Seconds for a step of all assets."""
PREFIX = "tried/"


@pytest.fixture
def tried(stack: Stack, library: dict[str, str]) -> Tags:
    """The tags of seeded assets, of which people have changed some."""
    seed_assets(stack, PREFIX, ASSETS, within=WITHIN, tags=["press"])
    until(lambda: is_settled(stack), "all assets to be tagged", within=WITHIN)
    for name, tags in list(tags_of(stack, PREFIX).items())[::10]:
        removed = sorted(tags - {"press"})[:1]
        simulator_control(
            stack, "POST", "person/tags", json={"public_id": name, "add": ["a person's"], "remove": removed}
        )
    until(lambda: is_settled(stack), "people's changes to be known", within=WITHIN)
    return tags_of(stack, "")


@pytest.fixture
def console(stack: Stack, folder: Path, tried: Tags) -> Iterator[ConsoleProcess]:
    """A console with an export of the stack as it is."""
    file = folder / "library.parquet"
    exported = run_autotag(stack, "export", str(file), within=WITHIN)
    assert exported.returncode == 0, exported.stderr
    with running_console(stack, folder / "workbench.log", "--library", str(file)) as console:
        yield console


def shown_changes(page: Page, console: ConsoleProcess) -> dict[str, tuple[set[str], set[str]]]:
    """Return the tags that the pages of pictures say each asset gains and loses."""
    changes: dict[str, tuple[set[str], set[str]]] = {}
    links = [
        (each.get_attribute("data-direction") or "", each.locator("xpath=ancestor::tr").get_attribute("data-tag") or "",
         each.get_attribute("href") or "")
        for each in page.locator("#whatif-effect a[data-pictures]").all()
    ]  # fmt: skip
    for direction, tag, address in links:
        following: str | None = address
        while following is not None and direction in ("gained", "lost"):
            text = page.request.get(f"{console.url}{following}").text()
            for name in re.findall(r'<p><a href="/asset/[^"]*"><bdi>([^<]*)</bdi>', text):
                changes.setdefault(unescape(name), (set(), set()))[direction == "lost"].add(unescape(tag))
            found = re.search(r'id="next-pictures" href="([^"]*)"', text)
            following = unescape(found[1]) if found else None
    return changes


def test_the_push_that_follows_changes_each_asset_as_it_was_shown_and_no_other(
    new_page: NewPage, console: ConsoleProcess, stack: Stack, tried: Tags
) -> None:
    page = new_page()
    page.goto(console.start_url)
    page.goto(f"{console.url}/rules/edit")
    expect(page.locator("#whatif-effect .effect")).to_have_attribute("data-exact", "1")
    number = page.locator('[data-bar="default_threshold"] input[type=number]')
    number.fill("0.85")
    number.press("Tab")
    expect(page.locator("#whatif-effect td a[data-direction=lost]").first).to_be_visible()
    expect(page.locator("#whatif-effect .effect")).to_have_attribute("data-exact", "1")
    expect(page.locator("textarea")).to_have_value(re.compile(r"threshold = 0\.85\b"))
    page.wait_for_load_state("networkidle")
    changes = shown_changes(page, console)
    assert len(changes) > ASSETS / 10

    page.get_by_role("button", name="Continue to push").click()
    page.get_by_role("button", name="Push").click()
    page.get_by_role("link", name="Plan a retag of all").click()
    page.get_by_role("button", name="See what it would change").click()
    page.locator("#start button").click()
    expect(page.locator("#live[data-status=done]")).to_be_attached(timeout=WITHIN * 1000)
    until(lambda: is_settled(stack), "the run to end", within=WITHIN)

    expected = {
        name: (tags | changes.get(name, (set(), set()))[0]) - changes.get(name, (set(), set()))[1]
        for name, tags in tried.items()
    }
    after = tags_of(stack, "")
    assert {name: (expected[name], after[name]) for name in expected if expected[name] != after[name]} == {}
