"""Definitions of structured metadata fields, by the official SDK.

Source: pycloudinary test_metadata.py, cloudinary_npm structured_metadata_spec and the Metadata API reference.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import cloudinary.api
import cloudinary.uploader
import pytest
from cloudinary.exceptions import BadRequest, NotFound

from tests.integration.simulator.simulator_client import Simulator

pytestmark = pytest.mark.usefixtures("sdk")

COLORS = {"values": [{"external_id": "r", "value": "Red"}, {"external_id": "g", "value": "Green"}]}
BELOW_5 = {"type": "less_than", "value": 5}


def add(external_id: str, type_: str = "string", **more: Any) -> Any:
    return cloudinary.api.add_metadata_field({"external_id": external_id, "label": external_id, "type": type_, **more})


def test_a_field_is_answered_as_the_sdk_expects_it() -> None:
    answer = add("sku")
    assert answer == {
        "type": "string",
        "external_id": "sku",
        "label": "sku",
        "mandatory": False,
        "default_value": None,
        "validation": None,
        "default_disabled": False,
        "restrictions": {"readonly_ui": False},
        "allow_dynamic_list_values": False,
    }
    assert cloudinary.api.metadata_field_by_field_id("sku") == answer
    assert cloudinary.api.list_metadata_fields()["metadata_fields"] == [dict(answer)]


@pytest.mark.parametrize(
    ("type_", "more", "default"),
    [
        ("string", {}, "a"),
        ("integer", {"validation": {"type": "less_than", "value": 5, "equals": True}}, 5),
        ("date", {"validation": {"type": "greater_than", "value": "2026-01-01", "equals": False}}, "2026-01-02"),
        ("string", {"validation": {"type": "strlen", "min": 1, "max": 3}}, "abc"),
        ("enum", {"datasource": COLORS}, "r"),
        ("set", {"datasource": COLORS}, ["r", "g"]),
    ],
)
def test_every_type_has_its_default_and_validation(type_: str, more: dict[str, Any], default: object) -> None:
    answer = add("field", type_, default_value=default, mandatory=True, **more)
    assert (answer["type"], answer["default_value"], answer["mandatory"]) == (type_, default, True)
    assert answer["validation"] == more.get("validation")
    entries = answer.get("datasource", {}).get("values", [])
    assert [(entry["external_id"], entry["state"]) for entry in entries] == (
        [("r", "active"), ("g", "active")] if "datasource" in more else []
    )


@pytest.mark.parametrize(
    ("field", "sentence"),
    [
        (
            {"type": "integer", "default_value": 6, "validation": {"type": "less_than", "value": 5}},
            "default_value is inv",
        ),
        ({"type": "integer", "default_value": "six"}, "default_value is invalid"),
        ({"type": "date", "default_value": "2026-02-30"}, "default_value is invalid"),
        ({"type": "enum", "datasource": COLORS, "default_value": "b"}, "default_value is invalid"),
        ({"type": "set", "datasource": COLORS, "default_value": ["r", "b"]}, "default_value is invalid"),
        ({"type": "string", "validation": {"type": "less_than", "value": 5}}, "validation is invalid"),
        ({"type": "string", "validation": {"type": "regex", "regex": "a"}}, "validation is invalid"),
        ({"type": "string", "validation": {"type": "and", "rules": []}}, "validation is invalid"),
        ({"type": "string", "datasource": COLORS}, "datasource is invalid"),
        ({"type": "enum"}, "Missing required parameter - datasource"),
        ({"type": "enum", "datasource": {"values": [{"external_id": "r"}]}}, "value of a datasource entry"),
        ({"type": "string", "mandatory": True}, "default_value is missing"),
        ({"type": "color"}, "Invalid value color for parameter type"),
        ({"type": "string", "label": ""}, "Missing required parameter - label"),
        ({"type": "string", "external_id": "x" * 256}, "Invalid external_id"),
    ],
)
def test_a_wrong_field_is_refused(field: dict[str, Any], sentence: str) -> None:
    with pytest.raises(BadRequest, match=sentence):
        cloudinary.api.add_metadata_field({"external_id": "field", "label": "Field", **field})
    assert cloudinary.api.list_metadata_fields()["metadata_fields"] == []


def test_an_update_changes_what_it_sends_and_neither_id_nor_type() -> None:
    add("sku", default_value="a")
    changes = {"external_id": "other", "type": "integer", "label": "SKU", "restrictions": {"readonly_ui": True}}
    answer = cloudinary.api.update_metadata_field("sku", changes)
    assert (answer["external_id"], answer["type"], answer["label"]) == ("sku", "string", "SKU")
    assert (answer["default_value"], answer["restrictions"]) == ("a", {"readonly_ui": True})
    with pytest.raises(BadRequest, match="default_value is invalid"):
        cloudinary.api.update_metadata_field("sku", {"validation": {"type": "strlen", "min": 2}})
    assert cloudinary.api.metadata_field_by_field_id("sku")["validation"] is None


def test_a_deleted_field_is_gone_with_its_values_and_its_id_stays_taken() -> None:
    add("sku")
    add("owner")
    cloudinary.uploader.upload(b"x", public_id="a", metadata={"sku": "1", "owner": "zoo"})
    assert cloudinary.api.delete_metadata_field("sku")["message"] == "ok"
    assert cloudinary.api.resource("a")["metadata"] == {"owner": "zoo"}
    for call in (cloudinary.api.metadata_field_by_field_id, cloudinary.api.delete_metadata_field):
        with pytest.raises(NotFound):
            call("sku")
    with pytest.raises(BadRequest, match="external id sku already exists"):
        add("sku")


def values(answer: Any) -> list[str]:
    return [entry["value"] for entry in answer["values"]]


def test_entries_of_a_datasource_are_changed_deleted_restored_and_sorted() -> None:
    add("color", "set", datasource=COLORS)
    changed = cloudinary.api.update_metadata_field_datasource("color", [{"external_id": "r", "value": "Rose"}])
    assert changed["values"][0] == {"external_id": "r", "value": "Rose"}
    assert values(changed) == ["Rose", "Green"]
    assert values(cloudinary.api.update_metadata_field_datasource("color", [{"value": "Amber"}]))[2] == "Amber"
    assert values(cloudinary.api.delete_datasource_entries("color", ["r"])) == ["Green", "Amber"]
    entries = cloudinary.api.metadata_field_by_field_id("color")["datasource"]["values"]
    assert [entry["state"] for entry in entries] == ["inactive", "active", "active"]
    assert values(cloudinary.api.restore_metadata_field_datasource("color", ["r"])) == ["Rose", "Green", "Amber"]
    assert values(cloudinary.api.reorder_metadata_field_datasource("color", "value")) == ["Amber", "Green", "Rose"]
    assert values(cloudinary.api.reorder_metadata_field_datasource("color", "value", "desc"))[0] == "Rose"
    with pytest.raises(NotFound, match="Datasource entry not found - x"):
        cloudinary.api.delete_datasource_entries("color", ["x"])
    add("sku")
    with pytest.raises(BadRequest, match="of type string has no datasource"):
        cloudinary.api.delete_datasource_entries("sku", ["x"])


def test_fields_are_listed_in_the_order_that_was_chosen() -> None:
    for external_id, label in (("b", "one"), ("a", "two"), ("c", "three")):
        add(external_id, label=label)

    def order(*by: str) -> list[str]:
        cloudinary.api.reorder_metadata_fields(*by)
        return [field["external_id"] for field in cloudinary.api.list_metadata_fields()["metadata_fields"]]

    assert order("external_id", "desc") == ["c", "b", "a"]
    assert order("label") == ["b", "c", "a"]
    assert order("created_at", "asc") == ["b", "a", "c"]


def test_fields_and_folders_are_there_after_the_process_was_killed(
    start: Callable[..., Simulator], tmp_path: Path
) -> None:
    file = str(tmp_path / "cloud.sqlite")
    first = start("--database", file)
    field = {"external_id": "n", "label": "N", "type": "integer", "default_value": 7}
    made = first.api("POST", "/metadata_fields", json=field).json()
    first.api("POST", "/image/upload", data={"file": "data:,x", "public_id": "a", "asset_folder": "pf"})
    first.api("POST", "/image/destroy", data={"public_id": "a"})
    folders = first.api("GET", "/folders/search").json()["folders"]
    first.process.kill()
    first.process.wait()

    second = start("--database", file)
    assert second.api("GET", "/metadata_fields/n").json() == made
    assert second.api("GET", "/folders/search").json()["folders"] == folders
    assert [folder["path"] for folder in folders] == ["pf"]
    second.control("POST", "/reset")
    assert second.api("GET", "/metadata_fields").json() == {"metadata_fields": []}
    assert second.api("GET", "/folders/search").json()["folders"] == []
