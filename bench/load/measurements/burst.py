"""A burst of notifications: the images a second of one worker, and what a whole burst takes by AWS's limits."""

from typing import NamedTuple

from bench.load.images import Body, image, tags_changed
from bench.load.limits import NEW_ACCOUNT, RAISED_ACCOUNT, Account, accepted, seconds_to_drain
from bench.load.processor_time import ProcessorTime
from bench.load.rows import Row, at_most, row
from bench.load.setting import Setting
from bench.load.simulated.functions import start_workers
from bench.load.simulated.template import Template
from bench.load.simulated.uploads import Door
from bench.load.simulated.world import OWN_KEY, World

UPLOADS, SECONDS = 100_000, 60.0
_SEND_SECONDS = 0.005
"""Seconds in which the webhook waits for the queue."""


class Rate(NamedTuple):
    """Images a second of one worker in each case: unlike ones, our own changes come back, ten messages an image."""

    unlike: float
    echoes: float
    one_image: float


def rate_of_a_worker(template: Template, processor: ProcessorTime, images: int) -> Rate:
    """Measure a worker with full batches: of unlike images; with our own changes coming back; ten messages an image."""
    every = [image(number) for number in range(images)]
    again = [image(number // 10, version=1_791_460_800 + number % 10) for number in range(images)]
    return Rate(
        unlike=_rate(template, processor, every),
        echoes=_rate(template, processor, every, echoes=True),
        one_image=_rate(template, processor, again),
    )


class Burst(NamedTuple):
    """How many notifications are accepted, and the minutes until the workers have handled them.

    The least is accepted where the workers hold their executions, the most where the webhook gets all.
    """

    least_accepted: int
    most_accepted: int
    minutes: float
    minutes_with_echoes: float


def burst_of(template: Template, processor: ProcessorTime, rate: Rate) -> tuple[Burst, Burst]:
    """Return what becomes of a burst in a new account with the defaults, and in one of 1,000 as in production."""
    preset = next(source.concurrency for source in template.sources() if source.queue == "Queue")
    webhook = processor.notification / template.function("WebhookFunction").core + _SEND_SECONDS
    bursts = []
    for account in (Account(NEW_ACCOUNT, preset), Account(RAISED_ACCOUNT, template.workers_in_production())):
        least = accepted(account, UPLOADS, SECONDS, webhook)
        most = accepted(account._replace(workers=0), UPLOADS, SECONDS, webhook)
        running = min(account.workers, account.executions - 1)
        plain, echoed = (seconds_to_drain(most, running, each) / 60 for each in (rate.unlike, rate.echoes))
        bursts.append(Burst(least, most, plain, echoed))
    return bursts[0], bursts[1]


def _rate(template: Template, processor: ProcessorTime, bodies: list[Body], *, echoes: bool = False) -> float:
    world = World(template, processor, dedicated_key=not echoes)
    door = Door(world)
    if echoes:  # where other programs call with the service's key, the notifications of its own changes come back
        named = {body["public_id"]: body for body in bodies}
        world.cloudinary.on_change = lambda name, op, tags: door.post(
            tags_changed(named[name], op, tags, world.now(), OWN_KEY)
        )
    for body in bodies:
        door.upload(body)
    ended = [0.0]

    def look() -> None:
        if world.queues["Queue"].depth:
            world.simulation.spawn(look, at=world.simulation.now + 0.1)
        else:
            ended[0] = world.simulation.now
            world.simulation.stop()

    start_workers(world, live=1, queues=("Queue",))
    world.simulation.spawn(look, at=0.1)
    world.simulation.run(_MOST_SECONDS)
    world.simulation.close()
    if not ended[0]:
        raise RuntimeError(f"{world.queues['Queue'].depth} messages are left after {_MOST_SECONDS} s")
    return len(bodies) / ended[0]


_MOST_SECONDS = 7200.0


def rows(setting: Setting) -> list[Row]:
    """Simulate workers with full batches, and compute what a burst of a hundred thousand uploads takes."""
    rate = rate_of_a_worker(setting.template, setting.processor, setting.size(600, 60))
    new, raised = burst_of(setting.template, setting.processor, rate)
    case = f"{UPLOADS:,} uploads in a minute"
    return [
        row("images a second of one worker, unlike images", rate.unlike, "simulated", "", 1),
        row("images a second of one worker, own changes come back", rate.echoes, "simulated", "", 1),
        row("images a second of one worker, ten messages an image", rate.one_image, "simulated", "", 1),
        Row(f"{case}, new account: accepted", f"{new.least_accepted:,} to {new.most_accepted:,}", "computed"),
        row(f"{case}, new account: all accepted are tagged in", new.minutes, "computed", "min"),
        row(f"{case}, account of 1,000: accepted at least", raised.least_accepted, "computed"),
        at_most(f"{case}, account of 1,000, production: tagged in", raised.minutes, 8, "computed", "min", 1),
        row(
            f"{case}, account of 1,000, production, own changes come back",
            raised.minutes_with_echoes,
            "computed",
            "min",
            1,
        ),
    ]
