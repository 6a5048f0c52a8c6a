"""People and machine on one asset: whose tag it is, what stays away, what must be undone, and when work is due."""

import pytest

from autotag.domain.audit import Trigger
from autotag.domain.people import ECHO_SLACK, opposed, register, suppressed, their_tags
from autotag.domain.state import AssetState, Op, Poll, Wish, Write, due
from tests.unit.domain.states import MINUTE, T0, claimed, facts, person, state

OURS = {"Guitar": ("electric guitar", "guitar"), "Music": ("music",)}


def test_a_tag_of_ours_that_a_person_removes_is_suppressed_with_its_labels() -> None:
    known = register(state(ours=OURS), person(removed=("guitar",), at=T0 + 1))
    assert known.people == {"guitar": Wish("remove", T0 + 1, "guitar", ("electric guitar", "guitar"))}
    assert known.ours == {"Music": ("music",)}
    assert suppressed(known) == {"guitar", "electric guitar"}


def test_a_tag_of_ours_that_a_person_adds_becomes_theirs() -> None:
    known = register(state(ours=OURS, facts=facts("Guitar", "Music")), person(added=("Guitar",), at=T0 + 1))
    assert known.ours == {"Music": ("music",)}
    assert their_tags(known) == ("Guitar",) and suppressed(known) == frozenset()


@pytest.mark.parametrize(("at", "wins"), [(T0 - 1, False), (T0, False), (T0 + 1, True)])
def test_the_youngest_wish_wins_whenever_it_comes(at: int, wins: bool) -> None:
    known = register(state(), person(added=("x",), at=T0))
    known = register(known, person(removed=("X",), at=at))
    assert known.people["x"].want == ("remove" if wins else "add")


def test_the_order_of_arrival_does_not_matter() -> None:
    changes = [person(added=("x",), at=T0), person(removed=("x",), at=T0 + 1), person(added=("x",), at=T0 + 2)]
    for order in ([0, 1, 2], [2, 1, 0], [1, 2, 0]):
        known = state()
        for i in order:
            known = register(known, changes[i])
        assert known.people == {"x": Wish("add", T0 + 2, "x")}


def test_the_same_event_again_changes_nothing() -> None:
    change = person(added=("x",), removed=("Guitar",), at=T0 + 1)
    once = register(state(ours=OURS), change)
    assert register(once, change) == once


def test_a_later_wish_remembers_the_labels_of_the_first() -> None:
    known = register(state(ours=OURS), person(removed=("Guitar",), at=T0))
    known = register(known, person(added=("Guitar",), at=T0 + 1))
    known = register(known, person(removed=("Guitar",), at=T0 + 2))
    assert suppressed(known) == {"guitar", "electric guitar"}


def test_a_tag_respelt_by_a_person_is_theirs() -> None:
    known = register(state(ours=OURS), person(added=("GUITAR",), removed=("Guitar",), at=T0 + 1))
    assert known.people["guitar"].want == "add" and "Guitar" not in known.ours


@pytest.mark.parametrize(
    ("known", "tags"),
    [
        (state(facts=None), ()),
        (state(facts=facts("b", "a")), ("b", "a")),
        (state(facts=facts("press", "Guitar"), ours=OURS), ("press",)),
        (state(facts=facts(), people={"x": Wish("add", T0, "X")}), ("X",)),
        (state(facts=None, people={"x": Wish("add", T0, "X")}), ("X",)),
        (state(facts=facts("X", at=T0), people={"x": Wish("remove", T0 + 1, "x")}), ()),
        (state(facts=facts("X", at=T0 + 2), people={"x": Wish("remove", T0 + 1, "x")}), ("X",)),
    ],
)
def test_their_tags_are_what_was_seen_and_what_they_did_since_less_ours(
    known: AssetState, tags: tuple[str, ...]
) -> None:
    assert their_tags(known) == tags


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
    known = state(writes={"Guitar": Write(op, written_at, 1)}, people={"guitar": Wish(want, wished_at, "guitar")})
    assert opposed(known) == fixes


def test_a_write_on_which_nobody_spoke_stands() -> None:
    assert opposed(state(writes={"Guitar": Write("add", T0, 1)})) == {}


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
    assert due(known) == when
