"""Upload presets with the official SDK: create, read, list, change, delete."""

from collections.abc import Callable
from pathlib import Path

import cloudinary.api
import pytest
from cloudinary.exceptions import AlreadyExists, BadRequest, NotFound

from tests.integration.simulator.simulator_client import Simulator, stop

pytestmark = pytest.mark.usefixtures("sdk")


def test_a_preset_is_answered_with_the_types_of_its_settings() -> None:
    created = cloudinary.api.create_upload_preset(
        name="press",
        unsigned=True,
        disallow_public_id=True,
        live=True,
        eval="if (resource_info['width'] > 450) { upload_options['quality_analysis'] = true }",
        tags=["a", "b"],
        allowed_formats=["jpg", "png"],
        context={"alt": "a|b=c"},
        use_filename=True,
        unique_filename=False,
        folder="press",
        categorization="aws_rek_tagging",
        auto_tagging=0.7,
    )
    assert (created["message"], created["name"]) == ("created", "press")
    assert cloudinary.api.upload_preset("press") == {
        "name": "press",
        "unsigned": True,
        "settings": {
            "disallow_public_id": True,
            "live": True,
            "eval": "if (resource_info['width'] > 450) { upload_options['quality_analysis'] = true }",
            "tags": ["a", "b"],
            "allowed_formats": ["jpg", "png"],
            "context": {"alt": "a|b=c"},
            "use_filename": True,
            "unique_filename": False,
            "folder": "press",
            "categorization": "aws_rek_tagging",
            "auto_tagging": 0.7,
        },
    }


def test_a_preset_without_a_name_gets_one_and_has_only_what_was_set() -> None:
    name = cloudinary.api.create_upload_preset(use_asset_folder_as_public_id_prefix=True)["name"]
    preset = cloudinary.api.upload_preset(name)
    assert (preset["unsigned"], preset["settings"]) == (False, {"use_asset_folder_as_public_id_prefix": True})


def test_settings_that_were_read_can_be_sent_back_with_a_change(simulator: Simulator) -> None:
    stored = {"folder": "a", "tags": ["x", "y"], "context": {"k": "1=2"}, "transformation": [{"width": 100}]}
    created = simulator.api("POST", "/upload_presets", json={"name": "p", **stored})
    settings = simulator.api("GET", "/upload_presets/p").json()["settings"]
    assert created.ok and settings == stored
    changed = {**settings, "colors": True, "unsigned": True, "disallow_public_id": True}
    assert simulator.api("PUT", "/upload_presets/p", json=changed).json() == {"message": "updated"}
    del changed["unsigned"]
    assert simulator.api("GET", "/upload_presets/p").json() == {"name": "p", "unsigned": True, "settings": changed}


@pytest.mark.parametrize(("update", "left"), [("replace", {"folder": "b"}), ("merge", {"tags": ["x"], "folder": "b"})])
def test_the_account_says_what_an_update_does_to_settings_that_it_does_not_send(
    simulator: Simulator, update: str, left: dict[str, object]
) -> None:
    simulator.settings(preset_update=update)
    cloudinary.api.create_upload_preset(name="p", folder="a", tags=["x"], unsigned=True)
    assert cloudinary.api.update_upload_preset("p", folder="b")["message"] == "updated"
    assert cloudinary.api.upload_preset("p") == {"name": "p", "unsigned": True, "settings": left}


def test_presets_are_listed_in_pages_the_newest_first() -> None:
    for number in range(5):
        cloudinary.api.create_upload_preset(name=f"p{number}", folder=f"f{number}")
    names, cursor, pages = list[str](), None, 0
    while pages == 0 or cursor:
        page = cloudinary.api.upload_presets(max_results=2, next_cursor=cursor)
        names += [preset["name"] for preset in page["presets"]]
        cursor, pages = page.get("next_cursor"), pages + 1
        if pages == 1:
            cloudinary.api.delete_upload_preset("p3")
    assert (names, pages) == (["p4", "p3", "p2", "p1", "p0"], 3)
    first = cloudinary.api.upload_presets()["presets"][0]
    assert first == {"name": "p4", "unsigned": False, "settings": {"folder": "f4"}}


def test_a_deleted_preset_is_gone_and_a_name_is_given_once() -> None:
    cloudinary.api.create_upload_preset(name="p")
    with pytest.raises(AlreadyExists):
        cloudinary.api.create_upload_preset(name="p")
    assert cloudinary.api.delete_upload_preset("p")["message"] == "deleted"
    for call in (
        cloudinary.api.delete_upload_preset,
        cloudinary.api.upload_preset,
        cloudinary.api.update_upload_preset,
    ):
        with pytest.raises(NotFound):
            call("p")


def test_a_page_that_was_not_answered_and_a_name_with_a_slash_are_refused() -> None:
    with pytest.raises(BadRequest, match="Invalid next_cursor"):
        cloudinary.api.upload_presets(next_cursor="x")
    with pytest.raises(BadRequest, match="Invalid name"):
        cloudinary.api.create_upload_preset(name="a/b")


def test_settings_without_effect_are_stored_and_named_by_the_control_api(simulator: Simulator) -> None:
    cloudinary.api.create_upload_preset(name="p", folder="a", moderation="manual", colors=True)
    cloudinary.api.create_upload_preset(name="q", folder="a")
    assert simulator.control("GET", "/ignored") == {"ignored": {"p": ["colors", "moderation"]}}
    assert cloudinary.api.upload_preset("p")["settings"]["moderation"] == "manual"


def test_presets_survive_a_restart(start: Callable[..., Simulator], tmp_path: Path) -> None:
    first = start("--database", str(tmp_path / "cloud.db"))
    first.api("POST", "/upload_presets", json={"name": "p", "tags": ["a"], "overwrite": False})
    stop(first)
    second = start("--database", str(tmp_path / "cloud.db"))
    assert second.api("GET", "/upload_presets/p").json()["settings"] == {"tags": ["a"], "overwrite": False}


@pytest.mark.parametrize(
    ("sent", "answered"),
    [
        ({"width": 100, "crop": "scale"}, [{"width": 100, "crop": "scale"}]),
        ([{"width": 5, "crop": "fill"}, {"radius": "max"}], [{"width": 5, "crop": "fill"}, {"radius": "max"}]),
        ({"raw_transformation": "w_1,$x_2"}, [{"raw_transformation": "w_1,$x_2"}]),
    ],
)
def test_a_transformation_is_answered_as_its_steps(sent: object, answered: list[dict[str, object]]) -> None:
    cloudinary.api.create_upload_preset(name="small", transformation=sent)
    assert cloudinary.api.upload_preset("small")["settings"]["transformation"] == answered
