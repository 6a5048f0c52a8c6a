"""The measurement of ``bench/bulk.py cost``, and its output."""

from rich.console import Console
from rich.table import Table

from autotag.domain.statistics.cost.bill import bill, times
from autotag.domain.statistics.cost.prices import MILLION
from autotag.domain.statistics.cost.usage import (
    ANSWERS,
    CORE_GB,
    DOOR,
    DOOR_GB,
    DOOR_LINE,
    GROUP_LINES,
    GROUP_PROCESSOR,
    HISTORY_BYTES,
    IDLE_MONTH,
    IGNORED_LINE,
    LIVE_IMAGE,
    PROCESSOR,
    STATE_BYTES,
    WORKER_GB,
    Usage,
)
from bench.library.live_images import IMAGES, LABELS, RULES, LiveImages, idle_minute, live_images
from bench.library.metered_retag import Retag, retag
from bench.library.page_mixes import mixes
from bench.library.planning import measure
from bench.tables import measurement_table

BATCH = 10
BATCH_LINES = 220
"""Bytes of log of an image in a full batch."""
BUSY_SECONDS = max(BATCH * PROCESSOR * CORE_GB / WORKER_GB, PROCESSOR + ANSWERS) / BATCH
"""Seconds of the worker for an image in a full batch: all wait for answers at the same time, and take turns on the
worker's part of a processor, whichever is longer."""
BUSY = Usage(
    write_units=LIVE_IMAGE.write_units,
    read_units=2.5,  # without our own change
    lambda_requests=2 + 1 / BATCH,
    gb_seconds=2 * DOOR_GB * DOOR + WORKER_GB * BUSY_SECONDS,
    queue_requests=1 + 2 / BATCH,
    events=1,
    log_bytes=DOOR_LINE + IGNORED_LINE + BATCH_LINES,
)
"""A live image in busy times: ten messages in each batch, and a key that only autotag writes with, so that the webhook
drops the notifications of its own changes."""


def report() -> None:
    """Count everything and print it."""
    console = Console()
    live, idle = live_images(), idle_minute()
    changed = retag()
    counted = measurement_table(
        f"counted, on average of {IMAGES} live images of 50 labels",
        "what", "a live image", "an asset of a retag", "an idle minute", first_column="left",
    )  # fmt: skip
    for name, images, assets, minutes in (
        ("write units", live.meter.write_units, changed.meter.write_units, idle.write_units),
        ("read units", live.meter.read_units, changed.meter.read_units, idle.read_units),
        ("calls", live.meter.calls, changed.meter.calls, idle.calls),
    ):
        for place in sorted({*images, *assets, *minutes}):
            figures = (images[place] / live.images, assets[place] / changed.assets, minutes[place])
            counted.add_row(f"{name}, {place}", *(f"{figure:.2f}" for figure in figures))
    console.print(counted)
    console.print(_bills(changed))
    console.print(_by_labels())
    console.print("Without events (Events=never) each is a dollar less.", highlight=False)
    console.print(_targets(live, changed))


def retag_usage(changed: Retag) -> Usage:
    """Return what AWS bills for an asset of a retag, with a key that only autotag writes with."""
    messages = changed.messages / changed.assets
    return Usage(
        write_units=sum(changed.meter.write_units.values()) / changed.assets,
        read_units=sum(changed.meter.read_units.values()) / changed.assets,
        lambda_requests=1 + messages,  # the webhook drops the notification of our own change
        gb_seconds=DOOR_GB * DOOR + CORE_GB * GROUP_PROCESSOR,
        queue_requests=3 * messages,
        events=1,
        log_bytes=IGNORED_LINE + GROUP_LINES,
    )


_PAGE = 2000


def _targets(live: LiveImages, changed: Retag) -> Table:
    """Compare with release 0.2, and with what was aimed at."""
    stored = Usage(table_bytes=(STATE_BYTES + HISTORY_BYTES) * MILLION)
    pages = {name: measure(mix) for name, mix in mixes(_PAGE).items() if name.startswith("all ")}

    def dollars(usage: Usage, count: int = MILLION) -> float:
        return sum(bill(times(usage, count)).values())

    rows = (
        ("dollars of a million live images, as deployed", 18.39, 9.05, dollars(LIVE_IMAGE)),
        ("the same with a key of its own and full batches", 14.52, 5.75, dollars(BUSY)),
        ("dollars of a retag of a million assets", 13.29, 5.20, dollars(retag_usage(changed))),
        ("dollars a month to store a million images", 1.73, 0.70, dollars(stored, 1)),
        ("write units of a live image of 50 labels", 14.6, 4.1, sum(live.meter.write_units.values()) / live.images),
        (f"messages of {_PAGE:,} assets with different changes", 1936, 60, pages["all different"].messages),
        ("ms of processor time to plan an asset", 1.1, 0.5, max(each.milliseconds for each in pages.values())),
    )
    table = measurement_table("targets", "what", "release 0.2", "at most", "now", "met", first_column="left")
    for what, before, most, now in rows:
        table.add_row(what, f"{before:g}", f"{most:g}", f"{now:.2f}", "yes" if now <= most else "no")
    return table


_RICH = """
[defaults]
threshold = 0.87
review = 0.6
deny = ["Old Boat 1"]
max_tags = 9
[labels."Small Car 1"]
tag = "car"
parents = ["vehicle"]
threshold = 0.5
[labels."Old Guitar 1"]
threshold = 0.95
[[when]]
folder = "folder0/**"
add = ["zero"]
"""
_SETTINGS = (
    *((str(labels), labels, RULES) for labels in (8, 50, 70, 100, 150)),
    ("50, tags in lower case", LABELS, f'{RULES}case = "lower"\n'),
    ("50, rich rules", LABELS, _RICH),
)


def _by_labels() -> Table:
    """Measure how the size of an image's items, and with it their price, grows with its labels."""
    table = measurement_table(
        "by labels", "labels", "tags", "state, bytes", "audit, bytes", "write units", "dollars of writes a million",
        first_column="left",
    )  # fmt: skip
    for name, labels, rules in _SETTINGS:
        live = live_images(20, labels, rules)
        units = sum(live.meter.write_units.values()) / live.images
        dollars = bill(times(Usage(write_units=units), MILLION))["DynamoDB writes"]
        sizes = (f"{size / live.images:,.0f}" for size in (live.tags, live.state_bytes, live.history_bytes))
        table.add_row(name, *sizes, f"{units:.2f}", f"{dollars:.2f}")
    return table


def _bills(changed: Retag) -> Table:
    table = measurement_table(
        "dollars", "what", "a million live images", "the same, busy", "a retag of a million", "an idle month",
        first_column="left",
    )  # fmt: skip
    usages = times(LIVE_IMAGE, MILLION), times(BUSY, MILLION), times(retag_usage(changed), MILLION), IDLE_MONTH
    bills = [bill(usage) for usage in usages]
    for name in bills[0]:
        table.add_row(name, *(f"{dollars[name]:.2f}" for dollars in bills))
    table.add_row("together", *(f"{sum(dollars.values()):.2f}" for dollars in bills))
    return table
