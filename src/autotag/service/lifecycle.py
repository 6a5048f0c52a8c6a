"""An asset was renamed or deleted: its state follows, by its asset_id."""

from msgspec.structs import replace

from autotag.domain.audit import trigger_of
from autotag.domain.errors import Retryable
from autotag.domain.merging import rename
from autotag.domain.message import Deleted, Renamed
from autotag.domain.state import AssetState
from autotag.service.decide import process, relieve
from autotag.service.poll import read_now
from autotag.service.world import Remaining, World

_TRIES = 50


def renamed(world: World, message: Renamed) -> None:
    """Remember the new name and folder; nothing is decided again, and an open intent finds the asset all the same."""
    for _ in range(_TRIES):
        stored = world.store.load(message.asset.asset_id)
        state = rename(stored, message)
        if state is None:
            world.telemetry.count("Stale")
            return
        if world.store.put(state, over=stored) is not None:
            world.telemetry.count("Renamed")
            return
    raise Retryable(f"{message.asset.asset_id} is too busy", delay=5)


def deleted(world: World, message: Deleted, remaining: Remaining) -> None:
    """Close the state, with an audit; where something younger is known of the asset, it is read first."""
    for _ in range(_TRIES):
        state = world.store.load(message.asset.asset_id)
        if state is not None and (state.status == "gone" or state.deleted_at >= message.observed_at):
            world.telemetry.count("Duplicate")
            return
        if state is None or not state.asset.public_id:  # nothing was ever decided: only its end is to be remembered
            end = AssetState(message.asset, "gone", deleted_at=message.observed_at)
            if world.store.put(end, over=state) is not None:
                return
        elif _is_older(message, state):
            read_now(world, message.asset.asset_id, remaining)
            return
        elif _close(world, state, message, remaining):
            return
    raise Retryable(f"{message.asset.asset_id} is too busy", delay=5)


def _is_older(message: Deleted, state: AssetState) -> bool:
    """Whether the asset may have come back since: from a backup it does under its asset_id."""
    seen_at = state.facts.observed_at if state.facts else 0
    return message.asset.version < state.asset.version or message.observed_at < seen_at


def _close(world: World, state: AssetState, message: Deleted, remaining: Remaining) -> bool:
    """Close ``state``, or leave that to the owner of its open intent; False where the stored state changed."""
    trigger = trigger_of("webhook", message.source)
    ended = replace(state, deleted_at=message.observed_at)
    if state.intent is None:
        return process(world, ended, state, trigger, remaining) != "lost"
    if state.intent.due_at > world.clock.now():
        return world.store.put(replace(ended, dirty=trigger), over=state) is not None
    relieve(world, state, remaining)
    return False
