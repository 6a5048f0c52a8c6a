"""The Python SDK's Admin API calls on many assets: lists, search, deletion."""

from typing import Any

import cloudinary.api
import cloudinary.uploader
import pytest
from cloudinary.search import Search

pytestmark = pytest.mark.usefixtures("sdk")


def upload(public_id: str, **options: Any) -> dict[str, Any]:
    answer: dict[str, Any] = cloudinary.uploader.upload(public_id.encode(), public_id=public_id, **options)
    return answer


def ids(answer: dict[str, Any]) -> list[str]:
    return [asset["public_id"] for asset in answer["resources"]]


def test_a_list_is_complete_over_its_pages() -> None:
    for number in range(5):
        upload(f"zoo/{number}", tags=[f"t{number}"])
    upload("zoo/movie", resource_type="video")
    upload("stage/a")

    first = cloudinary.api.resources(type="upload", prefix="zoo/", max_results=3, tags=True)
    second = cloudinary.api.resources(type="upload", prefix="zoo/", max_results=3, next_cursor=first["next_cursor"])

    assert ids(first) + ids(second) == [f"zoo/{number}" for number in range(5)]
    assert "next_cursor" not in second
    assert [asset["tags"] for asset in first["resources"]] == [["t0"], ["t1"], ["t2"]]
    assert "tags" not in second["resources"][0]
    assert ids(cloudinary.api.resources(resource_type="video")) == ["zoo/movie"]
    assert cloudinary.api.resource_types()["resource_types"] == ["image", "video", "raw"]


def test_assets_are_listed_by_tag_ids_context_and_folder() -> None:
    uploaded = [upload(f"zoo/{n}", tags=["animal"], context={"license": "free" if n else "none"}) for n in range(3)]
    upload("stage/a", tags=["music"], asset_folder="stage")

    assert set(ids(cloudinary.api.resources_by_tag("animal"))) == {"zoo/0", "zoo/1", "zoo/2"}
    assert ids(cloudinary.api.resources_by_tag("animal", max_results=2, direction="asc")) == ["zoo/0", "zoo/1"]
    assert set(ids(cloudinary.api.resources_by_ids(["zoo/1", "zoo/2", "gone"]))) == {"zoo/1", "zoo/2"}
    by_asset_ids = cloudinary.api.resources_by_asset_ids([uploaded[0]["asset_id"]], context=True)
    assert by_asset_ids["resources"][0]["context"] == {"custom": {"license": "none"}}
    assert set(ids(cloudinary.api.resources_by_context("license", "free"))) == {"zoo/1", "zoo/2"}
    assert ids(cloudinary.api.resources_by_asset_folder("stage")) == ["stage/a"]
    assert cloudinary.api.tags()["tags"] == ["animal", "music"]


@pytest.mark.parametrize("tag", ["rock & roll", "a/b", "100 %", "grün", "a+b", "who?", "#1"])
def test_a_tag_of_any_text_lists_its_assets(tag: str) -> None:
    upload("a", tags=[tag])
    upload("b", tags=["another"])
    assert ids(cloudinary.api.resources_by_tag(tag)) == ["a"]


@pytest.mark.parametrize(
    ("expression", "found"),
    [
        ("tags=animal", {"zoo/koala", "zoo/night/owl"}),
        ("tags:anim*", {"zoo/koala", "zoo/night/owl"}),
        ("tags=animal AND NOT tags=night", {"zoo/koala"}),
        ("folder=zoo", {"zoo/koala"}),
        ("folder:zoo/*", {"zoo/koala", "zoo/night/owl"}),
        ("resource_type:video OR tags=music", {"clip", "stage/guitar"}),
        ("(tags=night OR tags=music) AND resource_type:image", {"zoo/night/owl", "stage/guitar"}),
        ('public_id="stage/guitar"', {"stage/guitar"}),
        ("uploaded_at>1h", {"zoo/koala", "zoo/night/owl", "stage/guitar", "clip"}),
        ("uploaded_at<1h", set()),
        ("no_such_field=x", set()),
    ],
)
def test_a_search_finds_what_its_expression_means(expression: str, found: set[str]) -> None:
    upload("zoo/koala", tags=["animal"], asset_folder="zoo")
    upload("zoo/night/owl", tags=["animal", "night"], asset_folder="zoo/night")
    upload("stage/guitar", tags=["music"])
    upload("clip", resource_type="video")

    answer = Search().expression(expression).execute()

    assert (set(ids(answer)), answer["total_count"]) == (found, len(found))


def test_a_search_is_sorted_paged_and_counted() -> None:
    for number in range(5):
        upload(f"zoo/{number}", tags=[f"t{number}"], context={"n": str(number)}, asset_folder="zoo")
    search = Search().expression("folder=zoo").sort_by("public_id", "desc").max_results(3)

    first = search.with_field("tags").with_field("context").aggregate("resource_type").execute()
    second = search.next_cursor(first["next_cursor"]).execute()

    assert ids(first) + ids(second) == ["zoo/4", "zoo/3", "zoo/2", "zoo/1", "zoo/0"]
    assert first["resources"][0]["tags"] == ["t4"]
    assert all("context" in asset for asset in first["resources"])
    assert first["aggregations"] == {"resource_type": {"image": 5}}
    assert first["total_count"] == 5
    [only] = Search().expression("public_id=zoo/1").fields(["tags"]).execute()["resources"]
    always = {"asset_id", "public_id", "created_at", "status", "type", "resource_type", "asset_folder"}
    assert set(only) == {*always, "tags"}


def test_deletion_by_ids_prefix_tag_and_altogether_says_what_is_gone() -> None:
    for public_id in ("zoo/0", "zoo/1", "stage/0", "stage/1", "a", "b"):
        upload(public_id, tags=["music"] if public_id.startswith("stage/") else [])

    answer = cloudinary.api.delete_resources(["zoo/0", "gone"])
    assert answer["deleted"] == {"zoo/0": "deleted", "gone": "not_found"}
    assert answer["partial"] is False
    assert cloudinary.api.delete_resources_by_prefix("zoo/")["deleted"] == {"zoo/1": "deleted"}
    by_tag = cloudinary.api.delete_resources_by_tag("music")["deleted"]
    assert by_tag == {"stage/0": "deleted", "stage/1": "deleted"}
    assert set(ids(cloudinary.api.resources())) == {"a", "b"}
    asset_id = cloudinary.api.resource("a")["asset_id"]
    assert cloudinary.api.delete_resources_by_asset_ids([asset_id])["deleted"] == {asset_id: "deleted"}
    assert cloudinary.api.delete_all_resources()["deleted"] == {"b": "deleted"}
    assert cloudinary.api.resources()["resources"] == []
