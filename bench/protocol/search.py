"""The search: every world that can be reached, breadth first, so that the way to a broken promise is a shortest one."""

from collections import deque
from collections.abc import Callable, Iterator
from typing import NamedTuple

from bench.protocol import deciding, finishing, people, receiving
from bench.protocol.promises import broken, is_at_rest
from bench.protocol.world import POLLER, Message, Place, Process, Queued, Rules, Step, World, name_of, placed

_EFFECTS: dict[Place, Callable[[World, int, Process, Rules], Iterator[Step]]] = {
    "read": receiving.read,
    "settle": deciding.settle,
    "merge": receiving.merge,
    "claim": deciding.claim,
    "take": finishing.take,
    "look_up": finishing.look_up,
    "call": finishing.call,
    "postpone": finishing.postpone,
    "audit": finishing.audit,
    "final": finishing.final,
    "repair": finishing.repair,
    "follow": deciding.follow,
    "note": people.note,
    "register": people.register,
    "leave": receiving.leave,
    "hand": receiving.hand,
    "delete": receiving.delete,
}


class Scenario(NamedTuple):
    """What happens besides the processes' own steps.

    ``uploads`` are the labels of each message about an upload, the rest is as in ``World``.
    """

    name: str
    uploads: tuple[int, ...]
    people: int = 0
    deaths: int = 0
    doubles: int = 0
    pushes: int = 0
    failures: int = 0


class Found(NamedTuple):
    """What a search found: worlds, those at rest among them, and the way to each broken promise.

    ``cut``: there were more worlds than allowed.
    """

    worlds: int
    at_rest: int
    cut: bool
    ways: dict[str, list[str]]


def search(scenario: Scenario, rules: Rules, *, most: int, first: bool = False) -> Found:
    """Look at every world that can be reached, at most at ``most``, or only until the ``first`` broken promise."""
    beginnings = _beginnings(scenario)
    newest = max(scenario.uploads)
    before: dict[World, tuple[World, str] | None] = dict.fromkeys(beginnings)
    waiting, found, resting = deque(beginnings), dict[str, World](), 0
    while waiting and len(before) < most and not (first and found):
        world = waiting.popleft()
        at_rest = is_at_rest(world)
        resting += at_rest
        if at_rest:
            for promise in broken(world, newest):
                found.setdefault(promise, world)
        moves = 0
        for line, after in steps(world, rules):
            moves += 1
            if after not in before:
                before[after] = (world, line)
                waiting.append(after)
        if not moves and not at_rest:
            found.setdefault("Z", world)
    ways = {promise: _way(before, world) for promise, world in found.items()}
    return Found(len(before), resting, bool(waiting) and not (first and found), ways)


def steps(world: World, rules: Rules) -> Iterator[Step]:
    """Yield what can happen next."""
    yield from people.change(world)
    if world.pushes and not world.pushed:
        queue = tuple(sorted((*world.queue, Queued(Message("run")))))
        yield "rules 2 are pushed, a retag is planned", world._replace(pushed=True, pushes=0, queue=queue)
    idle = True  # workers are alike: only the first idle one receives
    for n, process in enumerate(world.processes):
        if process is not None:
            if world.deaths:
                yield f"{name_of(n)} dies before: {process.at}", _killed(world, n, process)
            yield from _EFFECTS[process.at](world, n, process, rules)
        elif n == POLLER:
            yield from receiving.start_poller(world)
        elif idle:
            idle = False
            yield from receiving.receive(world, n)


def _killed(world: World, n: int, process: Process) -> World:
    """Return the world after the death of a process: its message comes again, and the intent that it owned gets due."""
    intent, held = world.state.intent, process.held
    dead = placed(world._replace(deaths=world.deaths - 1), n, None)
    if intent is None or held is None or (intent.id, intent.owner) != (held.id, n):
        return dead
    return dead._replace(state=world.state._replace(intent=intent._replace(owner=None)))


def _beginnings(scenario: Scenario) -> list[World]:
    uploads = tuple(Queued(Message("upload", number, labels)) for number, labels in enumerate(scenario.uploads))
    world = World(
        tuple(sorted(uploads)),
        scenario.people,
        scenario.pushes,
        scenario.deaths,
        scenario.doubles,
        scenario.failures,
    )
    return [world, world._replace(close=True)] if scenario.people else [world]


def _way(before: dict[World, tuple[World, str] | None], world: World) -> list[str]:
    line: list[str] = []
    while (step := before[world]) is not None:
        world, last = step
        line.append(last)
    return line[::-1]
