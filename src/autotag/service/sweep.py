"""The poller's minute: open intents whose owner died first, then assets that are due to be read."""

from collections.abc import Callable

from msgspec.structs import replace

from autotag.domain.errors import AutotagError, BudgetExhausted, CredentialsRefused, Retryable
from autotag.domain.state import SHARDS, AssetState
from autotag.service.apply import carry_out, take_over
from autotag.service.decide import follow_up
from autotag.service.poll import poll
from autotag.service.world import SAFETY, Remaining, World

_ENOUGH = SAFETY + 10


def sweep(world: World, remaining: Remaining) -> None:
    """Finish due intents and read due assets until nothing is due, the budget is used or the time is up."""
    _look_at_rules(world)
    _each(world, "INTENT", lambda asset_id: finish_due(world, asset_id, remaining), remaining)
    _each(world, "POLL", lambda asset_id: _poll(world, asset_id, remaining), remaining)


def _look_at_rules(world: World) -> None:
    """Find out within a minute, traffic or not, whether the rules that were pushed can be read."""
    try:
        world.rules.active()
    except Retryable as error:
        world.telemetry.warn("rules_not_read", fault=str(error))


def finish_due(world: World, asset_id: str, remaining: Remaining) -> None:
    """Finish what an owner left behind: its intent, its unsent events, a message merged meanwhile."""
    state = world.store.load(asset_id)
    now = world.clock.now()
    if state is None:
        return
    if state.intent is not None:
        if state.intent.due_at > now:
            return
        state = take_over(world, state, remaining)
        if state is None:
            return
        state = carry_out(world, state, remaining)
    if state is not None and state.outbox:
        state = _send_outbox(world, state)
    follow_up(world, state, remaining)


def _send_outbox(world: World, state: AssetState) -> AssetState | None:
    for identifier in state.outbox:
        audit = world.audits.get(identifier)
        if audit is not None:
            world.bus.announce(audit)
    return world.store.put(replace(state, outbox=(), follow_up_at=0), over=state)


def _poll(world: World, asset_id: str, remaining: Remaining) -> None:
    state = world.store.load(asset_id)
    grace = world.pace.longest_delay * 1000
    if state is not None and state.poll is not None and state.poll.deadline_at + grace < world.clock.now():
        world.telemetry.count("PendingPastDeadline")  # reads do not happen as they should
    poll(world, asset_id, remaining)


def _each(world: World, kind: str, act: Callable[[str], None], remaining: Remaining) -> None:
    now = world.clock.now()
    first = now // 60_000 % SHARDS  # no shard is always the last when the budget or the time runs out
    for n in range(SHARDS):
        for asset_id in world.store.due(kind, (first + n) % SHARDS, now):
            if remaining() < _ENOUGH:
                world.telemetry.info("time_up", kind=kind)
                return
            try:
                act(asset_id)
            except (BudgetExhausted, CredentialsRefused) as error:
                world.telemetry.count("Retried")
                world.telemetry.warn("stopped_early", kind=kind, fault=str(error))
                return
            except AutotagError as error:  # one asset's trouble keeps nobody else waiting; it stays due
                world.telemetry.count("Retried")
                world.telemetry.warn("postponed", asset_id=asset_id, fault=str(error))
