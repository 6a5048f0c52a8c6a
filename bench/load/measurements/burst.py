"""A burst of notifications: the images a second of one worker, on which the minutes depend that a queue takes."""

from typing import NamedTuple

from bench.load.images import Body, image, tags_changed
from bench.load.processor_time import ProcessorTime
from bench.load.simulated.functions import start_workers
from bench.load.simulated.service import OWN_KEY, World
from bench.load.simulated.template import Template
from bench.load.simulated.uploads import Door


class Rate(NamedTuple):
    """Images a second of one worker, in the worst of the cases that were tried, and which that is."""

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
