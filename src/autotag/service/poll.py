"""Reading an asset whose labels are still to come, or of which only a hint was received."""

from msgspec.structs import replace

from autotag.domain.asset import AssetRef
from autotag.domain.audit import Trigger
from autotag.domain.errors import Missing, Permanent, Retryable
from autotag.domain.labels import label_key
from autotag.domain.message import Labelled, PersonTags, Source
from autotag.domain.state import AssetState, Poll, written
from autotag.domain.verdict import Verdict
from autotag.service.cloud import read_asset
from autotag.service.decide import GONE, Step, conclude_anyhow, rules_for
from autotag.service.observe import observe
from autotag.service.people import person
from autotag.service.world import Remaining, World

_SOURCE = Source("resource", "")
_TRIGGER = Trigger("poll", "resource", "", "")


def poll(world: World, asset_id: str, remaining: Remaining) -> None:
    """Read a due asset and decide if its labels are there; past its deadline, decide without them.

    The next due time is stored before the read: invocations overlap, and only one of them reads. Raises
    ``Retryable`` where the read must wait; the asset then stays due.
    """
    state = world.store.load(asset_id)
    now = world.clock.now()
    if state is None or state.poll is None or state.intent is not None or state.poll.due_at > now:
        return
    late = now >= state.poll.deadline_at
    delay = min(world.pace.longest_delay, world.pace.first_delay * 2 ** min(state.poll.attempts + 1, 20))
    due_at = now + round(world.clock.spread(delay) * 1000)
    if not late:
        due_at = min(due_at, state.poll.deadline_at)
    next_poll = Poll(due_at, state.poll.attempts + 1, state.poll.deadline_at)
    claimed = world.store.put(replace(state, poll=next_poll), over=state)
    if claimed is None:
        return
    try:
        found = read_asset(world, asset_id, _SOURCE, remaining)
    except Missing:
        _gone(world, claimed, remaining)
        return
    except Permanent as error:
        if not late:
            raise
        _conclude(world, claimed, Verdict("failed", f"the asset cannot be read: {error}"), remaining)
        return
    except Retryable as error:
        if error.delay is not None:
            later = replace(next_poll, due_at=now + round(error.delay * 1000), attempts=state.poll.attempts)
            world.store.put(replace(claimed, poll=later), over=claimed)
        raise
    _notice_absence(world, claimed, found, remaining)
    observe(world, found, _TRIGGER, remaining, late=late)


def try_poll(world: World, asset_id: str, remaining: Remaining) -> None:
    """Read an asset if it is due; where that fails it stays due, and the poller reads it."""
    try:
        poll(world, asset_id, remaining)
    except (Retryable, Permanent) as error:
        world.telemetry.count("Retried")
        world.telemetry.warn("poll_postponed", asset_id=asset_id, fault=str(error))


def read_now(world: World, asset_id: str, remaining: Remaining) -> None:
    """Make an asset due at once, so that nothing is lost if reading it fails, and read it."""
    now = world.clock.now()
    due = Poll(now, 0, now + world.pace.deadline * 1000)
    stored = None
    while stored is None:
        state = world.store.load(asset_id)
        if state is None:
            fresh = AssetState(AssetRef(asset_id, "", "", "", 0), "pending", poll=due)
            stored = world.store.put(fresh, over=None)
        else:
            deadline = state.poll.deadline_at if state.poll else due.deadline_at
            stored = world.store.put(replace(state, poll=replace(due, deadline_at=deadline)), over=state)
    try_poll(world, asset_id, remaining)


def _notice_absence(world: World, state: AssetState, found: Labelled, remaining: Remaining) -> None:
    """A tag of ours that a read begun after our last write does not show was removed by a person."""
    if found.facts is None or not state.ours or found.asset.version != state.asset.version:
        return
    if state.intent is not None or state.final_at >= found.observed_at:
        return
    there = {label_key(tag) for tag in found.facts.tags}
    missing = tuple(tag for tag in state.ours if tag in written(state) and label_key(tag) not in there)
    if missing:
        person(world, PersonTags(found.asset, found.observed_at, "", _SOURCE, (), missing), remaining)


def _gone(world: World, state: AssetState, remaining: Remaining) -> None:
    """The asset does not exist any more: close its state, unless somebody is at work on it and will find out."""
    current: AssetState | None = state
    while current is not None and current.intent is None and current.status != "gone":
        if not current.asset.public_id:  # known from a hint only: there never was such an asset
            if world.store.put(replace(current, status="gone", poll=None), over=current):
                return
        elif _conclude(world, current, GONE, remaining) != "lost":
            return
        current = world.store.load(current.asset.asset_id)


def _conclude(world: World, state: AssetState, verdict: Verdict, remaining: Remaining) -> Step:
    return conclude_anyhow(world, state, state, verdict, rules_for(world, state), _TRIGGER, remaining)
