"""An asset was renamed or deleted: its state follows, by its asset_id."""

from msgspec.structs import replace

from autotag.domain.absence import explained
from autotag.domain.audit import trigger_of
from autotag.domain.errors import Retryable
from autotag.domain.merging import rename
from autotag.domain.message import Deleted, Renamed
from autotag.domain.state import AssetState, due_poll, is_deleted, shown_at
from autotag.service.decide import process, relieve
from autotag.service.following import keep
from autotag.service.hints import read_soon
from autotag.service.poll import try_poll
from autotag.service.world import Remaining, World

_TRIES = 50


def renamed(world: World, message: Renamed, remaining: Remaining) -> bool:
    """Remember the new name; where it stands in another folder, decide again. An open intent finds it all the same.

    Returns whether the asset is to be read now, as times do not tell which name is the last.
    """
    for _ in range(_TRIES):
        stored = world.store.load(message.asset.asset_id)
        if _is_tied(stored, message):  # which of the two names is the last, a read tells
            read_soon(world, message.asset.asset_id)
            return True
        state = rename(stored, message)
        if state is None:
            world.telemetry.count("Stale")
            return False
        if stored is not None and _was_seen_since(stored, message):
            read_soon(world, message.asset.asset_id)
            return True
        if keep(world, stored, state, trigger_of("moved", message.source), remaining):
            world.telemetry.count("Renamed")
            return state.poll is not None and state.poll.attempts == 0
    raise Retryable(f"{message.asset.asset_id} is too busy", delay=5)


def deleted(world: World, message: Deleted, remaining: Remaining) -> None:
    """Close the state, with an audit; where something younger is known of the asset, it is read first."""
    for _ in range(_TRIES):
        state = world.store.load(message.asset.asset_id)
        if state is not None and state.deleted_at >= message.observed_at:
            world.telemetry.count("Duplicate")
            return
        if state is None or not state.asset.public_id:  # nothing was ever decided: only its end is to be remembered
            end = AssetState(message.asset, "gone", deleted_at=message.observed_at)
            if world.store.put(end, over=state) is not None:
                return
        elif state.status == "gone":  # closed already; a restoration in between must not count as the last word
            if world.store.put(replace(state, deleted_at=message.observed_at), over=state) is not None:
                return
        elif _is_older(message, state):
            if _came_back(world, state, message):
                try_poll(world, message.asset.asset_id, remaining)
                return
        elif _close(world, state, message, remaining):
            return
    raise Retryable(f"{message.asset.asset_id} is too busy", delay=5)


def _is_tied(state: AssetState | None, message: Renamed) -> bool:
    """Whether ``state`` knows another name from a rename of the very same time."""
    if state is None or is_deleted(state):
        return False
    return state.named_at == message.observed_at and state.asset.public_id != message.asset.public_id


def _was_seen_since(state: AssetState, message: Renamed) -> bool:
    """Whether the asset was seen under another name since: it may have been renamed or restored again."""
    if state.facts is None or is_deleted(state) or state.asset.public_id in ("", message.asset.public_id):
        return False
    return message.observed_at < state.facts.observed_at


def _came_back(world: World, state: AssetState, message: Deleted) -> bool:
    """Have an asset read that was seen since ``message``; False where the stored state changed underneath.

    It came back from a backup, perhaps with other tags: what we wrote before that does not count, and is decided again.
    """
    seen_at = shown_at(state)
    if message.observed_at < seen_at:
        lost = any(write.at <= seen_at for write in state.writes.values())
        again = "" if lost and state.restored_at < seen_at else state.decided
        back = replace(state, deleted_at=message.observed_at, restored_at=seen_at, decided=again)
        state_then = explained(back, message.observed_at)
    else:
        state_then = state
    due = due_poll(world.clock.now(), world.pace.deadline)
    return world.store.put(replace(state_then, poll=due), over=state) is not None


def _is_older(message: Deleted, state: AssetState) -> bool:
    """Whether the asset may have come back since: from a backup it does under its asset_id."""
    # 0: the notification does not tell the version
    return 0 < message.asset.version < state.asset.version or message.observed_at < shown_at(state)


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
