"""The measurement of ``bench/bulk.py cost``, and its output."""

from rich.console import Console
from rich.table import Table

from autotag_cli.stats.cost.bill import bill, times
from autotag_cli.stats.cost.prices import MILLION
from autotag_cli.stats.cost.usage import (
    ANSWERS,
    CORE_GB,
    DOOR,
    DOOR_GB,
    DOOR_LINE,
    IDLE_MONTH,
    LIVE_IMAGE,
    PROCESSOR,
    WORKER_GB,
    Usage,
)
from bench.library.live_images import IMAGES, LABELS, RULES, idle_minute, live_images
from bench.tables import measurement_table

BATCH = 10
IGNORED_LINE, BATCH_LINES = 285, 220
"""Bytes of log: the webhook's line about a notification that it drops, and those of an image in a full batch."""
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
    counted = measurement_table(
        f"counted, on average of {IMAGES} live images of 50 labels",
        "what", "a live image", "an idle minute", first_column="left",
    )  # fmt: skip
    for name, images, minutes in (
        ("write units", live.meter.write_units, idle.write_units),
        ("read units", live.meter.read_units, idle.read_units),
        ("calls", live.meter.calls, idle.calls),
    ):
        for place in sorted({*images, *minutes}):
            counted.add_row(f"{name}, {place}", f"{images[place] / live.images:.2f}", f"{minutes[place]:.2f}")
    console.print(counted)
    console.print(_bills())
    console.print(_by_labels())
    console.print("Without events (Events=never) each is a dollar less.", highlight=False)


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


def _bills() -> Table:
    table = measurement_table(
        "dollars", "what", "a million live images", "the same, busy", "an idle month", first_column="left"
    )
    bills = bill(times(LIVE_IMAGE, MILLION)), bill(times(BUSY, MILLION)), bill(IDLE_MONTH)
    for name in bills[0]:
        table.add_row(name, *(f"{dollars[name]:.2f}" for dollars in bills))
    table.add_row("together", *(f"{sum(dollars.values()):.2f}" for dollars in bills))
    return table
