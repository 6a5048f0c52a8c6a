"""Notifications of changed tags, renames, deletes and contexts, and what caused them."""

import cloudinary
import cloudinary.api
import cloudinary.uploader
import pytest

from tests.integration.simulator.notifications.sdk_uploads import is_authentic, triggered_by, upload
from tests.integration.simulator.simulator_client import KEY, Receiver, Simulator, eventually

pytestmark = pytest.mark.usefixtures("sdk")


def test_changed_tags_are_told_to_the_global_url_only_where_switched_on(
    simulator: Simulator, receiver: Receiver
) -> None:
    simulator.settings(notification_url=receiver.url)
    uploaded = upload("zoo/koala5", tags=["old"])
    cloudinary.uploader.add_tag("silent", "zoo/koala5")
    simulator.settings(events=["upload", "resource_tags_changed"])
    cloudinary.uploader.add_tag(["koala", "old"], "zoo/koala5")
    receiver.wait("resource_tags_changed")  # they are not ordered
    cloudinary.uploader.add_tag("koala", "zoo/koala5")  # changes nothing
    cloudinary.uploader.remove_tag("old", "zoo/koala5")

    added, removed = receiver.wait("resource_tags_changed", 2)
    eventually(lambda: simulator.control("GET", "/health")["background"] == 0)
    assert len(receiver.of_type("resource_tags_changed")) == 2
    assert added.body["resources"] == [
        {
            "resource_type": "image",
            "type": "upload",
            "asset_id": uploaded["asset_id"],
            "public_id": "zoo/koala5",
            "added": ["koala"],
            "removed": [],
            "updated": [],
        }
    ]
    assert removed.body["resources"][0]["removed"] == ["old"]
    assert (added.body["source"], triggered_by(added)) == ("api", ("api", KEY))
    assert is_authentic(added)


def test_what_a_person_does_is_told_as_such(simulator: Simulator, receiver: Receiver) -> None:
    simulator.settings(notification_url=receiver.url)
    uploaded = upload("a", tags=["x", "y"])
    answer = simulator.control(
        "POST",
        "/person/tags",
        {"asset_id": uploaded["asset_id"], "add": ["z"], "remove": ["x"], "by": "ann@example.com"},
    )

    assert answer == {"tags": ["y", "z"], "added": ["z"], "removed": ["x"]}
    [notification] = receiver.wait("resource_tags_changed")
    assert triggered_by(notification) == ("ui", "ann@example.com")
    assert notification.body["source"] == "ui"
    assert cloudinary.api.resource("a")["tags"] == ["y", "z"]


def test_renames_deletes_and_contexts_are_told(simulator: Simulator, receiver: Receiver) -> None:
    simulator.settings(notification_url=receiver.url, events=["rename", "delete", "resource_context_changed"])
    uploaded = upload("zoo/a", context={"k": "v", "l": "w"})
    cloudinary.uploader.add_context({"k": "new", "m": "x"}, ["zoo/a"])
    cloudinary.uploader.rename("zoo/a", "zoo/b")
    cloudinary.uploader.destroy("zoo/b")

    [context] = receiver.wait("resource_context_changed")
    assert context.body["resources"]["zoo/a"] == {
        "added": [{"name": "m", "value": "x"}],
        "removed": [],
        "updated": [{"name": "k", "value": "new"}],
        "resource_type": "image",
        "type": "upload",
        "asset_id": uploaded["asset_id"],
        "public_id": "zoo/a",
    }
    [rename] = receiver.wait("rename")
    assert (rename.body["from_public_id"], rename.body["to_public_id"]) == ("zoo/a", "zoo/b")
    assert rename.body["asset_id"] == uploaded["asset_id"]
    [delete] = receiver.wait("delete")
    [gone] = delete.body["resources"]
    assert (gone["asset_id"], gone["public_id"], gone["version"]) == (
        uploaded["asset_id"], "zoo/b", uploaded["version"]
    )  # fmt: skip
    assert not {"timestamp", "request_id"} & delete.body.keys()


@pytest.mark.parametrize(("mode", "named"), [("dynamic", True), ("fixed", False)])
def test_renames_and_deletions_name_a_folder_only_in_accounts_with_dynamic_folders(
    simulator: Simulator, receiver: Receiver, mode: str, named: bool
) -> None:
    simulator.settings(notification_url=receiver.url, folder_mode=mode)
    upload("zoo/koala5")
    cloudinary.uploader.rename("zoo/koala5", "stage/koala5")
    cloudinary.uploader.destroy("stage/koala5")
    [rename], [delete] = receiver.wait("rename"), receiver.wait("delete")
    for body in (rename.body, delete.body["resources"][0]):
        assert ({"asset_folder", "display_name"} & body.keys() == {"asset_folder", "display_name"}) is named
