"""The indexes of the State table: by name, by due time, by open questions."""

from typing import Any

from msgspec.structs import replace

from autotag.adapters.aws.dynamodb.items import shard_of
from autotag.adapters.aws.dynamodb.states import DynamoStateStore
from autotag.domain.model.asset import AssetRef
from autotag.domain.state.asset_state import AssetState, Poll
from autotag.domain.state.due_entry import SHARDS
from tests.integration.adapters.aws.dynamodb.states.sample_states import INTENT, T0
from tests.integration.adapters.conftest import Aws


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


def test_a_deleted_asset_leaves_the_name_to_others_and_gets_it_back_when_it_is_restored(
    aws: Aws, store: DynamoStateStore
) -> None:
    living = keep(store, "a")
    gone = store.put(replace(living, status="gone", final_at=T0), expected=living)
    assert gone is not None and store.load("a") == gone and gone.asset.public_id == "x"
    under = {"IndexName": "by_public_id", "KeyConditionExpression": "public_id = :p", "TableName": "StateTable"}
    found = aws.clients.dynamodb.query(**under, ExpressionAttributeValues={":p": {"S": "x"}})
    assert found["Items"] == [] and store.named("x") == ["a"]
    back = store.put(replace(gone, status="tagged"), expected=gone)
    assert store.load("a") == back and store.holders(AssetRef("b", "x", "image", "upload", 1)) == ["a"]


def test_of_a_name_with_many_lives_the_living_holders_are_found_by_one_call(aws: Aws, store: DynamoStateStore) -> None:
    for number in range(120):
        keep(store, f"gone{number}", status="gone", final_at=T0)
    keep(store, "a1")
    keep(store, "a2")
    calls: list[str] = []
    aws.clients.dynamodb.meta.events.register("before-call.dynamodb.Query", lambda **_: calls.append("Query"))
    assert sorted(store.holders(AssetRef("new", "x", "image", "upload", 1))) == ["a1", "a2"]
    assert store.named("x") == ["a1", "a2"] and len(calls) == 2


def test_a_deleted_asset_expires_unless_work_is_left(aws: Aws) -> None:
    table = aws.table("StateTable")
    store = DynamoStateStore(aws.clients.dynamodb, table, 90)

    def expiry(asset_id: str) -> int | None:
        item = aws.clients.dynamodb.get_item(TableName=table, Key={"pk": {"S": f"ASSET#{asset_id}"}})["Item"]
        return int(item["expires_at"]["N"]) if "expires_at" in item else None

    days, second = 90 * 86400, T0 // 1000
    keep(store, "gone", status="gone", final_at=T0)
    keep(store, "told", status="gone", final_at=T0, deleted_at=T0 + 9000)
    keep(store, "unsent", status="gone", final_at=T0, outbox=("gone.x",), follow_up_at=T0)
    keep(store, "alive", final_at=T0)
    assert [expiry(name) for name in ("gone", "told", "unsent", "alive")] == [
        second + days,
        second + 9 + days,
        None,
        None,
    ]


def due(store: DynamoStateStore, kind: str, now: int) -> list[str]:
    return [each.asset_id for shard in range(SHARDS) for each in store.due(kind, shard, now, 100)]


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
    found = store.due("POLL", 3, T0, 20)
    assert [each.asset_id for each in found] == crowd[::-1][:20]
    assert [each.due_at for each in found] == [T0 - n for n in range(59, 39, -1)]
