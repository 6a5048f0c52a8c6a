"""People and machine on one asset: whose tag it is, what stays away, what must be undone, and when work is due."""

from typing import Any

import pytest
from msgspec.structs import replace

from autotag.domain.model.audit import Trigger
from autotag.domain.state.asset_state import AssetState, Assigned, Op, Poll, TagPreference, Write, due_work
from autotag.domain.state.tag_ownership import (
    ECHO_SLACK,
    active_preferences,
    apply_person_edit,
    conflicting_writes,
    known_tags,
    suppressed,
    user_tags_of,
)
from tests.unit.domain.state.state_builders import MINUTE, T0, claimed, facts, person, state

OURS = {"Guitar": ("electric guitar", "guitar"), "Music": ("music",)}


def test_a_tag_of_ours_that_a_person_removes_is_suppressed_with_its_labels() -> None:
    known = apply_person_edit(state(managed_tags=OURS), person(removed=("guitar",), at=T0 + 1))
    assert known.people == {"guitar": TagPreference("remove", T0 + 1, "guitar", ("electric guitar", "guitar"))}
    assert known.managed_tags == {"Music": ("music",)}
    assert suppressed(known) == {"guitar", "electric guitar"}


def test_a_tag_of_ours_that_a_person_adds_becomes_theirs() -> None:
    known = apply_person_edit(
        state(managed_tags=OURS, facts=facts("Guitar", "Music")), person(added=("Guitar",), at=T0 + 1)
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
    once = apply_person_edit(state(managed_tags=OURS), change)
    assert apply_person_edit(once, change) == once


def test_a_later_wish_remembers_the_labels_of_the_first() -> None:
    known = apply_person_edit(state(managed_tags=OURS), person(removed=("Guitar",), at=T0))
    known = apply_person_edit(known, person(added=("Guitar",), at=T0 + 1))
    known = apply_person_edit(known, person(removed=("Guitar",), at=T0 + 2))
    assert suppressed(known) == {"guitar", "electric guitar"}


def test_a_tag_respelt_by_a_person_is_theirs() -> None:
    known = apply_person_edit(state(managed_tags=OURS), person(added=("GUITAR",), removed=("Guitar",), at=T0 + 1))
    assert known.people["guitar"].want == "add" and "Guitar" not in known.managed_tags


@pytest.mark.parametrize(
    ("known", "tags"),
    [
        (state(facts=None), ()),
        (state(facts=facts("b", "a")), ("b", "a")),
        (state(facts=facts("press", "Guitar"), managed_tags=OURS), ("press",)),
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


SLACK = ECHO_SLACK


@pytest.mark.parametrize(
    ("op", "want", "written_at", "wished_at", "fixes"),
    [
        ("add", "remove", T0, T0 - MINUTE, {"Guitar": "remove"}),  # we added what a person had just removed
        ("remove", "add", T0, T0 - MINUTE, {"guitar": "add"}),
        ("add", "remove", T0, T0 + SLACK, {"Guitar": "remove"}),  # clocks differ: to be sure
        ("add", "remove", T0, T0 + SLACK + 1, {}),  # a person removed what we had added: as they want it
        ("remove", "add", T0, T0 + SLACK + 1, {}),
        ("add", "add", T0, T0 - MINUTE, {}),
        ("remove", "remove", T0, T0 - MINUTE, {}),
    ],
)
def test_a_write_that_undid_what_a_person_wants_is_to_be_undone(
    op: Op, want: Op, written_at: int, wished_at: int, fixes: dict[str, str]
) -> None:
    known = state(
        writes={"Guitar": Write(op, written_at, 1)}, people={"guitar": TagPreference(want, wished_at, "guitar")}
    )
    assert conflicting_writes(known) == fixes


def test_a_write_on_which_nobody_spoke_stands() -> None:
    assert conflicting_writes(state(writes={"Guitar": Write("add", T0, 1)})) == {}


UPLOADED = state().asset.version * 1000


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
    known = state(facts=facts("press"), managed_tags=OURS, people={"guitar": TagPreference("add", T0 + 1, "Guitar")})
    assert known_tags(known) == ("press", "Guitar", "Music")


@pytest.mark.parametrize(("at", "tags"), [(T0 - 1, ("X",)), (T0, ()), (T0 + 1, ())])
def test_what_is_seen_later_than_a_removal_counts(at: int, tags: tuple[str, ...]) -> None:
    assert user_tags_of(state(facts=facts("X", at=T0), people={"x": TagPreference("remove", at, "x")})) == tags


def test_a_removal_takes_every_spelling_of_its_tag_and_no_other() -> None:
    known = state(facts=facts("X", "x", "y"), people={"x": TagPreference("remove", T0 + 1, "X")})
    assert user_tags_of(known) == ("y",)
    assert suppressed(state(people={"x": TagPreference("add", T0, "X")})) == frozenset()


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
        state(managed_tags=OURS), person(removed=("Guitar", "Cat")), stands={"guitar": ("lute",), "cat": ("pet",)}
    )
    assert known.people["guitar"].labels == ("electric guitar", "guitar", "lute")
    assert known.people["cat"].labels == ("pet",)


def test_a_person_is_not_asked_about_a_tag_on_which_they_spoke() -> None:
    assert apply_person_edit(state(review=("Cat", "Dog")), person(removed=("cat",))).review == ("Dog",)


def test_a_wish_remembers_that_it_was_done_by_hand() -> None:
    assert apply_person_edit(state(), replace(person(added=("x",)), by_hand=True)).people["x"].by_hand
    assert not apply_person_edit(state(), person(added=("x",))).people["x"].by_hand


@pytest.mark.parametrize(
    ("wished_at", "written_at", "there", "fixes"),
    [
        (UPLOADED - 2, UPLOADED - 1, ("Guitar",), {}),  # the later upload brought it again
        (UPLOADED - 2, UPLOADED - 1, (), {"Guitar": "remove"}),
        (UPLOADED - 2, UPLOADED, ("Guitar",), {"Guitar": "remove"}),
        (UPLOADED, UPLOADED - 1, ("Guitar",), {"Guitar": "remove"}),
    ],
)
def test_what_a_later_upload_brought_again_is_not_our_doing(
    wished_at: int, written_at: int, there: tuple[str, ...], fixes: dict[str, str]
) -> None:
    known = state(writes={"Guitar": Write("add", written_at, 1)}, facts=facts(*there))
    assert conflicting_writes(replace(known, people={"guitar": TagPreference("remove", wished_at, "guitar")})) == fixes


def test_each_write_is_looked_at() -> None:
    known = state(
        writes={
            "Old": Write("add", UPLOADED - 1, 1),
            "Dog": Write("remove", T0, 1),
            "Guitar": Write("add", T0, 1),
        },
        people={key: TagPreference("remove", UPLOADED - 2, key) for key in ("old", "dog", "guitar")},
        facts=facts("Old"),
    )
    assert conflicting_writes(known) == {"Guitar": "remove"}


TRIGGER = Trigger("webhook", "upload", "d", "r")


@pytest.mark.parametrize(
    ("known", "when"),
    [
        (state(), None),
        (state(poll=Poll(T0 + 7, 1, T0 + 9)), ("POLL", T0 + 7)),
        (state(outbox=("a1.1.x",), follow_up_at=T0 + 5, poll=Poll(T0, 1, T0)), ("INTENT", T0 + 5)),
        (state(dirty=TRIGGER, follow_up_at=T0 + 6), ("INTENT", T0 + 6)),
        (claimed(state()), ("INTENT", T0 + 125_000)),
    ],
)
def test_what_is_due_and_when(known: AssetState, when: tuple[str, int] | None) -> None:
    assert due_work(known) == when


def test_each_wish_is_compared_with_what_was_seen() -> None:
    people = {"old": TagPreference("add", T0 - 1, "Old"), "new": TagPreference("add", T0 + 1, "New")}
    assert user_tags_of(state(facts=facts("press", at=T0), people=people)) == ("press", "New")


@pytest.mark.parametrize(("assigned_at", "there"), [(T0 + 1, False), (T0 + 2, True), (T0 + 3, True)])
def test_a_tag_that_cloudinary_assigned_after_a_person_removed_it_is_there(assigned_at: int, there: bool) -> None:
    removed = {"cat": TagPreference("remove", T0 + 2, "Cat")}
    known = state(facts=facts("Cat", at=T0), people=removed, assigned={"cat": Assigned(assigned_at, False)})
    assert user_tags_of(known) == (("Cat",) if there else ())


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
