"""Checks of the account's triggers: those of this stack, of its earlier addresses, and of other programs."""

from autotag.domain.sentences.operations.result import Result, Unknown, unknown
from autotag_cli.doctor.facts import Facts
from autotag_cli.setup.destinations import ALL, FACTS, same_destination
from autotag_cli.setup.trigger_plan import points_to

_UNCLEAR = 403
"""AWS refuses a call of a URL that IAM guards with this status."""


def triggers(facts: Facts) -> Result:
    """Check that each event has a trigger that points to this stack.

    Missing triggers of ``FACTS`` are only a warning: the service then works with older facts.
    """
    name = "triggers"
    if isinstance(facts.destinations, Unknown):
        return Result(name, "fail", facts.destinations.why, facts.deploy_command())
    if isinstance(facts.triggers, Unknown):
        return unknown(name, facts.triggers)
    missing = []
    for destination in facts.destinations:
        here = {t.event_type for t in facts.triggers if points_to(t, [destination.uri])}
        missing += [(event, destination.uri) for event in ALL if not here & {event, "all"}]
    if missing:
        finding = ", ".join(f"{event} -> {uri}" for event, uri in missing)
        if all(event in FACTS for event, _ in missing):
            outdated = "stored folders and context may be as old as the upload until autotag retag --refresh"
            return Result(name, "warn", f"missing: {finding}; {outdated}", facts.setup_command())
        return Result(name, "fail", f"missing: {finding}", facts.setup_command())
    return Result(
        name, "ok", f"{', '.join(ALL)} -> {' and '.join(destination.uri for destination in facts.destinations)}"
    )


def old_triggers(facts: Facts) -> Result:
    """Check that no trigger points to an earlier address of this stack, or to a function that is gone.

    Another stack of autotag may work on the same cloud: what lives is left alone.
    """
    name = "old triggers"
    if isinstance(facts.triggers, Unknown):
        return unknown(name, facts.triggers)
    destinations = () if isinstance(facts.destinations, Unknown) else facts.destinations
    here = [destination.uri for destination in destinations]
    gone = [uri for uri in facts.stored_destinations if not any(same_destination(uri, each) for each in here)]
    old = {t.uri for t in facts.triggers if points_to(t, gone)}
    if old:
        finding = f"some still point to an earlier address of this stack: {', '.join(sorted(old))}"
        return Result(name, "warn", finding, facts.setup_command())
    lost = [url for url, status in facts.neighbors.items() if status in (None, 404)]
    if lost:
        finding = f"some point to a function that does not answer: {', '.join(lost)}; its stack or program is gone"
        return Result(name, "warn", finding, f"if it was a stack of autotag: {_take_over(facts, lost[0])}")
    unclear = [url for url, status in facts.neighbors.items() if status == _UNCLEAR]
    if unclear:
        finding = f"some point to a function that refuses calls: {', '.join(unclear)}; it may live, guarded by IAM"
        return Result(
            name, "warn", finding, f"only if it was a stack of autotag that is removed: {_take_over(facts, unclear[0])}"
        )
    if facts.neighbors:
        living = ", ".join(f"{url} ({status})" for url, status in facts.neighbors.items())
        finding = f"none points to a removed stack; another stack or program lives at {living}, and keeps its triggers"
        return Result(name, "ok", finding)
    return Result(name, "ok", "none points to a removed stack")


def left_channels(facts: Facts) -> Result:
    """Check that nothing waits in a poll channel that this stack no longer fetches from."""
    name = "left channels"
    if isinstance(facts.left_channels, Unknown):
        return unknown(name, facts.left_channels)
    if facts.left_channels:
        finding = "; ".join(channel.finding() for channel in facts.left_channels)
        return Result(name, "fail", finding, facts.as_commands(facts.left_channels[0].fix()))
    return Result(name, "ok", "nothing waits in a poll channel that this stack has left")


def _take_over(facts: Facts, url: str) -> str:
    return facts.setup_command(f" --old-url {url}")
