"""A page whose assets all need different changes: how many messages it makes, and what a worker does for each."""

import pytest

from autotag.service.worker import handle
from tests.unit.service.runs.run_library import NEW
from tests.unit.service.runs.segments.unlike import unlike

SIZE = 2000
ONE = "[defaults]\nthreshold = 0.9\n"
"""Takes a tag of its own off every asset: one operation."""

TWO = NEW
"""Takes that tag and one more off, and adds another: two operations."""


@pytest.mark.parametrize(("rules", "operations"), [(ONE, 1), (TWO, 2)])
def test_two_thousand_different_changes_make_at_most_sixty_messages_of_at_most_a_hundred_calls(
    rules: str, operations: int
) -> None:
    library = unlike(SIZE)
    library.fakes.rules.use(rules, 1)
    run_id = library.run()
    library.poll()

    messages = list(library.bulk.messages)
    assert len(messages) <= 60
    assets = [asset for message in messages for asset in message.asset_ids]
    assert len(assets) == len(set(assets)) == SIZE
    joint = library.fakes.cloudinary.joint_calls
    for message in messages:
        before = len(joint)
        handle(library.fakes.deps, message, library.fakes.remaining)
        assert len(message.asset_ids) <= 250
        assert len(joint) - before == operations * len(message.asset_ids) <= 100  # each asset is a change of its own
    run = library.run_of(run_id)
    assert (run.status, run.counts.done, run.counts.calls) == ("done", SIZE, operations * SIZE)


@pytest.mark.parametrize(("rules", "operations"), [(ONE, 1), (TWO, 2)])
def test_what_a_run_may_call_is_counted_by_operations(rules: str, operations: int) -> None:
    library = unlike(100)
    library.fakes.rules.use(rules, 1)
    run = library.finish(library.run(max_calls=75))

    made = len(library.fakes.cloudinary.joint_calls)
    assert run.status == "paused" and run.counts.calls == made == 75 - 75 % operations
