"""The keys of an asset that a search answers, where they differ from those of the Admin API's lists."""

from typing import Any

import cloudinary.api
import cloudinary.uploader
import pytest
from cloudinary import Search

from tests.integration.simulator.simulator_client import Simulator

pytestmark = pytest.mark.usefixtures("sdk")


def asset(search: Search, public_id: str) -> dict[str, Any]:
    [body] = search.expression(f'public_id="{public_id}"').execute()["resources"]
    return dict(body)


def test_a_raw_asset_has_the_format_null() -> None:
    """cloudinary-cli reads ``format`` of every asset of a search (api_utils.py, ``query_cld_folder``)."""
    cloudinary.uploader.upload(b"a,b", public_id="data.csv", resource_type="raw")
    cloudinary.uploader.upload(b"x", public_id="a")
    assert asset(Search(), "data.csv")["format"] is None
    assert asset(Search(), "a")["format"] == "jpg"
    assert "format" not in cloudinary.api.resource("data.csv", resource_type="raw")


def test_context_has_no_wrapper_and_is_absent_where_there_is_none() -> None:
    """pycloudinary test_search.py, "should include context"; lists of the Admin API keep ``custom``."""
    cloudinary.uploader.upload(b"x", public_id="a", context={"stage": "value"})
    cloudinary.uploader.upload(b"x", public_id="b")
    assert asset(Search().with_field("context"), "a")["context"] == {"stage": "value"}
    assert "context" not in asset(Search().with_field("context"), "b")
    assert "context" not in asset(Search(), "a")
    listed = cloudinary.api.resources(context=True)["resources"]
    assert {entry["public_id"]: entry.get("context") for entry in listed} == {
        "a": {"custom": {"stage": "value"}}, "b": None
    }  # fmt: skip


def test_context_tags_and_image_metadata_are_included() -> None:
    """pycloudinary test_search.py, "should include context tags and image metadata"."""
    cloudinary.uploader.upload(b"x", public_id="a", context={"stage": "value"}, tags=["one", "two"])
    body = asset(Search().with_field("context").with_field("tags").with_field("image_metadata"), "a")
    assert (body["context"], body["tags"], body["image_metadata"]) == ({"stage": "value"}, ["one", "two"], {})


@pytest.mark.parametrize(("mode", "folder"), [("fixed", "folder"), ("dynamic", "asset_folder")])
def test_chosen_fields_come_with_those_that_are_always_there(simulator: Simulator, mode: str, folder: str) -> None:
    """cloudinary_npm search_spec, "should only include selected keys when using fields"."""
    simulator.settings(folder_mode=mode)
    cloudinary.uploader.upload(b"x", public_id="pf/a", asset_folder="pf", context={"stage": "value"})
    always = {"asset_id", "public_id", "created_at", "status", "type", "resource_type", folder}
    body = asset(Search().fields("context"), "pf/a")
    assert body.keys() == {*always, "context"}
    assert (body["context"], body[folder]) == ({"stage": "value"}, "pf")


def test_in_accounts_with_fixed_folders_the_folder_is_that_of_the_public_id(simulator: Simulator) -> None:
    simulator.settings(folder_mode="fixed")
    cloudinary.uploader.upload(b"x", public_id="pf/one/a")
    cloudinary.uploader.rename("pf/one/a", "other/a")
    found = Search().expression('folder:"other/*"').execute()["resources"]
    assert [body["public_id"] for body in found] == ["other/a"]
    assert Search().expression('folder:"pf/*"').execute()["total_count"] == 0
