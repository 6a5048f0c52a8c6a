"""``resource_tags_changed``: one message for each asset, in whichever shape the resources come."""

import json

import pytest

from autotag.domain.model.messages import TagsEdited
from autotag.domain.notifications.parse import parse
from tests.unit.domain.samples import E_ECHO, TIMESTAMP

Entry = dict[str, object]


def entry(asset_id: str, **change: object) -> Entry:
    return {"asset_id": asset_id, "public_id": f"zoo/{asset_id}", "resource_type": "image", "type": "upload", **change}


def changes(resources: object, **change: object) -> list[TagsEdited]:
    body = json.dumps({**json.loads(E_ECHO), "resources": resources, **change}).encode()
    messages = parse(body, timestamp=TIMESTAMP)
    assert all(isinstance(message, TagsEdited) for message in messages)
    return [message for message in messages if isinstance(message, TagsEdited)]


def test_a_list_becomes_a_message_for_each_asset() -> None:
    found = changes([entry("a", added=["x"]), entry("b", removed=["y"]), entry("c", added=["z"], removed=["w"])])
    assert [(m.asset.asset_id, m.added, m.removed) for m in found] == [
        ("a", ("x",), ()),
        ("b", (), ("y",)),
        ("c", ("z",), ("w",)),
    ]


def test_a_map_of_whole_entries_is_read_like_a_list() -> None:
    found = changes({"zoo/a": entry("a", added=["x"]), "zoo/b": entry("b", removed=["y"])})
    assert [(m.asset.asset_id, m.asset.public_id) for m in found] == [("a", "zoo/a"), ("b", "zoo/b")]


def test_a_map_names_the_public_id_by_its_key() -> None:
    inner = {"asset_id": "a", "resource_type": "image", "type": "upload", "added": ["x"]}
    (message,) = changes({"zoo/a": inner})
    assert (message.asset.asset_id, message.asset.public_id, message.added) == ("a", "zoo/a", ("x",))


@pytest.mark.parametrize(
    "nothing",
    [
        {},
        {"added": [], "removed": []},
        {"updated": ["x"]},
        {"added": None},
        {"added": "x"},
        {"added": [None, 7, "", []]},
        {"added": [" ", "\t"]},
    ],
)
def test_an_asset_whose_tags_did_not_change_is_left_out(nothing: Entry) -> None:
    assert changes([entry("a", **nothing), entry("b", added=["x"])])[0].asset.asset_id == "b"
    assert changes([entry("a", **nothing)]) == []


def test_no_resources_are_no_messages() -> None:
    assert changes([]) == [] == changes({})


def test_more_tags_than_an_asset_can_have_are_cut() -> None:
    (message,) = changes([entry("a", added=[f"t{i}" for i in range(1500)])])
    assert len(message.added) == 1000


@pytest.mark.parametrize(
    ("context", "by"),
    [
        ({"triggered_by": {"source": "ui", "id": "jane@example.com"}}, "jane@example.com"),
        ({"triggered_by": {"source": "ui"}}, ""),
        ({"triggered_by": {"id": 7}}, ""),
        ({"triggered_by": "x"}, ""),
        ({}, ""),
        (None, ""),
    ],
)
def test_who_did_it_is_kept_where_it_is_told(context: object, by: str) -> None:
    assert changes([entry("a", added=["x"])], notification_context=context)[0].by == by


@pytest.mark.parametrize("context", [None, {}, {"triggered_by": {"id": ""}}, {"triggered_by": {"id": "111"}}])
def test_only_the_dedicated_key_itself_is_an_echo(context: object) -> None:
    body = json.dumps({**json.loads(E_ECHO), "notification_context": context}).encode()
    assert len(parse(body, timestamp=TIMESTAMP, own_key="222222222222222")) == 1
