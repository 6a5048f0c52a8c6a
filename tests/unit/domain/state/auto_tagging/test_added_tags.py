"""Which of the tags that a change added are Cloudinary's, by what is known of the asset."""

from typing import Any

import pytest
from msgspec.structs import replace

from autotag.domain.state.asset_state import AssetState, TagPreference, Write
from autotag.domain.state.auto_tagging import MOMENT, with_assigned, without_assigned
from tests.unit.domain.state.auto_tagging.koala_labels import LABELS
from tests.unit.domain.state.state_builders import REF, T0, UPLOADED, claimed, complete, facts, person, state


def split(known: AssetState, *added: str, **change: Any) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the tags ``added`` that are a person's, and those that are Cloudinary's."""
    said = replace(person(added=added, removed=("Old",)), **change)
    rest, machines = without_assigned(known, said, LABELS)
    assert rest.removed == ("Old",)
    return rest.added, machines


def test_what_cloudinary_assigned_is_no_persons_and_what_came_with_it_is() -> None:
    assert split(state(), "Animal", "Koala", "press") == (("press",), ("Animal", "Koala"))


def test_what_came_along_is_cloudinarys_though_it_was_ours_where_the_surer_ones_are_ours_and_there() -> None:
    known = state(managed_tags={"Animal": ("animal",), "Wildlife": ("wildlife",)})
    late = T0 + MOMENT + 1
    assert split(known, "Koala", "Mammal", "Wildlife", observed_at=late) == ((), ("Koala", "Mammal", "Wildlife"))
    assert split(known, "Wildlife", observed_at=late) == (("Wildlife",), ())


def test_what_was_done_by_hand_is_a_persons() -> None:
    assert split(state(), "Animal", "Koala", by_hand=True) == (("Animal", "Koala"), ())


def test_a_removal_is_a_persons() -> None:
    assert split(state()) == ((), ())


@pytest.mark.parametrize(
    "known",
    [
        state(managed_tags={"ANIMAL": ("animal",)}),
        state(people={"animal": TagPreference("remove", T0 - 1, "Animal")}),
        state(writes={"Animal": Write("remove", T0 - 1, 100)}),
        replace(claimed(state(complete({}), managed_tags={"Animal": ("animal",)})), managed_tags={}),
    ],
    ids=["of ours", "a person spoke", "we took it off", "we are taking it off"],
)
def test_a_tag_on_which_another_has_spoken_is_a_persons(known: AssetState) -> None:
    assert split(known, "Animal") == (("Animal",), ())


@pytest.mark.parametrize(
    "known",
    [
        claimed(state(complete({"Animal": 0.98}))),
        state(managed_tags={"Animal": ("animal",)}, writes={"Animal": Write("add", T0, 100)}),
        state(
            asset=replace(REF, version=101),
            facts=facts(at=T0 - 1),
            managed_tags={"Animal": ("animal",)},
            writes={"Animal": Write("add", T0 - 2, 100)},
        ),
    ],
    ids=["about to be ours", "ours since", "ours on an older picture"],
)
def test_a_tag_that_is_ours_only_since_or_was_on_an_older_picture_may_be_cloudinarys(known: AssetState) -> None:
    assert split(known, "Animal") == ((), ("Animal",))
    after = with_assigned(known, ("Animal",), T0)
    assert after.managed_tags == {} and after.facts is not None and "Animal" in after.facts.tags
    assert after.intent is None or after.intent.outcome.managed_tags == {}


@pytest.mark.parametrize("at", [T0, T0 + 2 * MOMENT])
def test_two_tags_that_a_person_removed_or_that_are_ours_may_be_assigned_again(at: int) -> None:
    removed = {"koala": TagPreference("remove", T0 - 1, "Koala"), "mammal": TagPreference("remove", T0 - 1, "Mammal")}
    known = state(managed_tags={"Animal": ("animal",)}, people=removed)
    assert split(known, "Koala", "Mammal", observed_at=at) == ((), ("Koala", "Mammal"))
    assert split(known, "Animal", "Koala", "Mammal", observed_at=at) == ((), ("Animal", "Koala", "Mammal"))
    managed_tags = state(managed_tags={"Animal": ("animal",), "Koala": ("koala",), "Mammal": ("mammal",)})
    assert split(managed_tags, "Animal", "Koala", observed_at=at) == ((), ("Animal", "Koala"))
    assert split(managed_tags, "Koala", "Mammal", observed_at=at) == (("Koala", "Mammal"), ())
    assert with_assigned(managed_tags, ("Animal", "Koala"), at) == managed_tags


@pytest.mark.parametrize(
    ("late", "machines"), [(0, ("Animal", "Koala")), (MOMENT, ("Animal", "Koala")), (MOMENT + 1, ())]
)
def test_what_we_worked_against_is_cloudinarys_at_the_moment_of_the_labels_alone(
    late: int, machines: tuple[str, ...]
) -> None:
    known = state(writes={tag: Write("remove", T0 - 1, 100) for tag in ("Animal", "Koala")})
    assert split(known, "Animal", "Koala", observed_at=T0 + late)[1] == machines


def test_a_tag_that_we_added_once_may_be_cloudinarys() -> None:
    assert split(state(writes={"Animal": Write("add", T0 - 1, 100)}), "Animal") == ((), ("Animal",))


def test_what_is_there_counts_among_what_is_surer() -> None:
    assert split(state(facts=facts("Animal")), "Koala", "Mammal") == ((), ("Koala", "Mammal"))
    assert split(state(managed_tags={"Animal": ("animal",)}), "Koala", "Mammal") == ((), ("Koala", "Mammal"))
    assert split(state(), "Koala", "Mammal") == (("Koala", "Mammal"), ())


def test_what_a_person_has_added_before_is_theirs() -> None:
    known = state(facts=facts("Animal"), people={"koala": TagPreference("add", T0 - 1, "Koala")})
    assert split(known, "Koala", "Mammal") == (("Koala", "Mammal"), ())
    known = state(facts=facts("Animal"), people={"animal": TagPreference("add", T0 - 1, "Animal")})
    assert split(known, "Animal", "Koala", "Mammal") == (("Animal",), ("Koala", "Mammal"))


def test_what_comes_with_an_assigned_tag_is_judged_with_ours_among_what_is_there() -> None:
    known = state(managed_tags={"Animal": ("animal",), "Koala": ("koala",)})
    assert split(known, "Koala", "Mammal") == ((), ("Koala", "Mammal"))
    against = state(managed_tags={"Animal": ("animal",)}, writes={"Koala": Write("remove", T0 - 1, 100)})
    assert split(against, "Koala", "Mammal") == ((), ("Koala", "Mammal"))


@pytest.mark.parametrize(("removed_at", "machines"), [(UPLOADED - 1, True), (UPLOADED, False)])
def test_what_we_took_off_this_picture_speaks_against_cloudinary(removed_at: int, machines: bool) -> None:
    known = state(writes={tag: Write("remove", removed_at, 100) for tag in ("Animal", "Koala")})
    found = split(known, "Animal", "Koala", observed_at=T0 + MOMENT + 1)[1]
    assert found == (("Animal", "Koala") if machines else ())
