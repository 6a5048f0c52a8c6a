"""The worker and the poller at work: invoked for batches of messages, and every minute."""

from collections.abc import Callable
from functools import partial
from typing import Any

from bench.load.simulated.lambda_process import Invocation, TimedOut
from bench.load.simulated.processes import adapters
from bench.load.simulated.tasks import Signal
from bench.load.simulated.template import Source
from bench.load.simulated.world import World

_LOOK = 20.0
"""Seconds for which a worker without messages waits for one, as a long poll does, until it looks again."""


def start_workers(world: World, *, live: int | None = None, queues: tuple[str, ...] = ()) -> None:
    """Have as many workers as the template says consume each queue, or ``live`` of them the queue of notifications.

    ``queues``: only these.
    """
    for source in world.template.sources():
        if not queues or source.queue in queues:
            number = live if live is not None and source.queue == "Queue" else source.concurrency
            arrival = Signal()
            world.queues[source.queue].on_arrival = partial(world.simulation.give, arrival)
            for _ in range(number):
                world.simulation.spawn(partial(_work, world, source, arrival))


def start_poller(world: World, *, first: float = 0.0) -> None:
    """Invoke the poller every minute, beginning at the time ``first``, whether or not the last one has ended."""

    def invoke() -> None:
        world.simulation.spawn(invoke, at=world.simulation.now + 60)
        poll_once(world)

    world.simulation.spawn(invoke, at=first)


def poll_once(world: World) -> None:
    """Invoke the poller as its handler does, to its end or its time limit."""
    from autotag import bootstrap
    from autotag.service.poller import run_minute
    from autotag.wiring_tables import PollerPorts

    poller = bootstrap.poller(**adapters(world, PollerPorts))
    invocation = Invocation(world.simulation, world.template.function("PollerFunction"))
    try:
        _within(world, invocation, lambda: run_minute(*poller, invocation.remaining))
    except TimedOut:
        world.count("poller_timed_out")


def _work(world: World, source: Source, arrival: Signal) -> None:
    """Be a process of the worker: consume a queue for good."""
    from autotag import bootstrap
    from autotag.wiring_tables import WorkerPorts
    from handlers.worker import consume

    queue = world.queues[source.queue]
    invocation = Invocation(world.simulation, world.template.function("WorkerFunction"))
    worker = bootstrap.worker(**adapters(world, WorkerPorts))
    while True:
        records = queue.receive(source.batch)
        if not records:
            world.simulation.wait_for(arrival, min(world.simulation.now + _LOOK, queue.next_at))
            continue
        context: Any = invocation
        try:
            answer = _within(world, invocation, partial(consume, {"Records": records}, context, worker))
        except TimedOut:  # all come again after the queue's own timeout
            world.count("worker_timed_out")
            worker = bootstrap.worker(**adapters(world, WorkerPorts))
            continue
        failed = {failure["itemIdentifier"] for failure in answer["batchItemFailures"]}
        for record in records:
            if record["messageId"] not in failed:
                queue.delete(record["receiptHandle"])


def _within[T](world: World, invocation: Invocation, call: Callable[[], T]) -> T:
    """Run ``call`` in an invocation."""
    task = world.simulation.current
    invocation.begin()
    task.place = invocation
    try:
        return call()
    finally:
        task.place = None
