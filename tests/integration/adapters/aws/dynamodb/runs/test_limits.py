"""How many calls and units a run may use."""

from autotag.domain.runs.progress import Counts
from autotag.domain.runs.run import BackfillSource
from autotag.ports.runs import RunStore
from tests.integration.adapters.aws.dynamodb.runs.stored_runs import begun, fresh, stored


def test_no_more_calls_are_granted_than_a_run_may_make(runs: RunStore) -> None:
    run = begun(runs, fresh(max_calls=5))
    assert not runs.spend(run, 6)
    assert runs.spend(run, 3) and not runs.spend(run, 3) and runs.spend(run, 2) and not runs.spend(run, 1)
    assert runs.spend(run, 0)
    assert stored(runs).counts == Counts(calls=5)


def test_all_that_a_run_may_use_may_be_used_at_once(runs: RunStore) -> None:
    run = begun(runs, fresh(action="backfill", listing=BackfillSource(categorize=True, max_units=2), max_calls=5))
    assert runs.spend(run, 5, 2)
    assert stored(runs).counts == Counts(calls=5, units=2)


def test_calls_without_a_limit_are_counted_all_the_same(runs: RunStore) -> None:
    run = begun(runs)
    assert runs.spend(run, 1_000_000) and runs.spend(run, 1)
    assert stored(runs).counts == Counts(calls=1_000_001)


def test_no_more_units_are_granted_than_a_backfill_may_use(runs: RunStore) -> None:
    run = begun(runs, fresh(action="backfill", listing=BackfillSource(categorize=True, max_units=2), max_calls=9))
    assert not runs.spend(run, 1, 3)
    assert runs.spend(run, 1, 1) and runs.spend(run, 1, 1) and not runs.spend(run, 1, 1)
    assert runs.spend(run, 7) and not runs.spend(run, 1)
    assert stored(runs).counts == Counts(calls=9, units=2)


def test_a_run_that_may_use_no_unit_uses_none(runs: RunStore) -> None:
    assert not runs.spend(begun(runs), 1, 1)
    assert stored(runs).counts == Counts()
