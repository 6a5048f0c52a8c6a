"""How fast the deployed poller plans a run: processor time with AWS's client, and the calls that it waits for."""

import time
from typing import Any, NamedTuple

from autotag.adapters.aws.dynamodb.run_items import segment_key
from autotag.adapters.aws.dynamodb.states import DynamoStateStore
from autotag.domain.runs.run import SEGMENTS
from bench.load.images import image
from bench.load.limits import assets_a_minute
from bench.load.processor_time import TYPICAL
from bench.load.rows import Row, row
from bench.load.setting import Setting
from bench.load.simulated.deployed import Minute, served
from bench.load.simulated.functions import start_workers
from bench.load.simulated.operators import ask
from bench.load.simulated.template import Template
from bench.load.simulated.uploads import Door, copy_of
from bench.load.simulated.world import RULES, World

_UNLIKE = 100
"""Images whose states are copied."""

_WAIT = 0.005
"""Seconds of waiting for each call of AWS."""


class Planned(NamedTuple):
    """Milliseconds of processor time of an asset, and assets a minute with the poller's part of a core."""

    processor: float
    assets: float


def planning(template: Template, assets: int) -> Planned:
    """Plan a retag that changes nothing, of so many assets. The process must not have imported the handlers before."""
    with served(template.path) as server:
        world = World(template, TYPICAL)
        _fill(world, assets)
        ask(world, {"op": "push_rules", "text": RULES})
        run = ask(world, {"op": "run_start", "action": "retag", "rate": 1000})["id"]
        server.load(world.tables)
        from handlers import poller

        context: Any = Minute()
        before, began = server.counts(), time.process_time()
        poller.handler({}, context)
        took, calls = time.process_time() - began, server.counts() - before
        segments = (server.item(segment_key(run, str(number))) for number in range(SEGMENTS))
        seen = sum(int(item["c_seen"]["N"]) for item in segments)
    if seen != assets:
        raise RuntimeError(f"the run looked at {seen} of {assets} assets")
    core = template.function("PollerFunction").core
    wait = sum(calls.values()) * _WAIT / assets
    return Planned(took / assets * 1000, assets_a_minute(took / assets, core, wait))


def _fill(world: World, assets: int) -> None:
    bodies, door = [image(number) for number in range(_UNLIKE)], Door(world)
    for body in bodies:
        door.upload(body)
    start_workers(world, queues=("Queue",))
    world.simulation.run(60)
    world.simulation.close()
    store = DynamoStateStore(world.direct, "state")
    states = store.load_all([body["asset_id"] for body in bodies])
    for number in range(assets - len(bodies)):
        body = image(7_000_000 + number, labels=0)
        state = states[bodies[number % _UNLIKE]["asset_id"]]
        store.put(copy_of(state, body["asset_id"], f"copies/{number}"), expected=None)


def rows(setting: Setting) -> list[Row]:
    """Measure the planning of a run."""
    measured = planning(setting.template, setting.size(6000, 500))
    return [
        row("processor time of an asset that a run looks at", measured.processor, "measured", "ms", 2),
        row("assets a minute that a run looks at", measured.assets, "computed"),
    ]
