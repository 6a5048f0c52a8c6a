"""What is known of assigned tags afterwards: when, whether alone, and whether they are still there."""

import pytest
from msgspec.structs import replace

from autotag.domain.state.asset_state import Assigned, Write
from autotag.domain.state.auto_tagging import with_assigned, with_later_assigned
from tests.unit.domain.state.state_builders import T0, facts, state


def test_a_tag_that_we_removed_since_it_was_assigned_is_not_taken_to_be_there() -> None:
    known = state(facts=facts("press"), writes={"Animal": Write("remove", T0 + 1, 100)})
    assert with_assigned(known, ("Animal", "Koala"), T0).facts == facts("press", "Koala")


@pytest.mark.parametrize(
    ("known", "tags", "expected"),
    [
        ({}, ("Cat",), {"cat": Assigned(T0, True)}),
        ({}, ("Cat", "Dog"), {"cat": Assigned(T0, False), "dog": Assigned(T0, False)}),
        ({"cat": Assigned(T0 - 1, False)}, ("Cat",), {"cat": Assigned(T0, True)}),
        ({"cat": Assigned(T0, False)}, ("Cat",), {"cat": Assigned(T0, False)}),
        ({"cat": Assigned(T0 + 1, False)}, ("Cat",), {"cat": Assigned(T0 + 1, False)}),
        ({"cow": Assigned(T0 + 1, False)}, ("Cat",), {"cow": Assigned(T0 + 1, False), "cat": Assigned(T0, True)}),
    ],
)
def test_the_youngest_assignment_of_a_tag_counts(
    known: dict[str, Assigned], tags: tuple[str, ...], expected: dict[str, Assigned]
) -> None:
    assert with_assigned(state(assigned=known), tags, T0).assigned == expected


def test_an_assigned_tag_is_known_to_be_there_once() -> None:
    known = state(facts=facts("press", "CAT"), managed_tags={"Dog": ("dog",)})
    after = with_assigned(known, ("Cat", "dog", "Cow"), T0)
    assert after.facts == facts("press", "CAT", "Cow")
    assert with_assigned(after, ("Cat", "dog", "Cow"), T0 - 1) == after
    assert with_assigned(state(facts=None), ("Cat",), T0).facts is None


def test_an_older_assignment_does_not_bring_a_tag_back() -> None:
    known = state(facts=facts("press"), assigned={"cat": Assigned(T0 + 1, True)})
    assert with_assigned(known, ("Cat",), T0) == known


@pytest.mark.parametrize(("removed_at", "there"), [(T0 - 1, True), (T0, False), (T0 + 1, False)])
def test_a_tag_that_we_removed_before_it_was_assigned_is_there(removed_at: int, there: bool) -> None:
    known = state(facts=facts("press"), writes={"Animal": Write("remove", removed_at, 100)})
    after = with_assigned(known, ("Animal",), T0)
    assert after.facts == (facts("press", "Animal") if there else facts("press"))


def test_what_was_ours_on_an_asset_that_is_gone_was_not_assigned() -> None:
    gone = state(status="gone", facts=facts("press"), writes={"Guitar": Write("add", T0 - 1, 100)})
    after = with_assigned(gone, ("Guitar", "Cat"), T0)
    assert set(after.assigned) == {"cat"} and after.facts == facts("press", "Cat")


@pytest.mark.parametrize(("at", "there"), [(T0 - 1, True), (T0, False), (T0 + 1, False)])
def test_a_sighting_from_before_a_tag_was_assigned_does_not_take_it_away(at: int, there: bool) -> None:
    known = state(facts=facts("press", "Cat"), assigned={"cat": Assigned(T0, True)})
    assert with_later_assigned(known, facts("live", at=at)).tags == (("live", "Cat") if there else ("live",))
    assert with_later_assigned(known, facts("CAT", at=at)).tags == ("CAT",)
    assert with_later_assigned(replace(known, facts=None), facts("live", at=at)).tags == ("live",)
