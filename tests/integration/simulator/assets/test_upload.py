"""Uploading with the official SDK: what is stored, and what is answered."""

import base64
import io
import time
from urllib.parse import urlsplit

import cloudinary.api
import cloudinary.uploader
import pytest
from cloudinary.exceptions import BadRequest
from cloudinary.utils import verify_api_response_signature

from tests.integration.simulator.simulator_client import Simulator

pytestmark = pytest.mark.usefixtures("sdk")

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAMAAAACCAIAAAASFvFNAAAADklEQVR4nGNgQAVoXAAANAAByG2wCgAAAABJRU5ErkJggg=="
)


def test_the_answer_describes_the_file_and_carries_a_signature_that_the_sdk_verifies() -> None:
    before = int(time.time())
    answer = cloudinary.uploader.upload(PIXEL, filename="Rose garden.png", folder="zoo", public_id="rose")

    assert (answer["public_id"], answer["asset_folder"], answer["display_name"]) == ("zoo/rose", "zoo", "rose")
    assert (answer["format"], answer["width"], answer["height"]) == ("png", 3, 2)
    assert (answer["resource_type"], answer["type"], answer["bytes"]) == ("image", "upload", len(PIXEL))
    assert answer["original_filename"] == "Rose garden"
    assert answer["tags"] == []
    assert before <= answer["version"] <= time.time()
    assert len(answer["asset_id"]) == len(answer["version_id"]) == len(answer["request_id"]) == 32
    assert urlsplit(answer["secure_url"]).path == f"/demo/image/upload/v{answer['version']}/zoo/rose.png"
    assert verify_api_response_signature(answer["public_id"], answer["version"], answer["signature"])
    assert "info" not in answer


def test_parameters_are_stored(simulator: Simulator) -> None:
    simulator.add_metadata_fields("sku")
    cloudinary.uploader.upload(
        b"x",
        public_id="a/b",
        tags=["two", "one"],
        context={"alt": "a|b=c", "license": "editorial"},
        metadata={"sku": "42"},
        asset_folder="stage/2026",
        display_name="The stage",
    )

    found = cloudinary.api.resource("a/b")
    assert found["tags"] == ["one", "two"]
    assert found["context"] == {"custom": {"alt": "a|b=c", "license": "editorial"}}
    assert found["metadata"] == {"sku": "42"}
    assert (found["asset_folder"], found["display_name"]) == ("stage/2026", "The stage")


@pytest.mark.parametrize(
    ("file", "size", "stem"),
    [
        (b"some bytes", 10, "file"),
        (io.BytesIO(b"a stream"), 8, "stream"),
        ("data:image/png;base64," + base64.b64encode(PIXEL).decode(), len(PIXEL), "file"),
        ("https://example.com/pictures/koala%205.jpg?size=1", 0, "koala 5"),
    ],
)
def test_a_file_comes_as_bytes_a_stream_a_data_uri_or_a_url(file: object, size: int, stem: str) -> None:
    answer = cloudinary.uploader.upload(file)

    assert (answer["bytes"], answer["original_filename"]) == (size, stem)
    assert cloudinary.api.resource(answer["public_id"])["asset_id"] == answer["asset_id"]


def test_the_public_id_is_random_or_taken_from_the_file_name() -> None:
    assert len(cloudinary.uploader.upload(b"x")["public_id"]) == 20
    unique = cloudinary.uploader.upload(b"x", filename="my logo.png", use_filename=True)["public_id"]
    assert unique.startswith("my_logo_")
    assert len(unique) == len("my_logo_") + 6
    plain = {"use_filename": True, "unique_filename": False}
    assert cloudinary.uploader.upload(b"x", filename="logo.png", **plain)["public_id"] == "logo"


def test_a_new_version_keeps_the_asset_id_and_replaces_tags_and_labels() -> None:
    first = cloudinary.uploader.upload(b"1", public_id="koala5", tags=["old"], categorization="aws_rek_tagging")
    second = cloudinary.uploader.upload(b"2", public_id="koala5", tags=["new"])
    third = cloudinary.uploader.upload(b"3", public_id="koala5")

    assert first["asset_id"] == second["asset_id"] == third["asset_id"]
    assert first["version"] < second["version"] < third["version"]
    assert "overwritten" not in first
    assert second["overwritten"] is True
    assert second["tags"] == ["new"]
    assert "info" not in second
    assert cloudinary.api.resource("koala5")["bytes"] == 1


def test_without_overwrite_the_existing_asset_is_answered() -> None:
    first = cloudinary.uploader.upload(b"1", public_id="a", tags=["kept"])
    again = cloudinary.uploader.upload(b"22", public_id="a", tags=["lost"], overwrite=False)

    assert again["existing"] is True
    assert again["version"] == first["version"]
    assert cloudinary.api.resource("a")["tags"] == ["kept"]


def test_the_same_public_id_names_one_asset_per_resource_type_and_type() -> None:
    ids = {
        cloudinary.uploader.upload(b"x", public_id="same")["asset_id"],
        cloudinary.uploader.upload(b"x", public_id="same", type="private")["asset_id"],
        cloudinary.uploader.upload(b"x", public_id="same", resource_type="video")["asset_id"],
        cloudinary.uploader.upload(b"x", public_id="same", resource_type="raw")["asset_id"],
    }
    assert len(ids) == 4
    assert cloudinary.api.resource("same", resource_type="video")["format"] == "mp4"


@pytest.mark.parametrize(
    ("name", "resource_type", "format_"),
    [("a.mov", "video", "mov"), ("a.jpeg", "image", "jpg"), ("a.txt", "raw", None)],
)
def test_the_resource_type_can_be_left_to_the_file(name: str, resource_type: str, format_: str | None) -> None:
    answer = cloudinary.uploader.upload(b"abc", filename=name, resource_type="auto")
    assert (answer["resource_type"], answer.get("format")) == (resource_type, format_)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"tags": ["x" * 256]}, "longer than 255"),
        ({"context": "no pair"}, "Invalid context"),
        ({"upload_preset": "nowhere"}, "Upload preset not found"),
        ({"resource_type": "sound"}, "Invalid resource type"),
        ({"allowed_formats": ["png"]}, "format jpg not allowed"),
    ],
)
def test_what_cannot_be_stored_is_refused(options: dict[str, object], message: str) -> None:
    with pytest.raises(BadRequest, match=message):
        cloudinary.uploader.upload(b"x", **options)


def test_a_file_is_required() -> None:
    with pytest.raises(BadRequest, match="Missing required parameter - file"):
        cloudinary.uploader.upload(None)
    with pytest.raises(BadRequest, match="Empty file"):
        cloudinary.uploader.upload(("empty.jpg", b""))


@pytest.mark.parametrize(
    ("file", "answer"),
    [
        ("data:text/plain,abc%20d", 5),
        ("data:;base64, YWJj\nZA== ", 4),
        ("data:image/png;base64,!!!", "Invalid data URI"),
        ("data:", "Invalid data URI"),
        ("guitarist.jpg", "Invalid file parameter - expected a file, a data URI or a remote URL"),
        ("file:///etc/passwd", "Invalid file parameter - expected a file, a data URI or a remote URL"),
    ],
)
def test_what_the_sdk_would_not_send(simulator: Simulator, file: str, answer: object) -> None:
    body = simulator.api("POST", "/image/upload", data={"file": file}).json()
    assert (body["error"]["message"] if "error" in body else body["bytes"]) == answer


def test_unsigned_uploads_need_a_preset_that_exists() -> None:
    with pytest.raises(BadRequest, match="Upload preset not found"):
        cloudinary.uploader.unsigned_upload(b"x", "nowhere")
