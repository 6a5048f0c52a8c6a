"""States of assets in DynamoDB: what goes in comes out, and every write is conditional on what was read."""

import uuid
from typing import Any

import pytest
from botocore.stub import Stubber
from msgspec.structs import replace

from autotag.adapters.aws.dynamodb.asset_items import state_to_item
from autotag.adapters.aws.dynamodb.states import DynamoStateStore
from autotag.domain.errors import Retryable
from autotag.domain.model.asset import AssetRef, Facts
from autotag.domain.state.asset_state import AssetState, Poll
from tests.integration.adapters.aws.dynamodb.states.sample_states import FRESH, REF, RICH, T0
from tests.integration.adapters.conftest import Aws
from tests.integration.adapters.instrumented_clients import LosesAnswers, recorded_calls


@pytest.mark.parametrize(
    "state",
    [
        RICH,
        FRESH,
        replace(RICH, intent=None),
        replace(FRESH, facts=Facts("", "", {}, (), 0)),
        replace(FRESH, asset=AssetRef("a1", "", "", "", 0), poll=Poll(0, 0, 0)),
        replace(RICH, people={}, managed_tags={}, writes={}, outbox=(), review=(), dirty=None),
    ],
    ids=["rich", "fresh", "no intent", "empty facts", "a hint", "empty maps"],
)
def test_a_state_comes_back_as_it_was(store: DynamoStateStore, state: AssetState) -> None:
    stored = store.put(state, expected=None)
    assert stored == replace(state, rev=1)
    assert store.load(state.asset.asset_id) == stored


def test_a_state_is_read_as_it_was_written_last(aws: Aws, store: DynamoStateStore) -> None:
    with recorded_calls(aws.clients.dynamodb, "GetItem") as requests:
        store.load("a1")
    assert [request["ConsistentRead"] for request in requests] == [True]


def test_what_was_never_stored_is_nothing(store: DynamoStateStore) -> None:
    assert store.load("a1") is None


def test_many_are_read_a_hundred_at_a_time_and_what_is_not_there_is_left_out(aws: Aws, store: DynamoStateStore) -> None:
    stored = {
        f"a{n}": store.put(replace(FRESH, asset=replace(REF, asset_id=f"a{n}")), expected=None) for n in range(103)
    }
    with recorded_calls(aws.clients.dynamodb, "BatchGetItem") as requests:
        assert store.load_all([*stored, "a1", "nobody"]) == stored
    asked = [request["RequestItems"]["StateTable"] for request in requests]
    assert [len(each["Keys"]) for each in asked] == [100, 4] and all(each["ConsistentRead"] for each in asked)
    assert store.load_all([]) == {}


def test_what_a_batch_did_not_read_is_read_by_the_next(aws: Aws, store: DynamoStateStore) -> None:
    stored = [store.put(replace(FRESH, asset=replace(REF, asset_id=each)), expected=None) for each in ("a1", "a2")]
    items = [state_to_item(state, b"0").item for state in stored if state]
    keys = [{"pk": item["pk"]} for item in items]

    def answer(found: list[dict[str, Any]], left: list[dict[str, Any]]) -> dict[str, Any]:
        rest = {"StateTable": {"Keys": left, "ConsistentRead": True}} if left else {}
        return {"Responses": {"StateTable": found}, "UnprocessedKeys": rest}

    with Stubber(aws.clients.dynamodb) as stub:
        stub.add_response("batch_get_item", answer(items[:1], keys[1:]))
        stub.add_response("batch_get_item", answer(items[1:], []))
        assert list(store.load_all(["a1", "a2"]).values()) == stored
        stub.add_response("batch_get_item", answer([], keys[1:]))  # the first is not there
        stub.add_response("batch_get_item", answer(items[1:], []))
        assert list(store.load_all(["a1", "a2"]).values()) == stored[1:]
        stub.add_response("batch_get_item", answer([], keys))
        with pytest.raises(Retryable, match="DynamoDB: no key of a batch was read"):
            store.load_all(["a1", "a2"])


def test_every_write_raises_the_revision_and_replaces_the_whole(store: DynamoStateStore) -> None:
    first = store.put(replace(RICH, asset=REF), expected=None)
    second = store.put(replace(FRESH, status="tagged"), expected=first)
    assert second == replace(FRESH, status="tagged", rev=2)
    assert store.load("a1") == second


def test_of_two_first_writes_one_wins(store: DynamoStateStore) -> None:
    first = store.put(FRESH, expected=None)
    assert store.put(replace(FRESH, status="tagged"), expected=None) is None
    assert store.load("a1") == first


def test_of_two_writes_over_the_same_one_wins(store: DynamoStateStore) -> None:
    read = store.put(FRESH, expected=None)
    won = store.put(replace(FRESH, status="tagged"), expected=read)
    assert store.put(replace(FRESH, status="failed"), expected=read) is None
    assert store.load("a1") == won


def test_a_write_over_what_is_not_there_loses(store: DynamoStateStore) -> None:
    assert store.put(FRESH, expected=replace(FRESH, rev=1)) is None
    assert store.load("a1") is None


def test_a_write_whose_answer_was_lost_is_known_by_its_stamp(aws: Aws, store: DynamoStateStore) -> None:
    unlucky = DynamoStateStore(LosesAnswers(aws.clients.dynamodb), "StateTable")
    first = unlucky.put(FRESH, expected=None)
    assert first == replace(FRESH, rev=1)
    second = unlucky.put(replace(FRESH, status="tagged"), expected=first)
    assert second is not None and store.load("a1") == second
    assert unlucky.put(replace(FRESH, status="failed"), expected=first) is None


def conditional(stub: Stubber, item: dict[str, Any]) -> None:
    stub.add_client_error(
        "put_item", "ConditionalCheckFailedException", http_status_code=400, modeled_fields={"Item": item}
    )


def test_the_item_of_somebody_else_is_a_loss(aws: Aws, store: DynamoStateStore) -> None:
    with Stubber(aws.clients.dynamodb) as stub:
        for item in ({"stamp": {"S": uuid.uuid4().hex}}, {"stamp": {"S": ""}}, {}):
            conditional(stub, item)
            assert store.put(FRESH, expected=None) is None


@pytest.mark.parametrize(
    "code", ["ProvisionedThroughputExceededException", "ThrottlingException", "InternalServerError", "AccessDenied"]
)
def test_a_table_that_does_not_answer_makes_the_message_come_again(
    aws: Aws, store: DynamoStateStore, code: str
) -> None:
    with Stubber(aws.clients.dynamodb) as stub:
        for operation in ("get_item", "batch_get_item", "put_item", "query", "query", "query"):
            stub.add_client_error(operation, code)
        for call in (
            lambda: store.load("a1"),
            lambda: store.load_all(["a1"]),
            lambda: store.put(FRESH, expected=None),
            lambda: store.holders(REF),
            lambda: store.named("x"),
            lambda: store.due("POLL", 0, T0, 100),
        ):
            with pytest.raises(Retryable, match=f"DynamoDB: {code}"):
                call()
