"""A tagged asset, a hint about it, and the poller that follows hints."""

from typing import Any

from autotag.domain.model.messages import MessageOrigin, RefetchAsset
from tests.fakes.context import Fakes
from tests.fakes.minute import a_minute
from tests.fakes.runtime import START

DAY = 86400


def hint(asset_id: str = "a1", at: int = START, digest: str = "h1", **said: Any) -> RefetchAsset:
    """Return the message of a hint about an asset."""
    return RefetchAsset(asset_id, at, MessageOrigin("upload", digest), **said)


def sweep_for(fakes: Fakes, days: float) -> None:
    """Let the poller run every ten minutes."""
    for _ in range(round(days * DAY / 600)):
        fakes.clock.advance(600)
        a_minute(fakes)
