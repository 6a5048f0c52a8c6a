"""Notifications about changes of stored assets, one kind for each thing that changed."""

from typing import Any

import cloudinary.api
import cloudinary.uploader
import pytest

from tests.integration.simulator.simulator_client import KEY, Receiver, Simulator, eventually

pytestmark = pytest.mark.usefixtures("sdk")

KINDS = (
    "resource_tags_changed",
    "resource_context_changed",
    "resource_metadata_changed",
    "resource_display_name_changed",
    "move",
)


@pytest.fixture
def asset(simulator: Simulator, receiver: Receiver) -> dict[str, Any]:
    """An asset, and a trigger for each kind of change."""
    simulator.add_metadata_fields("k", "l")
    for kind in KINDS:
        cloudinary.api.create_trigger(receiver.url, kind)
    uploaded = cloudinary.uploader.upload(
        b"x", public_id="zoo/a", asset_folder="zoo", display_name="a", tags=["t"], metadata={"k": "v"}
    )
    return {name: uploaded[name] for name in ("resource_type", "type", "asset_id", "public_id")}


def received_kinds(simulator: Simulator, receiver: Receiver) -> list[str]:
    eventually(lambda: simulator.control("GET", "/health")["background"] == 0)
    return sorted(notification.body["notification_type"] for notification in receiver.notifications)


def test_a_move_to_another_folder(simulator: Simulator, receiver: Receiver, asset: dict[str, Any]) -> None:
    cloudinary.api.update("zoo/a", asset_folder="farm")
    [notification] = receiver.wait("move")
    moved = {"from_asset_folder": "zoo", "to_asset_folder": "farm", "display_name": "a"}
    assert notification.body["resources"] == {"zoo/a": moved | asset}
    assert (notification.body["source"], notification.body["notification_context"]["triggered_by"]["id"]) == (
        "api",
        KEY,
    )
    assert received_kinds(simulator, receiver) == ["move"]


def test_another_display_name(simulator: Simulator, receiver: Receiver, asset: dict[str, Any]) -> None:
    cloudinary.api.update("zoo/a", display_name="Albert")
    [notification] = receiver.wait("resource_display_name_changed")
    names = {"previous_display_name": "a", "new_display_name": "Albert"}
    assert notification.body["resources"] == {"zoo/a": names | asset}
    assert received_kinds(simulator, receiver) == ["resource_display_name_changed"]


def test_structured_metadata_from_both_apis(simulator: Simulator, receiver: Receiver, asset: dict[str, Any]) -> None:
    cloudinary.uploader.update_metadata({"k": "w", "l": "x"}, ["zoo/a"])
    [first] = receiver.wait("resource_metadata_changed")
    values = {"previous_metadata": {"k": "v"}, "new_metadata": {"k": "w", "l": "x"}}
    assert first.body["resources"] == {"zoo/a": values | asset}
    cloudinary.uploader.update_metadata({"k": "w"}, ["zoo/a"])  # changes nothing
    cloudinary.api.update("zoo/a", metadata={"l": "y"})
    notification = receiver.wait("resource_metadata_changed", 2)[1]
    assert notification.body["resources"]["zoo/a"]["new_metadata"] == {"k": "w", "l": "y"}
    assert received_kinds(simulator, receiver) == ["resource_metadata_changed"] * 2


def test_one_call_that_changes_everything_is_told_as_every_kind(
    simulator: Simulator, receiver: Receiver, asset: dict[str, Any]
) -> None:
    cloudinary.api.update(
        "zoo/a", tags=["u"], context={"c": "d"}, metadata={"k": "w"}, display_name="b", asset_folder="farm"
    )
    assert received_kinds(simulator, receiver) == sorted(KINDS)
    [tags] = receiver.of_type("resource_tags_changed")
    assert tags.body["resources"] == [asset | {"added": ["u"], "removed": ["t"], "updated": []}]


def test_a_call_that_changes_nothing_is_not_told(
    simulator: Simulator, receiver: Receiver, asset: dict[str, Any]
) -> None:
    cloudinary.api.update("zoo/a", tags=["t"], display_name="a", asset_folder="zoo", metadata={"k": "v"})
    assert received_kinds(simulator, receiver) == []


def test_a_call_on_many_assets_is_told_once(simulator: Simulator, receiver: Receiver, asset: dict[str, Any]) -> None:
    cloudinary.uploader.upload(b"x", public_id="zoo/b")
    cloudinary.uploader.add_tag("cat", ["zoo/a", "zoo/b", "zoo/none"])
    [notification] = receiver.wait("resource_tags_changed")
    assert [resource["public_id"] for resource in notification.body["resources"]] == ["zoo/a", "zoo/b"]
    assert received_kinds(simulator, receiver) == ["resource_tags_changed"]


def test_a_folder_with_another_path_is_told_once_and_names_no_asset(
    simulator: Simulator, receiver: Receiver, asset: dict[str, Any]
) -> None:
    simulator.settings(notification_url=receiver.url, events=["move", "move_or_rename_asset_folder"])
    cloudinary.api.create_folder("zoo/africa")
    cloudinary.uploader.upload(b"x", public_id="zoo2/b", asset_folder="zoo2")
    answer = cloudinary.api.rename_folder("zoo", "farm/zoo")
    assert (answer["from"]["path"], answer["to"]["path"]) == ("zoo", "farm/zoo")
    [notification] = receiver.wait("move_or_rename_asset_folder")
    assert (notification.body["from_path"], notification.body["to_path"], notification.body["status"]) == (
        "zoo",
        "farm/zoo",
        "complete",
    )
    assert cloudinary.api.resource("zoo/a")["asset_folder"] == "farm/zoo"
    assert cloudinary.api.resource("zoo2/b")["asset_folder"] == "zoo2"
    assert [folder["path"] for folder in cloudinary.api.subfolders("farm/zoo")["folders"]] == ["farm/zoo/africa"]
    assert "move" not in received_kinds(simulator, receiver)


@pytest.mark.parametrize(("path", "new", "status"), [("none", "x", 404), ("zoo", "zoo/a", 400), ("zoo", "taken", 409)])
def test_a_folder_gets_no_path_that_it_cannot_have(
    simulator: Simulator, receiver: Receiver, asset: dict[str, Any], path: str, new: str, status: int
) -> None:
    cloudinary.api.create_folder("taken")
    assert simulator.api("PUT", f"/folders/{path}", json={"to_folder": new}).status_code == status
