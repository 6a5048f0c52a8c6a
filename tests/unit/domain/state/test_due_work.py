"""When work on an asset is due, and of which kind."""

import pytest

from autotag.domain.model.audit import Trigger
from autotag.domain.state.asset_state import AssetState, Poll
from autotag.domain.state.due_entry import due_work
from tests.unit.domain.state.state_builders import T0, claimed, state

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
