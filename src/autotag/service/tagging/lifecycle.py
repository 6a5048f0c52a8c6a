"""Renames and deletions: the state of an asset, which is stored under its asset_id, follows them."""

from msgspec.structs import replace

from autotag.domain.model.audit import trigger_of
from autotag.domain.model.messages import AssetDeleted, AssetRenamed
from autotag.domain.state.absence import explained
from autotag.domain.state.asset_state import AssetState, is_deleted, shown_at
from autotag.domain.state.merge import rename
from autotag.service.context import Dependencies, Remaining, retry_conflicts
from autotag.service.tagging.asset_facts import store_facts
from autotag.service.tagging.decide import decide_and_execute, finish_abandoned
from autotag.service.tagging.hints import read_soon
from autotag.service.tagging.poll import try_poll


def handle_rename(deps: Dependencies, message: AssetRenamed, remaining: Remaining) -> bool:
    """Store the new name; if it is in another folder, decide again. An open intent still finds the asset.

    Returns whether the asset must be read now, because times do not show which name is the last.
    """

    def attempt() -> bool | None:
        stored = deps.store.load(message.asset.asset_id)
        if _is_tied(stored, message):  # only a read shows which of the two names is the last
            read_soon(deps, message.asset.asset_id)
            return True
        state = rename(stored, message)
        if state is None:
            deps.telemetry.count("Stale")
            return False
        if stored is not None and _was_seen_since(stored, message):
            read_soon(deps, message.asset.asset_id)
            return True
        if not store_facts(deps, stored, state, trigger_of("moved", message.source), remaining):
            return None
        deps.telemetry.count("Renamed")
        return state.poll is not None and state.poll.attempts == 0

    return retry_conflicts(message.asset.asset_id, attempt)


def handle_delete(deps: Dependencies, message: AssetDeleted, remaining: Remaining) -> None:
    """Close the state, with an audit; if something newer is known of the asset, read it first."""

    def attempt() -> bool | None:
        state = deps.store.load(message.asset.asset_id)
        if state is not None and state.deleted_at >= message.observed_at:
            deps.telemetry.count("Duplicate")
            return True
        if state is None or not state.asset.public_id:  # nothing was ever decided: only its end is stored
            end = AssetState(message.asset, "gone", deleted_at=message.observed_at)
            return True if deps.store.put(end, expected=state) is not None else None
        if state.status == "gone":  # closed already; an earlier restoration must not count as newer
            closed = replace(state, deleted_at=message.observed_at)
            return True if deps.store.put(closed, expected=state) is not None else None
        if not _is_older(message, state):
            return True if _close(deps, state, message, remaining) else None
        if not _came_back(deps, state, message):
            return None
        try_poll(deps, message.asset.asset_id, remaining)
        return True

    retry_conflicts(message.asset.asset_id, attempt)


def _is_tied(state: AssetState | None, message: AssetRenamed) -> bool:
    """Whether ``state`` has another name from a rename of the very same time."""
    if state is None or is_deleted(state):
        return False
    return state.named_at == message.observed_at and state.asset.public_id != message.asset.public_id


def _was_seen_since(state: AssetState, message: AssetRenamed) -> bool:
    """Whether the asset was seen under another name since: it may have been renamed or restored again."""
    if state.facts is None or is_deleted(state) or state.asset.public_id in ("", message.asset.public_id):
        return False
    return message.observed_at < state.facts.observed_at


def _came_back(deps: Dependencies, state: AssetState, message: AssetDeleted) -> bool:
    """Make an asset due to be read that was seen after ``message``; return False if the stored state changed.

    It was restored from a backup, perhaps with other tags: earlier writes do not count, and it is decided again.
    """
    seen_at = shown_at(state)
    if message.observed_at < seen_at:
        lost = any(write.at <= seen_at for write in state.writes.values())
        again = "" if lost and state.restored_at < seen_at else state.decided
        back = replace(state, deleted_at=message.observed_at, restored_at=seen_at, decided=again)
        state_then = explained(back, message.observed_at)
    else:
        state_then = state
    return deps.store.put(replace(state_then, poll=deps.new_poll()), expected=state) is not None


def _is_older(message: AssetDeleted, state: AssetState) -> bool:
    """Whether the asset may have come back since: a restoration from a backup keeps the asset_id."""
    # 0: the notification does not give the version
    return 0 < message.asset.version < state.asset.version or message.observed_at < shown_at(state)


def _close(deps: Dependencies, state: AssetState, message: AssetDeleted, remaining: Remaining) -> bool:
    """Close ``state``, or leave that to the owner of its open intent; return False if the stored state changed."""
    trigger = trigger_of("webhook", message.source)
    ended = replace(state, deleted_at=message.observed_at)
    if state.intent is None:
        return decide_and_execute(deps, ended, state, trigger, remaining) != "lost"
    if state.intent.due_at > deps.clock.now():
        return deps.store.put(replace(ended, dirty=trigger), expected=state) is not None
    finish_abandoned(deps, state, remaining)
    return False
