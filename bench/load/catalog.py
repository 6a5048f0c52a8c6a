"""What is measured: each name with its rows and targets. Sizes are full, or small where ``quick``."""

from collections.abc import Callable

from msgspec import Struct

from bench.load.processor_time import TYPICAL, ProcessorTime
from bench.load.rows import Row, at_least, at_most, row
from bench.load.simulated.template import Template


class Setting(Struct, frozen=True):
    """What is measured, and how thoroughly; ``processor`` is what the simulation charges."""

    template: Template
    processor: ProcessorTime = TYPICAL
    quick: bool = False

    def size(self, full: int, quick: int) -> int:
        """Return a size."""
        return quick if self.quick else full


def processor(setting: Setting) -> list[Row]:
    """Measure the processor time of an image."""
    from bench.load.measurements.processor import measure

    measured = measure(setting.template, setting.size(300, 60))
    return [
        Row(what, f"{value:.1f}{unit}", "measured", value=value, name=name)
        for (name, what, unit), value in zip(_PROCESSOR, measured, strict=True)
    ]


_PROCESSOR = (
    ("image", "processor time of an image in the worker", " ms"),
    ("notification", "processor time of a notification in the webhook", " ms"),
    ("cloudinary_call", "processor time of a call of Cloudinary", " ms"),
    ("aws_calls", "calls of AWS for an image", ""),
)


def cold_start(setting: Setting) -> list[Row]:
    """Measure cold starts of the package as built."""
    from bench.load.measurements.cold_starts import cold_starts

    measured = cold_starts(setting.template.path, setting.size(9, 3))
    return [
        at_most("cold start as built, webhook: processor time", measured.webhook, 280, "measured", "ms"),
        at_most("cold start as built, worker: processor time", measured.worker, 420, "measured", "ms"),
    ]


def burst(setting: Setting) -> list[Row]:
    """Simulate workers with full batches, and compute what a burst of a hundred thousand uploads takes."""
    from bench.load.measurements.burst import UPLOADS, burst_of, rate_of_a_worker

    rate = rate_of_a_worker(setting.template, setting.processor, setting.size(600, 60))
    new, raised = burst_of(setting.template, setting.processor, rate)
    case = f"{UPLOADS:,} uploads in a minute"
    return [
        row("images a second of one worker, unlike images", rate.unlike, "simulated", "", 1),
        row("images a second of one worker, own changes come back", rate.echoes, "simulated", "", 1),
        row("images a second of one worker, ten messages an image", rate.one_image, "simulated", "", 1),
        Row(f"{case}, new account: accepted", f"{new.least_accepted:,} to {new.most_accepted:,}", "computed"),
        row(f"{case}, new account: all accepted are tagged in", new.minutes, "computed", "min"),
        row(f"{case}, account of 1,000: accepted at least", raised.least_accepted, "computed"),
        at_most(f"{case}, account of 1,000, production: tagged in", raised.minutes, 8, "computed", "min", 1),
        row(
            f"{case}, account of 1,000, production, own changes come back",
            raised.minutes_with_echoes,
            "computed",
            "min",
            1,
        ),
    ]


def outage(setting: Setting) -> list[Row]:
    """Simulate ten workers and the poller after an outage."""
    from bench.load.measurements.outage import clear, minutes_for

    stored = setting.size(8000, 1500)
    cleared = clear(setting.template, setting.processor, stored, setting.size(4, 2))
    return [
        row("due intents finished a minute, ten workers, 10 uploads a second", cleared.rate, "simulated"),
        row("clearing 12,000 intents after 20 minutes' outage", minutes_for(cleared, 12_000), "computed", "min"),
        at_most("clearing 36,000 intents after an hour's outage", minutes_for(cleared, 36_000), 20, "computed", "min"),
        row("clearing 864,000 intents after a day's outage", minutes_for(cleared, 864_000) / 60, "computed", "h", 1),
    ]


def starved(setting: Setting) -> list[Row]:
    """Simulate a minute with due intents, polls and a run, and the same while Cloudinary hangs."""
    from bench.load.measurements.starved import minute

    due = setting.size(1000, 200)
    full = minute(setting.template, setting.processor, due, due)
    hanging = minute(setting.template, setting.processor, due, due, hangs=True)
    case = f"a minute with {due:,} intents and {due:,} polls due"
    slow = f"{case}, Cloudinary fails after 10 s"
    return [
        row(f"{case}: intents finished", full.intents, "simulated"),
        at_least(f"{case}: polls answered", full.polls, 1, "simulated"),
        at_least(f"{case}: assets that a run looks at", full.planned, 1, "simulated"),
        row(f"{slow}: calls that fail", hanging.attempts, "simulated"),
        at_least(f"{slow}: assets that a run looks at", hanging.planned, 1, "simulated"),
        at_most(f"{slow}: receives used", hanging.receives, 0, "simulated"),
    ]


def budget(setting: Setting) -> list[Row]:
    """Simulate an hour in which more is pending than the Admin budget can read."""
    from bench.load.measurements.budget import MINUTES, hour

    rows = []
    for limit in (500,) if setting.quick else (500, 2000):
        measured = hour(setting.template, setting.processor, limit)
        case = f"an hour with a million pending, {limit:,} Admin calls"
        rows += [
            at_most(f"{case}: live reads of {MINUTES} that wait", measured.waiting, 0, "simulated"),
            row(f"{case}: pending images read", measured.polled, "simulated"),
        ]
    return rows


def names(setting: Setting) -> list[Row]:
    """Simulate the lives of a name."""
    from bench.load.measurements.names import LIVING, holders

    lives = setting.size(6000, 300)
    seen = holders(setting.template, lives)
    case = f"a name with {lives:,} lives"
    more = seen.read_units - seen.alone
    return [
        at_least(f"{case}: living holders seen of {LIVING}", seen.holders, LIVING, "simulated"),
        at_most(f"{case}: read units more than for a new name", more, 1, "simulated", "", 1),
        row(f"{case}: bytes of each life that ended", seen.bytes_a_life, "simulated"),
    ]


def memory(setting: Setting) -> list[Row]:
    """Measure the memory of one process over many assets."""
    from bench.load.measurements.memory import GROWTH, memory

    assets = setting.size(100_000, 2000)
    measured = memory(setting.template, assets)
    case = f"memory over {assets:,} assets, all labels new, of any length"
    grown = measured.late - measured.early
    return [
        row(f"{case}: after a tenth", measured.early, "measured", "MB"),
        at_most(f"{case}: more at the end", grown, GROWTH, "measured", "MB"),
        at_least(f"{case}: assets until the worker's memory is full", measured.assets, assets, "measured"),
    ]


def planning(setting: Setting) -> list[Row]:
    """Measure the planning of a run."""
    from bench.load.measurements.planning import planning

    measured = planning(setting.template, setting.size(6000, 500))
    return [
        row("processor time of an asset that a run looks at", measured.processor, "measured", "ms", 2),
        row("assets a minute that a run looks at", measured.assets, "computed"),
    ]


TIMED: dict[str, Callable[[Setting], list[Row]]] = {
    "processor": processor, "planning": planning, "cold-start": cold_start,
}  # fmt: skip
"""Measurements of processor time, which run alone."""

OTHERS: dict[str, Callable[[Setting], list[Row]]] = {
    "burst": burst, "outage": outage, "starved": starved, "budget": budget, "names": names, "memory": memory,
}  # fmt: skip
ALL = TIMED | OTHERS
