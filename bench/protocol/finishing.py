"""The steps of an intent's owner: stands for service/tagging/execute and domain/state/complete."""

from collections.abc import Iterator

from bench.protocol.deciding import lost, op_for
from bench.protocol.moves import conflict, finished, went_on
from bench.protocol.world import (
    Audit,
    Decision,
    Intent,
    Op,
    Process,
    Rules,
    State,
    Step,
    World,
    Write,
    loaded,
    name_of,
    now,
    placed,
    stored,
)


def take(world: World, n: int, p: Process, rules: Rules) -> Iterator[Step]:
    """Become the owner of a due intent: ``take_over`` and ``with_new_owner``."""
    intent = world.state.intent
    if p.stale or intent is None:
        yield f"{name_of(n)}: the take-over is lost", went_on(world, n, p)
        return
    held = intent._replace(owner=n, taken=True)
    owned = world.state._replace(intent=held)
    after = stored(world, n, p, owned, rules) if "TAKEOVER" in rules else world
    decision = held.decision
    if "KEEP" not in rules and not held.for_person:
        decision = decision._replace(labels=world.state.labels)
    if "FIXED" not in rules and not held.for_person:
        labels, number = world.state.labels, 2 if world.pushed else 1
        decision = Decision(op_for(world.state, labels, number), labels, number)
    held = held._replace(decision=decision)
    owner = p._replace(at="look_up", seen=after.state, stale=False, held=held, following=False)
    yield f"{name_of(n)} takes intent {intent.id} over", placed(after, n, owner)


def look_up(world: World, n: int, p: Process, rules: Rules) -> Iterator[Step]:
    """Look for the audit. Its writer made the calls, which count as made now: ``recorded_writes``.

    It may also have made the call that a person wanted then. The audit of a person may be older than its intent.
    """
    if p.held is not None and any(audit.key == p.held.audit for audit in world.audits):
        op = p.held.decision.op
        made = None if op == "none" else Write(op, now(world))
        found = p._replace(at="final", did=made, doubtful="AGAIN" in rules)
        yield f"{name_of(n)} finds the audit", placed(world, n, found)
    else:
        yield f"{name_of(n)} finds no audit", placed(world, n, p._replace(at="call"))


def call(world: World, n: int, p: Process, rules: Rules) -> Iterator[Step]:
    """Call Cloudinary; if a person wants the opposite, make the opposite call: ``tag_calls``."""
    op: Op = p.held.decision.op if p.held else "none"
    wish = p.seen.wish if p.seen else None
    if op != "none" and wish is not None and wish.op != op:
        op = wish.op if "OPPOSITE" in rules else "none"
    yield from _called(world, n, p, op, "audit")


def repair(world: World, n: int, p: Process, rules: Rules) -> Iterator[Step]:
    """Make the call that a person wants, since ours undid theirs: the ``fixes`` of ``_finalize``."""
    wish = p.seen.wish if p.seen else None
    yield from _called(world, n, p._replace(doubtful=False), wish.op if wish else "none", "final")


def _called(world: World, n: int, p: Process, op: Op, then: str) -> Iterator[Step]:
    behind = p._replace(at="audit" if then == "audit" else "final")
    if op == "none":
        yield f"{name_of(n)} has no call to make", placed(world, n, behind)
        return
    if world.failures:
        failed = world._replace(failures=world.failures - 1)
        at_once = p.held is not None and not p.held.id
        waits = None if at_once else p._replace(at="postpone")
        yield f"{name_of(n)}: Cloudinary does not answer", placed(failed, n, waits)
    made = world._replace(tagged=op == "add")
    line = f"{name_of(n)} calls Cloudinary: {op} at {now(world)}"
    yield line, placed(made, n, behind._replace(did=Write(op, now(world))))


def postpone(world: World, n: int, p: Process, rules: Rules) -> Iterator[Step]:
    """Give the intent up for a while, unless another process took it over: ``reschedule``."""
    intent = world.state.intent
    if not _owns(n, p, intent, rules):
        yield (
            f"{name_of(n)} has lost its intent",
            went_on(world, n, loaded(world, p)._replace(held=None, did=None, doubtful=False)),
        )
    elif p.stale:
        yield f"{name_of(n)}: postponing is lost, it loads again", placed(world, n, loaded(world, p))
    else:
        state = world.state._replace(intent=intent._replace(owner=None) if intent else None)
        after = stored(world, n, p._replace(held=None, did=None, doubtful=False), state, rules)
        left = after.processes[n]
        assert left is not None
        yield f"{name_of(n)} postpones the intent", went_on(after, n, left)


def audit(world: World, n: int, p: Process, rules: Rules) -> Iterator[Step]:
    """Put the audit if there is none with its id: adapters/aws/dynamodb/audits."""
    if p.held is None:
        return
    held = p.held
    owner = "" if "AUDITKEY" in rules else f"{name_of(n)} {held.taken}"
    there = any((each.key, each.owner) == (held.audit, owner) for each in world.audits)
    audits = world.audits if there else tuple(sorted((*world.audits, Audit(held.audit, owner, held.recorded))))
    line = f"{name_of(n)} finds its audit there" if there else f"{name_of(n)} puts the audit"
    yield line, placed(world._replace(audits=audits), n, p._replace(at="final"))


def final(world: World, n: int, p: Process, rules: Rules) -> Iterator[Step]:
    """Repair what a person wants, or make the final write: ``_finalize`` and ``close_intent``."""
    seen = p.seen or State()
    if p.held is None:
        return
    written = p.did or seen.written
    doubtful = p.doubtful and written is not None and seen.wish is not None
    if doubtful or conflict(world, written, seen.wish):
        yield f"{name_of(n)}: a person wants the opposite", placed(world, n, p._replace(at="repair"))
    else:
        yield from _write(world, n, p, rules, p.held)


def _write(world: World, n: int, p: Process, rules: Rules, held: Intent) -> Iterator[Step]:
    state = world.state
    if not held.id and p.stale:  # without CLAIM
        yield f"{name_of(n)}: the final write is lost", lost(world, n, p)
    elif held.id and not _owns(n, p, state.intent, rules):
        yield (
            f"{name_of(n)} has lost its intent",
            went_on(world, n, loaded(world, p)._replace(held=None, did=None, doubtful=False)),
        )
    elif p.stale:
        yield f"{name_of(n)}: the final write is lost, it loads again", placed(world, n, loaded(world, p))
    else:
        closed = state._replace(intent=None, written=p.did or state.written)
        if not held.for_person:
            ours = {"add": state.wish is None, "remove": False, "none": state.ours}[held.decision.op]
            closed = closed._replace(ours=ours, decided=held.decision)
        if not held.id:
            closed = closed._replace(labels=held.decision.labels, dirty=False, rules=held.decision.rules)
        after = stored(world, n, p._replace(held=None, did=None, doubtful=False), closed, rules)
        yield f"{name_of(n)} makes the final write", finished(after, n)


def _owns(n: int, p: Process, intent: Intent | None, rules: Rules) -> bool:
    if intent is None or p.held is None or intent.id != p.held.id:
        return False
    return intent.owner == n or "TAKEOVER" not in rules
