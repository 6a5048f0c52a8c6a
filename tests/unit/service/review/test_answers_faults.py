"""An answer under an open intent, where Cloudinary or the bus refuses it, and where the state has no room."""

from secrets import token_urlsafe

import pytest
from msgspec.structs import replace

from autotag.adapters.aws.dynamodb.asset_items import state_to_item
from autotag.domain.errors import Retryable
from autotag.domain.state.asset_state import AssetState, TagPreference
from autotag.domain.state.due_entry import due_work
from autotag.domain.state.item_size import ITEM
from autotag.service.worker import handle
from tests.fakes.context import Fakes
from tests.fakes.effects import Died
from tests.fakes.minute import a_minute
from tests.fakes.runtime import START
from tests.fakes.samples import person, upload
from tests.unit.service.settle import check, come_to_rest
from tests.unit.service.tagging.people.guitarist import answer, audits, do, stored


def test_under_a_live_intent_an_answer_comes_again(fakes: Fakes) -> None:
    fakes.effects.die_at = (fakes.effects.done, "after")  # the claim
    with pytest.raises(Died):
        do(fakes, answer(fakes, accept=("Musician",)))
    second = answer(fakes, reject=("Performer",))
    with pytest.raises(Retryable, match="a1 is being worked on"):
        do(fakes, second)
    assert stored(fakes).review == ("Performer",) and stored(fakes).answers == ()


def first_waits(fakes: Fakes) -> None:
    """Let an answer wait for Cloudinary, which is asked again in ten minutes."""
    fakes.cloudinary.fails = [Retryable("503", delay=600)]
    do(fakes, answer(fakes, accept=("Musician",)))
    assert stored(fakes).intent is not None


def test_beside_an_intent_that_waits_for_cloudinary_answers_wait_and_are_carried_out_in_their_order(
    fakes: Fakes,
) -> None:
    first_waits(fakes)
    second, third = do(fakes, answer(fakes, reject=("Performer",))), do(fakes, answer(fakes, accept=("Performer",)))
    for message in (second, third):
        do(fakes, message)  # once more
    assert stored(fakes).answers == (second, third) and audits(fakes) == []
    fakes.clock.advance(601)
    a_minute(fakes)

    accepted, rejected = audits(fakes)  # what was answered first counts
    assert (accepted.tags.added, accepted.tags.review) == (("Musician",), ("Performer",))
    assert (rejected.tags.added, rejected.tags.review) == ((), ())
    assert "Musician" in fakes.cloudinary.tags("a1") and "Performer" not in fakes.cloudinary.tags("a1")
    check(fakes)


def test_an_answer_that_waited_and_counts_no_more_is_left_out(fakes: Fakes) -> None:
    first_waits(fakes)
    do(fakes, answer(fakes, reject=("Performer",)))
    handle(fakes.deps, person("a1", added=("Performer",), at=fakes.clock.now()), fakes.remaining)
    fakes.clock.advance(601)
    a_minute(fakes)

    assert len(audits(fakes)) == 1 and stored(fakes).people["performer"].want == "add"
    assert stored(fakes).answers == () and due_work(stored(fakes)) is None


def test_an_answer_that_waited_for_an_asset_that_is_gone_is_left_out(fakes: Fakes) -> None:
    first_waits(fakes)
    do(fakes, answer(fakes, reject=("Performer",)))
    del fakes.cloudinary.assets["a1"]
    come_to_rest(fakes)

    assert (stored(fakes).status, stored(fakes).answers) == ("gone", ()) and len(audits(fakes)) == 1
    check(fakes)


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("number", range(12))
def test_an_answer_that_waited_survives_a_death_at_any_effect(fakes: Fakes, number: int, when: str) -> None:
    first_waits(fakes)
    do(fakes, answer(fakes, accept=("Performer",)))
    fakes.effects.die_at = (fakes.effects.done + number, when)
    come_to_rest(fakes)

    assert {"Musician", "Performer"} <= fakes.cloudinary.tags("a1")
    assert [audit.tags.added for audit in audits(fakes)] == [("Musician",), ("Performer",)]
    check(fakes)


def test_a_due_intent_is_finished_before_the_answer_is_carried_out(fakes: Fakes) -> None:
    fakes.cloudinary.fails = [Retryable("503", delay=60)]
    do(fakes, answer(fakes, accept=("Musician",)))
    fakes.clock.advance(61)
    do(fakes, answer(fakes, reject=("Performer",)))

    assert [audit.tags.review for audit in audits(fakes)] == [("Performer",), ()]
    assert stored(fakes).review == () and "Musician" in fakes.cloudinary.tags("a1")
    check(fakes)


def test_a_tag_that_cloudinary_refuses_is_asked_about_again(fakes: Fakes) -> None:
    fakes.cloudinary.most_tags = 3
    message = do(fakes, answer(fakes, accept=("Musician",)))

    (audit,) = audits(fakes)
    assert (audit.outcome, audit.tags.added) == ("failed", ())
    state = stored(fakes)
    assert set(state.review) == {"Musician", "Performer"} and state.people == {}
    assert state.ask == {"musician": 5754, "performer": 5754}
    assert (state.status, set(state.managed_tags)) == ("tagged", {"People", "Guitar"})
    fakes.cloudinary.most_tags = 1000
    do(fakes, message)  # recorded as refused: a duplicate of it does not say otherwise
    assert "Musician" not in fakes.cloudinary.tags("a1") and audits(fakes) == [audit]
    do(fakes, answer(fakes, accept=("Musician",)))
    assert "Musician" in fakes.cloudinary.tags("a1")


def test_there_is_an_event_for_every_answer_though_the_bus_was_down(fakes: Fakes) -> None:
    fakes.bus.fails = Retryable("EventBridge: InternalException")
    do(fakes, answer(fakes, reject=("Musician",)))
    assert stored(fakes).outbox == (audits(fakes)[0].audit_id,)
    fakes.bus.fails = None
    fakes.clock.advance(600)
    a_minute(fakes)
    assert fakes.bus.sent[-1] == audits(fakes)[0]


def filled(fakes: Fakes, size: int) -> None:
    """Let the asset's state have grown to ``size`` bytes by what people did."""
    fakes.store.measured = True
    bare = stored(fakes)
    preference = TagPreference("add", START, "x" * 200)

    def of(count: int) -> AssetState:
        return replace(bare, people={f"{n:0199x}z": preference for n in range(count)})

    def weight(state: AssetState) -> int:
        return state_to_item(state, b"stamp").size

    one = (weight(of(102)) - weight(of(2))) / 100
    fakes.store.items["a1"] = of(round((size - weight(bare)) / one))


def test_an_answer_takes_the_room_of_what_can_be_read_again(fakes: Fakes) -> None:
    fakes.cloudinary.assets["a1"]["context"] = {"custom": {"story": token_urlsafe(30_000)}}
    handle(fakes.deps, upload(dict(fakes.cloudinary.assets["a1"]), fakes.clock.now(), "d2"), fakes.remaining)
    filled(fakes, ITEM - 48_000)
    do(fakes, answer(fakes, reject=("Musician",)))

    assert stored(fakes).people["musician"].want == "remove" and stored(fakes).facts is None
    assert [audit.outcome for audit in audits(fakes)] == ["unchanged"] and stored(fakes).poll is not None


def test_an_answer_that_finds_no_room_at_all_is_recorded_as_failed_once_and_ends(fakes: Fakes) -> None:
    filled(fakes, ITEM - 20_000)
    message = answer(fakes, accept=("Musician",))
    fakes.bus.fails = Retryable("EventBridge: InternalException")
    with pytest.raises(Retryable):
        do(fakes, message)
    fakes.bus.fails = None
    for _ in range(3):
        do(fakes, message)

    (audit,) = audits(fakes)
    assert audit.outcome == "failed" and "there is no room for what was accepted by" in str(audit.reason)
    assert audit in fakes.bus.sent and stored(fakes).review == ("Musician", "Performer")
