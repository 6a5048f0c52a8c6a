"""Which tags Cloudinary's auto_tagging put on an asset, and which a person did."""

from typing import Any

import pytest
from msgspec.structs import replace

from autotag.domain.model.labels import Categorization, Label
from autotag.domain.state.asset_state import AssetState, Assigned, Claim, TagPreference, Write
from autotag.domain.state.auto_tagging import (
    MOMENT,
    assigned,
    reattributed,
    with_assigned,
    with_later_assigned,
    without_assigned,
    without_reassigned,
)
from tests.unit.domain.state.state_builders import (
    MINUTE,
    REF,
    REKOGNITION,
    T0,
    claimed,
    complete,
    facts,
    failed,
    pending,
    person,
    state,
)

KOALA = {"Animal": 0.98, "Koala": 0.97, "Mammal": 0.96, "Wildlife": 0.6}
UPLOADED = REF.version * 1000
"""The unix milliseconds of the upload."""


def keys(*added: str, there: tuple[str, ...] = (), at: int = T0, found: Categorization | None = None) -> set[str]:
    return set(assigned(added, there, {REKOGNITION: found or complete(KOALA)}, at))


@pytest.mark.parametrize(
    ("added", "there", "expected"),
    [
        (("Animal", "KOALA"), (), {"animal", "koala"}),
        (("Animal", "Koala", "press"), (), {"animal", "koala"}),
        (("Koala", "Mammal"), (), set()),  # Animal, which is surer, would have come too
        (("Koala", "Mammal"), ("animal",), {"koala", "mammal"}),
        (("Animal", "Wildlife"), ("Koala",), set()),
        (("press", "stage"), (), set()),
        ((), (), set()),
    ],
)
def test_with_a_label_come_those_that_are_surer(
    added: tuple[str, ...], there: tuple[str, ...], expected: set[str]
) -> None:
    assert keys(*added, there=there) == expected


@pytest.mark.parametrize(
    ("added", "late", "managed_tags"),
    [
        (("Animal",), 0, True),
        (("Animal",), MOMENT, True),
        (("Animal",), MOMENT + 1, False),
        (("Animal", "Koala"), MOMENT + 1, True),
        (("Animal", "press"), MOMENT + 1, False),
    ],
)
def test_one_tag_alone_is_a_persons_once_its_label_was_known(
    added: tuple[str, ...], late: int, managed_tags: bool
) -> None:
    assert bool(keys(*added, at=T0 + late)) is managed_tags


@pytest.mark.parametrize("found", [pending(), failed()])
def test_only_labels_that_are_complete_tell(found: Categorization) -> None:
    with_labels = replace(found, labels=complete(KOALA).labels)
    assert keys("Animal", "Koala", found=with_labels) == set()


def test_a_label_that_cannot_be_used_assigns_nothing_and_holds_nothing_up() -> None:
    found = Categorization("complete", (Label("Animal", 0.98, "too long"), *complete({"Koala": 0.97}).labels), T0)
    assert keys("Koala", found=found) == {"koala"}
    assert keys("Animal", found=found) == set()


def test_each_provider_assigns_its_own() -> None:
    both = {"google_tagging": pending(), REKOGNITION: complete(KOALA), "imagga_tagging": complete({"Cat": 0.9})}
    assert assigned(("Animal", "Cat"), (), both, T0) == {"animal", "cat"}
    reverse = dict(reversed(both.items()))
    assert assigned(("Animal", "Cat"), (), reverse, T0) == {"animal", "cat"}


def test_a_provider_that_gave_none_of_the_tags_does_not_hide_the_next() -> None:
    both = {REKOGNITION: complete(KOALA), "imagga_tagging": complete({"Cat": 0.9})}
    assert assigned(("Cat",), (), both, T0) == {"cat"}


def test_labels_that_are_equally_sure_come_together() -> None:
    found = complete({"Animal": 0.9, "Cat": 0.9})
    assert keys("Animal", found=found) == set()
    assert keys("Animal", "Cat", found=found) == {"animal", "cat"}


LABELS = {REKOGNITION: complete(KOALA)}


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


@pytest.mark.parametrize(("late", "people"), [(MOMENT, set()), (MOMENT + 1, {"animal"})])
def test_one_tag_of_a_label_that_was_known_stays_a_persons_when_the_labels_are_seen_again(
    late: int, people: set[str]
) -> None:
    known = replace(wishing("Animal", at=T0 + late), categorizations=LABELS)
    seen = replace(complete(KOALA), observed_at=T0 + MINUTE)
    assert set(reattributed(replace(known, categorizations={REKOGNITION: seen}), known).people) == people


def test_a_tag_that_we_removed_since_it_was_assigned_is_not_taken_to_be_there() -> None:
    known = state(facts=facts("press"), writes={"Animal": Write("remove", T0 + 1, 100)})
    assert with_assigned(known, ("Animal", "Koala"), T0).facts == facts("press", "Koala")


def test_a_tag_that_we_added_once_may_be_cloudinarys() -> None:
    assert split(state(writes={"Animal": Write("add", T0 - 1, 100)}), "Animal") == ((), ("Animal",))


def test_what_is_there_counts_among_what_is_surer() -> None:
    assert split(state(facts=facts("Animal")), "Koala", "Mammal") == ((), ("Koala", "Mammal"))
    assert split(state(managed_tags={"Animal": ("animal",)}), "Koala", "Mammal") == ((), ("Koala", "Mammal"))
    assert split(state(), "Koala", "Mammal") == (("Koala", "Mammal"), ())


def wishing(*tags: str, at: int = T0, **change: Any) -> AssetState:
    """Return a state without labels where a person is thought to have added ``tags``."""
    people = {tag.lower(): replace(TagPreference("add", at, tag), **change) for tag in tags}
    return replace(state(facts=facts(at=T0 - MINUTE)), categorizations={}, people=people)


def after_labels(known: AssetState, found: Categorization | None = None) -> AssetState:
    """Return ``known`` once its labels have come."""
    return reattributed(replace(known, categorizations={REKOGNITION: found or complete(KOALA)}), known)


def test_labels_that_come_later_tell_that_wishes_were_cloudinarys() -> None:
    after = after_labels(wishing("Animal", "Koala", "press"))
    assert set(after.people) == {"press"}
    assert after.assigned == {"animal": Assigned(T0, False), "koala": Assigned(T0, False)}
    assert after.facts is not None and set(after.facts.tags) == {"Animal", "Koala"}


def test_what_was_assigned_before_stays_known() -> None:
    known = replace(wishing("Animal"), assigned={"cow": Assigned(T0 - 1, True)})
    assert after_labels(known).assigned == {"cow": Assigned(T0 - 1, True), "animal": Assigned(T0, True)}


def test_one_that_was_added_alone_may_be_a_persons_as_well() -> None:
    assert after_labels(wishing("Animal")).assigned == {"animal": Assigned(T0, True)}


def test_a_tag_that_was_seen_to_be_gone_since_is_not_put_back() -> None:
    known = wishing("Animal", "Koala")
    after = after_labels(replace(known, facts=facts("press", at=T0 + 1)))
    assert after.people == {} and after.facts == facts("press", at=T0 + 1)
    at_once = after_labels(replace(known, facts=facts("press", at=T0)))
    assert at_once.facts is not None and set(at_once.facts.tags) == {"press", "Animal", "Koala"}


@pytest.mark.parametrize(
    "change",
    [{"set_by_upload": True}, {"withdrawn": True}, {"by_hand": True}, {"labels": ("animal",)}, {"want": "remove"}],
)
def test_a_wish_that_is_known_to_be_a_persons_stays(change: dict[str, Any]) -> None:
    known = wishing("Animal", "Koala", **change)
    assert after_labels(known) == replace(known, categorizations={REKOGNITION: complete(KOALA)})


def test_a_wish_that_we_worked_against_or_that_a_read_is_to_confirm_stays() -> None:
    known = wishing("Animal")
    for other in (
        replace(known, writes={"ANIMAL": Write("remove", T0, 100)}),
        replace(known, claims={"animal": Claim("either", T0, "Animal")}),
    ):
        assert after_labels(other).people == known.people


@pytest.mark.parametrize(("early", "stays"), [(MOMENT, False), (MOMENT + 1, True)])
def test_a_wish_from_before_the_labels_were_missing_stays(early: int, stays: bool) -> None:
    seen = replace(wishing("Animal", at=T0 - early), facts=facts(at=T0))
    assert bool(after_labels(seen).people) is stays
    waited = replace(seen, facts=facts(at=T0 - MINUTE), categorizations={REKOGNITION: pending(T0)})
    assert bool(after_labels(waited, complete(KOALA, T0 + 1)).people) is stays
    older = replace(wishing("Animal", at=UPLOADED - early), facts=facts(at=0))
    assert bool(after_labels(older).people) is stays


def test_labels_that_were_known_before_tell_nothing_new() -> None:
    known = replace(wishing("Animal"), categorizations={REKOGNITION: complete(KOALA)})
    assert reattributed(known, known) == known
    bare = replace(wishing("Animal"), facts=None)
    assert after_labels(bare).people == bare.people


def test_labels_of_an_older_version_tell_nothing_of_this_one() -> None:
    known = replace(wishing("Animal"), categorizations={REKOGNITION: complete(KOALA)})
    newer = replace(known, asset=replace(REF, version=101))
    assert reattributed(newer, known).people == {}


def test_each_event_is_judged_with_what_it_added_alone() -> None:
    """Koala counts as assigned only since Animal, which is surer, is seen to be there."""
    known = replace(wishing("Animal"), facts=facts("Animal", at=T0 - MINUTE))
    known = replace(known, people=known.people | {"koala": TagPreference("add", T0 + 1, "Koala")})
    after = after_labels(known)
    assert after.people == {}
    assert after.assigned == {"animal": Assigned(T0, True), "koala": Assigned(T0 + 1, True)}


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


def test_what_a_person_has_added_before_is_theirs() -> None:
    known = state(facts=facts("Animal"), people={"koala": TagPreference("add", T0 - 1, "Koala")})
    assert split(known, "Koala", "Mammal") == (("Koala", "Mammal"), ())
    known = state(facts=facts("Animal"), people={"animal": TagPreference("add", T0 - 1, "Animal")})
    assert split(known, "Animal", "Koala", "Mammal") == (("Animal",), ("Koala", "Mammal"))


def test_several_tags_of_labels_that_were_known_are_cloudinarys_when_the_labels_are_seen_again() -> None:
    """One that was added alone before them is a person's."""
    at = T0 + MOMENT + 1
    known = replace(wishing("Animal", at=at), categorizations=LABELS)
    known = replace(
        known, people=known.people | {t.lower(): TagPreference("add", at + 1, t) for t in ("Koala", "Mammal")}
    )
    seen = replace(complete(KOALA), observed_at=T0 + MINUTE)
    again = replace(known, categorizations={REKOGNITION: seen}, facts=facts("Animal", at=T0 - MINUTE))
    assert set(reattributed(again, known).people) == {"animal"}


CLEARED = {"Animal": ("animal",), "Koala": ("koala",), "Dog": ("dog",)}


def cleared(*shown: str, at: int = T0 + 1, version: int = 101) -> AssetState:
    """Return the state of a newer picture whose upload cleared Animal and Koala, which were ours; Dog is on it."""
    writes = {"Animal": Write("add", T0, 100), "Koala": Write("add", T0, 100), "Dog": Write("add", T0 + 1, version)}
    known = state(facts=facts(*shown, at=at), managed_tags=CLEARED, writes=writes, asset=replace(REF, version=version))
    return replace(known, categorizations=LABELS)


def test_what_an_overwrite_cleared_and_cloudinary_assigned_since_is_ours_no_more() -> None:
    before, after = cleared("press"), cleared("press", "Animal", "Koala", "Dog", at=T0 + 2)
    assert set(without_reassigned(after, before).managed_tags) == {"Dog"}
    for known in (
        cleared("press", at=T0 + 2),  # they are not there
        cleared("press", "Koala", at=T0 + MOMENT * 2),  # Animal is surer
        replace(after, asset=replace(REF, version=102)),  # of another picture
        replace(after, facts=None),
    ):
        assert without_reassigned(known, before) == known
    seen = cleared("Animal", "press")
    assert set(without_reassigned(after, seen).managed_tags) == {"Animal", "Dog"}  # Koala alone was added since


def test_what_is_shown_with_them_and_was_there_before_does_not_hide_what_was_assigned() -> None:
    before, after = cleared("Wildlife"), cleared("Wildlife", "Animal", "Koala", at=T0 + 2)
    assert set(without_reassigned(after, before).managed_tags) == {"Dog"}
    version = T0 // 1000 + 1
    unseen, seen = replace(cleared(version=version), facts=None), cleared("Animal", "Koala", version=version)
    assert set(without_reassigned(seen, unseen).managed_tags) == {"Dog"}


def test_what_we_wrote_to_the_newer_picture_stays_ours_though_its_label_is_among_them() -> None:
    more = {"Mammal": Write("add", T0 + 1, 101)}
    known = [
        replace(each, managed_tags=each.managed_tags | {"Mammal": ("mammal",)}, writes=each.writes | more)
        for each in (cleared("press"), cleared("press", "Animal", "Koala", "Mammal", at=T0 + 2))
    ]
    assert set(without_reassigned(known[1], known[0]).managed_tags) == {"Dog", "Mammal"}


def test_what_comes_with_an_assigned_tag_is_judged_with_ours_among_what_is_there() -> None:
    known = state(managed_tags={"Animal": ("animal",), "Koala": ("koala",)})
    assert split(known, "Koala", "Mammal") == ((), ("Koala", "Mammal"))
    against = state(managed_tags={"Animal": ("animal",)}, writes={"Koala": Write("remove", T0 - 1, 100)})
    assert split(against, "Koala", "Mammal") == ((), ("Koala", "Mammal"))


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


@pytest.mark.parametrize(("removed_at", "machines"), [(UPLOADED - 1, True), (UPLOADED, False)])
def test_what_we_took_off_this_picture_speaks_against_cloudinary(removed_at: int, machines: bool) -> None:
    known = state(writes={tag: Write("remove", removed_at, 100) for tag in ("Animal", "Koala")})
    found = split(known, "Animal", "Koala", observed_at=T0 + MOMENT + 1)[1]
    assert found == (("Animal", "Koala") if machines else ())
