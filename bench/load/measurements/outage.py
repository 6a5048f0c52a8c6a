"""After an outage of Cloudinary: how long until the intents that it left are finished, while uploads go on."""

from typing import Any, NamedTuple

from msgspec.structs import replace

from autotag.adapters.aws.dynamodb.states import DynamoStateStore
from bench.load.images import image
from bench.load.processor_time import ProcessorTime
from bench.load.rows import Row, at_most, row
from bench.load.setting import Setting
from bench.load.simulated.functions import start_poller, start_workers
from bench.load.simulated.template import Template
from bench.load.simulated.uploads import Door, copy_of, states_left_by
from bench.load.simulated.world import World

UPLOADS = 10
"""Uploads a second, before, during and after the outage."""

WORKERS = 10
_UNLIKE = 50
"""Images whose states are copied: with other labels, folders and names each."""

_LOOK = 5.0
"""Seconds between two counts of what is finished."""

_FIRST = 6
"""Counts at the beginning that do not matter for the rate."""

_ATTEMPTS = 3
"""Attempts that each intent has behind it."""


class Cleared(NamedTuple):
    """How many intents were finished in so many simulated minutes; ``rate`` a minute, without the first ones."""

    finished: int
    simulated: float
    rate: float


def minutes_for(cleared: Cleared, intents: int) -> float:
    """Return the minutes in which so many intents are finished at that rate."""
    return intents / cleared.rate if cleared.rate else float("inf")


def clear(template: Template, processor: ProcessorTime, intents: int, most_minutes: float, workers: int) -> Cleared:
    """Simulate at most ``most_minutes`` after an outage that left ``intents``, all due, with so many live workers."""
    world = World(template, processor, admin_limit=2000)
    names = leave_intents(world, intents)
    start_workers(world, live=workers)
    start_poller(world, first=world.simulation.now)
    _keep_uploading(world)
    began, finished = world.simulation.now, [0]

    def look() -> None:
        finished.append(sum(name in world.cloudinary.tagged for name in names))
        if finished[-1] == intents:
            world.simulation.stop()
        else:
            world.simulation.spawn(look, at=world.simulation.now + _LOOK)

    world.simulation.spawn(look, at=began + _LOOK)
    world.simulation.run(began + most_minutes * 60)
    world.simulation.close()
    took = (world.simulation.now - began) / 60
    early = min(_FIRST, len(finished) - 2)
    rate = (finished[-1] - finished[early]) / (len(finished) - 1 - early) * 60 / _LOOK
    return Cleared(finished[-1], took, rate)


def leave_intents(world: World, intents: int) -> set[str]:
    """Store so many due intents, as an outage leaves them; return the names of their images."""
    other = world.another()
    found = states_left_by(other, [image(number) for number in range(_UNLIKE)])
    other.simulation.close()
    states = [state for state in found if state.intent is not None and state.intent.add]
    store: Any = DynamoStateStore(world.direct, "state")
    names = set()
    for number in range(intents):
        body = image(1_000_000 + number, labels=0)
        state = copy_of(states[number % len(states)], body["asset_id"], f"left/{number}")
        assert state.intent is not None
        due = replace(state.intent, attempts=_ATTEMPTS, due_at=world.now() - number % 60_000)
        store.put(replace(state, intent=due), expected=None)
        world.cloudinary.add(body | {"public_id": f"left/{number}"})
        names.add(f"left/{number}")
    return names


def _keep_uploading(world: World) -> None:
    door, number = Door(world), iter(range(10**9))

    def upload() -> None:
        world.simulation.spawn(upload, at=world.simulation.now + 1 / UPLOADS)
        door.upload(image(next(number)))

    world.simulation.spawn(upload)


def rows(setting: Setting) -> list[Row]:
    """Simulate ten workers and the poller after an outage, and the template's default of five."""
    stored = setting.size(8000, 1500)
    cleared = clear(setting.template, setting.processor, stored, setting.size(4, 2), WORKERS)
    five = clear(setting.template, setting.processor, stored // 2, setting.size(4, 2), WORKERS // 2)
    return [
        row("due intents finished a minute, ten workers, 10 uploads a second", cleared.rate, "simulated"),
        row("clearing 12,000 intents after 20 minutes' outage", minutes_for(cleared, 12_000), "computed", "min"),
        at_most("clearing 36,000 intents after an hour's outage", minutes_for(cleared, 36_000), 20, "computed", "min"),
        row("clearing 864,000 intents after a day's outage", minutes_for(cleared, 864_000) / 60, "computed", "h", 1),
        row("due intents finished a minute, five workers", five.rate, "simulated"),
        row(
            "clearing 36,000 intents after an hour's outage, five workers", minutes_for(five, 36_000), "computed", "min"
        ),
    ]
