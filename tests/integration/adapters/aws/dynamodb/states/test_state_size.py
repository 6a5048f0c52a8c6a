"""How much room a state has in its item, and how much more once an intent is open."""

from typing import Any

import pytest
from msgspec.structs import replace

from autotag.adapters.aws.dynamodb.asset_items import state_to_item
from autotag.adapters.aws.dynamodb.states import DynamoStateStore
from autotag.domain.errors import TooLarge
from autotag.domain.model.asset import Facts
from autotag.domain.model.labels import Categorization, Label
from autotag.domain.state.asset_state import AssetState, Write
from autotag.domain.state.item_size import ITEM, max_item_size
from tests.integration.adapters.aws.dynamodb.states.sample_states import FRESH, INTENT, RICH, T0
from tests.integration.adapters.conftest import Aws
from tests.integration.adapters.instrumented_clients import recorded_calls


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
    bare = state_to_item(replace(wordy(100_000), rev=1), b"0" * 16).size - 100_000
    most = max_item_size(FRESH, None) - bare
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
