"""Decisions and claims: stands for service/tagging/decide and domain/state/claim."""

from collections.abc import Iterator

from bench.protocol.moves import finished, leaving, went_on
from bench.protocol.world import (
    AuditKey,
    Claim,
    Decision,
    Intent,
    Op,
    Process,
    Rules,
    State,
    Step,
    World,
    loaded,
    name_of,
    placed,
    stored,
    wanted,
)


def decide(world: World, n: int, p: Process, rules: Rules, labels: int, *, news: bool) -> Iterator[Step]:
    """Decide on ``labels`` for a message or a follow-up, under any rules that a process may have loaded.

    Stands for ``_process``; ``news`` for ``_is_news``.
    """
    state = p.seen or State()
    known = state.decided
    for number in _loaded_rules(world, state, rules):
        if known is not None and known.labels == labels and ("DEDUPE" in rules or known.rules == number):
            if state.dirty:
                yield f"{name_of(n)} has decided on L{labels} before", placed(world, n, p._replace(at="settle"))
            elif p.following:
                yield f"{name_of(n)} has nothing to follow up", went_on(world, n, p)
            else:
                yield f"{name_of(n)} reads a duplicate", leaving(world, n, p)
            continue
        decision = Decision(op_for(state, labels, number), labels, number)
        yield from drafted(world, n, p, rules, AuditKey("intent", 0), decision, news=news)


def op_for(state: State, labels: int, number: int) -> Op:
    """Return the call that ``labels`` ask for under the rules with that ``number``."""
    if wanted(labels, number):
        return "none" if state.ours or state.wish is not None else "add"
    return "remove" if state.ours else "none"


def drafted(
    world: World, n: int, p: Process, rules: Rules, audit: AuditKey, decision: Decision, *, news: bool
) -> Iterator[Step]:
    """Go on to claim ``decision``. The claim has no due entry where its message comes again (NEWS).

    Nor if the message was received before. No promise needs that: a dead letter keeps its intent until an operator
    sends it again, and the same number of deaths in a row makes one. It is for messages that fail for other reasons.
    """
    by_message = p.message is not None
    if "NEWS" in rules:
        by_message = by_message and news and p.first
    held = Intent(0, audit, decision, n, indexed=not by_message)
    line = f"{name_of(n)} wants {decision.op} by L{decision.labels} R{decision.rules}"
    at_once = "CLAIM" not in rules and audit.of == "intent"
    yield line, placed(world, n, p._replace(at="call" if at_once else "claim", held=held))


def claim(world: World, n: int, p: Process, rules: Rules) -> Iterator[Step]:
    """Store the intent: ``conclude`` and ``claim_decision``, for a person ``_write_down`` and ``open_intent``."""
    if p.held is None or p.stale:
        yield f"{name_of(n)}: the claim is lost", lost(world, n, p)
        return
    number = len(world.claims) + 1
    held = p.held._replace(id=number)
    if held.for_person and p.message:
        state = world.state._replace(wish=p.message.change, ours=False, intent=held)
    else:
        held = held._replace(audit=AuditKey("intent", number))
        decision = held.decision
        state = world.state._replace(
            labels=decision.labels, dirty=False, intent=held, rules=max(world.state.rules, decision.rules)
        )
    news = not held.for_person and (p.following or p.message is None or p.message.subject == "upload")
    after = stored(world, n, p._replace(at="call", held=held), state, rules)
    after = after._replace(claims=(*after.claims, Claim(held.audit, held.recorded, news)))
    if "HOLD" not in rules:
        after = after._replace(queue=tuple(queued for queued in after.queue if queued.message != p.message))
    entry = " with a due entry" if held.indexed else ""
    yield f"{name_of(n)} claims intent {number}{entry}", after


def settle(world: World, n: int, p: Process, rules: Rules) -> Iterator[Step]:
    """Store that there is nothing left to decide on: ``_settle``."""
    if p.stale:
        yield f"{name_of(n)}: settling is lost", lost(world, n, p)
        return
    after = stored(world, n, p, world.state._replace(dirty=False), rules)
    yield f"{name_of(n)} settles", finished(after, n)


def follow(world: World, n: int, p: Process, rules: Rules) -> Iterator[Step]:
    """Decide on labels that were merged while an intent was open, if that is still to be done: ``follow_up``."""
    p = p if p.seen is not None and not p.stale else loaded(world, p)
    state = p.seen or State()
    if state.dirty and state.intent is None:
        yield from decide(world, n, p._replace(following=True), rules, state.labels, news=False)
    else:
        yield f"{name_of(n)} has nothing to follow up", went_on(world, n, p)


def lost(world: World, n: int, p: Process) -> World:
    """Return the world after a lost write: what led to it is read and thought about again."""
    if p.following:
        return placed(world, n, p._replace(at="follow", seen=None, stale=False, held=None))
    return placed(world, n, Process(p.message, p.first))


def _loaded_rules(world: World, state: State, rules: Rules) -> list[int]:
    """Return the numbers of the rules that a process may have loaded: none before those of the last decision."""
    known = [1, 2] if world.pushed else [1]
    return [number for number in known if number >= state.rules] if "SEQ" in rules else known
