"""The table is searched for open intents that are not in the due index."""

from msgspec.structs import replace

from autotag.adapters.aws.dynamodb.states import DynamoStateStore
from autotag.domain.model.asset import AssetRef
from autotag.domain.state.asset_state import AssetState, Intent, NextState

T0 = 1_791_460_800_000
INTENT = Intent("i1", "owner", T0, 1, ("Cat",), (), "a1.1.x", b"{}", NextState("tagged", {}, ""))


def put(store: DynamoStateStore, asset_id: str, intent: Intent | None) -> AssetState:
    state = AssetState(AssetRef(asset_id, asset_id, "image", "upload", 1), "applying", intent=intent)
    written = store.put(state, expected=None)
    assert written is not None
    return written


def test_only_old_intents_without_an_entry_are_found(store: DynamoStateStore) -> None:
    put(store, "old", replace(INTENT, indexed=False))
    put(store, "indexed", INTENT)
    put(store, "young", replace(INTENT, indexed=False, due_at=T0 + 10))
    put(store, "none", None)
    assert store.lost_intents(0, 1, "", T0 + 1) == (["old"], None)


def test_what_is_in_the_index_by_a_later_write_is_found_no_more(store: DynamoStateStore) -> None:
    known = put(store, "a1", replace(INTENT, indexed=False))
    assert store.load("a1") == known and known.intent is not None and not known.intent.indexed
    store.put(known, expected=known)
    assert store.lost_intents(0, 1, "", T0 + 1) == ([], None)
    (due,) = [each for shard in range(16) for each in store.due("INTENT", shard, T0, 9)]
    assert due.asset_id == "a1"


def test_segments_share_the_table(store: DynamoStateStore) -> None:
    for number in range(20):
        put(store, f"a{number}", replace(INTENT, indexed=False))
    found = [asset_id for segment in range(4) for asset_id in store.lost_intents(segment, 4, "", T0 + 1)[0]]
    assert sorted(found) == sorted(f"a{number}" for number in range(20))
