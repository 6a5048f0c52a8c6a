"""Presets that the command reads and changes in the local Cloudinary, judged by what the official SDK then reads."""

from typing import Any

import cloudinary.api
import cloudinary.uploader
import pytest
from msgspec.structs import replace

from autotag.domain.errors import Missing
from autotag_cli.cloudinary.account import Account
from autotag_cli.cloudinary.client import CloudinaryClient
from autotag_cli.cloudinary.upload_presets import UploadPresets, unsendable
from tests.integration.simulator.conftest import sdk
from tests.integration.simulator.simulator_client import KEY, SECRET, Simulator

__all__ = ["sdk"]

pytestmark = pytest.mark.usefixtures("sdk")

SETTINGS: dict[str, Any] = {
    "folder": "press",
    "tags": ["new", "press"],
    "context": {"alt": "a|b=c", "by": "ann"},
    "unique_filename": False,
    "allowed_formats": ["jpg", "png"],
    "auto_tagging": 0.7,
    "moderation": "manual",
    "eval": "if (width > 450) { upload_options['tags'] = 'a,b' }",
}


def presets_of(simulator: Simulator) -> UploadPresets:
    return UploadPresets(CloudinaryClient(Account("demo", KEY, SECRET, simulator.url)))


@pytest.mark.parametrize("update", ["replace", "merge"])
def test_a_categorization_is_added_and_nothing_else_changes_whatever_an_update_does(
    simulator: Simulator, update: str
) -> None:
    simulator.settings(preset_update=update)
    cloudinary.api.create_upload_preset(name="press & co", unsigned=True, **SETTINGS)
    presets = presets_of(simulator)
    before = presets.fetch("press & co")
    assert (before.settings, unsendable(before.settings)) == (SETTINGS, [])
    presets.store(before.with_add_ons(("aws_rek_tagging",)))
    after = cloudinary.api.upload_preset("press & co")
    changed = {**SETTINGS, "categorization": "aws_rek_tagging"}
    assert after == {"name": "press & co", "unsigned": True, "settings": changed}
    answer = cloudinary.uploader.unsigned_upload(b"1", "press & co")
    assert answer["info"]["categorization"].keys() == {"aws_rek_tagging"}


def test_a_value_that_ends_in_a_backslash_is_sent_back_as_it_was(simulator: Simulator) -> None:
    settings = {"context": {"a": "x\\", "b": "y"}}
    cloudinary.api.create_upload_preset(name="back")
    presets = presets_of(simulator)
    presets.store(replace(presets.fetch("back"), settings=settings))
    assert cloudinary.api.upload_preset("back")["settings"] == settings
    assert unsendable({"context": {"a": "x\\", "b": "y\\"}}) == ["context"]


def test_a_transformation_that_a_client_set_cannot_be_sent_back(simulator: Simulator) -> None:
    cloudinary.api.create_upload_preset(name="small", transformation={"width": 100, "crop": "scale"})
    assert unsendable(presets_of(simulator).fetch("small").settings) == ["transformation"]


def test_the_newest_presets_come_in_one_call_and_an_unknown_one_is_missing(simulator: Simulator) -> None:
    for name in ("a", "b"):
        cloudinary.api.create_upload_preset(name=name, notification_url="https://example.com/")
    page = presets_of(simulator).newest()
    assert ([preset.name for preset in page.presets], page.more) == (["b", "a"], False)
    assert page.presets[0].notification_url == "https://example.com/"
    with pytest.raises(Missing):
        presets_of(simulator).fetch("c")
