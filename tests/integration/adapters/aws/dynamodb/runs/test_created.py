"""A created run: what comes back of it, what does not fit, and that it is created once."""

import pytest
from botocore.stub import Stubber
from msgspec.structs import replace

from autotag.adapters.aws.dynamodb.runs import DynamoRunStore
from autotag.domain.errors import Invalid, Retryable
from autotag.domain.runs.progress import Counts
from autotag.domain.runs.run import Filter, RevertSelection, Run
from autotag.ports.runs import RunStore
from tests.integration.adapters.aws.dynamodb.runs.stored_runs import FIRST, FULL, ID, T0, TWO, begun, fresh, stored
from tests.integration.adapters.conftest import Aws


@pytest.mark.parametrize(
    "run",
    [fresh(), FULL, fresh(action="backfill"), fresh(filter=Filter(assets=("",)), undo=RevertSelection(tag="a,b"))],
    ids=["empty", "full", "backfill", "odd texts"],
)
def test_a_run_comes_back_as_it_was_and_is_due_at_once(runs: RunStore, run: Run) -> None:
    runs.create(run)
    assert runs.load(run.id) == run
    assert runs.recent() == [run] and runs.due(T0) == [run.id] and runs.due(T0 - 1) == []


def test_a_new_run_is_due_from_when_it_was_created(runs: RunStore) -> None:
    runs.create(replace(fresh(), due_at=0))
    assert stored(runs).due_at == T0 and runs.due(T0 - 1) == []


def test_what_was_never_stored_is_nothing_and_cannot_be_changed(runs: RunStore) -> None:
    nobody = fresh()
    runs.postpone(ID, T0)
    runs.queued(nobody, "0")
    assert not runs.handled(ID, FIRST, Counts(done=1)) and runs.take_time(nobody, 1000, T0) is None
    runs.count(ID, Counts(seen=1))
    assert not runs.restart_pass(nobody, T0)
    assert not runs.spend(nobody, 1) and not runs.end(nobody, T0) and not runs.resume(nobody)
    assert not runs.stop(ID, "paused", "by ada", T0)
    assert runs.load(ID) is None and runs.recent() == [] and runs.due(T0) == []


def test_what_is_too_much_for_an_item_is_refused_and_nothing_is_begun(dynamo: DynamoRunStore) -> None:
    with pytest.raises(Invalid, match=r"filter: is .* bytes"):
        dynamo.create(fresh(filter=Filter(assets=tuple(f"{n * 7919**9:x}"[-40:] for n in range(9000)))))
    assert dynamo.recent() == [] and dynamo.due(T0) == []


def test_a_run_that_cannot_be_stored_is_not_begun(aws: Aws, dynamo: DynamoRunStore) -> None:
    with Stubber(aws.clients.dynamodb) as stub:
        stub.add_response("update_item", {})
        stub.add_response("update_item", {})
        stub.add_client_error("put_item", "ThrottlingException")
        with pytest.raises(Retryable, match="DynamoDB: ThrottlingException"):
            dynamo.create(fresh())
    assert dynamo.due(T0) == []
    with Stubber(aws.clients.dynamodb) as stub:
        stub.add_client_error("update_item", "InternalServerError")
        with pytest.raises(Retryable):
            dynamo.create(fresh())
    assert dynamo.due(T0) == [] and dynamo.load(ID) is None


def test_a_run_whose_creation_is_sent_once_more_goes_on_from_where_it_is(runs: RunStore) -> None:
    run = begun(runs)
    assert runs.planned(run, "0", None, TWO, Counts(seen=3, planned=2))
    before = stored(runs)
    runs.create(fresh())

    assert stored(runs) == before and runs.recent() == [before]


def test_a_run_of_before_folders_could_be_followed_is_read(aws: Aws, dynamo: DynamoRunStore) -> None:
    run = begun(dynamo)
    key = {"pk": {"S": f"RUN#{ID}"}}
    update = "REMOVE moves, held_until, refresh"
    aws.clients.dynamodb.update_item(TableName="StateTable", Key=key, UpdateExpression=update)

    assert stored(dynamo) == run
