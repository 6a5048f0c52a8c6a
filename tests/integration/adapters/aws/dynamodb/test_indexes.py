"""The review index of the State table: sparse, in the order of the questions, read as far as it is asked for."""

from itertools import islice

import pytest
from botocore.stub import Stubber
from msgspec.structs import replace

from autotag.adapters.aws.dynamodb.indexes import ReviewIndex
from autotag.adapters.aws.dynamodb.items import shard_of
from autotag.adapters.aws.dynamodb.states import DynamoStateStore
from autotag.domain.errors import Retryable
from autotag.domain.model.asset import AssetRef
from autotag.domain.state.asset_state import SHARDS, AssetState
from tests.integration.adapters.conftest import Aws
from tests.integration.adapters.instrumented_clients import recorded_calls

T0 = 1_791_460_800_000


@pytest.fixture
def store(aws: Aws) -> DynamoStateStore:
    return DynamoStateStore(aws.clients.dynamodb, aws.table("StateTable"))


@pytest.fixture
def index(aws: Aws, store: DynamoStateStore) -> ReviewIndex:
    return ReviewIndex(aws.clients.dynamodb, "StateTable")


def asked(name: str, at: int, *review: str) -> AssetState:
    ref = AssetRef(name, f"stage/{name}", "image", "upload", 100)
    return AssetState(ref, "tagged", review=review, asked_at=at if review else 0, final_at=T0 + 999)


def everything(index: ReviewIndex, since: int = 0) -> list[tuple[int, str]]:
    return sorted(found for shard in range(SHARDS) for found in index.waiting(shard, since))


def test_what_is_asked_about_is_found_since_when_it_is_and_nothing_else(
    store: DynamoStateStore, index: ReviewIndex
) -> None:
    store.put(asked("a1", T0 + 5, "Musician"), expected=None)
    store.put(asked("a2", T0 + 3, "Musician", "Cat"), expected=None)
    store.put(asked("a3", T0), expected=None)
    assert everything(index) == [(T0 + 3, "a2"), (T0 + 5, "a1")]
    assert everything(index, T0 + 4) == [(T0 + 5, "a1")]


def test_what_was_answered_leaves_the_index(store: DynamoStateStore, index: ReviewIndex) -> None:
    stored = store.put(asked("a1", T0, "Musician"), expected=None)
    assert stored is not None and everything(index) == [(T0, "a1")]
    store.put(replace(stored, review=(), asked_at=0), expected=stored)
    assert everything(index) == []
    assert store.load("a1") == replace(stored, review=(), asked_at=0, rev=2)


def test_an_asset_that_was_asked_about_before_this_was_kept_waits_since_its_decision(
    store: DynamoStateStore, index: ReviewIndex
) -> None:
    store.put(replace(asked("a1", 0, "Musician"), asked_at=0), expected=None)
    assert everything(index) == [(T0 + 999, "a1")]


def test_a_partition_is_read_in_order_over_pages_and_only_as_far_as_needed(
    aws: Aws, store: DynamoStateStore, index: ReviewIndex
) -> None:
    names = [name for name in (f"n{n}" for n in range(4000)) if shard_of(name) == 3][:210]
    for n, name in enumerate(names):
        store.put(asked(name, T0 + n, "Musician"), expected=None)
    assert list(index.waiting(3, 0)) == [(T0 + n, name) for n, name in enumerate(names)]
    with recorded_calls(aws.clients.dynamodb, "Query") as queries:
        assert len(list(islice(index.waiting(3, 0), 50))) == 50
    assert len(queries) == 1


def test_a_table_that_does_not_answer_is_asked_again_later(aws: Aws, index: ReviewIndex) -> None:
    with Stubber(aws.clients.dynamodb) as stub:
        stub.add_client_error("query", "InternalServerError")
        with pytest.raises(Retryable, match="DynamoDB: InternalServerError"):
            next(index.waiting(0, 0))
