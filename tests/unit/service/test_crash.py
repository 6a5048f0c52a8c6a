"""A process may die before or after any effect: redelivery and the poller bring every run to the same end."""

from collections.abc import Callable

import pytest

from autotag.domain.message import Message
from autotag.service.sweep import sweep
from autotag.service.tag import handle
from tests.fakes import GUITARIST, START, Died, Fakes, person, resource, upload

Scenario = Callable[[Fakes], list[Message]]


def fresh_upload(fakes: Fakes) -> list[Message]:
    """One upload, complete."""
    fakes.cloudinary.assets["a1"] = resource("a1", GUITARIST, tags=("press",))
    return [upload(dict(fakes.cloudinary.assets["a1"]))]


def new_version(fakes: Fakes) -> list[Message]:
    """An overwrite with other labels after a first upload: tags of ours go, others come."""
    first = fresh_upload(fakes)
    return [*first, upload(resource("a1", {"People": 0.99, "Cat": 0.9}, version=200, tags=("press",)), START + 9, "d2")]


def pending_then_info(fakes: Fakes) -> list[Message]:
    """Pending, then complete."""
    fakes.cloudinary.assets["a1"] = resource("a1", GUITARIST, tags=("press",))
    pending = resource("a1", status="pending", tags=("press",))
    return [upload(pending), upload(dict(fakes.cloudinary.assets["a1"]), START + 9, "d2")]


def removal_by_a_person(fakes: Fakes) -> list[Message]:
    """An upload, then a person who takes one of our tags away."""
    return [*fresh_upload(fakes), person(removed=("Guitar",), at=START + 30)]


SCENARIOS = [fresh_upload, new_version, pending_then_info, removal_by_a_person]


def deliver(fakes: Fakes, message: Message) -> bool:
    """Handle a message as a worker does; False where the process died and the queue keeps the message."""
    try:
        handle(fakes.world, message, fakes.remaining)
    except Died:
        return False
    return True


def run(scenario: Scenario, die_at: tuple[int, str] | None) -> Fakes:
    """Run ``scenario``, dying once; then let the queue redeliver and the poller sweep until all is quiet."""
    fakes = Fakes()
    fakes.effects.die_at = die_at
    for message in scenario(fakes):
        while not deliver(fakes, message):
            fakes.clock.advance(360)
    for _ in range(5):
        fakes.clock.advance(7200)
        try:
            sweep(fakes.world, fakes.remaining)
        except Died:
            continue
    return fakes


def effects_of(scenario: Scenario) -> int:
    return run(scenario, None).effects.done


CASES = [(s, n, when) for s in SCENARIOS for n in range(effects_of(s)) for when in ("before", "after")]


@pytest.mark.parametrize(("scenario", "number", "when"), CASES)
def test_a_death_at_any_effect_changes_nothing_in_the_end(scenario: Scenario, number: int, when: str) -> None:
    expected = run(scenario, None)
    crashed = run(scenario, (number, when))

    assert crashed.effects.done >= number
    assert crashed.cloudinary.tags("a1") == expected.cloudinary.tags("a1")
    state, wanted = crashed.store.items["a1"], expected.store.items["a1"]
    assert state.intent is None and state.dirty is None and not state.outbox
    assert (state.status, state.ours, state.decided) == (wanted.status, wanted.ours, wanted.decided)
    assert set(state.people) == set(wanted.people)
    assert [(a.trigger.kind, a.outcome) for a in crashed.audits.records.values()] == [
        (a.trigger.kind, a.outcome) for a in expected.audits.records.values()
    ]
    assert {a.audit_id for a in crashed.bus.sent} == set(crashed.audits.records)
    assert "press" in crashed.cloudinary.tags("a1")
