"""One message from a queue, about one asset."""

from typing import assert_never

from msgspec.structs import replace

from autotag.domain.asset import AssetRef
from autotag.domain.audit import trigger_of
from autotag.domain.message import Labelled, Message, PersonTags, Recheck
from autotag.domain.state import AssetState, Poll
from autotag.service.observe import observe
from autotag.service.people import person
from autotag.service.poll import try_poll
from autotag.service.world import Remaining, World


def handle(world: World, message: Message, remaining: Remaining) -> None:
    """Carry out one message. When it returns, whatever is left to do is stored with a due time.

    Raises ``Retryable`` where the message must come again.
    """
    match message:
        case Labelled():
            step = observe(world, message, trigger_of("webhook", message.source), remaining)
            if step == "read":
                try_poll(world, message.asset.asset_id, remaining)
        case PersonTags():
            person(world, message, remaining)
        case Recheck():
            _recheck(world, message, remaining)
        case _:
            assert_never(message)


def _recheck(world: World, message: Recheck, remaining: Remaining) -> None:
    """Make the asset due at once, so that nothing is lost if reading it fails, and read it."""
    now = world.clock.now()
    due = Poll(now, 0, now + world.pace.deadline * 1000)
    stored = None
    while stored is None:
        state = world.store.load(message.asset_id)
        if state is None:
            fresh = AssetState(AssetRef(message.asset_id, "", "", "", 0), "pending", poll=due)
            stored = world.store.put(fresh, over=None)
        else:
            deadline = state.poll.deadline_at if state.poll else due.deadline_at
            stored = world.store.put(replace(state, poll=replace(due, deadline_at=deadline)), over=state)
    try_poll(world, message.asset_id, remaining)
