"""Claims whose process died right after them, and what the index of due work shows of them."""

import pytest

from autotag.domain.model.asset import AssetRef
from autotag.domain.model.messages import AssetDeleted, Message, MessageOrigin
from autotag.domain.state.asset_state import Intent
from autotag.domain.state.due_entry import SHARDS
from autotag.service.worker import handle
from tests.fakes.context import Fakes
from tests.fakes.effects import Died
from tests.fakes.runtime import START
from tests.fakes.samples import GUITARIST, person, resource, upload

REF = AssetRef("a1", "stage/a1", "image", "upload", 100)
UPLOAD = upload(resource("a1", GUITARIST))
NEWER = upload(resource("a1", {"People": 0.99, "Cat": 0.9}, version=200), START + 9, "d2")
OVERRIDDEN = person(removed=("Guitar",), at=START - 30_000)
"""A removal just before our write, told late: it takes a call to carry it out."""
DELETED = AssetDeleted(REF, START + 600_000, MessageOrigin("delete", "x1"))
DEATH = 360
"""Seconds until the message of a process that died comes again."""


def given_asset() -> Fakes:
    """An asset that Cloudinary has, and nothing stored."""
    fakes = Fakes()
    fakes.cloudinary.assets["a1"] = resource("a1", GUITARIST)
    return fakes


def receive(fakes: Fakes, message: Message, *, before: bool = False) -> None:
    """Handle ``message``, which was received ``before`` or not."""
    handle(fakes.deps, message, fakes.remaining, received_before=before)


def die_after_the_claim(fakes: Fakes, message: Message, *, before: bool = False) -> Intent:
    """Handle ``message`` up to its claim; return the intent that is left."""
    with pytest.raises(Died):
        fakes.store.before_put = lambda: die_next(fakes)
        receive(fakes, message, before=before)
    return open_intent(fakes)


def die_next(fakes: Fakes) -> None:
    """Let the process die after this write if it opens an intent: at its next effect."""

    def look() -> None:
        state = fakes.store.items.get("a1")
        if state is not None and state.intent is not None:
            fakes.effects.turn = lambda: None
            raise Died

    fakes.effects.turn = look
    fakes.store.before_put = lambda: None


def open_intent(fakes: Fakes) -> Intent:
    """Return the intent that is open."""
    intent = fakes.store.items["a1"].intent
    assert intent is not None
    return intent


def indexed(fakes: Fakes) -> list[str]:
    """Return what the poller finds, now or later."""
    late = fakes.clock.now() + 10**9
    return [due.asset_id for shard in range(SHARDS) for due in fakes.store.due("INTENT", shard, late, 10)]
