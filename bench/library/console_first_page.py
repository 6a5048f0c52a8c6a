"""The first pages of the console with many waiting assets: how long until they show something."""

import statistics
import time
from collections.abc import Iterator
from itertools import batched
from pathlib import Path
from typing import Any

from msgspec.structs import replace
from playwright.sync_api import Page

from autotag.adapters.aws.dynamodb.asset_items import state_to_item
from autotag.domain.state.asset_state import AssetState
from autotag.service.review.summary import ReviewSummary
from bench.library.console_review import push_asking_rules
from local.clients.ops import ops
from local.clients.tables import asset_states
from local.core.waiting import until
from local.stack.stack import Progress, Stack
from tests.browser.chromium import running_chromium
from tests.browser.stack.console_process import running_console
from tests.browser.stack.library import upload_pictures
from tests.browser.stack.scenes import draw

_LOADS = 7
_PICTURES = 12
_WITHIN = 300.0
"""Seconds in which the pictures are decided on."""

_PATHS = ("/", "/review", "/review?tag=Guitar", "/review/grid", "/review/grid?tag=Guitar")
_SHOWN = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0"


def run(stack: Stack, folder: Path, waiting: int, progress: Progress) -> None:
    """Fill the review queue of a stack, load pages, and print how long they took."""
    push_asking_rules(stack, progress)
    with running_chromium(folder) as browser:
        progress("uploading pictures, and copying what was decided on them")
        names = upload_pictures(stack, draw(browser, _PICTURES), within=_WITHIN)
        decided = [state for state in asset_states(stack) if state.asset.public_id in names and state.review]
        _fill(stack, decided, waiting)
        until(lambda: _waiting(stack) >= waiting, "the queue to hold them", within=_WITHIN, every=2)
        print(f"{_waiting(stack):,} assets wait; milliseconds of {_LOADS} loads: the first, median, worst")
        with running_console(stack, folder / "console.log") as console:
            page = browser.new_page(viewport={"width": 1280, "height": 800})
            page.goto(console.start_url)
            for path in _PATHS:
                times = [_load(page, f"{console.url}{path}") for _ in range(_LOADS)]
                figures = (times[0], statistics.median(times), max(times))
                print(f"  {path:26} " + "  ".join(f"{1000 * seconds:6.0f}" for seconds in figures))


def _load(page: Page, url: str) -> float:
    """Return the seconds from asking for a page until it shows its content."""
    page.goto("about:blank")
    began = time.monotonic()
    page.goto(url, wait_until="domcontentloaded")
    page.wait_for_function(f"() => {_SHOWN} > 0")
    return max(time.monotonic() - began, float(page.evaluate(_SHOWN)) / 1000)


def _waiting(stack: Stack) -> int:
    return int(ops(stack).review_summary(ReviewSummary())["assets"])


def _fill(stack: Stack, decided: list[AssetState], how_many: int) -> None:
    client, table = stack.client("dynamodb"), stack.outputs["StateTableName"]
    for some in batched(_copies(decided, how_many), 25, strict=False):
        requests: list[Any] = [{"PutRequest": {"Item": state_to_item(state, b"bench").item}} for state in some]
        client.batch_write_item(RequestItems={table: requests})


def _copies(decided: list[AssetState], how_many: int) -> Iterator[AssetState]:
    """Yield copies of states, each of an asset of its own whose picture is that of the state it copies."""
    for number in range(how_many):
        state = decided[number % len(decided)]
        asset = replace(state.asset, asset_id=f"{number:032x}")
        yield replace(state, asset=asset, asked_at=state.final_at + number)
