"""Checks of the service itself that its own answers allow: dead letters, due work, review, breaker, rules."""

from autotag.domain.sentences.numbers import counted
from autotag.domain.sentences.operations.readings import MINUTE, Readings, duration_text
from autotag.domain.sentences.operations.result import Result, State, Unknown, unknown

_LATE = {"intent": (5 * MINUTE, 15 * MINUTE), "poll": (5 * MINUTE, 60 * MINUTE)}
"""Seconds overdue above which to warn and to fail; the poller runs every minute."""

_CHECK_POLLER = "make sure that the poller runs: docs/operations.md, Stopping and resuming, and PollerStopped"

_DEAD = "_dead"
"""The end of the name of a dead-letter queue; before it stands the name of its queue."""


def dead_letters(readings: Readings) -> Result:
    """Check that the dead-letter queues are empty."""
    name, queues = "dead letters", readings.health_part("queues")
    if isinstance(queues, Unknown):
        return unknown(name, queues)
    held = {each: sum(queues[each].values()) for each in queues if each.endswith(_DEAD)}
    full = [each for each, count in held.items() if count]
    if not full:
        return Result(name, "ok", "there are none")
    counts = ", ".join(f"{held[each]:,} of the {each.removesuffix(_DEAD)} queue" for each in full)
    return Result(
        name,
        "fail",
        f"messages that could not be handled: {counts}",
        f"fix the cause (docs/operations.md), then {readings.redrive}",
    )


def due(readings: Readings) -> Result:
    """Check that the poller keeps up with the work that is due."""
    name, work = "pending work", readings.health_part("due")
    if isinstance(work, Unknown):
        return unknown(name, work)
    state: State = "ok"
    overdue = []
    for kind, words in (("intent", "the tag changes of asset"), ("poll", "the read of asset")):
        if work[kind] is None:
            continue
        late = readings.seconds_since(work[kind]["due_at"])
        warn, fail = _LATE[kind]
        if late <= warn:
            continue
        state = "fail" if late > fail or state == "fail" else "warn"
        verb = "is" if kind == "poll" else "are"
        overdue.append(f"{words} {work[kind]['asset_id']} {verb} overdue by {duration_text(late)}")
    if not overdue:
        return Result(name, "ok", "nothing is overdue")
    return Result(name, state, "; ".join(overdue), readings.resume_poller or _CHECK_POLLER)


def review(readings: Readings) -> Result:
    """Check that the index of the review queue knows the tags of every question."""
    name, found = "review", readings.questions
    if isinstance(found, Unknown):
        return unknown(name, found)
    verb = "waits" if found.questions == 1 else "wait"
    finding = f"{counted(found.questions, 'question')} about {counted(found.assets, 'asset')} {verb}"
    if found.unindexed:
        finding = f"{finding}; {found.unindexed:,} of them were stored by an earlier release, without their tags"
        return Result(name, "warn", finding, f"autotag retag{readings.option}")
    return Result(name, "ok", finding if found.assets else "no question waits")


def breaker(readings: Readings) -> Result:
    """Check that the circuit breaker is closed, so that the service calls Cloudinary."""
    name, stop = "breaker", readings.health_part("breaker")
    if isinstance(stop, Unknown):
        return unknown(name, stop)
    if stop is None:
        return Result(name, "ok", "closed: Cloudinary is called")
    return Result(name, "fail", f"no calls to Cloudinary until {stop['until']}: {stop['reason']}", readings.setup)


def rules(readings: Readings) -> Result:
    """Check that the rules that were pushed last can be read, and that a worker has loaded them."""
    name, state = "rules", readings.health_part("rules")
    push = f"autotag rules push FILE{readings.option}"
    if isinstance(state, Unknown):
        return Result(name, "fail", f"the active rules cannot be determined: {state.why}", push)
    active, good = state["active"], state["last_good"]
    if active["fault"] is not None:
        used = f"number {good['seq']} stays in use" if good else "the rules deployed with the stack stay in use"
        return Result(name, "fail", f"number {active['seq']} cannot be read ({active['fault']}); {used}", push)
    finding = f"{active['name']}, version {active['version'][:12]}, number {active['seq']}"
    if (
        active["seq"]
        and (good is None or good["seq"] < active["seq"])
        and readings.seconds_since(active["pushed_at"]) > MINUTE * 5
    ):
        return Result(name, "warn", f"{finding}; no worker has loaded them yet", "upload something, or autotag setup")
    return Result(name, "ok", finding if active["seq"] else f"{finding}: the rules deployed with the stack")
