"""What the deployed worker needs with its clients: a full batch in threads, and a whole group of a run."""

import json
import os
import subprocess
import sys
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from autotag.adapters.aws.dynamodb.states import DynamoStateStore
from bench.load.images import image
from bench.load.processor_time import TYPICAL
from bench.load.rows import Row, at_most, row
from bench.load.setting import Setting
from bench.load.simulated.deployed import served
from bench.load.simulated.functions import poll_once, start_workers
from bench.load.simulated.operators import ask
from bench.load.simulated.template import Template
from bench.load.simulated.uploads import Door, copy_of
from bench.load.simulated.world import RULES, World

FITS = 160
"""Megabytes at the most, with which 256 are enough: Lambda's runtime and fragments of memory come on top."""

_BATCH, _GROUP = 10, 250
_LIBRARY = 6 * _GROUP
"""Assets, so that each of the four segments of a run has a whole group."""
_LABELS = 50
_CHANGED = RULES + '[[when]]\nfolder = "**"\nadd = ["archive"]\n'
"""Rules that add the same tag to every asset."""


class Resident(NamedTuple):
    """Megabytes: after the init phase, and the most in a batch, in many batches, and in a group of a run.

    ``group_asset`` are the milliseconds of processor time of an asset in the group.
    """

    started: float
    batch: float
    batches: float
    group: float
    group_asset: float


def resident(template: Template, batches: int) -> Resident:
    """Measure one process over so many batches of ten images, and another one over a group of 250."""
    with served(template.path) as server:
        started, first, *_, last = _invoke(_uploads(template, batches)).megabytes
        world, group = _group(template)
        server.load(world.tables)
        grouped = _invoke([group])
        done = server.counts()["PutItem"]
    if done < batches * _BATCH * 3 + _GROUP * 3:
        raise RuntimeError("the worker wrote less than it should")
    return Resident(started, first, last, grouped.megabytes[1], grouped.seconds[0] * 1000 / _GROUP)


def _uploads(template: Template, batches: int) -> list[dict[str, Any]]:
    """Return batches of messages about uploads."""
    world = World(template, TYPICAL)
    door = Door(world)
    for number in range(batches * _BATCH):
        door.upload(image(number, labels=_LABELS))
    return [{"Records": world.queues["Queue"].receive(_BATCH)} for _ in range(batches)]


def _group(template: Template) -> tuple[World, dict[str, Any]]:
    """Return a world with a library, and the message of a run about a group of its assets."""
    world = World(template, TYPICAL)
    body = image(1, labels=_LABELS)
    Door(world).upload(body)
    start_workers(world, queues=("Queue",))
    world.simulation.run(60)
    store = DynamoStateStore(world.direct, "state")
    (state,) = store.load_all([body["asset_id"]]).values()
    for number in range(1, _LIBRARY):
        copy = image(7_000_000 + number, labels=0)
        store.put(copy_of(state, copy["asset_id"], f"copies/{number}"), expected=None)
    ask(world, {"op": "push_rules", "text": _CHANGED})
    world.rules.use(_CHANGED)
    ask(world, {"op": "run_start", "action": "retag", "rate": 1000})
    world.simulation.spawn(partial(poll_once, world))
    world.simulation.run(120)
    world.simulation.close()
    records = world.queues["BulkQueue"].receive(100)
    record = max(records, key=lambda each: len(json.loads(each["body"])["asset_ids"]))
    if len(json.loads(record["body"])["asset_ids"]) != _GROUP:
        raise RuntimeError(f"the run was planned in another way: expected a group of {_GROUP}")
    return world, {"Records": [record]}


class _Invoked(NamedTuple):
    """The most megabytes at the start and after each invocation, and the processor time of each invocation."""

    megabytes: list[float]
    seconds: list[float]


def _invoke(events: list[dict[str, Any]]) -> _Invoked:
    """Invoke the worker in a process of its own, which inherits the settings."""
    with TemporaryDirectory() as folder:
        path = Path(folder, "events.json")
        path.write_text(json.dumps(events), "utf-8")
        command = [sys.executable, "-m", "bench.load.worker_process", str(path)]
        done = subprocess.run(command, env=os.environ, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"the worker ended with {done.returncode}: {done.stderr.strip()[-500:]}")
    return _Invoked(**json.loads(done.stdout.splitlines()[-1]))


def rows(setting: Setting) -> list[Row]:
    """Measure the memory of the worker."""
    batches = setting.size(30, 3)
    measured = resident(setting.template, batches)
    return [
        row("memory of a worker that has just started", measured.started, "measured", "MB"),
        at_most(f"memory in a batch of ten images of {_LABELS} labels", measured.batch, FITS, "measured", "MB"),
        at_most(f"memory over {batches} such batches", measured.batches, FITS, "measured", "MB"),
        at_most(f"memory in a group of {_GROUP} assets of a run", measured.group, FITS, "measured", "MB"),
        row("processor time of an asset in it", measured.group_asset, "measured", "ms"),
    ]
