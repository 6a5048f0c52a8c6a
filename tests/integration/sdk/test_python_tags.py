"""The Python SDK's calls on the tags and the context of many assets."""

from typing import Any

import cloudinary.api
import cloudinary.uploader
import pytest
from cloudinary.exceptions import BadRequest

from tests.integration.simulator.simulator_client import Simulator

pytestmark = [pytest.mark.usefixtures("sdk"), pytest.mark.parametrize("resource_type", ["image", "video"])]


@pytest.fixture
def assets(resource_type: str, sdk: None) -> list[str]:
    """Two assets that have the tags a and b, and a third without."""
    options: dict[str, Any] = {"resource_type": resource_type}
    for public_id in ("zoo/1", "zoo/2, old"):
        cloudinary.uploader.upload(b"x", public_id=public_id, tags=["a", "b"], **options)
    cloudinary.uploader.upload(b"x", public_id="bare", **options)
    return ["zoo/1", "zoo/2, old", "bare"]


def tags_of(public_ids: list[str], resource_type: str) -> list[list[str]]:
    found = [cloudinary.api.resource(public_id, resource_type=resource_type) for public_id in public_ids]
    return [asset.get("tags", []) for asset in found]


def test_tags_are_added_to_every_asset_named(assets: list[str], resource_type: str) -> None:
    answer = cloudinary.uploader.add_tag("b,new & shiny", [*assets, "gone"], resource_type=resource_type)

    assert answer["public_ids"] == assets
    assert tags_of(assets, resource_type) == [["a", "b", "new & shiny"]] * 2 + [["b", "new & shiny"]]


def test_tags_are_removed(assets: list[str], resource_type: str) -> None:
    cloudinary.uploader.remove_tag("a", assets, resource_type=resource_type)
    assert tags_of(assets, resource_type) == [["b"], ["b"], []]


def test_tags_are_replaced(assets: list[str], resource_type: str) -> None:
    cloudinary.uploader.replace_tag("new", assets[:1], resource_type=resource_type)
    assert tags_of(assets, resource_type) == [["new"], ["a", "b"], []]


def test_all_tags_are_removed(assets: list[str], resource_type: str) -> None:
    cloudinary.uploader.remove_all_tags(assets[1:], resource_type=resource_type)
    assert tags_of(assets, resource_type) == [["a", "b"], [], []]


def test_an_exclusive_tag_is_taken_from_the_others(assets: list[str], resource_type: str) -> None:
    cloudinary.uploader.add_tag("a", [assets[2]], exclusive=True, resource_type=resource_type)
    assert tags_of(assets, resource_type) == [["b"], ["b"], ["a"]]


def test_a_thousand_ids_go_in_one_call_and_no_more(assets: list[str], resource_type: str) -> None:
    others = [f"gone/{number}" for number in range(999)]

    answer = cloudinary.uploader.add_tag("new", [assets[0], *others], resource_type=resource_type)
    assert answer["public_ids"] == [assets[0]]
    with pytest.raises(BadRequest, match="1001"):
        cloudinary.uploader.add_tag("newer", [assets[0], *others, "one more"], resource_type=resource_type)
    assert tags_of(assets[:1], resource_type) == [["a", "b", "new"]]


def test_context_is_added_and_removed(assets: list[str], resource_type: str) -> None:
    pairs = {"alt": "a|b=c", "license": "editorial"}
    answer = cloudinary.uploader.add_context(pairs, assets, resource_type=resource_type)
    assert answer["public_ids"] == assets
    cloudinary.uploader.remove_all_context(assets[:1], resource_type=resource_type)

    found = [cloudinary.api.resource(public_id, resource_type=resource_type) for public_id in assets]
    assert [asset.get("context") for asset in found] == [None, {"custom": pairs}, {"custom": pairs}]


def test_metadata_is_written_and_the_rest_of_it_kept(
    simulator: Simulator, assets: list[str], resource_type: str
) -> None:
    simulator.add_metadata_fields("sku", "shelf")
    cloudinary.uploader.update_metadata({"sku": "42", "shelf": "a|b=c"}, assets[:2], resource_type=resource_type)
    answer = cloudinary.uploader.update_metadata({"sku": "43"}, assets[:1], resource_type=resource_type)
    assert answer["public_ids"] == assets[:1]

    found = [cloudinary.api.resource(public_id, resource_type=resource_type) for public_id in assets]
    assert [asset.get("metadata") for asset in found] == [
        {"sku": "43", "shelf": "a|b=c"}, {"sku": "42", "shelf": "a|b=c"}, None
    ]  # fmt: skip
