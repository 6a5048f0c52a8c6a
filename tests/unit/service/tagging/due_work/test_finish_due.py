"""A message about due work: in any order, twice, too early and too late it does what is due, and nothing else."""

from collections.abc import Callable
from typing import Any

import pytest
from msgspec.structs import replace

from autotag.domain.errors import CredentialsRefused, Retryable, Unavailable
from autotag.domain.model.messages import FinishDue
from autotag.service.worker import handle
from tests.fakes.assets import FakeStore
from tests.fakes.circuits import SilentCloudinary
from tests.fakes.context import Fakes
from tests.fakes.minute import a_minute
from tests.fakes.samples import GUITARIST, resource, upload
from tests.unit.service.settle import check, come_to_rest
from tests.unit.service.tagging.due_work.left_intents import leave_intents, leave_polls
from tests.unit.service.tagging.faults.held.left_claims import UPLOAD, die_after_the_claim, given_asset, indexed


class Counting:
    """A store that counts what is asked of it."""

    def __init__(self, store: FakeStore) -> None:
        self._store = store
        self.asked: list[str] = []

    def __getattr__(self, name: str) -> Any:
        self.asked.append(name)
        return getattr(self._store, name)


@pytest.fixture
def fakes() -> Fakes:
    fakes = Fakes()
    leave_intents(fakes, 3)
    return fakes


def deliver(fakes: Fakes, *numbers: int) -> None:
    for number in numbers:
        handle(fakes.deps, FinishDue(f"intent{number}"), fakes.remaining)


def test_messages_in_any_order_and_twice_do_each_once(fakes: Fakes) -> None:
    deliver(fakes, 2, 0, 2, 1, 0, 1, 1)
    assert fakes.outcomes() == ["tagged"] * 3 and len(fakes.cloudinary.calls) == 3
    check(fakes)


def the_intent_is_done(fakes: Fakes) -> str:
    deliver(fakes, 0)
    return "intent0"


def the_owner_may_be_alive(fakes: Fakes) -> str:
    fakes.clock.advance(-150)
    return "intent0"


def it_was_postponed(fakes: Fakes) -> str:
    fakes.cloudinary.fails = [Retryable("503")]
    deliver(fakes, 0)
    return "intent0"


def the_asset_was_never_seen(fakes: Fakes) -> str:
    return "invented"


def only_a_read_is_due(fakes: Fakes) -> str:
    leave_polls(fakes, 1)
    return "poll0"


NOT_DUE = (the_intent_is_done, the_owner_may_be_alive, it_was_postponed, the_asset_was_never_seen, only_a_read_is_due)


@pytest.mark.parametrize("given", NOT_DUE)
def test_a_message_about_what_is_not_due_costs_one_read(fakes: Fakes, given: Callable[[Fakes], str]) -> None:
    asset_id = given(fakes)
    store: Any = Counting(fakes.store)
    effects, reads = fakes.effects.done, len(fakes.cloudinary.reads)
    handle(replace(fakes.deps, store=store), FinishDue(asset_id), fakes.remaining)
    assert store.asked == ["load"]
    assert fakes.effects.done == effects and len(fakes.cloudinary.reads) == reads


@pytest.mark.parametrize("breaker", [Unavailable, CredentialsRefused])
def test_while_a_circuit_breaker_is_open_what_is_due_costs_one_read_and_stays_due(
    fakes: Fakes, breaker: type[Exception]
) -> None:
    silent = SilentCloudinary(fakes)
    if breaker is Unavailable:
        for _ in range(3):
            silent.circuits["upload"].failed()
    else:
        fakes.limits.trip(fakes.clock.now(), "401")
    before, store = fakes.store.items.copy(), Counting(fakes.store)
    deps: Any = replace(silent.deps, store=store)
    for number in range(3):
        with pytest.raises(breaker):
            handle(deps, FinishDue(f"intent{number}"), fakes.remaining)
    assert fakes.store.items == before and store.asked == ["load"] * 3


def test_an_intent_that_lost_its_message_is_in_the_index_even_if_nothing_can_be_called() -> None:
    """The message about it is not delivered again: from then on the poller sends others."""
    fakes = given_asset()
    die_after_the_claim(fakes, UPLOAD)
    fakes.clock.advance(7200)
    fakes.limits.trip(fakes.clock.now(), "401")
    with pytest.raises(CredentialsRefused):
        handle(fakes.deps, FinishDue("a1"), fakes.remaining)
    assert indexed(fakes) == ["a1"]
    fakes.limits.open_until = 0
    a_minute(fakes)
    check(fakes)
    assert fakes.outcomes() == ["tagged"]


def test_intents_that_fail_come_due_again_later_and_later(fakes: Fakes) -> None:
    """No message is sent before its intent's next time, so an outage makes no storm."""
    fakes.cloudinary.fails = [Retryable("Cloudinary answered 503")] * 1000
    sent = 0
    for _ in range(60):
        a_minute(fakes)
        sent += sum(fields["sent"] for event, fields in fakes.telemetry.lines if event == "due_handed_over")  # type: ignore[misc]
        fakes.telemetry.lines.clear()
        fakes.clock.advance(60)
    assert sent == 1000 - len(fakes.cloudinary.fails) <= 3 * 7  # each doubled its wait six times
    fakes.cloudinary.fails = []
    come_to_rest(fakes)
    check(fakes)


def test_unsent_events_and_messages_merged_meanwhile_are_due_work_too() -> None:
    fakes = Fakes()
    fakes.cloudinary.assets["a1"] = resource("a1", GUITARIST)
    fakes.bus.fails = Retryable("EventBridge: InternalException")
    handle(fakes.deps, upload(resource("a1", GUITARIST)), fakes.remaining)
    fakes.bus.fails = None
    fakes.clock.advance(60)
    a_minute(fakes)
    assert [audit.outcome for audit in fakes.bus.sent] == ["tagged"] and not fakes.store.items["a1"].outbox
