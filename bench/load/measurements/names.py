"""A name that lived many times: which living holders are seen, and the read units of looking."""

from typing import Any, NamedTuple

from autotag.adapters.aws.dynamodb.states import DynamoStateStore
from autotag.domain.model.asset import AssetRef
from bench.load.images import deleted, image
from bench.load.processor_time import TYPICAL
from bench.load.rows import Row, at_least, at_most, row
from bench.load.setting import Setting
from bench.load.simulated.functions import start_workers
from bench.load.simulated.template import Template
from bench.load.simulated.uploads import Door
from bench.load.simulated.world import World

_NAME = "campaign/hero"
LIVING = 2
_LIFE = 4.0
"""Seconds between two lives of the name; after half of it, the image is deleted."""


class Seen(NamedTuple):
    """Of the living holders so many were seen, in so many read units; ``alone`` is the read units of a new name."""

    holders: int
    read_units: float
    alone: float
    bytes_a_life: float


def holders(template: Template, lives: int) -> Seen:
    """Let images be uploaded and deleted under one name, the living ones last, all by the deployed worker."""
    world = World(template, TYPICAL)
    door, gone = Door(world), [image(number, labels=5, name=_NAME) for number in range(lives)]
    living = [image(10**6 + number, labels=5, name=_NAME) for number in range(LIVING)]
    start_workers(world, queues=("Queue",))
    for number, body in enumerate(gone):
        world.simulation.spawn(lambda body=body: door.upload(body), at=number * _LIFE)  # type: ignore[misc]
        world.simulation.spawn(
            lambda body=body: door.post(deleted(body, world.now())),  # type: ignore[misc]
            at=number * _LIFE + _LIFE / 2,
        )
    for body in living:
        world.simulation.spawn(lambda body=body: door.upload(body), at=lives * _LIFE)  # type: ignore[misc]
    world.simulation.run(lives * _LIFE + 3600)
    world.simulation.close()
    store, read = DynamoStateStore(world.direct, "state"), world.direct
    found = store.holders(AssetRef("another", _NAME, "image", "upload", 0))
    units = read.read_units
    store.holders(AssetRef("another", "never/seen", "image", "upload", 0))
    stored = [world.tables["state"].size_of(f"ASSET#{body['asset_id']}") for body in gone]
    expected: set[Any] = {body["asset_id"] for body in living}
    return Seen(len(expected & set(found)), units, read.read_units - units, sum(stored) / max(1, len(stored)))


def rows(setting: Setting) -> list[Row]:
    """Simulate the lives of a name."""
    lives = setting.size(6000, 300)
    seen = holders(setting.template, lives)
    case = f"a name with {lives:,} lives"
    more = seen.read_units - seen.alone
    return [
        at_least(f"{case}: living holders seen of {LIVING}", seen.holders, LIVING, "simulated"),
        at_most(f"{case}: read units more than for a new name", more, 1, "simulated", "", 1),
        row(f"{case}: bytes of each life that ended", seen.bytes_a_life, "simulated"),
    ]
