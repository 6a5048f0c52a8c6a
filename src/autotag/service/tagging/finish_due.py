"""Due work of one asset: what an owner left behind, finished by a worker."""

from msgspec.structs import replace

from autotag.domain.state.asset_state import AssetState
from autotag.domain.state.due_entry import due_work
from autotag.service.context import Dependencies, Remaining
from autotag.service.tagging.decide import follow_up
from autotag.service.tagging.execute import announced, execute_intent, take_over
from autotag.service.tagging.poll import try_poll

_BUS_DOWN = 600
"""Back-off, in seconds, after events could not be sent twice."""


def finish_due(deps: Dependencies, asset_id: str, remaining: Remaining) -> bool:
    """Finish what an owner left behind: its intent, its unsent events, a message that was merged meanwhile.

    Returns False, after one read, if nothing is due (any more): messages about due work come late, twice and in any
    order. Raises ``Unavailable`` or ``CredentialsRefused`` where no call may be made; all stays due then.
    """
    state = deps.store.load(asset_id)
    now = deps.clock.now()
    if state is None or not _is_due(state, now):
        return False
    if state.intent is not None and not state.intent.indexed:  # it lost its message: this one may fail, too
        state = deps.store.put(state, expected=state)
        if state is None:
            return True
    if state.intent is not None:
        if state.intent.add or state.intent.remove:
            deps.breaker.check(now, "upload")  # before the claim: what cannot be called stays due
        state = take_over(deps, state, remaining)
        if state is None:
            return True
        state = execute_intent(deps, state, remaining)
    if state is not None and state.outbox:
        state = _send_outbox(deps, state)
    follow_up(deps, state, remaining)
    if state is not None and state.poll is not None:  # an event that still waits must not keep it from being read
        try_poll(deps, asset_id, remaining, share="polls")
    return True


def _is_due(state: AssetState, now: int) -> bool:
    work = due_work(state)
    return work is not None and work[0] == "INTENT" and work[1] <= now


def _send_outbox(deps: Dependencies, state: AssetState) -> AssetState | None:
    for sent, identifier in enumerate(state.outbox):
        audit = deps.audits.get(identifier)
        if audit is not None and not announced(deps, audit):
            # Later than other due work: a bus that is down must not keep intents waiting.
            later = deps.clock.now() + round(deps.clock.jitter(_BUS_DOWN) * 1000)
            return deps.store.put(replace(state, outbox=state.outbox[sent:], follow_up_at=later), expected=state)
    at = deps.clock.now() if state.dirty or state.answers else 0
    return deps.store.put(replace(state, outbox=(), follow_up_at=at), expected=state)
