"""The claim on a paid call, beside the protocol of intents: who may ask Rekognition about a version, and how often.

A version of an asset is wanted labels of; messages ask a worker to get them, and may come twice. A worker claims the
version (a conditional write), takes a unit of the day's budget, calls, and stores the answer (a conditional write). A
death may come before each of these effects; the claim of a dead worker falls due, and the poller sends a message again.
A newer version may arrive at any time. Stands for service/detection and domain/detection/claims.
"""

from collections import deque
from collections.abc import Iterator
from typing import Literal, NamedTuple

RULES = {
    "CLAIM_FIRST": "the version is claimed before a unit of the budget is taken",
    "CLAIM_PUT": "claiming is a conditional write, only where the version has no claim of a living owner",
    "ATTEMPTS": "a claim counts the calls that may have been made: after two of them the version has failed",
    "OWNED": "an answer is stored only while the claim is still the worker's own, and about its version",
    "DUE": "a claim falls due when its owner is dead, and then a message about it is sent again",
}
PROMISES = {
    "P1": "without a death a version is paid for once, and with deaths twice at most",
    "P2": "a duplicate takes nothing out of the budget: without a death as many units are taken as calls are paid for",
    "P3": "each call was reserved before: there are never more calls than units",
    "P4": "the labels in the state are of the version in the state",
    "P5": "nothing is left open that no process comes back to",
}
EVERY = frozenset(RULES)
MOST = 2

Place = Literal["read", "claim", "reserve", "call", "store"]
_ORDERS: dict[bool, tuple[Place, ...]] = {
    True: ("read", "claim", "reserve", "call", "store"),
    False: ("read", "reserve", "claim", "call", "store"),
}


class Claim(NamedTuple):
    """The open claim: its owner (None: nobody, or dead), and the calls that may have been made."""

    owner: int | None = None
    attempts: int = 0


class Worker(NamedTuple):
    """A worker before its next effect, with the revision and version that it read."""

    at: Place = "read"
    rev: int = 0
    version: int = 0
    attempts: int = 0


class Bulk(NamedTuple):
    """All of it: what may still happen, the state with the version of its labels (0: none, -1: failed), payments."""

    messages: int = 1
    doubles: int = 1
    deaths: int = 0
    uploads: int = 0
    version: int = 1
    rev: int = 0
    labels: int = 0
    claim: Claim | None = Claim()
    workers: tuple[Worker | None, Worker | None] = (None, None)
    units: int = 0
    paid: tuple[int, ...] = ()
    died: int = 0


class Found(NamedTuple):
    """The number of worlds, and the way to each broken promise."""

    worlds: int
    ways: dict[str, list[str]]


def search(rules: frozenset[str], *, deaths: int, uploads: int, first: bool = False) -> Found:
    """Look at every world that can be reached, or only until the ``first`` broken promise."""
    start = Bulk(deaths=deaths, uploads=uploads)
    before: dict[Bulk, tuple[Bulk, str] | None] = {start: None}
    waiting, found = deque([start]), dict[str, Bulk]()
    while waiting and not (first and found):
        world = waiting.popleft()
        moves = list(_steps(world, rules))
        for promise in _broken(world, at_rest=not moves):
            found.setdefault(promise, world)
        for line, after in moves:
            if after not in before:
                before[after] = (world, line)
                waiting.append(after)
    return Found(len(before), {promise: _way(before, world) for promise, world in found.items()})


def _broken(world: Bulk, *, at_rest: bool) -> Iterator[str]:
    payments = [world.paid.count(version) for version in set(world.paid)]
    if max(payments, default=0) > (MOST if world.died else 1):
        yield "P1"
    if not world.died and at_rest and world.units != len(world.paid):
        yield "P2"
    if len(world.paid) > world.units:
        yield "P3"
    if world.labels > 0 and world.labels != world.version:
        yield "P4"
    if at_rest and (world.claim is not None or not world.labels):
        yield "P5"


def _steps(world: Bulk, rules: frozenset[str]) -> Iterator[tuple[str, Bulk]]:
    if world.uploads:
        newer = world._replace(version=world.version + 1, rev=world.rev + 1, labels=0, claim=Claim())
        yield "a newer version arrives", newer._replace(uploads=world.uploads - 1, messages=world.messages + 1)
    if world.doubles and world.messages:
        yield "a message comes twice", world._replace(doubles=0, messages=world.messages + 1)
    if "DUE" in rules and not world.messages and not any(world.workers) and world.claim is not None:
        yield "the claim is due, and the poller sends a message", world._replace(messages=1)
    for n, worker in enumerate(world.workers):
        if worker is None:
            if world.messages:
                yield f"W{n} receives", _placed(world._replace(messages=world.messages - 1), n, Worker())
            continue
        if world.deaths:
            claim = world.claim
            dead = claim._replace(owner=None) if claim is not None and claim.owner == n else claim
            after = world._replace(deaths=world.deaths - 1, died=world.died + 1, claim=dead)
            yield f"W{n} dies before: {worker.at}", _placed(after, n, None)
        yield _effect(world, n, worker, rules)


def _effect(world: Bulk, n: int, worker: Worker, rules: frozenset[str]) -> tuple[str, Bulk]:
    order = _ORDERS["CLAIM_FIRST" in rules]
    following = order[order.index(worker.at) + 1] if worker.at != "store" else "store"
    line = f"W{n}: {worker.at}"
    match worker.at:
        case "read":
            claim = world.claim
            if claim is None or ("CLAIM_PUT" in rules and claim.owner is not None):
                return f"W{n} meets the labels or the claim", _placed(world, n, None)
            return line, _placed(world, n, Worker(following, world.rev, world.version, claim.attempts))
        case "claim":
            if "CLAIM_PUT" in rules and world.rev != worker.rev:
                return f"W{n}: the claim is lost", _placed(world, n, Worker())
            if "ATTEMPTS" in rules and worker.attempts >= MOST:
                failed = world._replace(claim=None, labels=-1, rev=world.rev + 1)
                return f"W{n}: failed for good", _placed(failed, n, None)
            claimed = world._replace(claim=Claim(n, worker.attempts + 1), rev=world.rev + 1)
            return line, _placed(claimed, n, worker._replace(at=following))
        case "reserve":
            return line, _placed(world._replace(units=world.units + 1), n, worker._replace(at=following))
        case "call":
            paid = tuple(sorted((*world.paid, worker.version)))
            return line, _placed(world._replace(paid=paid), n, worker._replace(at=following))
        case "store":
            ours = world.claim is not None and world.claim.owner == n and world.version == worker.version
            if "OWNED" in rules and not ours:
                return f"W{n} drops its answer", _placed(world, n, None)
            labeled = world._replace(labels=worker.version, claim=None, rev=world.rev + 1)
            return line, _placed(labeled, n, None)


def _placed(world: Bulk, n: int, worker: Worker | None) -> Bulk:
    workers = (worker, world.workers[1]) if n == 0 else (world.workers[0], worker)
    return world._replace(workers=workers)


def _way(before: dict[Bulk, tuple[Bulk, str] | None], world: Bulk) -> list[str]:
    lines: list[str] = []
    while (step := before[world]) is not None:
        world, line = step
        lines.append(line)
    return lines[::-1]
