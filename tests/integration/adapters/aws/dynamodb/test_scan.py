"""Reading every asset of the State table: in pages, in segments, and nothing but live assets."""

from collections.abc import Callable
from secrets import token_urlsafe

import pytest
from botocore.stub import Stubber
from msgspec.structs import replace

from autotag.adapters.aws.dynamodb.active_rules import DynamoActiveRules
from autotag.adapters.aws.dynamodb.states import DynamoStateStore
from autotag.domain.errors import Invalid, Retryable, UnknownShape
from autotag.domain.model.asset import AssetRef, Facts
from autotag.domain.model.labels import Categorization, Label
from autotag.domain.rules.versions import Published
from autotag.domain.runs.run import SEGMENTS
from autotag.domain.state.asset_state import AssetState, Intent, NextState, Poll, TagPreference
from autotag.service.operations.scan import Scan, scan
from tests.integration.adapters.aws.dynamodb.states.sample_states import RICH
from tests.integration.adapters.conftest import Aws
from tests.integration.adapters.instrumented_clients import recorded_calls

T0 = 1_791_460_800_000


@pytest.fixture
def store(aws: Aws) -> DynamoStateStore:
    """Ten assets, one of them gone, among other items."""
    store = DynamoStateStore(aws.clients.dynamodb, aws.table("StateTable"))
    for n in range(10):
        store.put(asset(n), expected=None)
    DynamoActiveRules(aws.clients.dynamodb, "StateTable").publish(Published("a" * 64, 1, "ada", T0), expected=0)
    aws.clients.dynamodb.put_item(TableName="StateTable", Item={"pk": {"S": "BUDGET#1"}, "used": {"N": "1"}})
    return store


def asset(n: int) -> AssetState:
    intent = Intent("i", "o", T0, 0, ("x",), (), f"a{n}.1.x", b"{}", NextState("tagged", {}, "d"))
    return AssetState(
        AssetRef(f"a{n}", f"Bühne/{n}", "image", "upload", 100),
        "gone" if n == 9 else "pending",
        facts=Facts("Bühne", "jpg", {"status": "x"}, ("press",), T0),
        categorizations={"aws_rek_tagging": Categorization("complete", (Label("Gitarre 🎸", 0.7046),), T0)},
        managed_tags={"Gitarre 🎸": ("gitarre 🎸",)},
        people={"cat": TagPreference("remove", T0, "Cat", ("kitten",))},
        rules_version="f" * 64,
        poll=Poll(T0, 0, T0) if n % 2 else None,
        intent=intent if n % 3 == 0 else None,
    )


def walk(store: DynamoStateStore, segment: int = 0, segments: int = 1, limit: int = 3) -> list[AssetState]:
    """Follow the cursors to the end."""
    found: list[AssetState] = []
    cursor: str | None = ""
    while cursor is not None:
        page, cursor = store.scan(segment, segments, cursor, limit)
        assert len(page) <= limit
        found += [state for state, _ in page]
    return found


def names(states: list[AssetState]) -> list[str]:
    return sorted(state.asset.asset_id for state in states)


LIVE = [f"a{n}" for n in range(9)]


@pytest.mark.parametrize("limit", [1, 3, 100])
def test_every_live_asset_is_read_once_and_nothing_else(store: DynamoStateStore, limit: int) -> None:
    assert names(walk(store, limit=limit)) == LIVE


def test_segments_share_the_table_out(store: DynamoStateStore) -> None:
    assert names([state for n in range(4) for state in walk(store, n, 4)]) == LIVE


def test_the_cursor_behind_an_asset_goes_on_behind_it(store: DynamoStateStore) -> None:
    whole, _ = store.scan(0, 1, "", 100)
    for n, (_, cursor) in enumerate(whole):
        rest, _ = store.scan(0, 1, cursor, 100)
        assert [state for state, _ in rest] == [state for state, _ in whole[n + 1 :]]


def test_a_state_is_whole(store: DynamoStateStore) -> None:
    for state in walk(store):
        assert state == store.load(state.asset.asset_id)


def test_a_scan_tells_what_a_whole_state_would(store: DynamoStateStore) -> None:
    """Whatever rules and counts are made from is among the attributes that a scan reads."""
    full = replace(RICH, asset=asset(1).asset, tags_since=99, rev=1)
    store.put(full, expected=store.load("a1"))

    class Whole:
        """Scans by loading each state."""

        def scan(
            self, segment: int, segments: int, cursor: str, limit: int
        ) -> tuple[list[tuple[AssetState, str]], str | None]:
            found, after = store.scan(segment, segments, cursor, limit)
            loaded = store.load_all([state.asset.asset_id for state, _ in found])
            return [(loaded[state.asset.asset_id], behind) for state, behind in found], after

    assert scan(store, Scan(limit=100)) == scan(Whole(), Scan(limit=100))


def pages(store: DynamoStateStore, segment: int = 0, segments: int = 1, limit: int = 3) -> list[AssetState]:
    """Follow the cursors of whole states to the end."""
    found: list[AssetState] = []
    cursor: str | None = ""
    while cursor is not None:
        page, cursor = store.page(segment, segments, cursor, limit)
        assert len(page) <= limit
        found += page
    return found


@pytest.mark.parametrize("limit", [1, 3, 100])
def test_pages_hold_every_live_asset_once_and_whole(store: DynamoStateStore, limit: int) -> None:
    found = pages(store, limit=limit)
    assert names(found) == LIVE
    assert {state.asset.asset_id: state for state in found} == {name: store.load(name) for name in LIVE}


def test_the_pages_of_all_segments_together_are_everything(store: DynamoStateStore) -> None:
    assert names([state for n in range(SEGMENTS) for state in pages(store, n, SEGMENTS)]) == LIVE


def test_a_page_is_read_on_where_dynamodb_stopped_at_a_megabyte(aws: Aws, store: DynamoStateStore) -> None:
    for n in range(10):
        known = store.load(f"a{n}")
        assert known is not None
        store.put(replace(known, facts=Facts(token_urlsafe(200_000), "jpg", {}, (), T0)), expected=known)
    with recorded_calls(aws.clients.dynamodb, "Scan") as asked:
        states, _ = store.page(0, 1, "", 10)
    assert names(states) == LIVE and len(asked) > 1
    assert names(pages(store, limit=4)) == LIVE


def test_a_page_of_what_is_gone_ends_all_the_same(aws: Aws, store: DynamoStateStore) -> None:
    """It looks at so many items, not until it has found so many: a table of deleted assets takes no longer."""
    with recorded_calls(aws.clients.dynamodb, "Scan") as asked:
        for n in range(9):
            known = store.load(f"a{n}")
            assert known is not None
            store.put(replace(known, status="gone"), expected=known)
        states, cursor = store.page(0, 1, "", 4)
    assert (states, len(asked)) == ([], 1) and cursor is not None


READS = [DynamoStateStore.scan, DynamoStateStore.page]


@pytest.mark.parametrize("read", READS)
def test_a_cursor_of_nowhere_is_refused(aws: Aws, store: DynamoStateStore, read: Callable[..., object]) -> None:
    with Stubber(aws.clients.dynamodb) as stub:
        stub.add_client_error("scan", "ValidationException")
        with pytest.raises(Invalid, match="cursor: expected one that this scan answered"):
            read(store, 0, 4, "elsewhere", 10)


@pytest.mark.parametrize("read", READS)
@pytest.mark.parametrize(("code", "cursor"), [("ValidationException", ""), ("InternalServerError", "ASSET#a1")])
def test_a_table_that_does_not_answer_is_asked_again_later(
    aws: Aws, store: DynamoStateStore, code: str, cursor: str, read: Callable[..., object]
) -> None:
    with Stubber(aws.clients.dynamodb) as stub:
        stub.add_client_error("scan", code)
        with pytest.raises(Retryable, match=f"DynamoDB: {code}"):
            read(store, 0, 4, cursor, 10)


def test_a_page_leaves_out_what_another_version_wrote_and_tells_it(aws: Aws, store: DynamoStateStore) -> None:
    told: list[str] = []
    key = {"pk": {"S": "ASSET#a2"}}
    aws.clients.dynamodb.update_item(
        TableName="StateTable", Key=key, UpdateExpression="SET v = :v", ExpressionAttributeValues={":v": {"N": "2"}}
    )
    tolerant = DynamoStateStore(aws.clients.dynamodb, "StateTable", skipped=told.append)
    assert names(tolerant.page(0, 1, "", 100)[0]) == [name for name in LIVE if name != "a2"]
    assert len(told) == 1 and "asset a2 has shape 2" in told[0]
    with pytest.raises(UnknownShape):
        store.scan(0, 1, "", 100)
    with pytest.raises(UnknownShape):
        store.load("a2")
