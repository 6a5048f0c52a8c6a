"""The tags and context calls of the Upload API, by the official SDK."""

import cloudinary.api
import cloudinary.uploader
import pytest
from cloudinary.exceptions import BadRequest

from tests.integration.simulator.simulator_client import Simulator

pytestmark = pytest.mark.usefixtures("sdk")


@pytest.fixture(autouse=True)
def assets(sdk: None) -> None:
    for public_id in ("zoo/a", "b c"):
        cloudinary.uploader.upload(b"x", public_id=public_id, tags=["old"])


def tags_of(public_id: str) -> list[str]:
    return list(cloudinary.api.resource(public_id).get("tags", []))


def test_tags_are_added_removed_and_replaced() -> None:
    both = ["zoo/a", "b c"]
    assert cloudinary.uploader.add_tag(["x", "y"], both)["public_ids"] == both
    cloudinary.uploader.add_tag("p,q", "zoo/a")
    cloudinary.uploader.remove_tag(["x", "missing"], both)
    assert (tags_of("zoo/a"), tags_of("b c")) == (["old", "p", "q", "y"], ["old", "y"])

    cloudinary.uploader.replace_tag("only", "zoo/a")
    cloudinary.uploader.remove_all_tags("b c")
    assert (tags_of("zoo/a"), tags_of("b c")) == (["only"], [])


def test_an_exclusive_tag_leaves_the_other_assets() -> None:
    cloudinary.uploader.add_tag("cover", "b c")
    cloudinary.uploader.add_tag("cover", "zoo/a", exclusive=True)
    assert (tags_of("zoo/a"), tags_of("b c")) == (["cover", "old"], ["old"])


def test_only_assets_that_exist_are_answered(simulator: Simulator) -> None:
    assert cloudinary.uploader.add_tag("t", ["zoo/a", "nowhere"])["public_ids"] == ["zoo/a"]
    assert cloudinary.uploader.add_tag("t", ["zoo/a"])["public_ids"] == ["zoo/a"]
    simulator.settings(tags_answer="changed")
    assert cloudinary.uploader.add_tag("t", ["zoo/a"])["public_ids"] == []


def test_a_thousand_public_ids_are_taken_and_no_more() -> None:
    ids = ["zoo/a", *(f"id{n}" for n in range(999))]
    assert cloudinary.uploader.add_tag("t", ids)["public_ids"] == ["zoo/a"]
    with pytest.raises(BadRequest, match="1001"):
        cloudinary.uploader.add_tag("t", [*ids, "one more"])


def test_an_asset_holds_a_thousand_tags_and_no_more() -> None:
    cloudinary.uploader.replace_tag([f"t{n}" for n in range(1000)], "zoo/a")
    with pytest.raises(BadRequest, match="Too many tags"):
        cloudinary.uploader.add_tag("one more", "zoo/a")
    assert len(tags_of("zoo/a")) == 1000


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"command": "add", "public_ids[]": ["zoo/a"]}, "Missing required parameter - tag"),
        ({"command": "add", "tag": "t"}, "Missing required parameter - public_ids"),
        ({"tag": "t", "public_ids[]": ["zoo/a"]}, "Missing required parameter - command"),
        ({"command": "paint", "tag": "t", "public_ids[]": ["zoo/a"]}, "Invalid command paint"),
    ],
)
def test_incomplete_calls_are_refused(simulator: Simulator, data: dict[str, object], message: str) -> None:
    answer = simulator.api("POST", "/image/tags", data=data)
    assert (answer.status_code, answer.json()["error"]["message"]) == (400, message)


def test_tags_may_come_as_a_list_and_ids_with_numbers(simulator: Simulator) -> None:
    data = {"command": "add", "tag[]": ["x", "y"], "public_ids[0]": "zoo/a", "public_ids[1]": "b c"}
    assert simulator.api("POST", "/image/tags", data=data).json() == {"public_ids": ["zoo/a", "b c"]}
    assert tags_of("b c") == ["old", "x", "y"]


def test_context_is_added_and_removed() -> None:
    cloudinary.uploader.add_context({"alt": "a=b|c"}, ["zoo/a"])
    cloudinary.uploader.add_context({"more": "m"}, ["zoo/a", "nowhere"])
    assert cloudinary.api.resource("zoo/a")["context"] == {"custom": {"alt": "a=b|c", "more": "m"}}

    assert cloudinary.uploader.remove_all_context(["zoo/a"])["public_ids"] == ["zoo/a"]
    assert "context" not in cloudinary.api.resource("zoo/a")


def test_structured_metadata_is_set_on_many_assets_at_once(simulator: Simulator) -> None:
    simulator.add_metadata_fields("sku", "colour")
    cloudinary.uploader.update_metadata({"sku": "42"}, ["zoo/a", "nowhere"])
    assert cloudinary.uploader.update_metadata({"colour": "red"}, ["zoo/a"])["public_ids"] == ["zoo/a"]
    assert cloudinary.api.resource("zoo/a")["metadata"] == {"sku": "42", "colour": "red"}
    assert "metadata" not in cloudinary.api.resource("b c")


def test_calls_are_counted_by_what_they_sent(simulator: Simulator) -> None:
    cloudinary.uploader.add_tag("x", ["zoo/a", "b c"])
    cloudinary.uploader.add_tag("y", ["b c"])
    cloudinary.uploader.remove_tag("x", ["b c"])

    assert len(simulator.calls(path="*/tags")) == 3
    assert len(simulator.calls(path="*/tags", command="add")) == 2
    [call] = simulator.calls(path="*/tags", command="add", public_ids="zoo/a")
    assert (call["method"], call["status"], call["params"]["tag"]) == ("POST", 200, "x")
    assert not {"signature", "api_key"} & call["params"].keys()
