"""Names of assets and folders: which the simulated Cloudinary refuses, and what it makes of a file's name."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import cloudinary.api
import cloudinary.uploader
import pytest
from cloudinary.exceptions import BadRequest

from tests.integration.simulator.simulator_client import Receiver, Simulator

pytestmark = pytest.mark.usefixtures("sdk")

NO_PATH = [
    "a?",
    "a&b",
    "a#",
    "a\\b",
    "a%20b",
    "a<b",
    "a>b",
    "a+b",
    "a\tb",
    "a\x7fb",
    " a",
    "a ",
    "/a",
    "a/",
    "a//b",
    "x" * 256,
]
"""No public_id and no path of a folder. Sources: Upload API reference, ``public_id`` and ``asset_folder``; the words
for a leading slash and for # are those that users reported."""
NO_PUBLIC_ID = [*NO_PATH, "v2/a", "x/v12345/a", "images/a", "x/videos/a"]
NO_FOLDER = [*NO_PATH, "v2", "x/v2"]
VALID = ["v2", "x/v2", "images", "x/version2/a", "v2a/b", "image/b", "a b/c.d", "Ünï/日本", "50,50", "x" * 255]


def upload(**options: Any) -> dict[str, Any]:
    answer: dict[str, Any] = cloudinary.uploader.upload(b"x", **options)
    return answer


@pytest.mark.parametrize("public_id", NO_PUBLIC_ID)
def test_an_invalid_public_id_is_refused_at_upload_and_rename(simulator: Simulator, public_id: str) -> None:
    sentence = f"public_id ({public_id}) is invalid"
    sent = simulator.api("POST", "/image/upload", data={"public_id": public_id, "file": "data:,x"})
    assert (sent.status_code, sent.json()["error"]["message"]) == (400, sentence)
    upload(public_id="a")
    renamed = simulator.api("POST", "/image/rename", data={"from_public_id": "a", "to_public_id": public_id})
    assert (renamed.status_code, renamed.json()["error"]["message"]) == (400, sentence)
    assert [asset["public_id"] for asset in simulator.control("GET", "/assets")["assets"]] == ["a"]


@pytest.mark.parametrize("public_id", VALID)
def test_a_valid_public_id_is_kept_as_it_is(public_id: str) -> None:
    assert upload(public_id=public_id)["public_id"] == public_id


@pytest.mark.parametrize("folder", NO_FOLDER)
@pytest.mark.parametrize(
    "call",
    [
        lambda folder: upload(public_id="b", asset_folder=folder),
        lambda folder: upload(public_id="b", folder=folder),
        lambda folder: cloudinary.uploader.explicit("a", type="upload", asset_folder=folder),
        lambda folder: cloudinary.api.update("a", asset_folder=folder),
        lambda folder: cloudinary.api.rename_folder("old", folder),
    ],
)
def test_an_invalid_folder_is_refused(simulator: Simulator, call: Callable[[str], Any], folder: str) -> None:
    upload(public_id="a", asset_folder="old")
    with pytest.raises(BadRequest, match=r"folder \(.*\) is invalid"):
        call(folder)
    [asset] = simulator.control("GET", "/assets")["assets"]
    assert (asset["public_id"], asset["asset_folder"]) == ("a", "old")


@pytest.mark.parametrize("folder", ["a+b", "a&b", "x/v2"])
def test_an_invalid_folder_is_not_made(simulator: Simulator, folder: str) -> None:
    with pytest.raises(BadRequest, match="is invalid"):
        cloudinary.api.create_folder(folder)
    assert cloudinary.api.root_folders()["folders"] == []


def test_a_folder_may_have_a_name_that_is_reserved_in_public_ids_only() -> None:
    assert upload(public_id="a", asset_folder="images/videos")["asset_folder"] == "images/videos"


@pytest.mark.parametrize(
    "call",
    [
        lambda: upload(display_name="a/b"),
        lambda: upload(filename_override="shots/a.jpg", use_filename_as_display_name=True),
        lambda: cloudinary.uploader.explicit("kept", type="upload", display_name="a/b"),
        lambda: cloudinary.api.update("kept", display_name="a/b"),
    ],
)
def test_a_display_name_holds_no_slash(call: Callable[[], Any]) -> None:
    upload(public_id="kept")
    with pytest.raises(BadRequest, match="Display name cannot contain slashes"):
        call()
    assert cloudinary.api.resource("kept")["display_name"] == "kept"


def test_a_display_name_from_a_file_sent_by_its_path_is_its_own_name(tmp_path: Path) -> None:
    (tmp_path / "My rose.png").write_bytes(b"x")
    answer = cloudinary.uploader.upload(str(tmp_path / "My rose.png"), use_filename_as_display_name=True)
    assert answer["display_name"] == "My rose"


def test_a_display_name_may_hold_what_a_public_id_may_not() -> None:
    assert upload(public_id="a", display_name="R&B + 100 %?")["display_name"] == "R&B + 100 %?"


@pytest.mark.parametrize(
    ("name", "public_id"),
    [
        ("my logo.png", "my_logo"),
        ("C++ talk.png", "C_talk"),
        ("a & b?.png", "a_b"),
        ("+50%.png", "50"),
        ("#1 (new).png", "1_(new)"),
        ("_kept_.png", "_kept_"),
    ],
)
def test_a_public_id_from_a_file_name_is_made_valid(name: str, public_id: str) -> None:
    answer = upload(filename=name, use_filename=True, unique_filename=False)
    assert answer["public_id"] == public_id
    assert upload(filename=name, use_filename=True)["public_id"].startswith(f"{public_id}_")


def test_a_file_name_of_which_nothing_is_left_gives_a_random_public_id() -> None:
    assert len(upload(filename="+++.png", use_filename=True, unique_filename=False)["public_id"]) == 20


def test_without_a_folder_an_asset_is_in_the_root_whatever_slashes_its_public_id_has(simulator: Simulator) -> None:
    assert upload(public_id="stage/2026/a")["asset_folder"] == ""
    assert upload(public_id="b", public_id_prefix="stage")["asset_folder"] == ""
    simulator.control("POST", "/seed", {"count": 1, "prefix": "stage/seeded-"})
    assert {asset["asset_folder"] for asset in simulator.control("GET", "/assets")["assets"]} == {""}
    assert cloudinary.api.root_folders()["folders"] == []


def test_a_renamed_asset_stays_in_its_folder() -> None:
    upload(public_id="a", asset_folder="stage")
    assert cloudinary.uploader.rename("a", "zoo/b")["asset_folder"] == "stage"


def test_in_fixed_mode_the_path_of_the_public_id_is_the_folder(simulator: Simulator) -> None:
    simulator.settings(folder_mode="fixed")
    assert upload(public_id="stage/a")["folder"] == "stage"
    assert upload(public_id="b", folder="zoo/night", asset_folder="elsewhere")["folder"] == "zoo/night"
    assert cloudinary.uploader.rename("stage/a", "press/a")["folder"] == "press"
    assert cloudinary.api.update("press/a", asset_folder="elsewhere")["folder"] == "press"
    simulator.control("POST", "/seed", {"count": 1, "prefix": "old/"})
    assert [folder["path"] for folder in cloudinary.api.root_folders()["folders"]] == [
        "old", "press", "stage", "zoo",
    ]  # fmt: skip


def test_notifications_of_accounts_with_fixed_folders_name_no_folder_of_dynamic_ones(
    simulator: Simulator, receiver: Receiver
) -> None:
    simulator.settings(folder_mode="fixed", notification_url=receiver.url)
    upload(public_id="stage/a")
    cloudinary.uploader.rename("stage/a", "press/a")
    cloudinary.uploader.destroy("press/a")
    for kind in ("upload", "rename", "delete"):
        [notification] = receiver.wait(kind)
        assert not {"asset_folder", "display_name"} & notification.body.keys()
        assert all("asset_folder" not in asset for asset in notification.body.get("resources", []))
