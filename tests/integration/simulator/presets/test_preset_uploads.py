"""Uploads with a preset by the official SDK: which values hold, and what an upload without a signature may send."""

import io
import re
from typing import Any

import cloudinary.api
import cloudinary.uploader
import pytest
import requests
from cloudinary.exceptions import BadRequest

from tests.integration.simulator.simulator_client import Receiver, Simulator, eventually

pytestmark = pytest.mark.usefixtures("sdk")


def preset(**settings: Any) -> str:
    """Create a preset and return its name."""
    name: str = cloudinary.api.create_upload_preset(**settings)["name"]
    return name


def test_the_calls_own_values_stand_above_the_presets_and_tags_and_context_are_joined() -> None:
    name = preset(tags=["press", "new"], context={"by": "ann", "alt": "x"}, asset_folder="press", folder="f")
    alone = cloudinary.uploader.upload(b"1", public_id="a", upload_preset=name)
    assert (alone["public_id"], alone["asset_folder"], alone["tags"]) == ("f/a", "press", ["press", "new"])
    assert alone["context"] == {"custom": {"by": "ann", "alt": "x"}}

    own = {"tags": ["mine", "new"], "context": {"alt": "a=b|c", "to": "y"}, "asset_folder": "own", "folder": "g"}
    both = cloudinary.uploader.upload(b"2", public_id="a", upload_preset=name, **own)
    assert (both["public_id"], both["asset_folder"], both["tags"]) == ("g/a", "own", ["press", "new", "mine"])
    assert both["context"] == {"custom": {"by": "ann", "alt": "a=b|c", "to": "y"}}


def test_structured_metadata_of_preset_and_call_is_joined_by_field(simulator: Simulator) -> None:
    simulator.add_metadata_fields("sku", "ean")
    name = preset(metadata={"sku": "1", "ean": "2"})
    assert cloudinary.uploader.upload(b"1", upload_preset=name)["metadata"] == {"sku": "1", "ean": "2"}
    both = cloudinary.uploader.upload(b"1", upload_preset=name, metadata={"sku": "3"})
    assert both["metadata"] == {"sku": "3", "ean": "2"}


def test_names_come_from_the_file_as_the_preset_says() -> None:
    name = preset(use_filename=True, unique_filename=False, overwrite=False, display_name="The logo")
    first = cloudinary.uploader.upload(b"1", filename="logo.png", upload_preset=name)
    again = cloudinary.uploader.upload(b"2", filename="logo.png", upload_preset=name)
    assert (first["public_id"], first["display_name"]) == ("logo", "The logo")
    assert (again["existing"], again["version"]) == (True, first["version"])
    assert "existing" not in cloudinary.uploader.upload(b"2", filename="logo.png", upload_preset=name, overwrite=True)
    unique = cloudinary.uploader.upload(b"1", filename="logo.png", upload_preset=name, unique_filename=True)
    assert re.fullmatch("logo_[a-z0-9]{6}", unique["public_id"])


def test_a_preset_categorizes_tags_and_notifies(receiver: Receiver) -> None:
    name = preset(categorization="aws_rek_tagging", auto_tagging=0.99, notification_url=receiver.url)
    answer = cloudinary.uploader.upload(b"1", public_id="guitarist", upload_preset=name)
    assert answer["tags"] == ["people", "person", "human"]
    [notification] = receiver.wait("upload")
    assert notification.body["info"]["categorization"].keys() == {"aws_rek_tagging"}


def test_a_preset_can_make_uploads_asynchronous() -> None:
    name = preset(**{"async": True})
    answer = cloudinary.uploader.upload(b"1", public_id="later", upload_preset=name)
    assert answer["status"] == "pending"
    eventually(lambda: bool(cloudinary.api.resources_by_ids(["later"])["resources"]))


def test_a_large_upload_in_chunks_follows_its_preset() -> None:
    name = preset(tags=["press"], folder="big")
    data = b"0123456789" * 1_200_000
    options = {"chunk_size": 6_000_000, "filename": "a.jpg", "upload_preset": name}
    answer = cloudinary.uploader.upload_large(io.BytesIO(data), **options)
    assert (answer["bytes"], answer["tags"]) == (len(data), ["press"])
    assert answer["public_id"].startswith("big/")


def test_the_accounts_default_preset_holds_for_signed_uploads_that_name_none(simulator: Simulator) -> None:
    name, other = preset(tags=["default"]), preset(tags=["other"])
    simulator.settings(default_upload_preset=name)
    assert cloudinary.uploader.upload(b"1")["tags"] == ["default"]
    assert cloudinary.uploader.upload(b"1", upload_preset=other)["tags"] == ["other"]
    cloudinary.api.delete_upload_preset(name)
    assert cloudinary.uploader.upload(b"1")["tags"] == []
    url = f"{simulator.url}/_simulator/settings"
    refused = requests.put(url, json={"default_upload_preset": "nowhere"}, timeout=30)
    assert refused.status_code == 400 and "nowhere does not exist" in refused.text


def test_an_unsigned_upload_follows_its_preset_and_may_add_tags_and_a_name() -> None:
    name = preset(unsigned=True, folder="upload_folder", tags=["from-preset"], context={"a": "1"})
    random = cloudinary.uploader.unsigned_upload(b"1", name, tags=["mine"], context={"b": "2"}, folder="elsewhere")
    assert re.fullmatch("upload_folder/[a-z0-9]+", random["public_id"])  # in an unsigned call the preset's value holds
    assert (random["tags"], random["context"]["custom"]) == (["from-preset", "mine"], {"a": "1", "b": "2"})
    assert "api_key" not in random
    named = cloudinary.uploader.unsigned_upload(b"1", name, public_id="a")
    again = cloudinary.uploader.unsigned_upload(b"2", name, public_id="a")
    assert (again["existing"], again["version"]) == (True, named["version"])


def test_the_notification_of_an_unsigned_upload_names_no_key(receiver: Receiver) -> None:
    name = preset(unsigned=True, notification_url=receiver.url)
    cloudinary.uploader.unsigned_upload(b"1", name)
    [notification] = receiver.wait("upload")
    assert "api_key" not in notification.body
    assert notification.body["notification_context"]["triggered_by"] == {"source": "api", "id": ""}


@pytest.mark.parametrize(
    ("settings", "options", "message"),
    [
        ({}, {}, "Upload preset must be whitelisted for unsigned uploads"),
        ({"unsigned": True}, {"upload_preset": "nowhere"}, "Upload preset not found"),
        ({"unsigned": True}, {"upload_preset": ""}, "Upload preset must be specified when using unsigned upload"),
        ({"unsigned": True}, {"overwrite": "true"}, "Overwrite parameter is not allowed when using unsigned upload."),
        ({"unsigned": True}, {"auto_tagging": "0.5"}, "Auto tagging parameter is not allowed when using unsigned"),
        ({"unsigned": True}, {"notification_url": "http://127.0.0.1:1/"}, "Notification url parameter is not allowed"),
    ],
)
def test_what_an_unsigned_upload_may_not_do_is_refused(
    simulator: Simulator, settings: dict[str, Any], options: dict[str, str], message: str
) -> None:
    data = {"file": "data:,1", "upload_preset": preset(**settings), **options}
    answer = simulator.api("POST", "/image/upload", data=data, auth=None)
    assert answer.status_code == 400
    assert answer.json()["error"]["message"].startswith(message)
    assert simulator.control("GET", "/health")["assets"] == 0


def test_other_calls_without_a_signature_are_refused(simulator: Simulator) -> None:
    name = preset(unsigned=True)
    for action in ("explicit", "tags", "destroy"):
        data = {"public_id": "a", "type": "upload", "upload_preset": name}
        assert simulator.api("POST", f"/image/{action}", data=data, auth=None).status_code == 401


def test_a_signed_upload_with_an_unknown_preset_is_refused() -> None:
    with pytest.raises(BadRequest, match="Upload preset not found"):
        cloudinary.uploader.upload(b"x", upload_preset="nowhere")
