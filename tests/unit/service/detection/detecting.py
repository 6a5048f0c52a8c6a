"""A world in which the rules name Rekognition, and the steps of its messages."""

from typing import Any

from msgspec.structs import replace

from autotag.domain.errors import Retryable
from autotag.domain.model.messages import DetectLabels
from autotag.domain.state.asset_state import AssetState
from autotag.ports.detection import Originals
from autotag.service.tagging.hand_over import hand_over
from autotag.service.worker import handle
from tests.fakes.context import Fakes
from tests.fakes.detection import FakeRekognition
from tests.fakes.effects import Died
from tests.fakes.runtime import in_turn
from tests.fakes.samples import resource, upload

RULES = '[defaults]\nproviders = ["rekognition"]\n'


class Detecting(Fakes):
    """Fakes with Rekognition."""

    def __init__(self, rules: str = RULES, *, cap: int = 1000, originals: Originals | None = None) -> None:
        super().__init__(rules)
        self.rekognition = FakeRekognition(self.effects, cap=cap, originals=originals)
        self.deps = replace(self.deps, detection=self.rekognition.ports)

    def uploaded(self, asset_id: str = "a1", *, status: str = "none", times: int = 1, **changed: Any) -> None:
        """Let the notification of an upload come, so many times."""
        body = resource(asset_id, status=status, **changed)
        self.cloudinary.assets[asset_id] = body
        for _ in range(times):
            handle(self.deps, upload(dict(body)), self.remaining)

    def asked(self, asset_id: str = "a1") -> float | None:
        """Handle one message of the asset; return the seconds after which it comes again, None if it is done."""
        try:
            handle(self.deps, DetectLabels(asset_id), self.remaining)
        except Retryable as error:
            return error.delay
        return None

    def killed(self, effect: int, when: str = "before") -> None:
        """Handle one message, whose worker dies at the effect of that number, counted from here."""
        self.effects.die_at = (self.effects.done + effect, when)
        try:
            handle(self.deps, DetectLabels("a1"), self.remaining)
        except Died:
            self.effects.die_at = None
            return
        raise AssertionError("nothing died")

    def swept(self) -> int:
        """Let the poller hand over what is due; return the number of messages that it sent, which are handled."""
        self.rekognition.messages.clear()
        hand_over(self.deps, self.rekognition, in_turn, self.remaining, "DETECT")
        for message in tuple(self.rekognition.messages):
            self.asked(message.asset_id)
        return len(self.rekognition.messages)

    def state(self, asset_id: str = "a1") -> AssetState:
        """Return the stored state of an asset."""
        return self.store.items[asset_id]
