"""Check of the event bus: whether what its rules wait for is sent."""

from autotag.domain.sentences.operations.result import Result, Unknown, unknown
from autotag_cli.doctor.facts import Facts

_MOST_NAMED = 3


def events(facts: Facts) -> Result:
    """Check that events are sent where a rule waits for them."""
    name, when, rules = "events", facts.outputs.get("Events", "always"), facts.listeners
    if isinstance(rules, Unknown):
        return unknown(name, rules)
    bus = facts.outputs.get("EventBusName", "of the stack")
    listening = _listening(rules)
    if when == "never":
        if rules:
            finding = f"no event is ever sent (Events=never), and {listening} on the bus {bus}"
            return Result(name, "warn", finding, facts.deploy_command("Events=always"))
        return Result(name, "ok", f"none is ever sent, and no rule listens on the bus {bus}")
    if when == "when_listened":
        return Result(name, "ok", f"sent while somebody listens on the bus {bus}: {listening}")
    return Result(name, "ok", f"each audit is sent to the bus {bus}: {listening}")


def _listening(rules: tuple[str, ...]) -> str:
    if not rules:
        return "no rule listens"
    names = ", ".join(rules[:_MOST_NAMED]) + (", …" if len(rules) > _MOST_NAMED else "")
    return f"{'one rule listens' if len(rules) == 1 else f'{len(rules)} rules listen'} ({names})"
