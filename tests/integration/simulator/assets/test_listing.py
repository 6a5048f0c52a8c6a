"""The Admin API's lists of assets, tags and folders, by the official SDK."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any

import cloudinary.api
import cloudinary.uploader
import pytest
from cloudinary.exceptions import BadRequest

from tests.integration.simulator.simulator_client import Simulator

pytestmark = pytest.mark.usefixtures("sdk")

IDS = ["stage/a", "stage/b", "zoo/c", "zoo/d e"]


@pytest.fixture(autouse=True)
def assets(simulator: Simulator, sdk: None) -> dict[str, str]:
    """Four images, the later the further back in the alphabet; asset_ids by public_id."""
    stored = {}
    for number, public_id in enumerate(IDS):
        answer = cloudinary.uploader.upload(
            public_id.encode(),
            public_id=public_id,
            asset_folder=public_id.partition("/")[0],
            tags=["all", f"t{number}"],
            context={"n": str(number), "k": "v"},
        )
        stored[public_id] = answer["asset_id"]
    cloudinary.uploader.upload(b"x", public_id="clip", resource_type="video", tags=["all"])
    cloudinary.uploader.upload(b"x", public_id="secret", type="private", tags=["all"])
    return stored


def ids(answer: Any) -> list[str]:
    return [resource["public_id"] for resource in answer["resources"]]


def test_assets_are_listed_by_resource_type_and_delivery_type_youngest_first() -> None:
    assert ids(cloudinary.api.resources()) == IDS[::-1]
    assert ids(cloudinary.api.resources(direction="asc")) == IDS
    assert ids(cloudinary.api.resources(type="private")) == ["secret"]
    assert ids(cloudinary.api.resources(resource_type="video")) == ["clip"]
    assert ids(cloudinary.api.resources(resource_type="raw")) == []
    assert cloudinary.api.resource_types()["resource_types"] == ["image", "video", "raw"]


def test_assets_with_a_prefix_come_in_the_order_of_their_public_ids() -> None:
    assert ids(cloudinary.api.resources(type="upload", prefix="zoo/")) == ["zoo/c", "zoo/d e"]


def test_tags_context_and_metadata_come_where_they_are_asked_for() -> None:
    plain = cloudinary.api.resources(max_results=1)["resources"][0]
    assert not {"tags", "context", "metadata", "info"} & plain.keys()
    assert {
        "asset_id",
        "format",
        "version",
        "created_at",
        "bytes",
        "width",
        "secure_url",
        "asset_folder",
    } <= plain.keys()
    full = cloudinary.api.resources(max_results=1, tags=True, context=True, metadata=True)["resources"][0]
    assert (full["tags"], full["context"]) == (["all", "t3"], {"custom": {"n": "3", "k": "v"}})
    chosen = cloudinary.api.resources(max_results=1, fields=["tags", "bytes"])["resources"][0]
    assert chosen.keys() == {"asset_id", "public_id", "tags", "bytes"}


@pytest.mark.parametrize(
    "lists",
    [
        lambda: cloudinary.api.resources(fields=["tags"]),
        lambda: cloudinary.api.resources_by_ids(["zoo/c"], fields=["tags"]),
        lambda: cloudinary.api.resources_by_tag("all", fields=["tags"]),
        lambda: cloudinary.api.resources_by_context("k", "v", fields=["tags"]),
        lambda: cloudinary.api.resources_by_asset_ids([cloudinary.api.resource("zoo/c")["asset_id"]], fields=["tags"]),
    ],
)
def test_chosen_fields_come_with_the_folder_in_accounts_with_fixed_folders(
    simulator: Simulator, lists: Callable[[], Any]
) -> None:
    """The keys that cloudinary_npm api_spec, "selective response", expects of each list."""
    simulator.settings(folder_mode="fixed")
    entries = lists()["resources"]
    assert {"zoo/c": "zoo"}.items() <= {entry["public_id"]: entry["folder"] for entry in entries}.items()
    assert all(entry.keys() == {"asset_id", "public_id", "folder", "tags"} for entry in entries)


@pytest.mark.parametrize("options", [{}, {"direction": "asc"}, {"type": "upload", "prefix": ""}])
def test_pages_hold_every_asset_once(options: dict[str, str]) -> None:
    whole, pages, cursor = ids(cloudinary.api.resources(**options)), [], None
    while True:
        more: dict[str, str] = {"next_cursor": cursor} if cursor else {}
        answer = cloudinary.api.resources(max_results=3, **options, **more)
        pages += ids(answer)
        cursor = answer.get("next_cursor")
        if not cursor:
            break
    assert pages == whole


def test_only_assets_since_a_moment_are_listed(simulator: Simulator) -> None:
    simulator.control("PUT", "/clock", {"offset": 1800})
    cloudinary.uploader.upload(b"x", public_id="later")
    since = datetime.fromtimestamp(time.time() + 900, UTC)
    assert ids(cloudinary.api.resources(start_at=since.strftime("%Y-%m-%d %H:%M:%S"))) == ["later"]
    as_node_writes_it = format_datetime(since.replace(microsecond=0), usegmt=True)
    assert ids(cloudinary.api.resources(start_at=as_node_writes_it)) == ["later"]
    with pytest.raises(BadRequest, match="Invalid start_at soon"):
        cloudinary.api.resources(start_at="soon")


def test_assets_are_listed_by_tag_context_and_folder() -> None:
    assert ids(cloudinary.api.resources_by_tag("all", direction="asc")) == [*IDS, "secret"]
    assert ids(cloudinary.api.resources_by_tag("t1")) == ["stage/b"]
    assert ids(cloudinary.api.resources_by_tag("all", resource_type="video")) == ["clip"]
    assert ids(cloudinary.api.resources_by_context("k", "v", direction="asc")) == IDS
    assert ids(cloudinary.api.resources_by_context("n", "2")) == ["zoo/c"]
    assert len(ids(cloudinary.api.resources_by_context("n"))) == 4
    assert ids(cloudinary.api.resources_by_asset_folder("zoo", direction="asc")) == ["zoo/c", "zoo/d e"]


def test_assets_are_listed_by_ids(assets: dict[str, str]) -> None:
    assert ids(cloudinary.api.resources_by_ids(["zoo/c", "nowhere", "stage/a"], tags=True)) == ["zoo/c", "stage/a"]
    wanted = [assets["zoo/d e"], "0" * 32]
    assert ids(cloudinary.api.resources_by_asset_ids(wanted)) == ["zoo/d e"]
    with pytest.raises(BadRequest, match="Too many public_ids - 101"):
        cloudinary.api.resources_by_ids([f"x{n}" for n in range(101)])


def test_tags_are_listed_in_alphabetical_order() -> None:
    assert cloudinary.api.tags()["tags"] == ["all", "t0", "t1", "t2", "t3"]
    first = cloudinary.api.tags(prefix="t", max_results=3)
    assert first["tags"] == ["t0", "t1", "t2"]
    rest = cloudinary.api.tags(prefix="t", max_results=3, next_cursor=first["next_cursor"])
    assert (rest["tags"], rest.get("next_cursor")) == (["t3"], None)
    assert cloudinary.api.tags(resource_type="video")["tags"] == ["all"]


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: cloudinary.api.resources(max_results=501), "Invalid max_results 501 - must be between 1 and 500"),
        (lambda: cloudinary.api.resources(direction="up"), "Invalid direction up"),
        (lambda: cloudinary.api.resources(next_cursor="??"), "Invalid next_cursor"),
        (lambda: cloudinary.api.resources_by_asset_ids([]), "Missing required parameter - asset_ids"),
    ],
)
def test_a_wrong_list_is_refused(call: Callable[[], Any], sentence: str) -> None:
    with pytest.raises(BadRequest, match=sentence):
        call()
