"""Calls of the official SDK on stored assets: explicit, rename, destroy, and the Admin API."""

import cloudinary.api
import cloudinary.uploader
import pytest
from cloudinary.exceptions import BadRequest, NotFound, RateLimited

from tests.integration.simulator.simulator_client import Receiver, Simulator, eventually

pytestmark = pytest.mark.usefixtures("sdk")


@pytest.mark.parametrize("public_id", ["zoo/koala5", "folder/my img é", "a/b/c/d.e-f", "日本/写真", "50,50"])
def test_an_asset_is_found_by_its_public_id_and_by_its_asset_id(public_id: str) -> None:
    uploaded = cloudinary.uploader.upload(b"x", public_id=public_id)

    by_public_id = cloudinary.api.resource(public_id)
    assert by_public_id["public_id"] == public_id
    assert by_public_id == cloudinary.api.resource_by_asset_id(uploaded["asset_id"])


def test_an_asset_that_is_not_there_is_not_found() -> None:
    with pytest.raises(NotFound, match="Resource not found - nowhere"):
        cloudinary.api.resource("nowhere")
    with pytest.raises(NotFound, match="Resource not found - 0123"):
        cloudinary.api.resource_by_asset_id("0123")
    with pytest.raises(NotFound):
        cloudinary.api.update("nowhere", tags=["a"])
    with pytest.raises(NotFound):
        cloudinary.uploader.explicit("nowhere", type="upload")


def test_tags_and_context_are_absent_from_details_when_there_are_none() -> None:
    cloudinary.uploader.upload(b"x", public_id="a")
    assert not {"tags", "context", "info"} & cloudinary.api.resource("a").keys()


def test_update_replaces_tags_by_public_id_and_by_asset_id(simulator: Simulator) -> None:
    uploaded = cloudinary.uploader.upload(b"x", public_id="a", tags=["old"])

    updated = cloudinary.api.update("a", tags=["b", "a"], context={"k": "v"}, display_name="Name")
    assert (updated["tags"], updated["display_name"]) == (["a", "b"], "Name")
    assert updated["context"] == {"custom": {"k": "v"}}

    path = f"/resources/{uploaded['asset_id']}"
    assert simulator.api("PUT", path, json={"tags": ["json", "list"]}).json()["tags"] == ["json", "list"]
    assert simulator.api("PUT", path, data={"tags": "one,two"}).json()["tags"] == ["one", "two"]
    assert "tags" not in simulator.api("PUT", path, json={"tags": ""}).json()


def test_explicit_needs_a_type_and_changes_what_it_sends() -> None:
    cloudinary.uploader.upload(b"x", public_id="a", tags=["old"], context={"k": "v"})

    assert cloudinary.uploader.explicit("a", type="upload", tags=["new"])["tags"] == ["new"]
    assert cloudinary.api.resource("a")["context"] == {"custom": {"k": "v"}}
    with pytest.raises(BadRequest, match="Missing required parameter - type"):
        cloudinary.uploader.explicit("a")


def test_an_asynchronous_explicit_is_pending_and_acts_later_with_its_notification(
    simulator: Simulator, receiver: Receiver
) -> None:
    cloudinary.uploader.upload(b"x", public_id="a", tags=["old"])

    options = {"tags": ["new"], "categorization": "aws_rek_tagging", "notification_url": receiver.url, "async": True}
    answer = cloudinary.uploader.explicit("a", type="upload", **options)

    pending = {"status": "pending", "resource_type": "image", "type": "upload", "public_id": "a"}
    assert answer.items() >= pending.items()
    assert not {"asset_id", "tags", "info"} & answer.keys()
    [notification] = receiver.wait("upload")
    assert (notification.body["batch_id"], notification.body["tags"]) == (answer["batch_id"], ["new"])
    stored = cloudinary.api.resource("a")
    assert stored["tags"] == ["new"]
    assert "aws_rek_tagging" in stored["info"]["categorization"]


def test_an_asynchronous_explicit_of_an_asset_that_does_not_exist_changes_nothing(simulator: Simulator) -> None:
    answer = cloudinary.uploader.explicit("sample", type="facebook", **{"async": True})
    assert (answer["status"], answer["type"], answer["public_id"]) == ("pending", "facebook", "sample")
    eventually(lambda: simulator.control("GET", "/health")["background"] == 0)
    assert simulator.control("GET", "/assets")["assets"] == []


def test_an_asynchronous_explicit_that_cannot_succeed_is_refused_at_once() -> None:
    cloudinary.uploader.upload(b"x", public_id="a")
    for wrong in ({"categorization": "illegal"}, {"display_name": "a/b"}):
        with pytest.raises(BadRequest):
            cloudinary.uploader.explicit("a", type="upload", **wrong, **{"async": True})


def test_a_renamed_asset_keeps_its_asset_id_and_version() -> None:
    uploaded = cloudinary.uploader.upload(b"x", public_id="a", tags=["t"])
    cloudinary.uploader.upload(b"y", public_id="taken")

    renamed = cloudinary.uploader.rename("a", "b/c")
    assert (renamed["asset_id"], renamed["version"]) == (uploaded["asset_id"], uploaded["version"])
    with pytest.raises(NotFound):
        cloudinary.api.resource("a")
    with pytest.raises(BadRequest, match="already exists"):
        cloudinary.uploader.rename("b/c", "taken")
    cloudinary.uploader.rename("b/c", "taken", overwrite=True)
    assert cloudinary.api.resource("taken")["asset_id"] == uploaded["asset_id"]


def test_a_destroyed_asset_is_gone_and_its_successor_is_another_asset() -> None:
    uploaded = cloudinary.uploader.upload(b"x", public_id="a")

    assert cloudinary.uploader.destroy("a")["result"] == "ok"
    assert cloudinary.uploader.destroy("a")["result"] == "not found"
    assert cloudinary.uploader.upload(b"x", public_id="a")["asset_id"] != uploaded["asset_id"]


def test_several_assets_are_deleted_at_once() -> None:
    cloudinary.uploader.upload(b"x", public_id="a")

    deleted = cloudinary.api.delete_resources(["a", "b"])
    assert deleted["deleted"] == {"a": "deleted", "b": "not_found"}
    with pytest.raises(NotFound):
        cloudinary.api.resource("a")


def test_fixed_folder_accounts_show_folder_instead_of_asset_folder(simulator: Simulator) -> None:
    simulator.settings(folder_mode="fixed")
    answer = cloudinary.uploader.upload(b"x", public_id="zoo/koala")
    assert (answer["folder"], answer["access_mode"]) == ("zoo", "public")
    assert not {"asset_folder", "display_name"} & answer.keys()


def test_admin_answers_tell_the_rate_limit_and_a_request_id(simulator: Simulator) -> None:
    simulator.settings(admin_limit=5)
    first, second = cloudinary.api.ping(), cloudinary.api.usage()

    assert first["status"] == "ok"
    assert (first.rate_limit_allowed, first.rate_limit_remaining) == (5, 4)
    assert second.rate_limit_remaining == 3
    assert first.rate_limit_reset_at[4:6] == (0, 0)
    assert first.request_id != second.request_id


def test_above_the_limit_admin_calls_are_refused_until_the_next_hour(simulator: Simulator) -> None:
    simulator.settings(admin_limit=2)
    cloudinary.api.ping()
    cloudinary.api.ping()

    with pytest.raises(RateLimited, match=r"Limit of 2 api operations reached. Try again on .*:00:00 UTC"):
        cloudinary.api.ping()
    refused = simulator.api("GET", "/ping")
    assert (refused.status_code, refused.headers["X-FeatureRateLimit-Remaining"]) == (420, "0")
    cloudinary.uploader.upload(b"x", public_id="a")  # the Upload API has no limit
    simulator.control("PUT", "/clock", {"offset": 3600})
    assert cloudinary.api.ping().rate_limit_remaining == 1


def test_usage_counts_each_add_on(simulator: Simulator) -> None:
    cloudinary.uploader.upload(b"x", categorization="aws_rek_tagging,google_tagging")
    cloudinary.uploader.upload(b"y", categorization="aws_rek_tagging")

    usage = cloudinary.api.usage()
    assert usage["aws_rek_tagging"]["usage"] == 2
    assert usage["google_tagging"]["usage"] == 1
    assert usage["resources"] == 2
