"""One minute in which a thousand intents are due: what becomes of polls, a run and the intents themselves."""

from typing import Any, NamedTuple

from msgspec.structs import replace

from autotag.adapters.aws.dynamodb.states import DynamoStateStore
from bench.load.images import image, pending
from bench.load.measurements.outage import leave_intents
from bench.load.processor_time import ProcessorTime
from bench.load.simulated.functions import poll_once, start_workers
from bench.load.simulated.operators import ask
from bench.load.simulated.service import World
from bench.load.simulated.template import Template
from bench.load.simulated.uploads import Door, copy_of

HALF_PAST = 1_791_460_800_000 + 30 * 60_000
"""Unix milliseconds in the middle of an hour, of whose Admin budget half may be used by then."""

_ADMIN_LIMIT = 2000
"""Admin calls an hour of the paid plans (cloudinary.com/documentation/admin_api, "Usage limits")."""


class Minute(NamedTuple):
    """What happened in the minute: intents finished, polls answered, assets that a run looked at, calls that hung."""

    intents: int
    polls: int
    planned: int
    attempts: int


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
    began = world.simulation.now
    start_workers(world)
    world.simulation.spawn(lambda: poll_once(world), at=began)
    world.simulation.run(began + 60)
    world.simulation.close()
    seen = ask(world, {"op": "run_show", "run": run})["counts"]["seen"]
    calls = world.cloudinary.calls
    return Minute(len(names & world.cloudinary.tagged.keys()), calls["resource"], seen, calls["tags"] + calls["resource"])


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

