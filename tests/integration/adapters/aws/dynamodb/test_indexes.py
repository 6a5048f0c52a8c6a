"""The review queue's index of the State table: sparse, in the order of the questions, with the tags of each."""

import pytest
from botocore.stub import Stubber
from msgspec.structs import replace

from autotag.adapters.aws.dynamodb.indexes import AskedIndex
from autotag.adapters.aws.dynamodb.items import shard_of
from autotag.adapters.aws.dynamodb.states import DynamoStateStore
from autotag.domain.errors import Retryable
from autotag.domain.model.asset import AssetRef, Facts
from autotag.domain.model.verdicts import Bar, Sample
from autotag.domain.review.waiting import WaitingAsset
from autotag.domain.state.asset_state import AssetState, TagPreference
from autotag.domain.state.due_entry import SHARDS
from autotag.ports.operations import QueuePage
from tests.integration.adapters.conftest import Aws
from tests.integration.adapters.instrumented_clients import recorded_calls

T0 = 1_791_460_800_000
IN_SHARD_3 = [name for name in (f"n{n}" for n in range(4000)) if shard_of(name) == 3]


@pytest.fixture
def store(aws: Aws) -> DynamoStateStore:
    return DynamoStateStore(aws.clients.dynamodb, aws.table("StateTable"))


@pytest.fixture
def index(aws: Aws, store: DynamoStateStore) -> AskedIndex:
    return AskedIndex(aws.clients.dynamodb, "StateTable")


def asked(name: str, at: int, **review: int) -> AssetState:
    """Return the state of an asset in ``stage`` that is asked about tags, each with its confidence times 10,000."""
    ref = AssetRef(name, f"stage/{name}", "image", "upload", 100)
    tags, known = tuple(review), {tag.lower(): confidence for tag, confidence in review.items() if confidence}
    state = AssetState(ref, "tagged", review=tags, ask=known, asked_at=at if tags else 0, final_at=T0 + 999)
    return replace(state, facts=Facts("stage", "jpg", {}, (), at))


def everything(index: AskedIndex, since: int = 0, tag: str = "") -> list[WaitingAsset]:
    return sorted(
        (asset for shard in range(SHARDS) for asset in index.page(shard, since, tag=tag).assets),
        key=lambda asset: asset.since,
    )


def write_as_before(aws: Aws, store: DynamoStateStore, state: AssetState) -> None:
    """Write a state as the last release did, which stored no attributes for this index."""
    store.put(state, expected=None)
    aws.clients.dynamodb.update_item(
        TableName="StateTable",
        Key={"pk": {"S": f"ASSET#{state.asset.asset_id}"}},
        UpdateExpression="REMOVE ask, ask_folder",
    )


def test_what_is_asked_about_is_found_with_its_tags_since_when_it_is_and_nothing_else(
    store: DynamoStateStore, index: AskedIndex
) -> None:
    store.put(asked("a1", T0 + 5, Musician=5754), expected=None)
    store.put(asked("a2", T0 + 3, Musician=6000, Cat=0), expected=None)
    store.put(asked("a3", T0), expected=None)
    first = WaitingAsset(T0 + 3, "a2", {"musician": 6000, "cat": 0}, "stage")
    second = WaitingAsset(T0 + 5, "a1", {"musician": 5754}, "stage")
    assert everything(index) == [first, second]
    assert everything(index, T0 + 4) == [second]


def sample(tag: str, at: int, confidence: int = 2000) -> Sample:
    """Return a question at random."""
    return Sample(at, tag, tag.lower(), confidence, "f" * 12, Bar(0.7, 0.5))


def test_a_question_at_random_is_found_and_marked_though_no_tag_is_in_review(
    store: DynamoStateStore, index: AskedIndex
) -> None:
    known = replace(asked("a1", 0), samples={"hat": sample("Hat", T0 + 4), "cap": sample("Cap", T0 + 6, 10_000)})
    store.put(known, expected=None)
    confidences = {"hat": 2000, "cap": 10_000}
    assert everything(index) == [WaitingAsset(T0 + 4, "a1", confidences, "stage", frozenset(confidences))]
    assert everything(index, tag="cap") == [WaitingAsset(T0 + 4, "a1", {"cap": 10_000}, "stage", frozenset({"cap"}))]


def test_an_asset_waits_since_the_older_of_its_questions_and_a_tag_in_review_keeps_its_confidence(
    store: DynamoStateStore, index: AskedIndex
) -> None:
    known = replace(asked("a1", T0 + 5, Musician=5754), samples={"musician": sample("Musician", T0 + 3, 5600)})
    store.put(known, expected=None)
    assert everything(index) == [WaitingAsset(T0 + 3, "a1", {"musician": 5754}, "stage", frozenset({"musician"}))]


def test_a_question_at_random_leaves_the_index_once_it_is_answered_or_a_person_decides(
    store: DynamoStateStore, index: AskedIndex
) -> None:
    known = replace(asked("a1", 0), samples={"hat": sample("Hat", T0 + 4)})
    waiting = store.put(known, expected=None)
    assert waiting is not None and len(everything(index)) == 1
    answered = {"hat": replace(sample("Hat", T0 + 4), answer="reject", answered_at=T0 + 9)}
    done = store.put(replace(waiting, samples=answered), expected=waiting)
    assert everything(index) == []
    again = store.put(replace(waiting, people={"hat": TagPreference("add", T0 + 9, "Hat")}), expected=done)
    assert everything(index) == [] and store.load("a1") == again


def test_what_was_answered_leaves_the_index(store: DynamoStateStore, index: AskedIndex) -> None:
    stored = store.put(asked("a1", T0, Musician=1), expected=None)
    assert stored is not None and [asset.asset_id for asset in everything(index)] == ["a1"]
    left = replace(stored, review=(), ask={}, asked_at=0)
    store.put(left, expected=stored)
    assert everything(index) == []
    assert store.load("a1") == replace(left, rev=2)


def test_an_asset_that_was_asked_about_before_this_was_kept_waits_since_its_decision(
    store: DynamoStateStore, index: AskedIndex
) -> None:
    store.put(replace(asked("a1", 0, Musician=1), asked_at=0), expected=None)
    assert [asset.since for asset in everything(index)] == [T0 + 999]


@pytest.mark.parametrize("tag", ["cat", "modern art", "a.b", "#tag", "ünï🎸", "ask"])
def test_only_what_is_asked_about_a_tag_is_sent_with_this_tag_alone(
    aws: Aws, store: DynamoStateStore, index: AskedIndex, tag: str
) -> None:
    store.put(asked("a1", T0 + 1, **{"musician": 5754, tag: 6000}), expected=None)
    store.put(asked("a2", T0 + 2, musician=5754), expected=None)
    write_as_before(aws, store, asked("a3", T0 + 3, musician=1))
    assert everything(index, tag=tag) == [
        WaitingAsset(T0 + 1, "a1", {tag: 6000}, "stage"),
        WaitingAsset(T0 + 3, "a3"),
    ]


def test_a_partition_is_read_in_order_over_pages_and_only_as_far_as_needed(
    aws: Aws, store: DynamoStateStore, index: AskedIndex
) -> None:
    for n, name in enumerate(IN_SHARD_3[:7]):
        store.put(asked(name, T0 + n, Musician=1), expected=None)
    with recorded_calls(aws.clients.dynamodb, "Query") as queries:
        first = index.page(3, 0, limit=5)
        second = index.page(3, 0, limit=5, rest=first.rest)
    assert [asset.asset_id for page in (first, second) for asset in page.assets] == IN_SHARD_3[:7]
    assert (first.read_until, second.rest) == (T0 + 4, None)
    assert len(queries) == 2


def test_a_page_on_which_nothing_passes_leads_on(index: AskedIndex, aws: Aws) -> None:
    key = {"pk": {"S": "ASSET#a1"}, "review": {"S": "REVIEW#0"}, "review_at": {"N": str(T0)}}
    with Stubber(aws.clients.dynamodb) as stub:
        stub.add_response("query", {"Items": [], "LastEvaluatedKey": key})
        assert index.page(0, 0, tag="cat") == QueuePage([], key, T0)


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("InternalServerError", "DynamoDB: InternalServerError"),
        ("ValidationException", "the index of the review queue is still being built, .*: try again"),
    ],
)
def test_an_index_that_does_not_answer_is_asked_again_later(
    aws: Aws, index: AskedIndex, code: str, message: str
) -> None:
    with Stubber(aws.clients.dynamodb) as stub:
        stub.add_client_error("query", code, "Cannot read from backfilling global secondary index: asked")
        with pytest.raises(Retryable, match=message):
            index.page(0, 0)
