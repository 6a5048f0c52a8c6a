"""The processor time of an image: the deployed worker, with its clients, against services behind HTTP."""

import statistics
import time
from itertools import batched
from typing import Any, NamedTuple

from bench.load.images import image, uploaded
from bench.load.processor_time import TYPICAL
from bench.load.rows import Row
from bench.load.setting import Setting
from bench.load.simulated.deployed import Minute, served
from bench.load.simulated.template import Template
from bench.load.simulated.uploads import Door, webhook_event
from bench.load.simulated.world import World

BATCH = 10
_WARM = 60
"""Images that fill the caches first."""

_CALLS = 60
"""Calls of Cloudinary that are measured alone."""


class Measured(NamedTuple):
    """Milliseconds of processor time: an image in the worker, a notification in the webhook, a call of Cloudinary.

    ``aws_calls`` is how many of them an image makes.
    """

    image: float
    notification: float
    cloudinary_call: float
    aws_calls: float


def measure(template: Template, images: int) -> Measured:
    """Measure ``images`` uploads, unlike each other. The process must not have imported the handlers before."""
    world = World(template, TYPICAL)
    door, bodies = Door(world), [image(number) for number in range(images + _WARM)]
    now = time.time_ns() // 1_000_000
    for body in bodies:
        door.upload(body)
    records = world.queues["Queue"].receive(len(bodies))
    with served(template.path) as server:
        from handlers import webhook, worker

        events = [{"Records": list(some)} for some in batched(records, BATCH, strict=False)]
        posts = [webhook_event(uploaded(body, now), now) for body in bodies]
        warm = _WARM // BATCH
        _each(worker.handler, events[:warm])
        before = server.counts()
        times = _each(worker.handler, events[warm:])
        calls = server.counts() - before
        notifications = _each(webhook.handler, posts)[_WARM:]
        cloudinary = _cloudinary_call()
    del calls["Cloudinary"]
    return Measured(
        statistics.median(times) / BATCH, statistics.median(notifications), cloudinary, sum(calls.values()) / images
    )


def _each(handler: Any, events: list[dict[str, Any]]) -> list[float]:
    """Invoke a function with each event; return the milliseconds of processor time of each."""
    times, context = [], Minute()
    for event in events:
        began = time.process_time()
        answer = handler(event, context)
        times.append((time.process_time() - began) * 1000)
        if answer.get("batchItemFailures") or answer.get("statusCode", 200) != 200:
            raise RuntimeError(f"a function answered {answer}")
    return times


def _cloudinary_call() -> float:
    """Return the milliseconds of a call of Cloudinary alone."""
    from autotag.domain.model.asset import AssetRef
    from autotag.wiring_tables import WorkerPorts

    cloudinary, times = WorkerPorts({}).cloudinary, []
    asset = AssetRef("a", "folder/name", "image", "upload", 1)
    for _ in range(_CALLS):
        began = time.process_time()
        cloudinary.change_tags(asset, "add", ("Guitar", "People", "Musician"), 30)
        times.append((time.process_time() - began) * 1000)
    return statistics.median(times)


def rows(setting: Setting) -> list[Row]:
    """Measure the processor time of an image."""
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
