"""Which runs are due, which is held by one process alone, and the list of the last runs."""

from msgspec.structs import replace

from autotag.adapters.aws.dynamodb.runs import DynamoRunStore
from autotag.adapters.aws.dynamodb.states import DynamoStateStore
from autotag.domain.model.asset import AssetRef
from autotag.domain.runs.progress import Counts
from autotag.domain.state.asset_state import AssetState
from autotag.ports.runs import RunStore
from tests.integration.adapters.aws.dynamodb.runs.stored_runs import ID, T0, TWO, begun, fresh, stored
from tests.integration.adapters.conftest import Aws


def test_a_run_waits_until_it_is_due_and_the_longest_due_comes_first(runs: RunStore) -> None:
    begun(runs)
    runs.create(replace(fresh("1" * 32), created_at=T0 + 5))
    runs.postpone(ID, T0 + 60_000)
    assert stored(runs).due_at == T0 + 60_000
    assert runs.due(T0 + 59_999) == ["1" * 32]
    assert runs.due(T0 + 60_000) == ["1" * 32, ID]


def test_the_last_fifty_runs_are_listed_the_youngest_first(runs: RunStore) -> None:
    names = [f"{n:032x}" for n in range(53)]
    for name in names:
        runs.create(fresh(name))
    assert [run.id for run in runs.recent()] == names[:2:-1]
    assert runs.load(names[0]) is not None


def test_a_segment_is_no_run_neither_due_nor_listed(dynamo: DynamoRunStore) -> None:
    dynamo.create(fresh())
    assert dynamo.planned(stored(dynamo), "0", "ASSET#a", TWO, Counts(seen=1))
    assert dynamo.due(T0) == [ID] and [run.id for run in dynamo.recent()] == [ID]


def test_a_run_whose_item_is_gone_is_left_out_of_the_list(aws: Aws, dynamo: DynamoRunStore) -> None:
    dynamo.create(fresh())
    dynamo.create(fresh("1" * 32))
    aws.clients.dynamodb.delete_item(TableName="StateTable", Key={"pk": {"S": f"RUN#{ID}"}})
    assert [run.id for run in dynamo.recent()] == ["1" * 32]


def test_runs_their_segments_and_their_list_are_no_assets(aws: Aws, dynamo: DynamoRunStore) -> None:
    store = DynamoStateStore(aws.clients.dynamodb, "StateTable")
    state = store.put(AssetState(AssetRef("a1", "stage/a1", "image", "upload", 1), "tagged"), expected=None)
    dynamo.create(fresh())
    assert dynamo.planned(stored(dynamo), "0", "ASSET#a", TWO, Counts(seen=1))
    assert store.page(0, 1, "", 100) == ([state], None)
    assert not [asset for kind in ("INTENT", "POLL") for n in range(16) for asset in store.due(kind, n, T0 * 2, 100)]


def test_one_alone_holds_a_run_until_it_lets_go_or_its_time_is_up(runs: RunStore) -> None:
    begun(runs)
    assert runs.hold(ID, T0, T0 + 60_000) and not runs.hold(ID, T0 + 59_999, T0 + 120_000)
    assert stored(runs).held_until == T0 + 60_000

    assert runs.hold(ID, T0 + 60_000, T0 + 120_000)
    runs.release(ID, T0 + 60_000)  # by whom it was held before
    assert not runs.hold(ID, T0 + 61_000, T0 + 121_000)
    runs.release(ID, T0 + 120_000)
    assert runs.hold(ID, T0 + 61_000, T0 + 121_000)


def test_nobody_holds_a_run_that_is_not_running_or_not_there(runs: RunStore) -> None:
    begun(runs)
    runs.stop(ID, "paused", "by hand", T0)

    assert not runs.hold(ID, T0, T0 + 1) and not runs.hold("0" * 32, T0, T0 + 1)
    assert stored(runs).held_until == 0
