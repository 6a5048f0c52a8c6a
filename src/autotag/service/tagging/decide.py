"""The step from an observed state to a decision: wait, leave the asset alone, or claim a decision and carry it out."""

from typing import Literal

from msgspec.structs import replace

from autotag.domain.decisions.evaluate import Verdict, judge
from autotag.domain.errors import Retryable, TooLarge
from autotag.domain.model.audit import Trigger
from autotag.domain.rules.compiled.ruleset import Rulebook
from autotag.domain.state.asset_state import AssetState, Poll, due_again, is_deleted, next_poll, own_poll
from autotag.domain.state.claim import bare_record, claim, inputs_of, is_pending, labels_digest
from autotag.domain.state.item_size import slimmed
from autotag.service.context import Remaining, World
from autotag.service.tagging.execute import carry_out, take_over

Step = Literal["done", "lost", "read"]
"""``lost``: another process changed the stored state, load it again; ``read``: the asset is due to be read first."""

GONE = Verdict("gone", "the asset was deleted")


def rules_for(world: World, state: AssetState) -> tuple[Rulebook, int]:
    """Return the active rules and their sequence number, never older than those of the last decision on ``state``.

    Raises ``Retryable`` if this process cannot load them (yet), though another one could.
    """
    rulebook, seq = world.rules.active(at_least=state.rules_seq)
    if seq < state.rules_seq:
        raise Retryable(f"{state.asset.asset_id} was decided under rules {state.rules_seq}, only {seq} can be loaded")
    return rulebook, seq


def process(
    world: World,
    state: AssetState,
    over: AssetState | None,
    trigger: Trigger,
    remaining: Remaining,
    *,
    late: bool = False,
) -> Step:
    """Decide on ``state``, which was derived from the stored ``over`` and has no intent.

    Labels that were decided on before are not decided on again, even if the rules changed. ``late``: the deadline for
    pending labels has passed.
    """
    rules = rules_for(world, state)
    if is_deleted(state):
        if state.status == "gone":
            return _settle(world, state, over)
        return conclude_anyhow(world, state, over, GONE, rules, trigger, remaining)
    try:
        return _process(world, state, over, rules, trigger, remaining, late)
    except TooLarge as error:
        return _give_up(world, state, over, rules, trigger, remaining, error)


def _process(
    world: World,
    state: AssetState,
    over: AssetState | None,
    rules: tuple[Rulebook, int],
    trigger: Trigger,
    remaining: Remaining,
    late: bool,
) -> Step:
    rulebook = rules[0]
    if labels_digest(state, rulebook) == state.decided:
        step = _settle(world, state, over)
        world.telemetry.count("Duplicate")
        return step
    if is_pending(state, rulebook) and not late:
        return _wait(world, state, over)
    if state.facts is None:
        poll = due_again(state, world.clock.now(), world.pace.deadline)
        due = replace(state, status="pending", poll=poll, dirty=None)
        return "read" if world.store.put(due, over=over) else "lost"
    verdict = judge(inputs_of(state, rulebook), rulebook)
    if verdict.outcome == "timed_out":
        world.telemetry.count("TimedOut")
    elif verdict.outcome == "failed":
        world.telemetry.count("Failed")
    return conclude(world, state, over, verdict, rules, trigger, remaining)


def conclude(
    world: World,
    state: AssetState,
    over: AssetState | None,
    verdict: Verdict,
    rules: tuple[Rulebook, int],
    trigger: Trigger,
    remaining: Remaining,
    *,
    decided: str = "",
) -> Step:
    """Claim ``verdict``, which ``rules`` gave, and carry it out. Once claimed, the stored intent ensures retries.

    Raises ``TooLarge`` if the claim does not fit into the state.
    """
    claimed = claim(state, verdict, *rules, trigger, world.grant(remaining), decided=decided)
    stored = world.store.put(claimed, over=over)
    if stored is None:
        return "lost"
    follow_up(world, carry_out(world, stored, remaining), remaining)
    return "done"


def conclude_anyhow(
    world: World,
    state: AssetState,
    over: AssetState | None,
    verdict: Verdict,
    rules: tuple[Rulebook, int],
    trigger: Trigger,
    remaining: Remaining,
) -> Step:
    """Conclude. If the state gets too large, drop what can be read again to make room for the audit."""
    try:
        return conclude(world, state, over, verdict, rules, trigger, remaining)
    except TooLarge:
        return conclude(world, slimmed(state), over, verdict, rules, trigger, remaining)


def _give_up(
    world: World,
    state: AssetState,
    over: AssetState | None,
    rules: tuple[Rulebook, int],
    trigger: Trigger,
    remaining: Remaining,
    error: TooLarge,
) -> Step:
    """Audit a decision that does not fit as failed, so that its message is not retried again and again.

    What can be read again is dropped, and ``decided`` records the labels that were given up. If even that does not fit
    into the state, only the audit is written.
    """
    digest = labels_digest(state, rules[0])
    if over is not None and over.decided == digest:
        world.telemetry.count("Duplicate")
        return _settle(world, over, over)
    verdict = Verdict("failed", f"what is known of the asset is too large to be kept: {error}")
    try:
        step = conclude(world, slimmed(state), over, verdict, rules, trigger, remaining, decided=digest)
    except TooLarge:
        record = bare_record(state, verdict, rules[0], trigger)
        world.audits.put(record)
        world.bus.announce(record)
        step = _settle(world, over, over) if over else "done"
    if step == "done":
        world.telemetry.count("Failed")
    return step


def relieve(world: World, state: AssetState, remaining: Remaining) -> None:
    """Finish the due intent of ``state`` in place of its dead owner; do nothing if another process was faster."""
    taken = take_over(world, state, remaining)
    if taken is not None:
        follow_up(world, carry_out(world, taken, remaining), remaining)


def _settle(world: World, state: AssetState, over: AssetState | None) -> Step:
    """Store that there is nothing left to wait for."""
    settled = replace(state, poll=next_poll(state), dirty=None)
    return "done" if settled == over or world.store.put(settled, over=over) else "lost"


def follow_up(world: World, final: AssetState | None, remaining: Remaining) -> None:
    """Decide again if a message was merged while the intent was open."""
    while final is not None and final.dirty is not None and final.intent is None:
        step = process(world, replace(final, dirty=None), final, final.dirty, remaining)
        if step != "lost":
            return
        final = world.store.load(final.asset.asset_id)


def _wait(world: World, state: AssetState, over: AssetState | None) -> Step:
    now = world.clock.now()
    first = world.clock.spread(world.pace.first_delay)
    poll = own_poll(state) or Poll(now + round(first * 1000), 0, now + world.pace.deadline * 1000)
    waiting = replace(state, status="pending", poll=poll, dirty=None)
    if waiting == over:
        world.telemetry.count("Duplicate")
        return "done"
    if world.store.put(waiting, over=over) is None:
        return "lost"
    world.telemetry.count("Pending")
    world.telemetry.info("pending", asset_id=state.asset.asset_id)
    return "done"
