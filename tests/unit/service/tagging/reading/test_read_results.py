"""What a read leaves: what it writes, what of hints it believes, and what other writers did meanwhile."""

import pytest
from msgspec.structs import replace

from autotag.domain.state.due_entry import due_work
from autotag.service.worker import handle
from tests.fakes.context import Fakes
from tests.fakes.runtime import START
from tests.fakes.samples import GUITARIST, resource, upload
from tests.unit.service.settle import come_to_rest
from tests.unit.service.tagging.faults.test_meanwhile import MINUTE, once
from tests.unit.service.tagging.reading.hinted_asset import hint
from tests.unit.service.tagging.reading.waiting_asset import given_pending
from tests.unit.service.tagging.tagged_asset import given_tagged


def test_a_hint_whose_end_another_write_overtakes_costs_one_read_all_the_same() -> None:
    """The read shows an older picture, so that it ends the hint without a decision."""
    fakes = given_tagged()
    handle(fakes.deps, upload(resource("a1", GUITARIST, version=200), fakes.clock.now(), "d2"), fakes.remaining)
    before = fakes.store.before_put

    def overtaken() -> None:
        state = fakes.store.items["a1"]
        if state.poll is not None and fakes.cloudinary.reads:
            fakes.store.before_put = before
            fakes.store.items["a1"] = replace(state, rev=state.rev + 1)

    fakes.store.before_put = overtaken
    handle(fakes.deps, hint(at=fakes.clock.now()), fakes.remaining)
    assert due_work(fakes.store.items["a1"]) is None
    come_to_rest(fakes)

    assert fakes.cloudinary.reads == ["a1"]


def test_a_hint_about_a_waiting_asset_writes_its_read_alone() -> None:
    fakes = given_pending()
    rev = fakes.store.items["a1"].rev
    fakes.limits.hints = 0
    handle(fakes.deps, hint(), fakes.remaining)

    assert fakes.store.items["a1"].rev == rev + 1


def test_a_read_that_shows_nothing_new_writes_its_due_time_and_its_end_alone() -> None:
    fakes = given_tagged()
    rev = fakes.store.items["a1"].rev
    handle(fakes.deps, hint(), fakes.remaining)

    assert fakes.store.items["a1"].rev == rev + 3  # the hint, the read, and what was seen with the end


def test_of_what_a_hint_says_the_read_believes_a_part_and_drops_the_rest() -> None:
    fakes = given_tagged()
    fakes.cloudinary.assets["a1"]["tags"].remove("Guitar")
    handle(fakes.deps, hint(removed=("Guitar", "People"), added=("Cat",)), fakes.remaining)

    state = fakes.store.items["a1"]
    assert state.people.keys() == {"guitar"} and state.people["guitar"].want == "remove" and not state.claims


def test_two_people_of_whom_hints_tell_are_both_believed() -> None:
    fakes = given_tagged()
    fakes.limits.hints = 0
    fakes.cloudinary.assets["a1"]["tags"] = ["People", "press", "desk"]
    handle(fakes.deps, hint(digest="h1", by="ada", removed=("Guitar",)), fakes.remaining)
    handle(fakes.deps, hint(at=START + 9, digest="h2", by="eve", added=("press",)), fakes.remaining)
    fakes.limits.hints = 10
    come_to_rest(fakes)

    state = fakes.store.items["a1"]
    assert {key: preference.want for key, preference in state.people.items()} == {"guitar": "remove", "press": "add"}
    assert not state.claims and fakes.outcomes() == ["tagged", "tagged"]


def test_what_was_merged_while_a_read_registers_what_people_did_is_decided_at_once() -> None:
    fakes = given_tagged()
    fakes.cloudinary.assets["a1"]["tags"].remove("Guitar")
    newer = resource("a1", {"Dog": 0.9}, version=START // 1000 + 9000)
    at = fakes.clock.time + MINUTE
    met = once(lambda: handle(fakes.deps, upload(newer, at, "d2"), fakes.remaining))

    def meanwhile() -> None:
        if fakes.store.items["a1"].intent is not None:
            met()

    fakes.effects.turn = meanwhile
    handle(fakes.deps, hint(at=fakes.clock.now()), fakes.remaining)

    state = fakes.store.items["a1"]
    assert state.dirty is None and set(state.managed_tags) == {"Dog"}


def test_what_a_read_shows_over_a_state_that_others_wrote_meanwhile_waits_for_the_next_read() -> None:
    fakes = given_tagged()
    fakes.limits.hints = 0
    fakes.cloudinary.assets["a1"]["tags"] = ["People", "press"]
    handle(fakes.deps, hint(digest="h1", by="ada", removed=("Guitar",)), fakes.remaining)
    handle(fakes.deps, hint(at=START + 9, digest="h2", by="eve", added=("press",)), fakes.remaining)
    fakes.limits.hints = 10

    def overtaken() -> None:
        state = fakes.store.items["a1"]
        if fakes.cloudinary.reads:
            fakes.store.before_put = lambda: None
            fakes.store.items["a1"] = replace(state, rev=state.rev + 1)

    fakes.store.before_put = overtaken
    come_to_rest(fakes)

    preferences = {key: preference.want for key, preference in fakes.store.items["a1"].people.items()}
    assert preferences == {"guitar": "remove", "press": "add"} and len(fakes.cloudinary.reads) == 2


@pytest.mark.parametrize(("known", "shown"), [("complete", "pending"), ("pending", "complete")])
def test_tags_that_cloudinary_assigned_are_known_by_the_labels_of_the_state_or_of_the_read(
    known: str, shown: str
) -> None:
    fakes = Fakes()
    labels = {"Cat": 0.6, "Dog": 0.5}
    handle(fakes.deps, upload(resource("a1", labels, status=known)), fakes.remaining)
    fakes.cloudinary.assets["a1"] = resource("a1", labels, status=shown, tags=("Cat", "Dog"))
    handle(fakes.deps, hint(at=START + 9, by="a program", added=("Cat", "Dog")), fakes.remaining)

    state = fakes.store.items["a1"]
    assert state.people == {} and state.assigned.keys() == {"cat", "dog"} and state.claims == {}
