"""An hour in which a million images are pending: reads that live uploads need, against the Admin budget of the hour."""

from typing import NamedTuple

from bench.load.images import image
from bench.load.measurements.starved import leave_polls
from bench.load.processor_time import ProcessorTime
from bench.load.rows import Row, at_most, row
from bench.load.setting import Setting
from bench.load.simulated.functions import start_poller, start_workers
from bench.load.simulated.template import Template
from bench.load.simulated.uploads import Door
from bench.load.simulated.world import World

STORED = 3000
"""Pending images that are stored: more than an hour's budget can read, so more of them change nothing."""

MINUTES = 60
_EVERY = 59
"""Seconds between two live reads, so that the last one is handled within the hour."""


class Hour(NamedTuple):
    """Live reads of the hour, and how many of them wait for the next; pending images that were read in it."""

    live: int
    waiting: int
    polled: int


def hour(template: Template, processor: ProcessorTime, admin_limit: int, *, stored: int = STORED) -> Hour:
    """Simulate an hour. About each minute an image is uploaded whose name another one has: a read settles that."""
    world = World(template, processor, admin_limit=admin_limit)
    leave_polls(world, stored)
    door, names = Door(world), [f"shared/{number}" for number in range(MINUTES)]
    start_workers(world, queues=("Queue",))
    for number, name in enumerate(names):
        door.upload(image(5_000_000 + number, labels=0, name=name))
    world.simulation.run(world.simulation.now + 30)
    began = world.simulation.now
    for number, name in enumerate(names):
        body = image(6_000_000 + number, labels=50, name=name)
        at = began + 50 + _EVERY * number  # late in the minute: the poller has done its work
        world.simulation.spawn(lambda body=body: door.upload(body), at=at)  # type: ignore[misc]
    start_poller(world, first=began)
    world.cloudinary.calls.clear()
    world.simulation.run(began + 60 * MINUTES - 31)
    world.simulation.close()
    done = sum(name in world.cloudinary.tagged for name in names)
    reads = world.cloudinary.calls["resource"]
    return Hour(MINUTES, MINUTES - done, reads - done)


def rows(setting: Setting) -> list[Row]:
    """Simulate an hour in which more is pending than the Admin budget can read."""
    found: list[Row] = []
    for limit in (500,) if setting.quick else (500, 2000):
        measured = hour(setting.template, setting.processor, limit)
        case = f"an hour with a million pending, {limit:,} Admin calls"
        found += [
            at_most(f"{case}: live reads of {MINUTES} that wait", measured.waiting, 0, "simulated"),
            row(f"{case}: pending images read", measured.polled, "simulated"),
        ]
    return found
