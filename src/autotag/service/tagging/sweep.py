"""The poller's first task: finish open intents whose owner died, then read assets that are due."""

from collections.abc import Callable

from msgspec.structs import replace

from autotag.domain.errors import AutotagError, BudgetExhausted, CredentialsRefused, Retryable, Unavailable
from autotag.domain.state.asset_state import SHARDS, AssetState, DueKind
from autotag.service.context import ASSET_SECONDS, Dependencies, Remaining
from autotag.service.tagging.decide import follow_up
from autotag.service.tagging.execute import announced, execute_intent, take_over
from autotag.service.tagging.poll import poll, try_poll

_BUS_DOWN = 600
"""Back-off, in seconds, after events could not be sent twice."""


def sweep(deps: Dependencies, remaining: Remaining) -> None:
    """Finish due intents, read due assets and follow hints, until nothing is due, the budget is used or the time is up.

    Raises an ``ExceptionGroup`` of unexpected errors, after everything else was processed.
    """
    _look_at_rules(deps)
    unexpected = _each(deps, "INTENT", lambda asset_id: finish_due(deps, asset_id, remaining), remaining)
    unexpected += _each(deps, "POLL", lambda asset_id: poll(deps, asset_id, remaining), remaining)
    unexpected += _each(deps, "HINT", lambda asset_id: poll(deps, asset_id, remaining), remaining)
    if unexpected:
        raise ExceptionGroup("unexpected errors in the sweep", unexpected)


def _look_at_rules(deps: Dependencies) -> None:
    """Find out within a minute, even without traffic, whether the rules that were pushed can be read."""
    try:
        deps.rules.active()
    except Retryable as error:
        deps.telemetry.warn("rules_unavailable", fault=str(error))


def finish_due(deps: Dependencies, asset_id: str, remaining: Remaining) -> None:
    """Finish what an owner left behind: its intent, its unsent events, a message that was merged meanwhile.

    Raises ``Unavailable`` or ``CredentialsRefused`` where no call may be made; all stays due then.
    """
    state = deps.store.load(asset_id)
    now = deps.clock.now()
    if state is None:
        return
    if state.intent is not None:
        if state.intent.due_at > now:
            return
        if state.intent.add or state.intent.remove:
            deps.breaker.check(now, "upload")  # before the claim: what cannot be called stays due
        state = take_over(deps, state, remaining)
        if state is None:
            return
        state = execute_intent(deps, state, remaining)
    if state is not None and state.outbox:
        state = _send_outbox(deps, state)
    follow_up(deps, state, remaining)
    try_poll(deps, asset_id, remaining)  # an event that still waits must not keep its asset from being read


def _send_outbox(deps: Dependencies, state: AssetState) -> AssetState | None:
    for sent, identifier in enumerate(state.outbox):
        audit = deps.audits.get(identifier)
        if audit is not None and not announced(deps, audit):
            # Later than other due work: a bus that is down must not keep intents waiting.
            later = deps.clock.now() + round(deps.clock.jitter(_BUS_DOWN) * 1000)
            return deps.store.put(replace(state, outbox=state.outbox[sent:], follow_up_at=later), expected=state)
    return deps.store.put(replace(state, outbox=(), follow_up_at=0), expected=state)


def _each(deps: Dependencies, kind: DueKind, act: Callable[[str], None], remaining: Remaining) -> list[Exception]:
    unexpected: list[Exception] = []
    now = deps.clock.now()
    first = now // 60_000 % SHARDS  # rotate: the budget or the time may run out before the last shard
    for n in range(SHARDS):
        for asset_id in deps.store.due(kind, (first + n) % SHARDS, now):
            if remaining() < ASSET_SECONDS:
                deps.telemetry.info("deadline_reached", kind=kind)
                return unexpected
            try:
                act(asset_id)
            except (BudgetExhausted, CredentialsRefused, Unavailable) as error:
                deps.telemetry.count("Retried")
                deps.telemetry.warn("sweep_stopped_early", kind=kind, fault=str(error))
                return unexpected
            except AutotagError as error:  # this asset stays due; the others do not wait for it
                deps.telemetry.count("Retried")
                deps.telemetry.warn("retry_scheduled", asset_id=asset_id, fault=str(error))
            except Exception as error:  # a bug: raised after the other assets were processed
                unexpected.append(error)
    return unexpected
