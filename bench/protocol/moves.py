"""Where a process goes on, and what it cannot know: whether an intent is due, and which of two changes came last."""

from collections.abc import Iterator

from bench.protocol.world import Intent, Process, World, Write, placed


def is_live(world: World, intent: Intent) -> bool:
    """Return whether the owner of ``intent`` is at work on it. Its lease outlives it, so that it is not due."""
    owner = world.processes[intent.owner] if intent.owner is not None else None
    return owner is not None and owner.held is not None and owner.held.id == intent.id


def may_be_due(world: World, intent: Intent) -> Iterator[bool]:
    """Yield whether ``intent`` is due: both, if no process is at work on it, since there is no clock."""
    yield False
    if not is_live(world, intent):
        yield True


def conflict(world: World, written: Write | None, wish: Write | None) -> bool:
    """Return whether our last call counts as undoing what a person wants: ``conflicting_writes``.

    Within ``ECHO_SLACK`` a call before the change counts, too, since clocks differ.
    """
    if written is None or wish is None or written.op == wish.op:
        return False
    return world.close or written.at > wish.at


def finished(world: World, n: int) -> World:
    """Return the world in which process number ``n`` follows up what was merged meanwhile, or else goes on."""
    p = world.processes[n]
    if p is None:
        return world
    if world.state.dirty and world.state.intent is None:
        return placed(world, n, p._replace(at="follow", held=None, did=None))
    return went_on(world, n, p)


def went_on(world: World, n: int, p: Process) -> World:
    """Return the world in which ``p`` goes on behind an intent, a follow-up or a lost take-over."""
    match p.then:
        case "end":
            return placed(world, n, None)
        case "read":
            return placed(world, n, Process(p.message, p.first))
        case "look":
            return leaving(world, n, p._replace(seen=None, stale=False))
        case "leave":
            return leaving(world, n, p)
        case "delete":
            return placed(world, n, Process(p.message, at="delete"))


def leaving(world: World, n: int, p: Process) -> World:
    """Return the world in which ``p`` has handled its message. If it saw no open intent, it only deletes it."""
    if p.seen is not None and p.seen.intent is None:
        return placed(world, n, Process(p.message, at="delete"))
    seen = Process(p.message, at="leave", seen=p.seen, stale=p.stale)
    return placed(world, n, seen)
