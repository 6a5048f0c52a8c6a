"""Labels that come after a change: they show that tags taken for a person's were Cloudinary's."""

from typing import Any

import pytest
from msgspec.structs import replace

from autotag.domain.model.labels import Categorization
from autotag.domain.state.asset_state import AssetState, Assigned, Claim, TagPreference, Write
from autotag.domain.state.auto_tagging import MOMENT, reattributed
from tests.unit.domain.state.auto_tagging.koala_labels import KOALA, LABELS
from tests.unit.domain.state.state_builders import (
    MINUTE,
    REF,
    REKOGNITION,
    T0,
    UPLOADED,
    complete,
    facts,
    pending,
    state,
)


@pytest.mark.parametrize(("late", "people"), [(MOMENT, set()), (MOMENT + 1, {"animal"})])
def test_one_tag_of_a_label_that_was_known_stays_a_persons_when_the_labels_are_seen_again(
    late: int, people: set[str]
) -> None:
    known = replace(wishing("Animal", at=T0 + late), categorizations=LABELS)
    seen = replace(complete(KOALA), observed_at=T0 + MINUTE)
    assert set(reattributed(replace(known, categorizations={REKOGNITION: seen}), known).people) == people


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
