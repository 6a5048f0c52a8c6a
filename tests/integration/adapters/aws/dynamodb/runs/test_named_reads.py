"""What a run over named assets reads of the table: their items, and the index of names."""

from contextlib import ExitStack

from msgspec.structs import replace

from autotag.adapters.aws.dynamodb.runs import DynamoRunStore
from autotag.adapters.aws.dynamodb.states import DynamoStateStore
from autotag.domain.runs.run import Filter
from autotag.service.runs.advance import advance
from tests.integration.adapters.aws.dynamodb.runs.stored_runs import ID, fresh, stored
from tests.integration.adapters.conftest import Aws
from tests.integration.adapters.instrumented_clients import recorded_calls
from tests.unit.service.runs.retag.retag_library import given

SIZE = 30
NAMES = ("a0", "stage/5", "a7", "stage/12")


def test_a_retag_of_named_assets_reads_their_items_and_asks_once_a_name(aws: Aws, dynamo: DynamoRunStore) -> None:
    library = given(SIZE)
    store = DynamoStateStore(aws.clients.dynamodb, "StateTable")
    for state in library.fakes.store.items.values():
        store.put(state, expected=None)
    dynamo.create(replace(fresh(filter=Filter(assets=NAMES)), created_at=library.fakes.clock.now()))
    planner = replace(library.planner, pages=store, runs=dynamo)
    with ExitStack() as recorded:
        calls = {
            operation: recorded.enter_context(recorded_calls(aws.clients.dynamodb, operation))
            for operation in ("Scan", "Query", "BatchGetItem", "GetItem")
        }
        advance(planner, ID, lambda: 60.0)

    assert calls["Scan"] == calls["GetItem"] == []
    asked = [call["ExpressionAttributeValues"][":p"]["S"] for call in calls["Query"]]
    assert asked == ["stage/5", "stage/12"]
    keys = [key["pk"]["S"] for call in calls["BatchGetItem"] for key in call["RequestItems"]["StateTable"]["Keys"]]
    assert sorted(key for key in keys if key.startswith("ASSET#")) == ["ASSET#a0", "ASSET#a12", "ASSET#a5", "ASSET#a7"]
    run = stored(dynamo)
    assert (run.counts.seen, run.counts.planned) == (4, 4) and len(library.bulk.messages) == 1
