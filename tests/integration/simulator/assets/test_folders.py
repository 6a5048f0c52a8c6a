"""Folders of the Admin API, by the official SDK.

Source: cloudinary_npm api_spec, "folders", and the docstrings of pycloudinary.
"""

import cloudinary.api
import cloudinary.uploader
import pytest
from cloudinary.exceptions import AlreadyExists, BadRequest, NotFound

from tests.integration.simulator.simulator_client import Simulator

pytestmark = pytest.mark.usefixtures("sdk")


def subfolders(path: str = "") -> list[str]:
    answer = cloudinary.api.subfolders(path) if path else cloudinary.api.root_folders()
    assert answer["total_count"] == len(answer["folders"])
    return [folder["path"] for folder in answer["folders"]]


def test_folders_are_those_of_the_assets_and_those_that_were_made() -> None:
    cloudinary.uploader.upload(b"x", public_id="a", asset_folder="stage/big")
    assert cloudinary.api.create_folder("zoo/africa/west")["path"] == "zoo/africa/west"
    assert subfolders() == ["stage", "zoo"]
    assert subfolders("stage") == ["stage/big"]
    [africa] = cloudinary.api.subfolders("zoo")["folders"]
    assert (africa["name"], africa["path"]) == ("africa", "zoo/africa")
    with pytest.raises(NotFound, match="Can't find folder with path nowhere"):
        cloudinary.api.subfolders("nowhere")


def test_a_folder_stays_when_its_last_asset_is_deleted() -> None:
    """cloudinary_npm api_spec, "delete_folder": no subfolders, then deleted, then not found."""
    cloudinary.uploader.upload(b"x", public_id="pf/one/a", asset_folder="pf/one")
    cloudinary.api.delete_resources_by_prefix("pf/one")
    answer = cloudinary.api.subfolders("pf/one")
    assert (answer["total_count"], answer["folders"]) == (0, [])
    assert cloudinary.api.delete_folder("pf/one")["deleted"] == ["pf/one"]
    with pytest.raises(NotFound, match="Can't find folder with path pf/one"):
        cloudinary.api.subfolders("pf/one")
    assert subfolders() == ["pf"]


def test_a_folder_stays_when_its_last_asset_moves_to_another() -> None:
    cloudinary.uploader.upload(b"x", public_id="a", asset_folder="old")
    cloudinary.api.update("a", asset_folder="new/place")
    assert (subfolders(), subfolders("new")) == (["new", "old"], ["new/place"])


def test_a_folder_is_deleted_with_its_subfolders_once_no_asset_is_in_any() -> None:
    cloudinary.api.create_folder("zoo/africa/west")
    cloudinary.uploader.upload(b"x", public_id="a", asset_folder="zoo/africa")
    with pytest.raises(BadRequest, match="Folder is not empty"):
        cloudinary.api.delete_folder("zoo")
    assert cloudinary.api.delete_folder("zoo/africa/west")["deleted"] == ["zoo/africa/west"]
    cloudinary.uploader.destroy("a")
    assert cloudinary.api.delete_folder("zoo")["deleted"] == ["zoo", "zoo/africa"]
    with pytest.raises(NotFound):
        cloudinary.api.delete_folder("zoo")


def test_a_renamed_folder_takes_what_is_in_it_along_and_keeps_its_id() -> None:
    cloudinary.uploader.upload(b"x", public_id="a", asset_folder="zoo/africa")
    [before] = cloudinary.api.subfolders("zoo")["folders"]
    answer = cloudinary.api.rename_folder("zoo/africa", "world/africa")
    assert (answer["from"], answer["to"]) == (
        {"name": "africa", "path": "zoo/africa"},
        {"name": "africa", "path": "world/africa"},
    )
    assert cloudinary.api.resource("a")["asset_folder"] == "world/africa"
    assert (subfolders(), subfolders("zoo")) == (["world", "zoo"], [])
    [after] = cloudinary.api.subfolders("world")["folders"]
    assert after["external_id"] == before["external_id"]
    with pytest.raises(AlreadyExists):
        cloudinary.api.rename_folder("zoo", "world")


def test_pages_of_folders_hold_each_once() -> None:
    for name in ("a", "b", "c"):
        cloudinary.api.create_folder(name)
    first = cloudinary.api.root_folders(max_results=2)
    second = cloudinary.api.root_folders(max_results=2, next_cursor=first["next_cursor"])
    assert [folder["path"] for folder in first["folders"] + second["folders"]] == ["a", "b", "c"]
    assert (first["total_count"], second["next_cursor"]) == (3, None)


def test_in_accounts_with_fixed_folders_the_folders_are_those_of_the_public_ids(simulator: Simulator) -> None:
    simulator.settings(folder_mode="fixed")
    cloudinary.uploader.upload(b"x", public_id="pf/one/a")
    assert (subfolders(), subfolders("pf")) == (["pf"], ["pf/one"])
    cloudinary.uploader.rename("pf/one/a", "b")
    assert cloudinary.api.delete_folder("pf")["deleted"] == ["pf", "pf/one"]
    with pytest.raises(BadRequest, match="only in accounts with dynamic folders"):
        cloudinary.api.rename_folder("pf", "pg")
