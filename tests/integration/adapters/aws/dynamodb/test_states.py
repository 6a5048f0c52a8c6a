"""States of assets in DynamoDB: what goes in comes out, and every write is conditional on what was read."""

import uuid
from typing import Any

import pytest
from botocore.stub import Stubber
from msgspec.structs import replace

from autotag.adapters.aws.dynamodb.items import item_size, shard_of, state_to_item
from autotag.adapters.aws.dynamodb.states import DynamoStateStore
from autotag.domain.errors import Retryable, TooLarge
from autotag.domain.model.asset import AssetRef, Facts
from autotag.domain.model.audit import Trigger
from autotag.domain.model.labels import Categorization, Label
from autotag.domain.state.asset_state import (
    SHARDS,
    AssetState,
    Assigned,
    Claim,
    Intent,
    NextState,
    Poll,
    TagPreference,
    Write,
)
from autotag.domain.state.item_size import ITEM, max_item_size
from tests.integration.adapters.conftest import Aws
from tests.integration.adapters.instrumented_clients import LosesAnswers, recorded_calls

T0 = 1_791_460_800_000
REF = AssetRef("a1", "stage/guitarist", "image", "upload", 100)
FRESH = AssetState(REF, "pending")
INTENT = Intent(
    id="i" * 32,
    owner="o" * 32,
    due_at=T0 + 125_000,
    attempts=2,
    add=("Gitarre 🎸", "Café"),
    remove=("old",),
    audit_id=f"a1.{T0}.abc",
    audit='{"reason":"\\u0000 Gitarre 🎸"}'.encode(),
    outcome=NextState("tagged", {"Gitarre 🎸": ("gitarre 🎸", "x"), "Implied": ()}, "100:abc", ("x",), T0 - 1),
    before={"café": TagPreference("remove", T0, "Café", withdrawn=True)},
)
RICH = AssetState(
    asset=AssetRef("A-1_z", "Bühne/Gitarrist 🎸 a&b,c", "image", "upload", 1_791_460_800),
    status="applying",
    facts=Facts("Bühne", "", {"licence": "", "k=v": "x|y"}, ("press", "Café", ""), T0),
    categorizations={
        "aws_rek_tagging": Categorization("complete", (Label("Gitarre 🎸", 0.7046), Label("", 0.0, "no name")), T0),
        "google_tagging": Categorization("failed", observed_at=T0, error="Überlast"),
        "imagga_tagging": Categorization("pending", observed_at=T0 + 1),
    },
    managed_tags={"Gitarre 🎸": ("gitarre 🎸",), "Implied": ()},
    people={
        "café": TagPreference("add", T0, "Café"),
        "x": TagPreference("remove", T0 + 1, "X", ("x", "y"), answer="abc", unsaid=True),
    },
    writes={"Gitarre 🎸": Write("add", T0 + 2, 1), "old": Write("remove", T0 + 3, 1, T0 + 1)},
    intent=INTENT,
    outbox=("A-1_z.1.abc", "A-1_z.2.def"),
    follow_up_at=T0 + 4,
    dirty=Trigger("webhook", "upload", "d" * 64, ""),
    decided="100:abc",
    rules_version="f" * 64,
    rules_seq=3,
    engine="1",
    poll=Poll(T0 + 5, 6, T0 + 7, hint=True, overdue=True),
    review=("musician", "Überraschung"),
    final_at=T0 + 8,
    givers={"Gitarre 🎸": ("aws_rek_tagging", "google_tagging"), "Implied": ()},
    named_at=T0 + 9,
    deleted_at=T0 + 10,
    restored_at=T0 + 11,
    claims={"hund": Claim("either", T0 + 12, "Hund", "ada", by_hand=True, digest="d")},
    assigned={"katze": Assigned(T0 + 13, alone=True)},
    tags_since=99,
    listed=100,
    notified_at=T0 + 14,
    before=("press", "Café"),
)


@pytest.fixture
def store(aws: Aws) -> DynamoStateStore:
    return DynamoStateStore(aws.clients.dynamodb, aws.table("StateTable"))


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
    items = [state_to_item(state, "0") for state in stored if state]
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
            lambda: store.due("POLL", 0, T0),
        ):
            with pytest.raises(Retryable, match=f"DynamoDB: {code}"):
                call()


def keep(store: DynamoStateStore, asset_id: str, **fields: Any) -> AssetState:
    ref = {"public_id": "x", "resource_type": "image", "type": "upload", "version": 1} | fields.pop("ref", {})
    stored = store.put(AssetState(AssetRef(asset_id, **ref), fields.pop("status", "tagged"), **fields), expected=None)
    assert stored is not None
    return stored


def test_holders_are_the_live_assets_under_the_same_name_and_types(store: DynamoStateStore) -> None:
    keep(store, "a1")
    keep(store, "a2")
    keep(store, "gone", status="gone")
    keep(store, "video", ref={"resource_type": "video"})
    keep(store, "private", ref={"type": "private"})
    keep(store, "untold", ref={"resource_type": "", "type": ""})
    keep(store, "other", ref={"public_id": "y"})
    assert sorted(store.holders(AssetRef("new", "x", "image", "upload", 1))) == ["a1", "a2", "untold"]
    assert store.holders(AssetRef("new", "z", "image", "upload", 1)) == []
    assert store.holders(AssetRef("new", "", "image", "upload", 1)) == []


def test_an_asset_is_found_by_its_name_live_ones_first(store: DynamoStateStore) -> None:
    keep(store, "b", status="gone")
    keep(store, "a", status="gone")
    assert store.named("x") == ["a", "b"]
    keep(store, "c")
    keep(store, "d", ref={"resource_type": "video"})
    assert store.named("x") == ["c", "d"]
    assert store.named("y") == []


def due(store: DynamoStateStore, kind: str, now: int) -> list[str]:
    return [asset_id for shard in range(SHARDS) for asset_id in store.due(kind, shard, now)]


def test_what_is_due_is_found_by_its_kind_and_time(store: DynamoStateStore) -> None:
    keep(store, "idle")
    keep(store, "soon", poll=Poll(T0 + 1, 0, T0))
    keep(store, "now", poll=Poll(T0, 0, T0))
    keep(store, "open", intent=replace(INTENT, due_at=T0), poll=Poll(T0, 0, T0))
    keep(store, "unsent", outbox=("x",), follow_up_at=T0)
    assert due(store, "POLL", T0) == ["now"]
    assert sorted(due(store, "POLL", T0 + 1)) == ["now", "soon"]
    assert sorted(due(store, "INTENT", T0)) == ["open", "unsent"]
    assert due(store, "INTENT", T0 - 1) == []


def test_an_asset_is_in_one_shard_and_leaves_it_when_it_is_done(store: DynamoStateStore) -> None:
    waiting = keep(store, "a1", poll=Poll(T0, 0, T0))
    assert due(store, "POLL", T0) == ["a1"]
    store.put(replace(waiting, poll=None), expected=waiting)
    assert due(store, "POLL", T0) == []


def test_of_one_shard_the_oldest_come_first_a_page_of_them(aws: Aws, store: DynamoStateStore) -> None:
    crowd = [name for i in range(2000) if shard_of(name := f"a{i}") == 3][:60]
    for n, name in enumerate(crowd):
        keep(store, name, poll=Poll(T0 - n, 0, T0))
    found = store.due("POLL", 3, T0)
    assert found == crowd[::-1][: len(found)] and 10 <= len(found) < 60


def test_the_review_index_is_sparse_and_independent_of_status(aws: Aws, store: DynamoStateStore) -> None:
    keep(store, "asked", review=("musician",), final_at=T0)
    keep(store, "pending", status="pending", review=("x",), final_at=T0 + 1)
    keep(store, "settled", final_at=T0)
    answer = aws.clients.dynamodb.scan(TableName="StateTable", IndexName="review")
    assert sorted(item["pk"]["S"] for item in answer["Items"]) == ["ASSET#asked", "ASSET#pending"]


def test_an_asset_with_a_thousand_labels_tags_and_an_open_intent_fits(store: DynamoStateStore) -> None:
    names = [f"Label number {i} of a thousand, quite long as labels go" for i in range(1000)]
    labels = tuple(Label(name, 1 - i / 1000) for i, name in enumerate(names))
    big = replace(
        RICH,
        facts=Facts("stage", "jpg", {}, tuple(f"tag of a person {i}" for i in range(1000)), T0),
        categorizations={"aws_rek_tagging": Categorization("complete", labels, T0)},
        managed_tags={name: (name.lower(),) for name in names},
        writes={name: Write("add", T0, 1) for name in names},
        intent=replace(INTENT, audit=repr(labels).encode(), outcome=replace(INTENT.outcome, managed_tags={})),
    )
    assert store.put(big, expected=None) is not None
    assert store.load("A-1_z") == replace(big, rev=1)


def wordy(size: int, **fields: Any) -> AssetState:
    """Return a state whose tags take ``size`` bytes, which do not compress."""
    return replace(FRESH, facts=Facts("", "", {}, ("x" * size,), T0), **fields)


def test_an_item_that_has_no_room_is_not_even_sent(aws: Aws, store: DynamoStateStore) -> None:
    first = store.put(wordy(ITEM - 60_000), expected=None)
    assert first is not None
    with recorded_calls(aws.clients.dynamodb, "PutItem") as sent:
        for state, expected in ((wordy(ITEM), None), (wordy(ITEM - 50_000), first), (wordy(1, intent=LARGE), first)):
            with pytest.raises(TooLarge, match="bytes, at most 352256 fit"):
                store.put(state, expected=expected)
    assert sent == [] and store.load("a1") == first


def test_an_item_may_use_all_the_room_that_there_is(store: DynamoStateStore) -> None:
    least = item_size(state_to_item(replace(wordy(1), rev=1), "0" * 32))
    most = max_item_size(FRESH, None) - least + 1
    with pytest.raises(TooLarge):
        store.put(wordy(most + 1), expected=None)
    assert store.put(wordy(most), expected=None) is not None


LARGE = replace(INTENT, add=("y" * (ITEM - 56_000),))


def test_what_is_begun_has_more_room_to_be_finished(store: DynamoStateStore) -> None:
    """Taking over and postponing must fit into what claiming leaves, and closing into what those leave."""
    opened = store.put(replace(FRESH, intent=replace(LARGE, add=("y" * (ITEM - 60_000),))), expected=None)
    assert opened is not None and opened.intent is not None
    taken = store.put(replace(opened, intent=replace(opened.intent, owner="z" * 40_000)), expected=opened)
    assert taken is not None
    with pytest.raises(TooLarge):
        store.put(replace(taken, facts=Facts("", "", {}, ("one more",), T0)), expected=taken)
    closed = store.put(replace(taken, intent=None, managed_tags={"y" * (ITEM - 6000): ()}), expected=taken)
    assert closed is not None and store.load("a1") == closed
