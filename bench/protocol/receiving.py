"""Receives, and what a message does first: stands for handlers/worker, service/worker and what they call.

That is service/tagging/observe for an upload, service/runs/group for a run, service/tagging/finish_due for due work.
"""

from collections.abc import Iterator

from bench.protocol.deciding import decide, drafted, lost, op_for
from bench.protocol.moves import is_live, leaving, may_be_due, went_on
from bench.protocol.people import read_edit
from bench.protocol.world import (
    POLLER,
    AuditKey,
    Decision,
    Intent,
    Message,
    Process,
    Queued,
    Rules,
    State,
    Step,
    World,
    loaded,
    name_of,
    placed,
    stored,
)


def receive(world: World, n: int) -> Iterator[Step]:
    """Let a worker receive any message: one that is held already only as often as there are ``doubles``.

    SQS counts receives approximately: of two workers that get a message at once, each may count as the first.
    """
    held = {p.message for p in world.processes if p}
    for place, (message, received) in enumerate(world.queue):
        double = message in held
        if double and not world.doubles:
            continue
        queue = (*world.queue[:place], Queued(message, received=True), *world.queue[place + 1 :])
        given = world._replace(queue=queue, doubles=world.doubles - double)
        for first in (True, False) if double else (not received,):
            line = f"{name_of(n)} receives {_words(message)}{', which another holds' if double else ''}"
            line += "" if first else ", not for the first time"
            yield line, placed(given, n, Process(message, first))


def start_poller(world: World) -> Iterator[Step]:
    """Let the index show the poller what may be due: it sends a message ``FinishDue``, which comes late, or never.

    Stands for service/tagging/hand_over and ``index_entry`` of domain/state/due_entry.
    """
    intent = world.state.intent
    due = world.state.dirty if intent is None else intent.indexed and not is_live(world, intent)
    if due:
        yield "the poller hands over due work", placed(world, POLLER, Process(None))


def read(world: World, n: int, p: Process, rules: Rules) -> Iterator[Step]:
    """Load the state and see what the message or the due work has to do."""
    p = loaded(world, p)
    intent = world.state.intent
    if p.message is not None and p.message.subject == "person":
        yield from read_edit(world, n, p._replace(then="leave"), rules)
    elif intent is not None:
        yield from _met(world, n, p, rules, intent)
    elif p.message is None:
        yield f"{name_of(n)} looks for work", placed(world, n, p._replace(at="follow", then="end"))
    elif p.message.subject == "run":
        yield from _run(world, n, p._replace(then="delete"), rules)
    else:
        news = is_new(p.message.labels, world.state, rules)
        labels = p.message.labels if news else world.state.labels
        yield from decide(world, n, p._replace(then="leave"), rules, labels, news=news)


def is_new(labels: int, state: State, rules: Rules) -> bool:
    """Return whether the labels of a message change what is known: domain/state/merge."""
    return labels > state.labels if "ORDER" in rules else labels != state.labels


def _met(world: World, n: int, p: Process, rules: Rules, intent: Intent) -> Iterator[Step]:
    """An intent is open: a due one is finished first."""
    me, message = name_of(n), p.message
    for due in may_be_due(world, intent):
        if due:
            then = p._replace(at="take", then="read" if message else "end")
            yield f"{me} reads due intent {intent.id}", placed(world, n, then)
        elif message is None:
            yield f"{me} finds nothing due", placed(world, n, None)
        elif message.subject == "run":
            yield f"{me} misses the asset: the run makes another pass", placed(world, n, None)
        elif is_new(message.labels, world.state, rules):
            yield f"{me} meets intent {intent.id} with news", placed(world, n, p._replace(at="merge"))
        else:
            yield f"{me} meets intent {intent.id} with a duplicate", leaving(world, n, p)


def merge(world: World, n: int, p: Process, rules: Rules) -> Iterator[Step]:
    """Store an upload's labels beside the open intent: ``_leave_to_owner``."""
    if p.stale or p.message is None:
        yield f"{name_of(n)}: merging is lost", lost(world, n, p)
        return
    after = stored(world, n, p, world.state._replace(labels=p.message.labels, dirty=True), rules)
    merged = after.processes[n]
    assert merged is not None
    yield f"{name_of(n)} merges beside the intent", leaving(after, n, merged)


def _run(world: World, n: int, p: Process, rules: Rules) -> Iterator[Step]:
    """Decide again under the pushed rules, if that changes anything: domain/runs/retag, ``_drafts`` of the group."""
    labels = world.state.labels
    decision = Decision(op_for(world.state, labels, 2), labels, 2)
    if not labels or decision.op == "none":
        yield f"{name_of(n)} finds nothing to change", went_on(world, n, p)
    else:
        yield from drafted(world, n, p, rules, AuditKey("intent", 0), decision, news=False)


def leave(world: World, n: int, p: Process, rules: Rules) -> Iterator[Step]:
    """Look at the state once more before the message is deleted: ``leave_in_index`` of service/tagging/acknowledge."""
    me = name_of(n)
    p = loaded(world, p) if p.seen is None else p
    intent = p.seen.intent if p.seen else None
    if intent is None:
        yield f"{me} leaves nothing open", placed(world, n, Process(p.message, at="delete"))
        return
    for due in may_be_due(world, intent):
        if due:
            yield f"{me} leaves, but intent {intent.id} is due", placed(world, n, p._replace(at="take", then="look"))
        elif intent.indexed or "HAND" not in rules:
            yield f"{me} leaves intent {intent.id} open", placed(world, n, Process(p.message, at="delete"))
        else:
            line = f"{me} leaves, but intent {intent.id} has no due entry"
            yield line, placed(world, n, p._replace(at="hand", then="look"))


def hand(world: World, n: int, p: Process, rules: Rules) -> Iterator[Step]:
    """Write the state as it is: that puts the due entry (``written_over``)."""
    if p.stale:
        yield f"{name_of(n)}: putting the due entry is lost", went_on(world, n, p)
    else:
        after = stored(world, n, p, world.state, rules)
        yield f"{name_of(n)} puts the due entry", placed(after, n, Process(p.message, at="delete"))


def delete(world: World, n: int, p: Process, rules: Rules) -> Iterator[Step]:
    """Delete the message, for all that hold it: Lambda does, once the whole batch is through."""
    queue = tuple(queued for queued in world.queue if queued.message != p.message)
    yield f"{name_of(n)} deletes its message", placed(world._replace(queue=queue), n, None)


def _words(message: Message) -> str:
    if message.change is not None:
        return f"what a person did: {message.change.op} at {message.change.at}"
    return f"upload {message.number} with L{message.labels}" if message.subject == "upload" else "the run's group"
