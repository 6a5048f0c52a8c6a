"""The memory of one worker process over many assets, all of whose labels are new to it, with names of any length."""

import random
from itertools import batched, count
from pathlib import Path
from typing import Any, NamedTuple

from autotag import bootstrap
from autotag.wiring_tables import WorkerPorts
from bench.load.images import image
from bench.load.processor_time import TYPICAL
from bench.load.rows import Row, at_least, at_most, row
from bench.load.setting import Setting
from bench.load.simulated.lambda_process import Invocation
from bench.load.simulated.processes import adapters
from bench.load.simulated.template import Template
from bench.load.simulated.uploads import Door
from bench.load.simulated.world import World

FULL = 256
"""Megabytes of the worker: with more it is killed."""

GROWTH = 16
"""Megabytes that count as flat: caches that are cleared when they are full, and fragments of freed memory."""

_KEPT = 64
"""Items that the tables keep, so that the memory is the worker's own."""

_NEW_LABELS = 3
_LONGEST = 200_000
"""Characters of the longest name: a message has room for one such."""

_OTHERS = 20_000
"""Characters of the other names of its image, at the most."""


class Memory(NamedTuple):
    """The most megabytes over the first half of the assets and over the others; ``assets``: fewer if it was full."""

    early: float
    late: float
    assets: int


def resident() -> float:
    """Return the megabytes that this process holds now."""
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * 4096 / 2**20


def memory(template: Template, assets: int) -> Memory:
    """Have one process handle the uploads of so many assets."""
    from handlers.worker import consume

    world = World(template, TYPICAL, kept=_KEPT)
    worker = bootstrap.worker(**adapters(world, WorkerPorts))
    context: Any = Invocation(world.simulation, world.template.function("WorkerFunction"))
    context.begin()
    door, queue, names = Door(world), world.queues["Queue"], count()
    rng, most, done = random.Random(1), {"early": 0.0, "late": 0.0}, 0  # noqa: S311 - nothing secret
    for numbers in batched(range(assets), 10, strict=False):
        for number in numbers:
            body = image(number, labels=0)
            data = [{"tag": name, "confidence": 0.9} for name in _names(rng, names)]
            body["info"]["categorization"]["aws_rek_tagging"]["data"] = data
            door.upload(body)
        records = queue.receive(10)
        consume({"Records": records}, context, worker)
        for record in records:
            queue.delete(record["receiptHandle"])
        world.cloudinary.forget()
        done += len(numbers)
        half, now = "early" if done <= assets // 2 else "late", resident()
        most[half] = max(most[half], now)
        if now > FULL:
            break
    return Memory(**most, assets=done)


def _names(rng: random.Random, numbers: "count[int]") -> list[str]:
    """Return new names: a notification has room for one that is very long."""
    found = [_name(rng, next(numbers)) for _ in range(_NEW_LABELS)]
    return [name if index == 0 else name[:_OTHERS] for index, name in enumerate(sorted(found, key=len, reverse=True))]


def _name(rng: random.Random, number: int) -> str:
    """Return a name that none had before: mostly a few words, one in ten up to the longest, evenly by its logarithm."""
    length = round(30 * (_LONGEST / 30) ** rng.random()) if rng.random() < 0.1 else rng.randint(4, 30)
    return f"{number} ".ljust(length, "x")


def rows(setting: Setting) -> list[Row]:
    """Measure the memory of one process over many assets."""
    assets = setting.size(100_000, 2000)
    measured = memory(setting.template, assets)
    case = f"memory over {assets:,} assets, all labels new, of any length"
    grown = measured.late - measured.early
    return [
        row(f"{case}: at most in the first half", measured.early, "measured", "MB"),
        at_most(f"{case}: more in the second half", grown, GROWTH, "measured", "MB"),
        at_least(f"{case}: assets until the worker's memory is full", measured.assets, assets, "measured"),
    ]
