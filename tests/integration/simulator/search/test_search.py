"""The search of the Admin API, by the official SDK."""

import base64

import cloudinary.uploader
import pytest
from cloudinary import Search
from cloudinary.exceptions import BadRequest

from tests.integration.simulator.simulator_client import Simulator

pytestmark = pytest.mark.usefixtures("sdk")

ALWAYS = {"asset_id", "public_id", "created_at", "status", "type", "resource_type"}
"""Keys of an answer whose fields are chosen, besides the folder (cloudinary_npm search_spec)."""


@pytest.fixture(autouse=True)
def library(simulator: Simulator, sdk: None) -> None:
    for name, tags in (("a", ["press"]), ("b", ["press", "zoo"]), ("c", [])):
        cloudinary.uploader.upload(
            name.encode() * 3, public_id=f"pics/{name}", tags=tags, context={"k": name}, filename="x.jpg"
        )
    cloudinary.uploader.upload(b"vv", public_id="clip", resource_type="video", tags=["press"])


def found(search: Search) -> list[str]:
    return [resource["public_id"] for resource in search.execute()["resources"]]


def test_a_search_answers_the_assets_that_its_expression_means_youngest_first() -> None:
    answer = Search().expression("tags:press").execute()
    assert (answer["total_count"], [r["public_id"] for r in answer["resources"]]) == (3, ["clip", "pics/b", "pics/a"])
    assert "next_cursor" not in answer
    first = answer["resources"][0]
    assert (first["resource_type"], first["filename"], first["status"]) == ("video", "clip", "active")
    assert first["uploaded_at"] == first["created_at"]
    assert not {"tags", "context", "metadata", "info"} & first.keys()
    assert answer.rate_limit_remaining is not None


def test_a_search_without_an_expression_answers_everything() -> None:
    assert len(found(Search())) == 4


def test_fields_are_added_or_chosen() -> None:
    [body] = Search().expression("public_id=pics/b").with_field(["tags", "context"]).execute()["resources"]
    assert (body["tags"], body["context"]) == (["press", "zoo"], {"k": "b"})
    [body] = Search().expression("public_id=pics/b").fields("tags").fields("format").execute()["resources"]
    assert body.keys() == {*ALWAYS, "asset_folder", "tags", "format"}


def test_results_are_sorted_by_several_fields() -> None:
    assert found(Search().sort_by("public_id", "asc")) == ["clip", "pics/a", "pics/b", "pics/c"]
    assert found(Search().sort_by("bytes", "asc").sort_by("public_id")) == ["clip", "pics/c", "pics/b", "pics/a"]


@pytest.mark.parametrize("fields", [["public_id"], ["resource_type", "public_id"], []])
@pytest.mark.parametrize("direction", ["asc", "desc"])
def test_pages_hold_every_asset_once(fields: list[str], direction: str) -> None:
    search, pages, cursor = Search().max_results(1), [], None
    for field in fields:
        search.sort_by(field, direction)
    while True:
        answer = search.next_cursor(cursor).execute() if cursor else search.execute()
        pages += [resource["public_id"] for resource in answer["resources"]]
        cursor = answer.get("next_cursor")
        if not cursor:
            break
    whole = Search()
    for field in fields:
        whole.sort_by(field, direction)
    assert pages == found(whole)
    assert len(set(pages)) == 4


def test_an_asset_that_is_gone_between_two_pages_hides_no_other() -> None:
    search = Search().sort_by("public_id", "asc").max_results(2)
    first = search.execute()
    cloudinary.uploader.destroy("pics/a")
    assert found(search.next_cursor(first["next_cursor"])) == ["pics/b", "pics/c"]


def test_assets_are_counted_by_field_and_by_range() -> None:
    ranges = [{"key": "small", "to": 3}, {"key": "large", "from": 3}]
    answer = Search().aggregate("resource_type").aggregate({"type": "bytes", "ranges": ranges}).execute()
    assert answer["aggregations"] == {"resource_type": {"image": 3, "video": 1}, "bytes": {"small": 1, "large": 3}}


@pytest.mark.parametrize(
    ("search", "sentence"),
    [
        (Search().expression("tags:"), "Invalid expression"),
        (Search().max_results(501), "Invalid max_results 501"),
        (Search().max_results(0), "Invalid max_results 0"),
        (Search().sort_by("beauty"), "Invalid value beauty for parameter sort_by"),
        (Search().sort_by("public_id", "up"), "Invalid value for parameter sort_by"),
        (Search().with_field("beauty"), "Invalid value beauty for parameter with_field"),
        (Search().aggregate("beauty"), "Invalid value beauty for parameter aggregate"),
        (Search().next_cursor("beauty"), "Invalid next_cursor beauty"),
        (Search().next_cursor("WyJhIiwiYiJd"), "Invalid next_cursor"),
        (Search().next_cursor(base64.urlsafe_b64encode(b"[" * 3000).decode()), "Invalid next_cursor"),
        (Search().with_field("[" * 3000), "Invalid value"),
    ],
)
def test_a_wrong_search_is_refused(search: Search, sentence: str) -> None:
    with pytest.raises(BadRequest, match=sentence):
        search.execute()


def test_the_index_may_lag_behind_the_uploads(simulator: Simulator) -> None:
    simulator.settings(search_lag=600)
    assert found(Search()) == []
    simulator.control("PUT", "/clock", {"offset": 700})
    assert len(found(Search())) == 4


def test_a_search_is_a_get_request_too(simulator: Simulator) -> None:
    answer = simulator.api("GET", "/resources/search", params={"expression": "tags=zoo"})
    assert [resource["public_id"] for resource in answer.json()["resources"]] == ["pics/b"]
