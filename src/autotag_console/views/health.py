"""The service's health in a few lines: each says what is, whether that is well, and what to do if it is not."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Literal, NamedTuple

from autotag_console.times import ago

State = Literal["ok", "warn", "fail"]

_LATE = {"intent": (300.0, 900.0), "poll": (300.0, 3600.0)}
"""Seconds overdue above which to warn and to fail, as in ``autotag doctor``; the poller runs every minute."""

_MANY = 1000


class Line(NamedTuple):
    """One finding, a sentence; ``fix`` is what to do, "" if nothing."""

    name: str
    state: State
    finding: str
    fix: str = ""


def health_lines(health: dict[str, Any]) -> tuple[Line, ...]:
    """Return a line for each reading of the ops function's answer ``health``."""
    faults = health["faults"]

    def line(part: str, name: str, look: Callable[[Any], Line]) -> Line:
        if part in faults:
            return Line(name, "warn", f"It cannot be read: {faults[part]}.", "autotag doctor")
        return look(health[part])

    return (
        line("rules", "Rules", _rules),
        line("queues", "Queues", _queues),
        line("queues", "Dead letters", _dead_letters),
        line("due", "Pending work", lambda due: _due(due, health["now"])),
        line("breaker", "Calls to Cloudinary", _breaker),
        line("budget", "Admin API", _budget),
        line("last_audit", "Last decision", lambda audit: _last(audit, health["now"])),
    )


def summary_line(lines: tuple[Line, ...]) -> Line:
    """Return the one line that a start page shows: the worst finding, or that all is well."""
    worst = [each for state in ("fail", "warn") for each in lines if each.state == state]
    if not worst:
        return Line("Health", "ok", f"All is well. {lines[-1].name}: {lines[-1].finding}")
    more = f" {len(worst) - 1} more on the health page." if len(worst) > 1 else ""
    return worst[0]._replace(finding=f"{worst[0].finding}{more}")


def _rules(rules: dict[str, Any]) -> Line:
    active = rules["active"]
    if active["fault"] is not None:
        return Line(
            "Rules",
            "fail",
            f"Number {active['seq']} cannot be read: {active['fault']}. The rules before them stay in use.",
            "autotag rules push FILE",
        )
    origin = f"number {active['seq']}" if active["seq"] else "deployed with the stack"
    return Line("Rules", "ok", f"{active['name']}, {origin}.")


def _queues(queues: dict[str, dict[str, int]]) -> Line:
    live, bulk = queues["live"]["waiting"], queues["bulk"]["waiting"]
    finding = f"{live:,} messages about single assets wait, and {bulk:,} groups of runs."
    if live >= _MANY:
        return Line("Queues", "warn", finding, "docs/operations.md, QueueMessagesOld")
    return Line("Queues", "ok", finding)


def _dead_letters(queues: dict[str, dict[str, int]]) -> Line:
    held = sum(sum(queues[name].values()) for name in ("live_dead", "bulk_dead", "export_dead") if name in queues)
    if held:
        return Line("Dead letters", "fail", f"{held:,} messages could not be handled.", "autotag doctor")
    return Line("Dead letters", "ok", "There are none.")


def _due(due: dict[str, Any], now: str) -> Line:
    state: State = "ok"
    overdue = []
    for kind, what in (("intent", "the tag changes of"), ("poll", "the look at")):
        if due[kind] is None:
            continue
        late = _seconds(due[kind]["due_at"], now)
        warn, fail = _LATE[kind]
        if late > warn:
            state = "fail" if late > fail or state == "fail" else "warn"
            overdue.append(f"{what} {due[kind]['asset_id']} by {ago(late)}")
    if not overdue:
        return Line("Pending work", "ok", "Nothing is overdue.")
    return Line("Pending work", state, f"Overdue: {', and '.join(overdue)}.", "autotag doctor")


def _breaker(opened: dict[str, str] | None) -> Line:
    if opened is None:
        return Line("Calls to Cloudinary", "ok", "Cloudinary is called.")
    return Line("Calls to Cloudinary", "fail", f"None until {opened['until']}: {opened['reason']}.", "autotag setup")


def _budget(budget: dict[str, Any]) -> Line:
    finding = f"{budget['used']:,} calls in this hour."
    if budget["closed"]:
        return Line("Admin API", "warn", f"{finding} No more until the next hour.")
    return Line("Admin API", "ok", finding)


def _last(audit: dict[str, str] | None, now: str) -> Line:
    if audit is None:
        return Line("Last decision", "warn", "Nothing has been decided yet.", "autotag setup")
    return Line("Last decision", "ok", f"{ago(_seconds(audit['at'], now))} ago.")


def _seconds(since: str, now: str) -> float:
    return (datetime.fromisoformat(now) - datetime.fromisoformat(since)).total_seconds()
