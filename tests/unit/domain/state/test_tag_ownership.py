"""Whose a tag is, by what was seen and what people and the service did since."""

from typing import Any

import pytest

from autotag.domain.state.asset_state import AssetState, Assigned, TagPreference
from autotag.domain.state.tag_ownership import active_preferences, known_tags, suppressed, user_tags_of
from tests.unit.domain.state.state_builders import MANAGED, T0, UPLOADED, facts, state


@pytest.mark.parametrize(
    ("known", "tags"),
    [
        (state(facts=None), ()),
        (state(facts=facts("b", "a")), ("b", "a")),
        (state(facts=facts("press", "Guitar"), managed_tags=MANAGED), ("press",)),
        (state(facts=facts(), people={"x": TagPreference("add", T0, "X")}), ("X",)),
        (state(facts=None, people={"x": TagPreference("add", T0, "X")}), ("X",)),
        (state(facts=facts("X", at=T0), people={"x": TagPreference("remove", T0 + 1, "x")}), ()),
        (state(facts=facts("X", at=T0 + 2), people={"x": TagPreference("remove", T0 + 1, "x")}), ("X",)),
    ],
)
def test_their_tags_are_what_was_seen_and_what_they_did_since_less_ours(
    known: AssetState, tags: tuple[str, ...]
) -> None:
    assert user_tags_of(known) == tags


@pytest.mark.parametrize(
    ("preference", "fields", "holds"),
    [
        (TagPreference("add", UPLOADED, "X"), {}, True),
        (TagPreference("add", UPLOADED - 1, "X"), {}, False),  # the upload cleared it
        (TagPreference("remove", UPLOADED - 1, "X"), {}, True),
        (TagPreference("remove", UPLOADED, "X", withdrawn=True), {}, False),
        (TagPreference("add", UPLOADED - 1, "X"), {"tags_since": 50, "facts": facts("x")}, True),  # kept, and shown
        (TagPreference("add", UPLOADED - 1, "X"), {"tags_since": 50, "facts": facts()}, False),
        (TagPreference("add", UPLOADED, "X"), {"tags_since": 50, "facts": facts()}, True),
        (TagPreference("add", UPLOADED - 1, "X"), {"tags_since": 50, "facts": None}, True),  # not shown yet
        (TagPreference("add", 49_999, "X"), {"tags_since": 50, "facts": facts("x")}, False),
    ],
)
def test_an_upload_that_cleared_the_tags_ends_what_was_added_before(
    preference: TagPreference, fields: dict[str, Any], holds: bool
) -> None:
    assert active_preferences(state(people={"x": preference}, **fields)) == ({"x": preference} if holds else {})


def test_known_tags_are_peoples_first_and_each_once() -> None:
    known = state(facts=facts("press"), managed_tags=MANAGED, people={"guitar": TagPreference("add", T0 + 1, "Guitar")})
    assert known_tags(known) == ("press", "Guitar", "Music")


@pytest.mark.parametrize(("at", "tags"), [(T0 - 1, ("X",)), (T0, ()), (T0 + 1, ())])
def test_what_is_seen_later_than_a_removal_counts(at: int, tags: tuple[str, ...]) -> None:
    assert user_tags_of(state(facts=facts("X", at=T0), people={"x": TagPreference("remove", at, "x")})) == tags


def test_a_removal_takes_every_spelling_of_its_tag_and_no_other() -> None:
    known = state(facts=facts("X", "x", "y"), people={"x": TagPreference("remove", T0 + 1, "X")})
    assert user_tags_of(known) == ("y",)
    assert suppressed(state(people={"x": TagPreference("add", T0, "X")})) == frozenset()


def test_each_wish_is_compared_with_what_was_seen() -> None:
    people = {"old": TagPreference("add", T0 - 1, "Old"), "new": TagPreference("add", T0 + 1, "New")}
    assert user_tags_of(state(facts=facts("press", at=T0), people=people)) == ("press", "New")


@pytest.mark.parametrize(("assigned_at", "there"), [(T0 + 1, False), (T0 + 2, True), (T0 + 3, True)])
def test_a_tag_that_cloudinary_assigned_after_a_person_removed_it_is_there(assigned_at: int, there: bool) -> None:
    removed = {"cat": TagPreference("remove", T0 + 2, "Cat")}
    known = state(facts=facts("Cat", at=T0), people=removed, assigned={"cat": Assigned(assigned_at, False)})
    assert user_tags_of(known) == (("Cat",) if there else ())
