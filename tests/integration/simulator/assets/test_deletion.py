"""Deleting assets with the official SDK: by ids, prefix, tag, and all of a kind."""

import cloudinary.api
import cloudinary.uploader
import pytest
from cloudinary.exceptions import BadRequest

from tests.integration.simulator.simulator_client import Receiver, Simulator

pytestmark = pytest.mark.usefixtures("sdk")


@pytest.fixture(autouse=True)
def assets(simulator: Simulator, sdk: None) -> dict[str, str]:
    """Asset_ids by public_id."""
    uploaded = {
        name: cloudinary.uploader.upload(b"x", public_id=name, tags=[name.partition("/")[0]])["asset_id"]
        for name in ("zoo/a", "zoo/b", "stage/c")
    }
    cloudinary.uploader.upload(b"x", public_id="zoo/a", resource_type="video", tags=["zoo"])
    return uploaded


def left() -> list[str]:
    return sorted(resource["public_id"] for resource in cloudinary.api.resources()["resources"])


def test_by_prefix_only_assets_of_the_type_go(simulator: Simulator, receiver: Receiver) -> None:
    answer = cloudinary.api.delete_resources_by_prefix("zoo/", notification_url=receiver.url)
    assert answer["deleted"] == {"zoo/a": "deleted", "zoo/b": "deleted"}
    assert answer["deleted_counts"]["zoo/a"] == {"original": 1, "derived": 0}
    assert answer["partial"] is False
    assert left() == ["stage/c"]
    assert cloudinary.api.resource("zoo/a", resource_type="video")["public_id"] == "zoo/a"
    [notification] = receiver.wait("delete")
    assert [resource["public_id"] for resource in notification.body["resources"]] == ["zoo/a", "zoo/b"]


def test_by_tag_by_asset_id_and_all(assets: dict[str, str]) -> None:
    assert cloudinary.api.delete_resources_by_tag("stage")["deleted"] == {"stage/c": "deleted"}
    deleted = cloudinary.api.delete_resources_by_asset_ids([assets["zoo/b"], "0" * 32])["deleted"]
    assert deleted == {assets["zoo/b"]: "deleted", "0" * 32: "not_found"}
    assert left() == ["zoo/a"]
    cloudinary.api.delete_all_resources()
    assert left() == []


def test_originals_are_kept_where_the_call_says_so() -> None:
    kept = cloudinary.api.delete_resources_by_prefix("zoo/", keep_original=True)
    assert kept["deleted_counts"]["zoo/a"] == {"original": 0, "derived": 0}
    assert left() == ["stage/c", "zoo/a", "zoo/b"]


def test_one_call_deletes_a_thousand_assets_and_tells_that_there_are_more(simulator: Simulator) -> None:
    simulator.control("POST", "/seed", {"count": 1500, "prefix": "many/", "providers": []})
    first = cloudinary.api.delete_resources_by_prefix("many/")
    assert (len(first["deleted"]), first["partial"]) == (1000, True)
    second = cloudinary.api.delete_resources_by_prefix("many/", next_cursor=first["next_cursor"])
    assert (len(second["deleted"]), second["partial"]) == (500, False)


def test_what_is_to_be_deleted_must_be_said(simulator: Simulator) -> None:
    answer = simulator.api("DELETE", "/resources/image/upload")
    assert answer.status_code == 400
    assert answer.json()["error"]["message"] == "Missing required parameter - public_ids, prefix or all"
    with pytest.raises(BadRequest, match="Too many public_ids - 101"):
        cloudinary.api.delete_resources([f"x{n}" for n in range(101)])
