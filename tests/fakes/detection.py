"""Rekognition, its pictures, its budget and its queue in memory."""

from collections.abc import Callable, Sequence
from typing import Any

from autotag.domain.detection.budget import day_of, until_midnight
from autotag.domain.errors import BudgetExhausted
from autotag.domain.model.asset import AssetRef
from autotag.domain.model.messages import DetectLabels
from autotag.ports.detection import DetectionPorts, Originals
from tests.fakes.effects import Effects

GUITAR = {
    "Name": "Guitar",
    "Confidence": 98.21345,
    "Parents": [{"Name": "Musical Instrument"}],
    "Aliases": [],
    "Categories": [{"Name": "Hobbies and Interests"}],
    "Instances": [{"BoundingBox": {"Width": 0.5}}],
}


class FakeRekognition:
    """The detector, the pictures, the budget, the models and the queue in one. ``calls`` are what was paid for.

    ``fails`` is raised by the next calls, ``undelivered`` by the next fetches, one each. ``while_asked`` is what
    happens while a call is under way.
    """

    def __init__(self, effects: Effects, *, cap: int = 1000, originals: Originals | None = None) -> None:
        self.effects, self.cap = effects, cap
        self.labels: list[Any] = [GUITAR]
        self.model = "3.0"
        self.calls: list[str] = []
        self.fetched: list[AssetRef] = []
        self.objects: list[str] = []
        self.used: dict[int, int] = {}
        self.models: list[str] = []
        self.messages: list[DetectLabels] = []
        self.fails: list[Exception] = []
        self.undelivered: list[Exception] = []
        self.unreadable: Exception | None = None
        self.while_asked: Callable[[], None] = lambda: None
        self.ports = DetectionPorts(self, self, self, self, self, originals)

    def of_bytes(self, picture: bytes) -> dict[str, Any]:
        return self._answer(picture.decode())

    def of_object(self, bucket: str, key: str) -> dict[str, Any]:
        self.objects.append(f"{bucket}/{key}")
        if self.unreadable is not None:
            raise self.unreadable
        return self._answer(key)

    def _answer(self, what: str) -> dict[str, Any]:
        if self.fails:
            raise self.fails.pop(0)
        self.effects(lambda: self.calls.append(what))
        self.while_asked()
        return {"Labels": self.labels, "LabelModelVersion": self.model}

    def fetch(self, asset: AssetRef) -> bytes:
        if self.undelivered:
            raise self.undelivered.pop(0)
        self.fetched.append(asset)
        return f"{asset.asset_id} v{asset.version}".encode()

    def reserve(self, now: int) -> None:
        self.effects(lambda: self._reserve(now))

    def _reserve(self, now: int) -> None:
        if self.used.get(day_of(now), 0) >= self.cap:
            raise BudgetExhausted("used", delay=until_midnight(now))
        self.used[day_of(now)] = self.used.get(day_of(now), 0) + 1

    def release(self, now: int) -> None:
        self.used[day_of(now)] -= 1

    def seen(self, model: str, now: int) -> str:
        before = self.models[-1] if self.models else ""
        self.models.append(model)
        return before if before != model else ""

    def waiting(self) -> int:
        return len(self.messages)

    def send(self, asset_ids: Sequence[str]) -> None:
        self.effects(lambda: self.messages.extend(map(DetectLabels, asset_ids)))
