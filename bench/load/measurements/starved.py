"""One minute in which a thousand intents are due: what becomes of polls, a run and the intents themselves."""

from typing import Any, NamedTuple

from msgspec.structs import replace

from autotag.adapters.aws.dynamodb.states import DynamoStateStore
from bench.load.images import image, pending
from bench.load.measurements.outage import leave_intents
from bench.load.processor_time import ProcessorTime
from bench.load.rows import Row, at_least, at_most, row
from bench.load.setting import Setting
from bench.load.simulated.functions import start_poller, start_workers
from bench.load.simulated.operators import ask
from bench.load.simulated.template import Template
from bench.load.simulated.uploads import Door, copy_of
from bench.load.simulated.world import World

HALF_PAST = 1_791_460_800_000 + 30 * 60_000
"""Unix milliseconds in the middle of an hour, of whose Admin budget half may be used by then."""

_ADMIN_LIMIT = 2000
"""Admin calls an hour of the paid plans (cloudinary.com/documentation/admin_api, "Usage limits")."""


_UPLOADS = 100
"""Uploads whose notifications wait while Cloudinary hangs."""

_LONG = 600
"""Seconds in which a message may be received again."""


class Minute(NamedTuple):
    """What happened in the minute: intents finished, polls answered, assets that a run looked at, calls of Cloudinary.

    ``receives`` counts those of messages that had been received before.
    """

    intents: int
    polls: int
    planned: int
    attempts: int
    receives: int


def minute(template: Template, processor: ProcessorTime, intents: int, polls: int, *, hangs: bool = False) -> Minute:
    """Simulate a minute with so much due work, with the workers of the template's defaults.

    ``hangs``: each call of Cloudinary fails after ten seconds.
    """
    world = World(template, processor, began=HALF_PAST, admin_limit=_ADMIN_LIMIT)
    names = leave_intents(world, intents)
    leave_polls(world, polls)
    run = ask(world, {"op": "run_start", "action": "retag", "rate": 1000})["id"]
    world.rules.use("[defaults]\nthreshold = 0.95\n")
    world.cloudinary.calls.clear()
    world.cloudinary.hangs = 10.0 if hangs else 0.0
    began, seen = world.simulation.now, list[Minute]()

    def look() -> None:
        planned = ask(world, {"op": "run_show", "run": run})["counts"]["seen"]
        calls, done = world.cloudinary.calls, len(names & world.cloudinary.tagged.keys())
        seen.append(Minute(done, calls["resource"], planned, calls["tags"] + calls["resource"], 0))

    if hangs:
        door = Door(world)
        for number in range(_UPLOADS):
            world.simulation.spawn(lambda number=number: door.upload(image(number)), at=began)  # type: ignore[misc]
    start_workers(world)
    start_poller(world, first=began)
    world.simulation.spawn(look, at=began + 59.9)
    world.simulation.run(began + (_LONG if hangs else 60))
    world.simulation.close()
    again = sum(number for queue in world.queues.values() for tries, number in queue.receives.items() if tries > 1)
    return seen[0]._replace(receives=again)


def leave_polls(world: World, polls: int) -> None:
    """Store so many pending images, all due to be read."""
    first = pending(image(0))
    other = world.another()
    door, store = Door(other), DynamoStateStore(other.direct, "state")
    door.upload(first)
    start_workers(other, queues=("Queue",))
    other.simulation.run(10)
    other.simulation.close()
    state = store.load(first["asset_id"])
    assert state is not None and state.poll is not None
    target: Any = DynamoStateStore(world.direct, "state")
    for number in range(polls):
        body = image(2_000_000 + number)
        due = replace(state.poll, due_at=world.now() - number % 60_000, deadline_at=world.now() + 86_400_000)
        target.put(replace(copy_of(state, body["asset_id"], body["public_id"]), poll=due), expected=None)
        world.cloudinary.add(body)


def rows(setting: Setting) -> list[Row]:
    """Simulate a minute with due intents, polls and a run, and the same while Cloudinary hangs."""
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
