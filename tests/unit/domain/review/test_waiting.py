"""What an asset waits with in the review queue, since when, and how the index knows it."""

from typing import Any

from autotag.domain.model.verdicts import Bar, Sample
from autotag.domain.review.waiting import (
    Place,
    WaitingAsset,
    asked_since,
    asked_tags,
    indexed_asks,
    place_behind,
    place_of,
    waiting_asset,
    waiting_samples,
)
from autotag.domain.state.asset_state import AssetState, TagPreference
from tests.unit.domain.state.state_builders import T0, state


def sample(tag: str = "Hat", at: int = T0, **fields: Any) -> Sample:
    return Sample(at, tag, tag.lower(), 2000, "f" * 12, Bar(0.7, 0.5), **fields)


def asking(*samples: Sample, **fields: Any) -> AssetState:
    return state(samples={each.tag.lower(): each for each in samples}, **fields)


def test_an_asset_without_questions_does_not_wait() -> None:
    assert (asked_tags(state()), asked_since(state()), indexed_asks(state())) == ((), 0, {})


def test_a_sample_waits_beside_the_tags_in_review_and_each_tag_is_asked_about_once() -> None:
    known = asking(sample(), sample("cat"), review=("Cat", "Dog"))
    assert asked_tags(known) == ("Cat", "Dog", "Hat")


def test_a_sample_that_was_answered_does_not_wait_even_if_the_preference_is_over() -> None:
    assert waiting_samples(asking(sample(answer="reject", answered_at=T0 + 1))) == {}


def test_a_sample_does_not_wait_while_a_person_has_decided_on_its_tag() -> None:
    decided = TagPreference("remove", T0 + 1, "hat")
    assert asked_tags(asking(sample(), people={"hat": decided})) == ()
    withdrawn = TagPreference("remove", T0 + 1, "hat", withdrawn=True)
    assert asked_tags(asking(sample(), people={"hat": withdrawn})) == ("Hat",)


def test_a_deleted_asset_does_not_wait() -> None:
    assert asked_tags(asking(sample(), status="gone")) == ()


def test_an_asset_waits_since_its_oldest_question() -> None:
    assert asked_since(asking(sample(at=T0 + 5), sample("Cap", T0 + 3), final_at=T0)) == T0 + 3
    assert asked_since(asking(sample(at=T0 + 5), review=("Dog",), asked_at=T0 + 4, final_at=T0 + 9)) == T0 + 4
    assert asked_since(asking(sample(at=T0 + 5), review=("Dog",), asked_at=T0 + 6, final_at=T0 + 9)) == T0 + 5
    assert asked_since(asking(review=("Dog",), final_at=T0 + 9)) == T0 + 9


def test_the_index_marks_samples_and_has_the_confidence_of_the_question() -> None:
    known = asking(sample(), sample("Cat"), sample("Dog"), review=("Cat", "Cow", "Dog"), ask={"cat": 6000, "cow": 5500})
    assert indexed_asks(known) == {"cat": 106_000, "cow": 5500, "dog": 102_000, "hat": 102_000}
    assert waiting_asset(T0, "a1", indexed_asks(known), "stage") == WaitingAsset(
        T0, "a1", {"cat": 6000, "cow": 5500, "dog": 2000, "hat": 2000}, "stage", frozenset({"cat", "dog", "hat"})
    )


def test_an_unknown_and_the_highest_confidence_are_told_from_a_sample() -> None:
    assert waiting_asset(T0, "a1", {"cat": 0, "dog": 10_000, "hat": 110_000}, "").samples == {"hat"}
    assert waiting_asset(T0, "a1", {"hat": 110_000, "cap": 100_000}, "").asks == {"hat": 10_000, "cap": 0}
    assert waiting_asset(T0, "a1", {"cap": 100_000}, "").samples == {"cap"}


def test_a_place_is_the_time_or_the_confidence_and_the_beginning_is_before_all_of_them() -> None:
    asset = waiting_asset(T0, "a1", {"hat": 110_000}, "")
    assert place_of(asset, "oldest", "hat") == Place(T0, "a1")
    assert place_of(asset, "confidence", "hat") == Place(-10_000, "a1")
    assert (place_behind("", "oldest"), place_behind("", "confidence")) == (Place(-1, ""), Place(-10_001, ""))
