"""The doctor's line about the event bus: facts, and the state, finding and fix that are expected."""

from typing import Any

from autotag_cli.doctor.checks.events import events
from autotag_cli.doctor.facts import Facts
from tests.unit.autotag_cli.doctor.doctor_facts import NOBODY, WELL, well
from tests.unit.autotag_cli.fake_stack import OUTPUTS


def sending(when: str, *rules: str) -> Facts:
    """Return facts of a stack with a setting of ``Events`` and enabled rules on its bus."""
    return well(outputs={**OUTPUTS, "Events": when}, listeners=rules, stack="autotag")


EVENTS: list[tuple[Any, Facts, str, str, str]] = [
    (events, WELL, "ok", "each audit is sent to the bus autotag: no rule listens", ""),
    (events, sending("always", "mine"), "ok", "each audit is sent to the bus autotag: one rule listens (mine)", ""),
    (events, sending("always", *"abcd"), "ok", "4 rules listen (a, b, c, …)", ""),
    (events, sending("when_listened"), "ok", "while somebody listens on the bus autotag: no rule listens", ""),
    (events, sending("when_listened", "mine"), "ok", "one rule listens (mine)", ""),
    (events, sending("never"), "ok", "none is ever sent, and no rule listens on the bus autotag", ""),
    (events, sending("never", "a", "b"), "warn", "2 rules listen (a, b) on the bus", "make deploy SET=Events=always"),
    (events, well(listeners=NOBODY), "warn", "not known: somebody is down", ""),
]
