"""Any state survives being an item of DynamoDB."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from autotag.adapters.aws.dynamodb.asset_items import state_from_item, state_to_item
from autotag.adapters.aws.dynamodb.items import from_item, item_size, shard_of
from autotag.domain.errors import Invalid, UnknownShape
from autotag.domain.model.asset import AssetRef, Facts
from autotag.domain.model.audit import Trigger
from autotag.domain.model.labels import Categorization, Label, label_key
from autotag.domain.state.asset_state import (
    AssetState,
    Claim,
    Intent,
    NextState,
    Poll,
    TagPreference,
    Write,
    asked_confidences,
)
from autotag.domain.state.due_entry import SHARDS
from tests.integration.adapters.conftest import Aws

T0 = 1_791_460_800_000
INTENT = Intent("i1", "owner", T0, 1, ("Cat",), (), "a1.1.x", b'{"audit_id":"a1.1.x"}', NextState("tagged", {}, ""))

WORDS = st.sampled_from(["", "null", "true", "1", "1.5", "{}", "é🎸", "x"])
TEXT = WORDS | st.text(st.characters(codec="utf-8"), max_size=8)
NAME = st.sampled_from(["null", "1", "é🎸"]) | st.text(st.characters(codec="utf-8"), min_size=1, max_size=8)
AT = st.integers(0, 10**13)
VERSION = st.integers(0, 10**12 - 1)  # others are refused where an asset is read
WORDLIST = st.lists(TEXT, max_size=3).map(tuple)
OP = st.sampled_from(["add", "remove"])
STATUS = st.sampled_from(["pending", "applying", "tagged", "unchanged", "skipped", "failed", "timed_out", "gone"])
OURS = st.dictionaries(NAME, WORDLIST, max_size=2)
STATES = st.builds(
    AssetState,
    asset=st.builds(AssetRef, st.from_regex(r"[0-9A-Za-z_-]{1,8}", fullmatch=True), TEXT, TEXT, TEXT, VERSION),
    status=STATUS,
    rev=st.integers(0, 10**6),
    facts=st.none() | st.builds(Facts, TEXT, TEXT, st.dictionaries(NAME, TEXT, max_size=2), WORDLIST, AT),
    categorizations=st.dictionaries(
        NAME,
        st.builds(
            Categorization,
            st.sampled_from(["complete", "pending", "failed"]),
            st.lists(st.builds(Label, TEXT, st.floats(0, 1), TEXT), max_size=2).map(tuple),
            AT,
            TEXT,
        ),
        max_size=2,
    ),
    managed_tags=OURS,
    people=st.dictionaries(NAME, st.builds(TagPreference, OP, AT, TEXT, WORDLIST), max_size=2),
    writes=st.dictionaries(NAME, st.builds(Write, OP, AT, VERSION), max_size=2),
    intent=st.none()
    | st.builds(
        Intent,
        *(TEXT, TEXT, AT, st.integers(0, 99), WORDLIST, WORDLIST, TEXT, st.binary(max_size=9)),
        st.builds(NextState, STATUS, OURS, TEXT, WORDLIST),
        indexed=st.booleans(),
    ),
    outbox=WORDLIST,
    follow_up_at=AT,
    dirty=st.none() | st.builds(Trigger, st.sampled_from(["webhook", "poll", "person"]), TEXT, TEXT, TEXT),
    decided=TEXT,
    rules_version=TEXT,
    rules_seq=AT,
    engine=TEXT,
    poll=st.none() | st.builds(Poll, AT, st.integers(0, 99), AT),
    review=WORDLIST,
    final_at=AT,
).flatmap(
    lambda state: st.builds(
        lambda known: replace(state, ask=known),
        st.fixed_dictionaries({}, optional=dict.fromkeys(asked_confidences(state), st.integers(1, 10_000))),
    )
)


@settings(max_examples=80, deadline=None)
@given(STATES)
def test_any_state_comes_back_as_it_was(state: AssetState) -> None:
    assert state_from_item(state_to_item(state, b"stamp").item) == state


@settings(max_examples=80, deadline=None)
@given(STATES)
def test_the_index_of_questions_has_every_tag_that_is_asked_about_and_no_other(state: AssetState) -> None:
    native = state_to_item(state, b"stamp").item
    item = from_item({name: value for name, value in native.items() if name in ("ask", "ask_folder")})
    keys = {key for tag in state.review if (key := label_key(tag))}
    assert item.get("ask", {}) == {key: state.ask.get(key, 0) for key in keys}
    assert item.get("ask_folder") == (state.facts.folder if state.facts and state.review else None)


@settings(max_examples=80, deadline=None)
@given(STATES)
def test_index_keys_are_there_only_while_there_is_work(state: AssetState) -> None:
    item = state_to_item(state, b"stamp").item
    waits = bool(state.intent or state.outbox or state.dirty or state.poll)
    guarded = state.intent is not None and not state.intent.indexed
    assert ("due" in item) == (waits and not guarded) and ("due_at" in item) == waits
    assert ("review" in item) == ("review_at" in item) == bool(state.review)
    assert item.get("public_id", {"S": "x"})["S"] != ""


NOBODY = AssetState(AssetRef("a1", "", "", "", 0), "pending", final_at=T0)
"""What is left of a hint about an asset that never was."""

HINT = Trigger("webhook", "upload", "d1", "")


def test_what_is_left_of_a_hint_about_no_asset_is_deleted_two_days_later() -> None:
    assert state_to_item(NOBODY, b"stamp").item["expires_at"] == {"N": str(T0 // 1000 + 2 * 86400)}


@pytest.mark.parametrize(
    "more",
    [
        {"asset": AssetRef("a1", "stage/1", "image", "upload", 100)},
        {"people": {"press": TagPreference("add", T0, "press")}},
        {"claims": {"press": Claim("add", T0, "press")}},
        {"poll": Poll(T0, 0, T0)},
        {"intent": INTENT},
        {"outbox": ("a1.1.x",)},
        {"dirty": HINT},
    ],
    ids=lambda more: next(iter(more)),
)
def test_a_state_that_says_anything_is_never_deleted(more: dict[str, Any]) -> None:
    assert "expires_at" not in state_to_item(replace(NOBODY, **more), b"stamp").item


def test_who_gave_which_tag_comes_back() -> None:
    managed_tags = {"Cat": ("cat",), "Dog": ("dog",)}
    for by in ({}, {"Cat": ("p",)}, {"Cat": ("p",), "Dog": ("p",)}, {"Cat": ("p",), "Dog": ("q", "p")}):
        outcome = replace(INTENT.outcome, managed_tags=managed_tags, givers=by)
        state = replace(NOBODY, managed_tags=managed_tags, givers=by, intent=replace(INTENT, outcome=outcome))
        assert state_from_item(state_to_item(state, b"stamp").item) == state


@pytest.mark.parametrize("record", [b'{"audit_id":"a1.1.x"}', b"", b"no JSON at all", b'{ "spaced": 1.50 }', b"\xff"])
def test_the_record_in_an_intent_comes_back_to_the_byte(record: bytes) -> None:
    state = replace(NOBODY, intent=replace(INTENT, audit=record))
    assert state_from_item(state_to_item(state, b"stamp").item) == state


@pytest.mark.parametrize("number", ["0", "2", "none"])
def test_an_item_of_another_shape_is_named_and_not_read(number: str) -> None:
    item = state_to_item(replace(NOBODY, asset=replace(NOBODY.asset, asset_id="9d2f")), b"stamp").item
    del item["v"]
    if number != "none":
        item["v"] = {"N": number}
    with pytest.raises(UnknownShape, match=f"asset 9d2f has shape {number}, this version reads 1: deploy the version"):
        state_from_item(item)


def test_a_torn_item_is_invalid() -> None:
    item = state_to_item(NOBODY, b"stamp").item
    with pytest.raises(Invalid, match="stored item"):
        state_from_item(item | {"data": {"B": item["data"]["B"][:-3]}})


def test_work_is_spread_over_all_shards() -> None:
    assert {shard_of(f"asset{i}") for i in range(500)} == set(range(SHARDS))


@pytest.mark.parametrize("extra", [{"of_tomorrow": {"S": "x"}}, {"of_tomorrow": {"M": {"a": {"L": []}}}}])
def test_an_attribute_of_a_newer_version_is_tolerated(aws: Aws, extra: dict[str, object]) -> None:
    state = AssetState(AssetRef("a1", "x", "image", "upload", 1), "tagged")
    assert state_from_item({**state_to_item(state, b"stamp").item, **extra}) == state


@pytest.mark.parametrize(
    ("value", "size"),
    [
        ({"S": "é🎸"}, 6),
        ({"B": b"\x00\xff"}, 2),
        ({"N": "1791460800000"}, 8),
        ({"BOOL": True}, 1),
        ({"NULL": True}, 1),
        ({"L": []}, 3),
        ({"L": [{"S": "ab"}, {"N": "12"}]}, 3 + 3 + 4),
        ({"M": {"key": {"M": {"x": {"S": ""}}}}}, 3 + 4 + 3 + 2),
    ],
)
def test_the_size_of_an_item_is_counted_as_dynamodb_does(value: dict[str, object], size: int) -> None:
    assert item_size({"name": value}) == len("name") + size


def test_what_there_is_not_takes_no_room() -> None:
    item = state_to_item(AssetState(AssetRef("a1", "", "image", "upload", 1), "pending"), b"s").item
    assert item.keys() == {"pk", "v", "rev", "status", "stamp", "data", "expires_at"}
