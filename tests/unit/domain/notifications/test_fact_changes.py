"""What notifications say of facts that change after the upload. Shapes: cloudinary.com/documentation/notifications."""

import json
from typing import Any

import pytest

from autotag.domain.errors import Invalid
from autotag.domain.model.asset import AssetRef, Facts
from autotag.domain.model.messages import AssetMoved, ContextChanged, FolderMoved, MetadataChanged, RefetchAsset
from autotag.domain.notifications.parse import parse
from autotag.domain.state.asset_facts import follow
from autotag.domain.state.asset_state import AssetState

ENTRY = {"asset_id": "a1", "resource_type": "image", "type": "upload"}
REF = AssetRef("a1", "desk/a", "image", "upload", 0)


def parsed(kind: str, **fields: Any) -> list[Any]:
    return parse(json.dumps({"notification_type": kind, **fields}).encode(), timestamp=1000)


def test_a_move_is_read_from_a_map_by_public_id_and_from_a_list() -> None:
    moved = {**ENTRY, "from_asset_folder": "inbox", "to_asset_folder": "/press/", "display_name": "a", "new": 1}
    for resources in ({"desk/a": moved}, [{"public_id": "desk/a", **moved}]):
        (message,) = parsed("move", resources=resources)
        assert isinstance(message, AssetMoved) and (message.asset, message.folder) == (REF, "press")


@pytest.mark.parametrize("value", [None, 7, ["press"]])
def test_a_move_without_its_folder_is_malformed(value: object) -> None:
    with pytest.raises(Invalid, match="to_asset_folder: expected a string"):
        parsed("move", resources={"desk/a": {**ENTRY, "to_asset_folder": value}})


@pytest.mark.parametrize(
    ("added", "updated", "removed"),
    [
        ([{"name": "license", "value": "free"}], [{"name": "alt", "value": "x"}], [{"name": "shot", "value": "y"}]),
        ({"license": "free"}, {"alt": "x"}, {"shot": "y"}),
        ({"license": "free"}, {"alt": {"previous_value": "w", "new_value": "x"}}, ["shot"]),
    ],
)
def test_a_change_of_context_is_read_from_lists_and_from_objects(added: Any, updated: Any, removed: Any) -> None:
    entry = {**ENTRY, "added": added, "updated": updated, "removed": removed}
    (message,) = parsed("resource_context_changed", resources={"desk/a": entry})
    assert isinstance(message, ContextChanged) and message.asset == REF
    assert (message.set, message.removed) == ({"license": "free", "alt": "x"}, ("shot",))


@pytest.mark.parametrize(
    "updated",
    [
        [{"name": "alt", "previous_value": "w", "new_value": "x"}],
        [{"key": "alt", "value": "x"}],
        {"alt": {"value": "x"}},
    ],
)
def test_of_a_changed_value_the_new_one_is_read(updated: Any) -> None:
    (message,) = parsed("resource_context_changed", resources={"desk/a": {**ENTRY, "updated": updated}})
    assert isinstance(message, ContextChanged) and message.set == {"alt": "x"}


@pytest.mark.parametrize("odd", [None, [], {}, {"": "x"}])
def test_a_change_of_context_that_says_nothing_is_none(odd: Any) -> None:
    assert parsed("resource_context_changed", resources={"desk/a": {**ENTRY, "added": odd}}) == []


@pytest.mark.parametrize(
    "odd",
    [7, "text", [7, None], ["license"], {"license": {"old": "x", "new": "y"}}, {"license": 7}, {"custom": {"a": "b"}}],
)
@pytest.mark.parametrize("where", ["added", "updated"])
def test_a_change_of_context_that_cannot_be_read_has_the_asset_read(odd: Any, where: str) -> None:
    (message,) = parsed("resource_context_changed", resources={"desk/a": {**ENTRY, where: odd, "removed": ["shot"]}})
    assert isinstance(message, RefetchAsset) and message.asset_id == "a1"


def test_an_entry_without_its_asset_is_a_fault_whatever_else_it_says() -> None:
    with pytest.raises(Invalid, match="asset_id"):
        parsed("resource_context_changed", resources=[{"public_id": "x", "added": "text"}])


def test_a_key_that_is_removed_and_added_at_once_has_its_new_value() -> None:
    context = {"license": "free", "shot": "y"}
    entry = {**ENTRY, "removed": context, "added": {"license": "paid"}}
    (message,) = parsed("resource_context_changed", resources={"desk/a": entry})
    state = AssetState(REF, "tagged", facts=Facts("", "jpg", context, (), 0))
    known = follow(state, message)
    assert known is not None and known.facts is not None and known.facts.context == {"license": "paid"}


@pytest.mark.parametrize("whole", [True, False])
def test_a_change_of_metadata_is_read_whether_it_names_all_fields_or_those_that_changed(whole: bool) -> None:
    same = {"sku": "1"} if whole else {}
    before, after = {"licence": "free", "shot": "y", **same}, {"licence": ["press", "web"], "rating": 5, **same}
    entry = {**ENTRY, "previous_metadata": before, "new_metadata": after}
    for resources in ({"desk/a": entry}, [{"public_id": "desk/a", **entry}]):
        (message,) = parsed("resource_metadata_changed", resources=resources)
        assert isinstance(message, MetadataChanged) and message.asset == REF
        facts = Facts("", "jpg", {}, (), 0, {"licence": "free", "shot": "y", "sku": "1"})
        state = AssetState(REF, "tagged", facts=facts)
        known = follow(state, message)
        assert known is not None and known.facts is not None
        assert known.facts.metadata == {"licence": ("press", "web"), "rating": "5", "sku": "1"}


def test_a_value_that_cannot_be_kept_takes_the_old_one_away() -> None:
    entry = {**ENTRY, "previous_metadata": {"story": "short"}, "new_metadata": {"story": "x" * 256}}
    (message,) = parsed("resource_metadata_changed", resources={"desk/a": entry})
    assert isinstance(message, MetadataChanged) and (message.set, message.removed) == ({}, ("story",))


@pytest.mark.parametrize("same", [None, {}, {"licence": "free"}])
def test_a_change_of_metadata_that_changes_nothing_is_none(same: Any) -> None:
    entry = {**ENTRY, "previous_metadata": same, "new_metadata": same}
    assert parsed("resource_metadata_changed", resources={"desk/a": entry}) == []


@pytest.mark.parametrize("odd", [7, "text", [{"external_id": "licence", "value": "free"}]])
@pytest.mark.parametrize("where", ["previous_metadata", "new_metadata"])
def test_a_change_of_metadata_that_cannot_be_read_has_the_asset_read(odd: Any, where: str) -> None:
    entry = {**ENTRY, "previous_metadata": {}, "new_metadata": {"a": "b"}} | {where: odd}
    (message,) = parsed("resource_metadata_changed", resources={"desk/a": entry})
    assert isinstance(message, RefetchAsset) and message.asset_id == "a1"


def test_a_renamed_folder_is_read_once_it_is_done() -> None:
    fields = {"from_path": "/inbox/", "to_path": "press/2026"}
    for status in ({}, {"status": None}, {"status": "complete"}, {"status": "Completed"}, {"status": "success"}):
        (message,) = parsed("move_or_rename_asset_folder", **fields, **status)
        assert isinstance(message, FolderMoved)
        assert (message.from_folder, message.to_folder) == ("inbox", "press/2026")
    for not_done in ("failed", "FAILED", "Pending", "queued", "canceled", "half done", False, 1, {"code": "error"}):
        assert parsed("move_or_rename_asset_folder", **fields, status=not_done) == [], not_done
    assert parsed("move_or_rename_asset_folder", from_path="a", to_path="a/") == []
    with pytest.raises(Invalid, match="to_path"):
        parsed("move_or_rename_asset_folder", from_path="a")


def test_a_renamed_folder_in_a_body_that_may_be_forged_is_left_to_a_refresh() -> None:
    assert parsed("move_or_rename_asset_folder", from_path="a=b", to_path="c") == []
    (message,) = parsed("move", resources={"desk/a=b": {**ENTRY, "to_asset_folder": "c"}})
    assert message == RefetchAsset("a1", 1_000_000, message.source)


@pytest.mark.parametrize("fields", [ENTRY, {"resources": [ENTRY]}, {"resources": {"desk/a": ENTRY}}])
def test_a_restored_version_has_the_asset_read(fields: dict[str, Any]) -> None:
    (message,) = parsed("restore_asset_version", **fields)
    assert isinstance(message, RefetchAsset) and message.asset_id == "a1"
