"""Which of the service's own calls are to be undone, since a person wants the opposite."""

import pytest
from msgspec.structs import replace

from autotag.domain.state.asset_state import Op, TagPreference, Write
from autotag.domain.state.tag_ownership import ECHO_SLACK, conflicting_writes
from tests.unit.domain.state.state_builders import MINUTE, T0, UPLOADED, facts, state

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
