"""The service's own adapters and use-case at the local Rekognition: what is stored is in memory."""

from typing import Any

from msgspec.structs import replace

from autotag.adapters.aws.rekognition import RekognitionDetector
from autotag.adapters.cloudinary.pictures import DeliveredPictures
from autotag.domain.errors import Retryable
from autotag.domain.notifications.credentials import Credentials
from autotag.service.worker import handle
from tests.fakes.samples import upload
from tests.integration.simulator.rekognition.rekognition_client import JPEG, rekognition
from tests.integration.simulator.simulator_client import KEY, SECRET, Simulator
from tests.unit.service.detection.detecting import Detecting


class Secret:
    """The key of the simulator."""

    def credentials(self, *, newer: bool = False, newest: bool = False) -> Credentials:
        return Credentials("demo", KEY, SECRET)


def detector(simulator: Simulator) -> RekognitionDetector:
    return RekognitionDetector(lambda: rekognition(simulator))


def asking(simulator: Simulator, *, cap: int = 1000) -> Detecting:
    """Return a world whose detector and pictures are the simulator's, with a budget of ``cap`` calls a day."""
    world = Detecting(cap=cap)
    ports = replace(
        world.rekognition.ports,
        detector=detector(simulator),
        pictures=DeliveredPictures(simulator.url, Secret()),
    )
    world.deps = replace(world.deps, detection=ports)
    return world


def add_asset(simulator: Simulator, world: Detecting, public_id: str) -> dict[str, Any]:
    """Upload a picture to the simulator, and return the body that says so; no worker knows of it yet."""
    files = {"file": ("a.jpg", JPEG, "image/jpeg")}
    body: dict[str, Any] = simulator.api("POST", "/image/upload", data={"public_id": public_id}, files=files).json()
    world.cloudinary.assets[body["asset_id"]] = {**body, "tags": []}
    return body


def add_assets(simulator: Simulator, world: Detecting, count: int) -> None:
    """Upload so many pictures, and let their notifications come, each twice."""
    for number in range(count):
        body = add_asset(simulator, world, f"stage/{number:02}")
        for _ in range(2):
            handle(world.deps, upload(dict(body)), world.remaining)


def work(world: Detecting) -> int:
    """Let workers take all messages, a failed one again after its delay; return how many failures there were."""
    waiting, failed = list(world.rekognition.messages), 0
    world.rekognition.messages.clear()
    while waiting:
        message = waiting.pop(0)
        try:
            handle(world.deps, message, world.remaining)
        except Retryable as error:
            failed += 1
            world.clock.advance(error.delay or 0.0)
            waiting.append(message)
    return failed
