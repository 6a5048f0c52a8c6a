"""What is sent to DynamoDB about runs, and what becomes of answers that fail or are lost."""

import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import pytest
from botocore.stub import Stubber
from moto.dynamodb.parsing.reserved_keywords import ReservedKeywords

from autotag.adapters.aws.dynamodb.runs import DynamoRunStore
from autotag.adapters.aws.dynamodb.states import DynamoStateStore
from autotag.domain.errors import Retryable
from autotag.domain.runs.progress import Counts
from tests.integration.adapters.aws.dynamodb.runs.stored_runs import FIRST, FULL, ID, T0, TWO, begun, fresh, stored
from tests.integration.adapters.conftest import Aws
from tests.integration.adapters.instrumented_clients import LosesAnswers

CALLS: dict[str, tuple[str, Callable[[DynamoRunStore], object]]] = {
    "load": ("batch_get_item", lambda runs: runs.load(ID)),
    "recent": ("get_item", lambda runs: runs.recent()),
    "due": ("query", lambda runs: runs.due(T0)),
    "postpone": ("update_item", lambda runs: runs.postpone(ID, T0)),
    "planned": ("update_item", lambda runs: runs.planned(fresh(), "0", None, TWO, Counts())),
    "queued": ("update_item", lambda runs: runs.queued(fresh(), "0")),
    "take time": ("update_item", lambda runs: runs.take_time(fresh(), 1000, T0)),
    "handled": ("update_item", lambda runs: runs.handled(ID, FIRST, Counts(done=1))),
    "count": ("update_item", lambda runs: runs.count(ID, Counts(seen=1))),
    "spend": ("update_item", lambda runs: runs.spend(fresh(), 1)),
    "end": ("update_item", lambda runs: runs.end(fresh(), T0)),
    "again": ("update_item", lambda runs: runs.restart_pass(fresh(), T0)),
    "stop": ("update_item", lambda runs: runs.stop(ID, "paused", "by ada", T0)),
    "resume": ("update_item", lambda runs: runs.resume(fresh())),
}


@pytest.mark.parametrize("name", CALLS)
def test_a_table_that_does_not_answer_is_no_answer(aws: Aws, dynamo: DynamoRunStore, name: str) -> None:
    operation, call = CALLS[name]
    with Stubber(aws.clients.dynamodb) as stub:
        stub.add_client_error(operation, "InternalServerError")
        with pytest.raises(Retryable, match="DynamoDB: InternalServerError"):
            call(dynamo)


def test_writes_whose_answers_are_lost_take_effect_once_where_it_matters(aws: Aws, dynamo: DynamoRunStore) -> None:
    """The client sends the same again: pages, outboxes, groups and ends are what they were; only counts may be more."""
    unlucky = DynamoRunStore(LosesAnswers(aws.clients.dynamodb), "StateTable")
    unlucky.create(fresh())
    assert [run.id for run in unlucky.recent()] == [ID]
    for segment in sorted(stored(unlucky).segments):
        before = stored(unlucky)
        unlucky.planned(before, segment, None, TWO if segment == "0" else (), Counts(seen=1))
        after = stored(unlucky)
        assert (after.segments[segment].pages, after.counts.seen) == (1, before.counts.seen + 1)
        if segment == "0":
            assert after.segments["0"].outbox == TWO
            unlucky.queued(after, "0")
    assert stored(unlucky).groups == {FIRST, "0.0.0.1"}
    for group in TWO:
        unlucky.handled(ID, group.id, Counts(done=1))
    assert stored(unlucky).counts.done == len(TWO)
    unlucky.stop(ID, "paused", "by ada", T0)
    unlucky.resume(stored(unlucky))
    assert (stored(unlucky).status, stored(unlucky).epoch) == ("running", 1)


class Asked(NamedTuple):
    """One request to DynamoDB."""

    operation: str
    params: dict[str, Any]


@pytest.fixture
def asked(aws: Aws) -> Iterator[list[Asked]]:
    """Every request to DynamoDB meanwhile."""
    seen: list[Asked] = []

    def note(params: dict[str, Any], model: Any, **_: Any) -> None:
        seen.append(Asked(model.name, params))

    events = aws.clients.dynamodb.meta.events
    events.register("provide-client-params.dynamodb", note)
    yield seen
    events.unregister("provide-client-params.dynamodb", note)


def test_a_run_and_the_list_of_runs_are_read_as_they_were_written_last(
    asked: list[Asked], dynamo: DynamoRunStore
) -> None:
    begun(dynamo)
    dynamo.recent()
    (listed,) = [params for operation, params in asked if operation == "GetItem"]
    batches = [params["RequestItems"]["StateTable"] for operation, params in asked if operation == "BatchGetItem"]
    assert len(batches) == 2 and all(each["ConsistentRead"] for each in (listed, *batches))


def test_expressions_use_no_reserved_word_and_exactly_what_they_are_given(
    aws: Aws, asked: list[Asked], dynamo: DynamoRunStore
) -> None:
    """DynamoDB refuses a reserved word as a name, an undefined placeholder, one that is not used, and empty values."""
    begun(dynamo, FULL)
    for groups in (TWO, (), TWO):
        for cursor in ("ASSET#a", None):
            dynamo.planned(stored(dynamo), "0", cursor, groups, Counts(seen=1))
        dynamo.queued(stored(dynamo), "0")
        dynamo.restart_pass(stored(dynamo), T0)
    for _, call in CALLS.values():
        call(dynamo)
    dynamo.spend(stored(dynamo), 1, 1)
    DynamoStateStore(aws.clients.dynamodb, "StateTable").page(0, 8, "", 10)

    reserved = {word.upper() for word in ReservedKeywords.get_reserved_keywords()}
    own = {"SET", "ADD", "REMOVE", "DELETE", "AND", "OR", "NOT", "IN", "SIZE", "BETWEEN"}
    checked = 0
    for operation, params in asked:
        texts = [text for name, text in params.items() if name.endswith("Expression")]
        if not texts:
            continue
        checked += 1
        whole = " ".join(texts)
        words = set(re.findall(r"(?<![:#\w])[A-Za-z_]\w*(?!\w*\()", whole))
        assert not {word for word in words if word.upper() in reserved - own}, (operation, whole)
        assert set(re.findall(r":\w+", whole)) == set(params.get("ExpressionAttributeValues", {})), (operation, whole)
        assert set(re.findall(r"#\w+", whole)) == set(params.get("ExpressionAttributeNames", {})), (operation, whole)
        assert params.get("ExpressionAttributeNames") != {} and "ExclusiveStartKey" not in params, operation
    assert checked >= 15
