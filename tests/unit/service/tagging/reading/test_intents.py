"""When an intent comes due, and when an event that was not sent is sent again."""

import pytest
from msgspec.structs import replace

from autotag.domain.errors import Retryable
from autotag.domain.state.asset_state import AssetState
from autotag.service.context import LEASE, SAFETY
from autotag.service.tagging.cloudinary_calls import time_left
from autotag.service.tagging.execute import take_over
from autotag.service.worker import handle
from tests.fakes.context import Fakes
from tests.fakes.minute import a_minute
from tests.fakes.runtime import START
from tests.fakes.samples import GUITARIST, person, resource, upload
from tests.unit.service.runs.run_library import NEW, Library
from tests.unit.service.settle import come_to_rest


def given_intent(error: Retryable, attempts: int = 0) -> Fakes:
    """An asset whose intent is tried after so many attempts and answered with ``error``, while the clock stands."""
    fakes = Fakes()
    fakes.cloudinary.assets["a1"] = resource("a1", GUITARIST)
    fakes.cloudinary.fails = [Retryable("503")]
    handle(fakes.deps, upload(resource("a1", GUITARIST)), fakes.remaining)
    state = fakes.store.items["a1"]
    assert state.intent is not None
    fakes.store.items["a1"] = replace(state, intent=replace(state.intent, attempts=attempts - 1, due_at=0))
    fakes.clock.step = 0
    fakes.clock.spreads = 1.5
    fakes.telemetry.counts.clear()
    fakes.cloudinary.fails = [error]
    a_minute(fakes)
    return fakes


@pytest.mark.parametrize(("attempts", "seconds"), [(1, 60), (2, 120), (6, 1920), (7, 3600), (8, 3600), (20, 3600)])
def test_an_intent_that_failed_is_tried_again_after_twice_the_time_and_at_most_an_hour(
    attempts: int, seconds: int
) -> None:
    fakes = given_intent(Retryable("503"), attempts)
    intent = fakes.store.items["a1"].intent

    assert intent is not None and intent.due_at == fakes.clock.time + seconds * 1500  # spread by half
    assert fakes.telemetry.counts == {"TagCalls": 1, "Retried": 1}


def test_an_intent_waits_for_exactly_as_long_as_cloudinary_says() -> None:
    fakes = given_intent(Retryable("420", delay=90), 3)
    intent = fakes.store.items["a1"].intent

    assert intent is not None and intent.due_at == fakes.clock.time + 90_000


def test_a_message_that_is_merged_while_an_intent_is_rescheduled_does_not_delay_the_retry() -> None:
    fakes = Fakes()
    fakes.cloudinary.assets["a1"] = resource("a1", GUITARIST)
    fakes.cloudinary.fails = [Retryable("503", delay=30)]
    newer = upload(resource("a1", GUITARIST, version=200), digest="h2")
    fakes.effects.meanwhile = {1: lambda: handle(fakes.deps, newer, fakes.remaining)}
    fakes.clock.step = 0
    handle(fakes.deps, upload(resource("a1", GUITARIST)), fakes.remaining)
    state = fakes.store.items["a1"]

    assert state.asset.version == 200
    assert state.intent is not None and state.intent.due_at == fakes.clock.time + 30_000


def test_an_intent_that_another_process_took_over_is_not_rescheduled() -> None:
    fakes = Fakes()
    fakes.cloudinary.assets["a1"] = resource("a1", GUITARIST)
    fakes.cloudinary.fails = [Retryable("503", delay=30)]
    taken: list[AssetState | None] = []
    fakes.effects.meanwhile = {1: lambda: taken.append(take_over(fakes.deps, fakes.store.items["a1"], lambda: 60))}
    handle(fakes.deps, upload(resource("a1", GUITARIST)), fakes.remaining)

    assert taken and taken[0] == fakes.store.items["a1"]


def test_who_takes_an_intent_over_has_the_time_that_is_left_and_a_lease_twice_as_long_each_time() -> None:
    fakes = given_intent(Retryable("503"), 2)
    taken = take_over(fakes.deps, fakes.store.items["a1"], lambda: 60.4)

    assert taken is not None and taken.intent is not None
    assert taken.intent.due_at == fakes.clock.time + (60 + LEASE) * 4 * 1000


def test_an_event_that_was_not_sent_is_sent_half_a_minute_later() -> None:
    fakes = Fakes()
    fakes.clock.step = 0
    fakes.cloudinary.assets["a1"] = resource("a1", GUITARIST)
    fakes.bus.fails = Retryable("EventBridge: InternalException")
    handle(fakes.deps, upload(resource("a1", GUITARIST)), fakes.remaining)
    state = fakes.store.items["a1"]
    assert len(state.outbox) == 1 and state.follow_up_at == fakes.clock.time + 30_000
    fakes.bus.fails = None
    fakes.clock.step = 1
    come_to_rest(fakes)

    assert [audit.audit_id for audit in fakes.bus.sent] == list(fakes.audits.records)


def test_a_group_s_decisions_are_recorded_announced_and_sent_again_where_the_bus_did_not_take_them() -> None:
    library = Library(12)
    fakes = library.fakes
    fakes.rules.use(NEW, 1)
    before = len(fakes.audits.records)
    fakes.bus.fails = Retryable("EventBridge: InternalException")
    run_id = library.run()
    library.poll()
    library.work()
    changed = len(fakes.audits.records) - before
    assert changed > 4 and sum(len(state.outbox) for state in fakes.store.items.values()) == changed
    fakes.bus.fails = None
    library.finish(run_id)

    assert {audit.audit_id for audit in fakes.bus.sent} == set(fakes.audits.records)
    assert len(fakes.bus.sent) == len(fakes.audits.records)


def test_an_answer_about_another_asset_is_none_about_this() -> None:
    """Another asset has its name; the read that is to tell which it is names the other one, too."""
    fakes = Fakes()
    other = upload(resource("b2", {}, public_id="stage/a1"), START, "d0")
    handle(fakes.deps, other, fakes.remaining)
    fakes.cloudinary.assets["a1"] = resource("b2", GUITARIST, public_id="stage/a1")
    handle(fakes.deps, upload(resource("a1", GUITARIST)), fakes.remaining)

    assert fakes.store.items["a1"].status == "gone" and fakes.cloudinary.calls == []


def given_opposed(error: Retryable | None = None) -> Fakes:
    """A person's removal is told once the call that adds the tag was made, and before the intent is closed."""
    fakes = Fakes()
    fakes.cloudinary.assets["a1"] = resource("a1", GUITARIST)

    def told() -> None:
        handle(fakes.deps, person(removed=("Guitar",), at=START + 1), fakes.remaining)
        fakes.cloudinary.fails = [error] if error is not None else []

    fakes.effects.meanwhile[2] = told  # the claim and the call are made
    handle(fakes.deps, upload(resource("a1", GUITARIST)), fakes.remaining)
    return fakes


def test_what_an_intent_did_against_a_person_is_taken_back_once_and_remembered() -> None:
    fakes = given_opposed()
    assert [(op, tags) for op, _, tags in fakes.cloudinary.calls] == [
        ("add", ("People", "Guitar")),
        ("remove", ("Guitar",)),
    ]
    assert fakes.store.items["a1"].writes["Guitar"].op == "remove" and fakes.telemetry.counts["Decided"] == 1
    again = upload(resource("a1", GUITARIST | {"Cat": 0.9}), fakes.clock.now(), "d2")
    handle(fakes.deps, again, fakes.remaining)

    assert [(op, tags) for op, _, tags in fakes.cloudinary.calls][2:] == [("add", ("Cat",))]


def test_taking_it_back_waits_for_as_long_as_cloudinary_says() -> None:
    fakes = given_opposed(Retryable("420", delay=900))
    intent = fakes.store.items["a1"].intent
    assert intent is not None and 890_000 < intent.due_at - fakes.clock.time <= 900_000
    come_to_rest(fakes)

    assert fakes.cloudinary.tags("a1") == {"People"}


def test_a_call_is_made_only_while_there_is_time_for_it() -> None:
    assert time_left(lambda: SAFETY + 0.5) == 0.5
    with pytest.raises(Retryable, match="no time left"):
        time_left(lambda: SAFETY)


def test_of_an_asset_that_is_gone_at_the_first_call_nothing_is_remembered_as_written() -> None:
    fakes = Fakes()
    handle(fakes.deps, upload(resource("a1", GUITARIST)), fakes.remaining)

    assert fakes.store.items["a1"].status == "gone" and fakes.store.items["a1"].writes == {}
