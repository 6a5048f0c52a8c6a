"""What people do to the tag, and its message ``TagsEdited``: stands for service/tagging/person_edits."""

from collections.abc import Iterator

from bench.protocol.deciding import drafted, lost
from bench.protocol.moves import conflict, finished, leaving
from bench.protocol.world import (
    Audit,
    AuditKey,
    Decision,
    Intent,
    Message,
    Op,
    Process,
    Queued,
    Rules,
    State,
    Step,
    World,
    Write,
    name_of,
    placed,
    stored,
)


def change(world: World) -> Iterator[Step]:
    """Let a person add or remove the tag in Cloudinary, which sends a notification of it."""
    if not world.people:
        return
    did: Op = "remove" if world.tagged else "add"
    made = Write(did, 2 * (world.changes + 1))
    message = Message("person", made.at, change=made)
    after = world._replace(tagged=not world.tagged, changes=world.changes + 1, person=did, people=world.people - 1)
    yield f"a person does: {did} at {made.at}", after._replace(queue=tuple(sorted((*world.queue, Queued(message)))))


def read_edit(world: World, n: int, p: Process, rules: Rules) -> Iterator[Step]:
    """Look at a person's change: what is known already is not registered again. Stands for ``handle_tag_edit``."""
    state, made = world.state, p.message.change if p.message else None
    if made is None or ("REGISTER" in rules and state.wish is not None and state.wish.at >= made.at):
        yield f"{name_of(n)} knows the person's change", leaving(world, n, p)
    elif state.intent is not None:
        managed = state.ours or _leaves_ours(state.intent, state)
        line = f"{name_of(n)} reads the state for a person, beside intent {state.intent.id}"
        yield line, placed(world, n, p._replace(at="note" if managed else "register"))
    else:
        fix = conflict(world, state.written, made)
        if fix or state.ours:
            decision = Decision(made.op if fix else "none", 0, 0)
            yield from drafted(world, n, p, rules, AuditKey("person", made.at), decision, news=True)
        else:
            yield f"{name_of(n)} reads the state for a person", placed(world, n, p._replace(at="register"))


def note(world: World, n: int, p: Process, rules: Rules) -> Iterator[Step]:
    """Audit a person's change that is registered beside an intent: before the write, which may be lost."""
    made = p.message.change if p.message else None
    key = AuditKey("person", made.at if made else 0)
    there = any(audit.key == key for audit in world.audits)
    audits = world.audits if there else tuple(sorted((*world.audits, Audit(key, "", Decision("none", 0, 0)))))
    yield (
        f"{name_of(n)} audits the person's change",
        placed(world._replace(audits=audits), n, p._replace(at="register")),
    )


def register(world: World, n: int, p: Process, rules: Rules) -> Iterator[Step]:
    """Store what a person wants: ``_write_down`` without an intent of its own."""
    if p.stale or p.message is None:
        yield f"{name_of(n)}: registering is lost", lost(world, n, p)
        return
    wish = p.message.change if "REGISTER" in rules else None
    after = stored(world, n, p, world.state._replace(wish=wish, ours=False), rules)
    yield f"{name_of(n)} registers what the person did", finished(after, n)


def _leaves_ours(intent: Intent, state: State) -> bool:
    """Return whether the tag is managed by the outcome of ``intent``: ``managed_in`` of domain/state/person_edits."""
    return not intent.for_person and (intent.decision.op == "add" or (intent.decision.op == "none" and state.ours))
