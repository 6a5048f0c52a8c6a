"""Values of structured metadata on assets, by the official SDK.

Source: pycloudinary test_uploader.py and test_api.py, cloudinary_npm uploader_spec, "structured metadata fields".
"""

from collections.abc import Callable
from typing import Any

import cloudinary.api
import cloudinary.uploader
import pytest
from cloudinary import Search
from cloudinary.exceptions import BadRequest

from tests.integration.simulator.simulator_client import Receiver, Simulator

pytestmark = pytest.mark.usefixtures("sdk")

ENTRIES = {"values": [{"external_id": "r", "value": "Red"}, {"external_id": "g", "value": "Green"}]}
TYPES = {"sku": "string", "stock": "integer", "until": "date", "color": "enum", "colors": "set"}
VALUES = {"sku": "a|b=c", "stock": 12, "until": "2026-12-24", "color": "r", "colors": ["g", "r"]}


@pytest.fixture(autouse=True)
def fields(simulator: Simulator, sdk: None) -> None:
    for external_id, type_ in TYPES.items():
        datasource = {"datasource": ENTRIES} if type_ in ("enum", "set") else {}
        cloudinary.api.add_metadata_field(
            {"external_id": external_id, "label": external_id, "type": type_, **datasource}
        )


def stored(public_id: str = "a") -> Any:
    return cloudinary.api.resource(public_id).get("metadata")


@pytest.mark.parametrize(
    "write",
    [
        lambda: cloudinary.uploader.upload(b"x", public_id="a", metadata=VALUES),
        lambda: cloudinary.uploader.explicit("a", type="upload", metadata=VALUES),
        lambda: cloudinary.api.update("a", metadata=VALUES),
        lambda: cloudinary.uploader.update_metadata(VALUES, ["a"]),
    ],
)
def test_every_call_stores_values_in_the_type_of_their_field(write: Callable[[], Any]) -> None:
    cloudinary.uploader.upload(b"x", public_id="a")
    answer = write()
    assert stored() == VALUES
    assert answer.get("metadata", VALUES) == VALUES


def test_a_number_may_come_as_text() -> None:
    """cloudinary_npm uploader_spec, "should allow passing both string and a number for a number smd field"."""
    for value in (123, "123"):
        assert cloudinary.uploader.upload(b"x", metadata={"stock": value})["metadata"] == {"stock": 123}


def test_a_call_changes_the_fields_that_it_sends_and_an_empty_value_clears_one() -> None:
    cloudinary.uploader.upload(b"x", public_id="a", metadata=VALUES)
    cloudinary.uploader.update_metadata({"stock": 13, "color": ""}, ["a"])
    assert stored() == {"sku": "a|b=c", "stock": 13, "until": "2026-12-24", "colors": ["g", "r"]}


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ({"unknown": "x"}, "Invalid value  for parameter kind"),
        ({"stock": "many"}, "Invalid value many for metadata field stock"),
        ({"until": "2026-13-01"}, "Invalid value 2026-13-01 for metadata field until"),
        ({"color": "Red"}, "Invalid value Red for metadata field color"),
        ({"colors": ["g", "x"]}, "for metadata field colors"),
        ({"colors": "[" * 3000}, "for metadata field colors"),
    ],
)
def test_a_value_that_its_field_cannot_have_is_refused_and_nothing_is_stored(
    value: dict[str, Any], sentence: str
) -> None:
    """The answer to an unknown field is quoted in pycloudinary issue 358 and CloudinaryDotNet issue 318."""
    cloudinary.uploader.upload(b"x", public_id="a", metadata={"sku": "1"})
    calls: list[Callable[[], Any]] = [
        lambda: cloudinary.uploader.upload(b"x", public_id="b", metadata=value),
        lambda: cloudinary.uploader.update_metadata(value, ["a"]),
        lambda: cloudinary.api.update("a", metadata=value),
    ]
    for call in calls:
        with pytest.raises(BadRequest, match=sentence.replace("[", r"\[")):
            call()
    assert (stored(), len(cloudinary.api.resources()["resources"])) == ({"sku": "1"}, 1)


def test_an_entry_that_was_deleted_can_be_named_again_after_it_was_restored() -> None:
    cloudinary.api.delete_datasource_entries("color", ["r"])
    with pytest.raises(BadRequest):
        cloudinary.uploader.upload(b"x", metadata={"color": "r"})
    cloudinary.api.restore_metadata_field_datasource("color", ["r"])
    assert cloudinary.uploader.upload(b"x", metadata={"color": "r"})["metadata"] == {"color": "r"}


def test_a_mandatory_value_takes_the_default_and_cannot_be_cleared() -> None:
    field = {"external_id": "owner", "label": "Owner", "type": "string", "mandatory": True, "default_value": "zoo"}
    cloudinary.api.add_metadata_field(field)
    cloudinary.uploader.upload(b"x", public_id="a", metadata={"sku": "1"})
    assert stored() == {"sku": "1", "owner": "zoo"}
    with pytest.raises(BadRequest, match="Metadata field owner is mandatory"):
        cloudinary.api.update("a", metadata={"owner": ""})


@pytest.mark.parametrize(
    "lists",
    [
        lambda metadata: cloudinary.api.resources(prefix="a", type="upload", metadata=metadata),
        lambda metadata: cloudinary.api.resources_by_tag("t", metadata=metadata),
        lambda metadata: cloudinary.api.resources_by_context("k", "v", metadata=metadata),
    ],
)
def test_lists_hold_stored_values_and_defaults_where_metadata_is_asked_for(lists: Callable[[bool], Any]) -> None:
    """pycloudinary test_api.py, "structured metadata in resources", by tag and by context."""
    cloudinary.api.add_metadata_field(
        {"external_id": "owner", "label": "Owner", "type": "string", "default_value": "zoo"}
    )
    cloudinary.uploader.upload(b"x", public_id="a1", tags=["t"], context={"k": "v"}, metadata={"stock": 1})
    cloudinary.uploader.upload(b"x", public_id="a2", tags=["t"], context={"k": "v"}, metadata={"owner": "ann"})
    found = {entry["public_id"]: entry["metadata"] for entry in lists(True)["resources"]}
    assert found == {"a1": {"stock": 1, "owner": "zoo"}, "a2": {"owner": "ann"}}
    assert all("metadata" not in entry for entry in lists(False)["resources"])


def test_a_disabled_default_is_given_to_no_asset() -> None:
    field = {"external_id": "owner", "label": "O", "type": "string", "default_value": "zoo", "default_disabled": True}
    cloudinary.api.add_metadata_field(field)
    cloudinary.uploader.upload(b"x", public_id="a")
    assert stored() is None


@pytest.mark.parametrize(
    ("expression", "found"),
    [
        ("metadata.sku=one", ["a"]),
        ("metadata.stock>5", ["b"]),
        ("metadata.stock:[1 TO 5]", ["a"]),
        ("metadata.until<2026-06-01", ["a"]),
        ("metadata.colors=r", ["b"]),
        ("metadata.color:*", []),
        ("metadata:stock", ["a", "b"]),
    ],
)
def test_assets_are_found_by_their_values_and_show_them(expression: str, found: list[str]) -> None:
    first = {"sku": "one", "stock": 3, "until": "2026-01-01"}
    cloudinary.uploader.upload(b"x", public_id="a", metadata=first)
    cloudinary.uploader.upload(b"x", public_id="b", metadata={"stock": 9, "until": "2026-12-01", "colors": ["r"]})
    answer = Search().expression(expression).with_field("metadata").sort_by("public_id", "asc").execute()
    assert [body["public_id"] for body in answer["resources"]] == found
    assert all(body["metadata"] == first for body in answer["resources"] if body["public_id"] == "a")


def test_a_change_is_notified_with_values_in_their_types(simulator: Simulator, receiver: Receiver) -> None:
    cloudinary.uploader.upload(b"x", public_id="a", metadata={"stock": 1})
    cloudinary.api.create_trigger(receiver.url, "resource_metadata_changed")
    cloudinary.uploader.update_metadata({"stock": 2, "colors": ["r"]}, ["a"])
    [notification] = receiver.wait("resource_metadata_changed")
    change = notification.body["resources"]["a"]
    assert (change["previous_metadata"], change["new_metadata"]) == ({"stock": 1}, {"stock": 2, "colors": ["r"]})


def test_an_overwrite_clears_values_and_gives_defaults_again(simulator: Simulator) -> None:
    cloudinary.api.update_metadata_field("sku", {"default_value": "none"})
    cloudinary.uploader.upload(b"1", public_id="a", metadata={"sku": "1", "stock": 2})
    assert cloudinary.uploader.upload(b"2", public_id="a")["metadata"] == {"sku": "none"}
    simulator.settings(keep_on_overwrite=True)
    cloudinary.uploader.update_metadata({"sku": "1", "stock": 2}, ["a"])
    assert cloudinary.uploader.upload(b"3", public_id="a")["metadata"] == {"sku": "1", "stock": 2}
