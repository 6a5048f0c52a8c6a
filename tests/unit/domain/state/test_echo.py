"""Our own calls come back as notifications: which are those, and which are a person's with the same API key."""

import pytest
from msgspec.structs import replace

from autotag.domain.state.asset_state import AssetState, Write
from autotag.domain.state.echo import without_echo
from autotag.domain.state.tag_ownership import ECHO_SLACK
from tests.unit.domain.state.state_builders import MINUTE, T0, claimed, person, state

OWN = "222222222222222"


def left(
    known: AssetState, *, added: tuple[str, ...] = (), removed: tuple[str, ...] = (), at: int = T0, by: str = OWN
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the added and the removed tags that are a person's."""
    change = without_echo(known, replace(person(added=added, removed=removed, at=at), by=by), {OWN})
    return change.added, change.removed


def test_what_another_key_did_is_never_an_echo() -> None:
    known = state(writes={"Guitar": Write("add", T0, 100)})
    assert left(known, added=("Guitar",), by="jane@example.com") == (("Guitar",), ())
    assert left(known, added=("Guitar",), by="") == (("Guitar",), ())


def test_what_was_done_with_our_key_and_not_by_us_is_a_persons() -> None:
    known = state(writes={"Guitar": Write("add", T0, 100)})
    assert left(known, added=("Guitar", "press"), removed=("Cat",)) == (("press",), ("Cat",))


def test_of_an_open_intent_its_own_calls_alone_are_an_echo() -> None:
    known = claimed(state(managed_tags={"Old": ("old",)}))
    assert left(known, added=("guitar", "press"), removed=("Old", "Cat")) == (("press",), ("Cat",))


def test_any_spelling_of_a_tag_that_we_wrote_makes_it_an_echo() -> None:
    known = state(writes={"Guitar": Write("add", T0, 100), "GUITAR": Write("remove", T0, 100)})
    assert left(known, added=("guitar",), removed=("guitar",), at=T0 + MINUTE) == ((), ())


@pytest.mark.parametrize(
    ("opposite_at", "at", "own"),
    [
        (T0 - MINUTE, T0 - MINUTE, True),  # told after that of the opposite call
        (T0, T0, True),
        (T0, T0 + 1, False),  # since our last call, a person's
        (T0 - 2 * ECHO_SLACK, T0 - ECHO_SLACK, True),
        (T0 - 2 * ECHO_SLACK - 1, T0 - ECHO_SLACK, False),  # no call of ours was near
        (T0 - ECHO_SLACK, T0 - 2 * ECHO_SLACK, True),
        (T0 - ECHO_SLACK, T0 - 2 * ECHO_SLACK - 1, False),
        (0, T0, False),
    ],
)
def test_a_late_echo_of_the_opposite_call_is_told_by_its_time(opposite_at: int, at: int, own: bool) -> None:
    known = state(writes={"Guitar": Write("add", T0, 100, opposite_at=opposite_at)})
    assert left(known, removed=("Guitar",), at=at) == ((), () if own else ("Guitar",))


def test_where_no_opposite_call_was_made_no_time_makes_a_change_an_echo() -> None:
    known = state(writes={"Guitar": Write("add", T0, 100)})
    assert left(known, removed=("Guitar",), at=ECHO_SLACK) == ((), ("Guitar",))


@pytest.mark.parametrize(("at", "own"), [(-1, False), (0, True), (ECHO_SLACK, True), (2 * ECHO_SLACK, True)])
def test_of_calls_to_and_fro_the_first_is_since_when_a_change_may_be_an_echo(at: int, own: bool) -> None:
    first_at = T0 - 9 * ECHO_SLACK
    known = state(writes={"Guitar": Write("add", T0, 100, opposite_at=T0 - ECHO_SLACK, first_at=first_at)})
    assert left(known, removed=("Guitar",), at=first_at - ECHO_SLACK + at) == ((), () if own else ("Guitar",))


def test_where_neither_names_a_key_a_change_is_no_echo() -> None:
    known = state(writes={"Guitar": Write("add", T0, 100)})
    said = replace(person(added=("Guitar",), at=T0), by="")
    assert without_echo(known, said, ()) == said
