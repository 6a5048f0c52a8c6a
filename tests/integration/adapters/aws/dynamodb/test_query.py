"""A short page of DynamoDB's is not taken for the last: only one without ``LastEvaluatedKey`` is."""

from collections.abc import Callable
from itertools import islice
from typing import Any

import pytest
from botocore.stub import Stubber
from msgspec import to_builtins
from msgspec.structs import replace

from autotag.adapters.aws.dynamodb.audits import DynamoAuditLog
from autotag.adapters.aws.dynamodb.codec.blob import packed
from autotag.adapters.aws.dynamodb.indexes import DueIndex
from autotag.adapters.aws.dynamodb.query import queried
from autotag.adapters.aws.dynamodb.runs import DynamoRunStore
from autotag.adapters.aws.dynamodb.states import DynamoStateStore
from autotag.domain.errors import Retryable
from autotag.domain.model.audit import audit_id
from autotag.domain.model.health import DueAsset
from tests.integration.adapters.conftest import Aws
from tests.unit.domain.state.state_builders import T0, audit_of, claimed, complete, state

KEY = {"pk": {"S": "ASSET#a1"}}
AUDIT = audit_of(claimed(state(complete())))
RECORDS = [replace(AUDIT, audit_id=audit_id("a1", T0 + n, "unique")) for n in (2, 1, 0)]

ITEMS = [
    {
        "pk": {"S": "ASSET#a1"},
        "sk": {"S": f"AUDIT#{record.audit_id[3:]}"},
        "v": {"N": "1"},
        "record": {"B": packed(to_builtins(record)).data},
    }
    for record in RECORDS
]

Reader = Callable[[Any], Any]


def answer(*items: dict[str, Any], more: bool) -> dict[str, Any]:
    return {"Items": list(items), **({"LastEvaluatedKey": KEY} if more else {})}


def named(*asset_ids: str) -> list[dict[str, Any]]:
    return [texts({"public_id": "x", "pk": f"ASSET#{asset_id}"}) for asset_id in asset_ids]


def texts(fields: dict[str, str]) -> dict[str, Any]:
    return {name: {"S": text} for name, text in fields.items()}


CASES: dict[str, tuple[Reader, list[dict[str, Any]], Any]] = {
    "audits": (
        lambda client: DynamoAuditLog(client, "T").of_asset("a1", 50),
        ITEMS,
        RECORDS,
    ),
    "assets of a name": (
        lambda client: DynamoStateStore(client, "T").named("x"),
        named("a", "b", "c"),
        ["a", "b", "c"],
    ),
    "due assets": (
        lambda client: DynamoStateStore(client, "T").due("POLL", 3, T0, 100),
        [each | {"due_at": {"N": "7"}} for each in named("a", "b", "c")],
        [DueAsset("a", 7), DueAsset("b", 7), DueAsset("c", 7)],
    ),
    "due runs": (
        lambda client: DynamoRunStore(client, "T").due(T0),
        [texts({"pk": f"RUN#{run}"}) for run in "abc"],
        ["a", "b", "c"],
    ),
}


@pytest.mark.parametrize(("read", "items", "found"), CASES.values(), ids=CASES)
def test_a_short_or_empty_page_with_a_key_is_not_taken_for_the_last(
    aws: Aws, read: Reader, items: list[dict[str, Any]], found: Any
) -> None:
    with Stubber(aws.clients.dynamodb) as stub:
        stub.add_response("query", answer(*items[:1], more=True))
        stub.add_response("query", answer(more=True))
        stub.add_response("query", answer(*items[1:], more=False))
        assert read(aws.clients.dynamodb) == found
        stub.assert_no_pending_responses()


def test_what_is_due_first_may_stand_behind_an_empty_page(aws: Aws) -> None:
    with Stubber(aws.clients.dynamodb) as stub:
        stub.add_response("query", answer(more=True))
        stub.add_response("query", answer({"pk": {"S": "ASSET#a1"}, "due_at": {"N": "7"}}, more=True))
        assert DueIndex(aws.clients.dynamodb, "T").oldest("POLL", 3) == DueAsset("a1", 7)
        stub.assert_no_pending_responses()


def test_no_page_is_asked_for_beyond_what_is_wanted(aws: Aws) -> None:
    query: dict[str, Any] = {"TableName": "T", "KeyConditionExpression": "pk = :pk"}
    with Stubber(aws.clients.dynamodb) as stub:
        stub.add_response("query", answer(*[KEY] * 3, more=True), query | {"Limit": 5})
        stub.add_response("query", answer(*[KEY] * 2, more=True), query | {"Limit": 2, "ExclusiveStartKey": KEY})
        assert len(list(queried(aws.clients.dynamodb, 5, **query))) == 5
        stub.add_response("query", answer(*[KEY] * 3, more=True), query)
        assert len(list(islice(queried(aws.clients.dynamodb, **query), 3))) == 3
        stub.assert_no_pending_responses()


def test_a_table_that_fails_behind_the_first_page_is_no_end_of_it(aws: Aws) -> None:
    with Stubber(aws.clients.dynamodb) as stub:
        stub.add_response("query", answer(KEY, more=True))
        stub.add_client_error("query", "ThrottlingException")
        with pytest.raises(Retryable, match="ThrottlingException"):
            list(queried(aws.clients.dynamodb, TableName="T", KeyConditionExpression="pk = :pk"))
