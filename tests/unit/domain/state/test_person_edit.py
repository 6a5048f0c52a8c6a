"""What a person's edit changes in the state: which tags become the person's, which stay away, and for which labels."""

import pytest
from msgspec.structs import replace

from autotag.domain.state.asset_state import Assigned, TagPreference, Write
from autotag.domain.state.tag_ownership import apply_person_edit, suppressed, user_tags_of
from tests.unit.domain.state.state_builders import MANAGED, MINUTE, T0, claimed, facts, person, state


def test_a_tag_of_ours_that_a_person_removes_is_suppressed_with_its_labels() -> None:
    known = apply_person_edit(state(managed_tags=MANAGED), person(removed=("guitar",), at=T0 + 1))
    assert known.people == {"guitar": TagPreference("remove", T0 + 1, "guitar", ("electric guitar", "guitar"))}
    assert known.managed_tags == {"Music": ("music",)}
    assert suppressed(known) == {"guitar", "electric guitar"}


def test_a_tag_of_ours_that_a_person_adds_becomes_theirs() -> None:
    known = apply_person_edit(
        state(managed_tags=MANAGED, facts=facts("Guitar", "Music")), person(added=("Guitar",), at=T0 + 1)
    )
    assert known.managed_tags == {"Music": ("music",)}
    assert user_tags_of(known) == ("Guitar",) and suppressed(known) == frozenset()


@pytest.mark.parametrize(("at", "wins"), [(T0 - 1, False), (T0, False), (T0 + 1, True)])
def test_the_youngest_wish_wins_whenever_it_comes(at: int, wins: bool) -> None:
    known = apply_person_edit(state(), person(added=("x",), at=T0))
    known = apply_person_edit(known, person(removed=("X",), at=at))
    assert known.people["x"].want == ("remove" if wins else "add")


def test_the_order_of_arrival_does_not_matter() -> None:
    changes = [person(added=("x",), at=T0), person(removed=("x",), at=T0 + 1), person(added=("x",), at=T0 + 2)]
    for order in ([0, 1, 2], [2, 1, 0], [1, 2, 0]):
        known = state()
        for i in order:
            known = apply_person_edit(known, changes[i])
        assert known.people == {"x": TagPreference("add", T0 + 2, "x")}


def test_the_same_event_again_changes_nothing() -> None:
    change = person(added=("x",), removed=("Guitar",), at=T0 + 1)
    once = apply_person_edit(state(managed_tags=MANAGED), change)
    assert apply_person_edit(once, change) == once


def test_a_later_wish_remembers_the_labels_of_the_first() -> None:
    known = apply_person_edit(state(managed_tags=MANAGED), person(removed=("Guitar",), at=T0))
    known = apply_person_edit(known, person(added=("Guitar",), at=T0 + 1))
    known = apply_person_edit(known, person(removed=("Guitar",), at=T0 + 2))
    assert suppressed(known) == {"guitar", "electric guitar"}


def test_a_tag_respelt_by_a_person_is_theirs() -> None:
    known = apply_person_edit(state(managed_tags=MANAGED), person(added=("GUITAR",), removed=("Guitar",), at=T0 + 1))
    assert known.people["guitar"].want == "add" and "Guitar" not in known.managed_tags


@pytest.mark.parametrize(("at", "counts"), [(T0 - 1, False), (T0, False), (T0 + 1, True)])
def test_an_addition_from_before_cloudinary_assigned_the_tag_does_not_count(at: int, counts: bool) -> None:
    known = state(assigned={"x": Assigned(T0, True), "y": Assigned(T0, True)})
    after = apply_person_edit(known, person(added=("X",), at=at))
    assert set(after.people) == ({"x"} if counts else set())
    assert set(after.assigned) == ({"y"} if counts else {"x", "y"})


@pytest.mark.parametrize(("at", "there"), [(T0 - 1, ("X",)), (T0, ("X",)), (T0 + 1, ())])
def test_a_removal_from_before_cloudinary_assigned_the_tag_counts_and_the_tag_is_there(
    at: int, there: tuple[str, ...]
) -> None:
    known = state(facts=facts("X", at=T0 - MINUTE), assigned={"x": Assigned(T0, True), "y": Assigned(T0, True)})
    after = apply_person_edit(known, person(removed=("X",), at=at))
    assert suppressed(after) == {"x"} and user_tags_of(after) == there
    assert set(after.assigned) == ({"x", "y"} if there else {"y"})


def test_after_an_assigned_tag_the_other_tags_of_a_change_still_count() -> None:
    known = state(assigned={"x": Assigned(T0, True)})
    assert set(apply_person_edit(known, person(added=("X", "Z"))).people) == {"z"}


def test_a_tag_that_is_about_to_be_ours_is_suppressed_with_its_labels() -> None:
    known = apply_person_edit(claimed(state()), person(removed=("GUITAR",), at=T0 + 1))
    assert known.people == {"guitar": TagPreference("remove", T0 + 1, "GUITAR", ("guitar",))}


def test_a_wish_knows_what_else_its_tag_stands_for() -> None:
    known = apply_person_edit(
        state(managed_tags=MANAGED), person(removed=("Guitar", "Cat")), stands={"guitar": ("lute",), "cat": ("pet",)}
    )
    assert known.people["guitar"].labels == ("electric guitar", "guitar", "lute")
    assert known.people["cat"].labels == ("pet",)


def test_a_person_is_not_asked_about_a_tag_on_which_they_spoke() -> None:
    known = state(review=("Cat", "Dog"), ask={"cat": 6000, "dog": 5000})
    left = apply_person_edit(known, person(removed=("cat",)))
    assert (left.review, left.ask) == (("Dog",), {"dog": 5000})


def test_a_wish_remembers_that_it_was_done_by_hand() -> None:
    assert apply_person_edit(state(), replace(person(added=("x",)), by_hand=True)).people["x"].by_hand
    assert not apply_person_edit(state(), person(added=("x",))).people["x"].by_hand


def test_a_removal_remembers_the_labels_of_a_tag_that_was_ours_when_the_asset_was_there() -> None:
    gone = state(status="gone", writes={"Guitar": Write("add", T0, 100)})
    assert apply_person_edit(gone, person(removed=("Guitar",), at=T0 + 1)).people["guitar"].labels == ("guitar",)
    wiped = state(managed_tags={"Guitar": ("lute",)}, writes={"Guitar": Write("add", T0 - 1, 99)})
    assert apply_person_edit(wiped, person(removed=("Guitar",), at=T0 + 1)).people["guitar"].labels == ("lute",)


def test_an_older_addition_does_not_say_that_a_removal_was_made() -> None:
    known = state(people={"cat": TagPreference("remove", T0 + 5, "Cat", unsaid=True)})
    assert apply_person_edit(known, person(added=("Cat",), at=T0 + 1)).people["cat"].unsaid
    assert not apply_person_edit(known, person(removed=("Cat",), at=T0 + 1)).people["cat"].unsaid


def test_what_a_person_added_before_cloudinary_did_is_theirs_alone() -> None:
    known = state(people={"cat": TagPreference("add", T0, "Cat")}, assigned={"cat": Assigned(T0 + 1, False)})
    assert apply_person_edit(known, person(added=("Dog",), at=T0 + 2)).assigned == {}
