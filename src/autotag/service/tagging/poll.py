"""Reads of assets whose labels are still to come, or of which only a hint was received."""

from msgspec.structs import replace

from autotag.domain.decisions.evaluate import AssetDecision
from autotag.domain.errors import BudgetExhausted, Missing, NotUnderstood, Permanent, Retryable, Unavailable
from autotag.domain.model.audit import Trigger
from autotag.domain.model.health import Share
from autotag.domain.state.asset_state import AssetState, Poll, own_poll, shown_at
from autotag.domain.state.tag_ownership import ECHO_SLACK
from autotag.service.context import Dependencies, Remaining, rules_for
from autotag.service.tagging.cloudinary_calls import read_asset
from autotag.service.tagging.confirm_read import confirm
from autotag.service.tagging.decide import GONE, Attempt, Step, conclude_trimmed
from autotag.service.tagging.hints import give_up
from autotag.service.tagging.observe import record_observation

_TRIGGER = Trigger("poll", "resource", "", "")


def poll(
    deps: Dependencies, asset_id: str, remaining: Remaining, *, hinted: bool = False, share: Share = "live"
) -> None:
    """Read a due asset, and decide if its labels are there; past its deadline, decide without them.

    The next due time is stored before the read: invocations overlap, and only one of them reads. Raises ``Retryable``
    if the read must wait; the asset then stays due. A hint is dropped if its read fails past its deadline, or finds no
    budget for as long again.

    ``hinted``: read an asset that waits for its labels before it is due, out of the hints' share of the budget. If that
    fails, it waits on as before. ``share``: the part of the budget for any other read of an asset that waits.
    """
    state = deps.store.load(asset_id)
    now = deps.clock.now()
    if state is None or state.poll is None or state.intent is not None:
        return
    early = hinted and not state.poll.hint
    if state.poll.due_at > now and not early:
        return
    late = now >= state.poll.deadline_at
    deps.breaker.check(now, "admin")  # before the claim: what is not read stays due
    after = state.poll if early else _next(deps, state.poll, now)
    claimed = deps.store.put(replace(state, poll=after), expected=state)
    if claimed is None:
        return
    if after.overdue and not state.poll.overdue:
        deps.telemetry.count("PendingPastDeadline")  # reads are far behind
    try:
        found = read_asset(deps, asset_id, remaining, share="hints" if early or after.hint else share)
    except Missing:
        found_gone(deps, claimed, now, remaining)
        return
    except (Permanent, NotUnderstood) as error:
        if not late and not after.hint:
            raise
        _unreadable(deps, claimed, error, remaining)
        return
    except Retryable as error:
        if isinstance(error, BudgetExhausted) and after.hint and now >= _last_try(deps, after):
            give_up(deps, claimed)
            return
        delay = deps.pace.first_delay if isinstance(error, Unavailable) and error.delay is None else error.delay
        if delay is not None and not early:
            later = replace(after, due_at=now + round(delay * 1000), attempts=state.poll.attempts)
            deps.store.put(replace(claimed, poll=later), expected=claimed)
        raise
    confirm(deps, claimed, found, remaining)
    record_observation(deps, found, _TRIGGER, remaining, late=late)
    if late or after.hint:
        _end(deps, asset_id, after)


def _last_try(deps: Dependencies, hinted: Poll) -> int:
    """Return when a hint that found no budget is dropped (ms): an outage may have lasted until its deadline."""
    return hinted.deadline_at + deps.pace.deadline * 1000


def try_poll(
    deps: Dependencies, asset_id: str, remaining: Remaining, *, hinted: bool = False, share: Share = "live"
) -> None:
    """Read an asset if it is due, as ``poll`` does. If that fails, it stays due, and the poller reads it."""
    try:
        poll(deps, asset_id, remaining, hinted=hinted, share=share)
    except (Retryable, Permanent) as error:
        deps.telemetry.count("Retried")
        deps.telemetry.warn("poll_retry_scheduled", asset_id=asset_id, fault=str(error))


def _next(deps: Dependencies, due: Poll, now: int) -> Poll:
    """Return the poll that is stored before a read."""
    delay = min(deps.pace.longest_delay, deps.pace.first_delay * 2 ** min(due.attempts + 1, 20))
    due_at = now + round(deps.clock.jitter(delay) * 1000)
    if now < due.deadline_at:
        due_at = min(due_at, due.deadline_at)
    overdue = due.deadline_at + deps.pace.longest_delay * 1000 < now
    return replace(due, due_at=due_at, attempts=due.attempts + 1, overdue=overdue)


def _end(deps: Dependencies, asset_id: str, read: Poll) -> None:
    """Remove the poll ``read`` if the observation did not: there is nothing left to wait for."""
    state = deps.store.load(asset_id)
    while state is not None and state.poll == read and not state.claims:
        if deps.store.put(replace(state, poll=None), expected=state) is not None:
            return
        state = deps.store.load(asset_id)


def found_gone(deps: Dependencies, state: AssetState, read_at: int, remaining: Remaining) -> None:
    """Close the state of an asset that does not exist any more, unless an intent is open: its owner will find out.

    If the asset was seen since the read began, the read proves nothing, and the asset stays due. A time in the future
    does not count as seen, whatever clock it is from.
    """
    current: AssetState | None = state
    latest = deps.clock.now() + ECHO_SLACK
    while current is not None and current.intent is None and not read_at < _seen_at(current) <= latest:
        if current.status == "gone" or not current.asset.public_id:  # closed before, or never more than a hint
            ended_at = current.final_at or deps.clock.now()
            claims = current.claims if current.asset.public_id else {}  # it may come back, unless it never existed
            ended = replace(current, status="gone", poll=None, claims=claims, dirty=None, final_at=ended_at)
            if deps.store.put(ended, expected=current):
                return
        elif _conclude(deps, current, GONE, remaining) != "lost":
            return
        current = deps.store.load(current.asset.asset_id)


def _seen_at(state: AssetState) -> int:
    return max([shown_at(state), *(found.observed_at for found in state.categorizations.values())])


def _unreadable(deps: Dependencies, state: AssetState, error: Permanent | NotUnderstood, remaining: Remaining) -> None:
    """End a poll whose asset Cloudinary does not show; a decision that was due is audited as failed."""
    if state.status == "pending" and own_poll(state) is not None:
        _conclude(deps, state, AssetDecision("failed", f"the asset cannot be read: {error}"), remaining)
    else:
        deps.telemetry.warn("asset_unreadable", asset_id=state.asset.asset_id, fault=str(error))
        give_up(deps, state)


def _conclude(deps: Dependencies, state: AssetState, verdict: AssetDecision, remaining: Remaining) -> Step:
    """End the poll of ``state`` with ``verdict``."""
    ended = replace(state, poll=None)
    attempt = Attempt(ended, state, rules_for(deps, state), _TRIGGER, remaining)
    return conclude_trimmed(deps, attempt, verdict)
