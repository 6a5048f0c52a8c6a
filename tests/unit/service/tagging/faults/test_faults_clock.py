"""Clocks that jump, back and forth, at any moment of the work: it ends all the same, tagged once and audited once."""

import pytest

from autotag.domain.errors import Retryable
from autotag.service.rules.active import LIFE, StoredRules
from autotag.service.worker import handle
from tests.fakes.context import Fakes
from tests.fakes.minute import a_minute
from tests.fakes.rules import FakeRuleStore
from tests.fakes.runtime import START
from tests.fakes.samples import GUITARIST, person, resource, upload
from tests.unit.service.settle import check, come_to_rest

DAY = 86400
PENDING = upload(resource("a1", status="pending"))
COMPLETE = upload(resource("a1", GUITARIST), START + 9, "d2")


def given() -> Fakes:
    fakes = Fakes()
    fakes.cloudinary.assets["a1"] = resource("a1", GUITARIST)
    return fakes


@pytest.mark.parametrize("jump", [-10 * DAY, -3600, -240, 240, 3600, 10 * DAY])
@pytest.mark.parametrize("number", range(8))
def test_a_jump_before_any_effect_changes_nothing_in_the_end(jump: int, number: int) -> None:
    """Claim, call, record, event, final write, of a pending asset that is completed by a notification."""
    fakes = given()
    fakes.effects.meanwhile[number] = lambda: fakes.clock.advance(jump)
    for message in (PENDING, COMPLETE, COMPLETE):
        handle(fakes.deps, message, fakes.remaining)
        a_minute(fakes)
    fakes.clock.advance(max(0, -jump))  # it is put right in the end
    come_to_rest(fakes)

    check(fakes)
    assert fakes.cloudinary.tags("a1") == {"People", "Guitar"}
    assert fakes.outcomes() == ["tagged"]


@pytest.mark.parametrize("jump", [-10 * DAY, 10 * DAY])
def test_a_worker_that_dies_beside_a_jump_is_finished_for(jump: int) -> None:
    fakes = given()
    handle(fakes.deps, PENDING, fakes.remaining)
    handle(fakes.deps, COMPLETE, lambda: 4.0)  # no time left: the intent is left behind
    assert fakes.store.items["a1"].intent is not None
    fakes.clock.advance(jump)
    a_minute(fakes)
    fakes.clock.advance(-jump)
    come_to_rest(fakes)

    check(fakes)
    assert fakes.outcomes() == ["tagged"]


def test_an_owner_that_a_fast_clock_takes_for_dead_does_no_harm() -> None:
    """Two make the same calls; the record is one, and the final write is the heir's alone."""
    fakes = given()

    def impatient() -> None:
        fakes.clock.advance(DAY)
        a_minute(fakes)
        fakes.clock.advance(-DAY)

    fakes.effects.meanwhile[1] = impatient
    handle(fakes.deps, COMPLETE, fakes.remaining, received_before=True)
    come_to_rest(fakes)

    check(fakes)
    assert fakes.outcomes() == ["tagged"] and len(fakes.cloudinary.calls) == 2


def test_an_owner_that_was_taken_over_leaves_the_end_to_its_heir() -> None:
    """The heir is held up when the owner, whom it took for dead, comes to its final write."""
    fakes = given()

    def impatient() -> None:
        fakes.clock.advance(DAY)
        fakes.cloudinary.fails = [Retryable("Cloudinary answered 503", delay=60)]
        a_minute(fakes)

    fakes.effects.meanwhile[1] = impatient
    handle(fakes.deps, COMPLETE, fakes.remaining, received_before=True)
    state = fakes.store.items["a1"]
    assert state.intent is not None and state.intent.attempts == 1 and len(fakes.audits.records) == 1
    come_to_rest(fakes)

    check(fakes)
    assert fakes.outcomes() == ["tagged"] and fakes.store.items["a1"].status == "tagged"


@pytest.mark.parametrize("drift", [-240, 240])
def test_a_clock_that_is_minutes_off_undoes_nothing_that_a_person_did(drift: int) -> None:
    """A removal that was told after our write, which had come later: compared by two clocks."""
    fakes = given()
    removed = person(removed=("Guitar",), at=fakes.clock.now())
    fakes.clock.advance(drift + 1)
    handle(fakes.deps, COMPLETE, fakes.remaining)
    fakes.clock.advance(-drift)
    handle(fakes.deps, removed, fakes.remaining)
    come_to_rest(fakes)

    check(fakes)
    assert fakes.cloudinary.tags("a1") == {"People"}


def test_rules_are_looked_at_again_though_the_clock_was_set_back() -> None:
    fakes, rule_store = given(), FakeRuleStore()
    rules = StoredRules(rule_store.rule_store, fakes.clock, fakes.telemetry)
    assert rules.active().seq == 0
    rule_store.push("[defaults]\nthreshold = 0.99\n")
    fakes.clock.advance(-DAY)
    assert rules.active().seq == 1
    rule_store.push("[defaults]\nthreshold = 0.98\n")
    assert rules.active().seq == 1
    fakes.clock.advance(LIFE + 1)
    assert rules.active().seq == 2


def test_a_pending_asset_is_given_up_by_its_deadline_whatever_the_clock_did_meanwhile() -> None:
    fakes = given()
    fakes.cloudinary.assets["a1"] = resource("a1", status="pending")
    handle(fakes.deps, PENDING, fakes.remaining)
    for jump in (3600, -7200, 10 * DAY, -10 * DAY, 3600):
        fakes.clock.advance(jump)
        a_minute(fakes)
    come_to_rest(fakes)

    check(fakes)
    assert fakes.outcomes() == ["timed_out"] and fakes.store.items["a1"].status == "timed_out"
