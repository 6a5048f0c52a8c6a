"""Assets whose owners died, and assets that are due to be read: many at once."""

from contextlib import suppress

from msgspec.structs import replace

from autotag.service.worker import handle
from tests.fakes.context import Fakes
from tests.fakes.effects import Died
from tests.fakes.samples import GUITARIST, resource, upload


def leave_intents(fakes: Fakes, count: int) -> None:
    """Let the owners of so many intents have died; the leases end together, and the intents are due."""
    _copied(fakes, _left(fakes), "intent", count)
    fakes.clock.advance(180)


def leave_polls(fakes: Fakes, count: int) -> None:
    """Let so many assets be pending; all are due to be read, and their labels are there."""
    handle(fakes.deps, upload(resource("poll0", status="pending", public_id="stage/poll0")), fakes.remaining)
    _copied(fakes, "poll0", "poll", count)
    fakes.clock.advance(120)


def _left(fakes: Fakes) -> str:
    fakes.effects.die_at = (fakes.effects.done + 1, "before")
    message = upload(resource("intent0", GUITARIST, public_id="stage/intent0"))
    with suppress(Died):  # the last receive of its message: only the poller is left to finish it
        handle(fakes.deps, message, fakes.remaining, received_before=True)
    fakes.effects.die_at = None
    return "intent0"


def _copied(fakes: Fakes, asset_id: str, name: str, count: int) -> None:
    """Store so many states like that of ``asset_id``, each due a millisecond after the one before."""
    state = fakes.store.items[asset_id]
    for number in range(count):
        copy = f"{name}{number}"
        asset = replace(state.asset, asset_id=copy, public_id=f"stage/{copy}")
        intent = state.intent
        if intent is not None:
            audit = intent.audit.replace(asset_id.encode(), copy.encode())
            audit_id = intent.audit_id.replace(asset_id, copy)
            intent = replace(intent, audit_id=audit_id, audit=audit, due_at=intent.due_at + number)
        poll = None if state.poll is None else replace(state.poll, due_at=state.poll.due_at + number)
        fakes.store.items[copy] = replace(state, asset=asset, intent=intent, poll=poll)
        fakes.cloudinary.assets[copy] = resource(copy, GUITARIST, public_id=f"stage/{copy}")
