"""The Python SDK's upload call, in each of its forms."""

import base64
import hashlib
import io
from pathlib import Path

import cloudinary.api
import cloudinary.uploader
import pytest
from cloudinary.utils import verify_api_response_signature

from tests.integration.simulator.simulator_client import Simulator, eventually

pytestmark = pytest.mark.usefixtures("sdk")

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAMAAAACCAIAAAASFvFNAAAADklEQVR4nGNgQAVoXAAANAAByG2wCgAAAABJRU5ErkJggg=="
)
"""A PNG of 3 by 2 pixels."""
MOVIE = b"\x00\x00\x00\x18ftypmp42" + bytes(100)


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    """A picture on disk."""
    path = tmp_path / "My picture.png"
    path.write_bytes(PIXEL)
    return path


def test_a_path_is_uploaded_under_its_name(picture: Path) -> None:
    answer = cloudinary.uploader.upload(str(picture), use_filename=True, unique_filename=False)

    assert (answer["public_id"], answer["original_filename"]) == ("My_picture", "My picture")
    assert (answer["format"], answer["width"], answer["height"], answer["bytes"]) == ("png", 3, 2, len(PIXEL))
    assert verify_api_response_signature(answer["public_id"], answer["version"], answer["signature"])
    assert cloudinary.api.resource("My_picture")["asset_id"] == answer["asset_id"]


@pytest.mark.parametrize(
    "file",
    [
        pytest.param(PIXEL, id="bytes"),
        pytest.param("data:image/png;base64," + base64.b64encode(PIXEL).decode(), id="data URI"),
        pytest.param(io.BytesIO(PIXEL), id="stream"),
    ],
)
def test_content_without_a_path_is_uploaded_under_the_given_public_id(file: object) -> None:
    answer = cloudinary.uploader.upload(file, public_id="stage/rose")

    stored = cloudinary.api.resource("stage/rose")
    assert (stored["asset_id"], stored["bytes"], stored["format"]) == (answer["asset_id"], len(PIXEL), "png")


def test_a_large_file_is_uploaded_in_chunks_as_one_asset(tmp_path: Path) -> None:
    path = tmp_path / "long.mp4"
    content = MOVIE + b"".join(
        number.to_bytes(4) for number in range(2_700_000)
    )  # two chunks of the least size, and a rest
    path.write_bytes(content)

    answer = cloudinary.uploader.upload_large(
        str(path), resource_type="video", chunk_size=5_243_000, public_id="long", tags=["press"]
    )

    assert (answer["public_id"], answer["resource_type"], answer["bytes"]) == ("long", "video", len(content))
    assert answer["etag"] == hashlib.md5(content, usedforsecurity=False).hexdigest()
    stored = cloudinary.api.resource("long", resource_type="video")
    assert (stored["asset_id"], stored["tags"]) == (answer["asset_id"], ["press"])
    assert len(cloudinary.api.resources(resource_type="video")["resources"]) == 1


def test_every_documented_parameter_of_an_upload_is_stored(simulator: Simulator) -> None:
    simulator.add_metadata_fields("sku")
    cloudinary.uploader.upload(
        PIXEL,
        public_id="stage/rose",
        asset_folder="stage/2026",
        display_name="The rose",
        tags=["two words", "press"],
        context={"alt": "a|b=c", "license": "editorial"},
        metadata={"sku": "42"},
        eager=[{"width": 100, "crop": "scale"}],
        eager_async=True,
        invalidate=True,
    )

    stored = cloudinary.api.resource("stage/rose")
    assert stored["tags"] == ["press", "two words"]
    assert stored["context"] == {"custom": {"alt": "a|b=c", "license": "editorial"}}
    assert stored["metadata"] == {"sku": "42"}
    assert (stored["asset_folder"], stored["display_name"]) == ("stage/2026", "The rose")


@pytest.mark.parametrize("delivery_type", ["private", "authenticated"])
def test_the_delivery_type_is_part_of_an_assets_name(delivery_type: str) -> None:
    public = cloudinary.uploader.upload(PIXEL, public_id="a")
    hidden = cloudinary.uploader.upload(PIXEL, public_id="a", type=delivery_type)

    assert public["asset_id"] != hidden["asset_id"]
    assert cloudinary.api.resource("a", type=delivery_type)["asset_id"] == hidden["asset_id"]


def test_overwriting_keeps_the_asset_id_and_refusing_to_keeps_the_asset() -> None:
    first = cloudinary.uploader.upload(PIXEL, public_id="a")
    kept = cloudinary.uploader.upload(b"other", public_id="a", overwrite=False)
    assert (kept["existing"], kept["etag"]) == (True, first["etag"])

    second = cloudinary.uploader.upload(b"other", public_id="a", overwrite=True)
    assert second["asset_id"] == first["asset_id"]
    assert second["version"] > first["version"]
    assert cloudinary.api.resource("a")["etag"] == second["etag"] != first["etag"]


def test_the_resource_type_is_found_out_when_it_is_auto() -> None:
    assert cloudinary.uploader.upload(MOVIE, resource_type="auto", filename="a.mp4")["resource_type"] == "video"
    assert cloudinary.uploader.upload(PIXEL, resource_type="auto")["resource_type"] == "image"
    assert cloudinary.uploader.upload(b"a,b", resource_type="auto", filename="a.csv")["resource_type"] == "raw"


@pytest.mark.parametrize(
    "public_id",
    ["it's (new), ok!", "grün/Ё/日本", "a~b.c-d_e", "a:b;c=d@e$f", "a.jpg", "search", "upload/v1a/tags"],
)
def test_an_asset_of_any_name_is_found_tagged_and_deleted(public_id: str) -> None:
    uploaded = cloudinary.uploader.upload(PIXEL, public_id=public_id, tags=["a"])
    assert uploaded["public_id"] == public_id
    assert cloudinary.uploader.add_tag("b", [public_id])["public_ids"] == [public_id]
    cloudinary.api.update(public_id, context={"k": "v"})

    stored = cloudinary.api.resource(public_id)
    assert (stored["asset_id"], stored["tags"]) == (uploaded["asset_id"], ["a", "b"])
    assert cloudinary.uploader.explicit(public_id, type="upload")["context"] == {"custom": {"k": "v"}}
    assert cloudinary.api.delete_resources([public_id])["deleted"] == {public_id: "deleted"}


def test_an_asynchronous_upload_is_answered_before_it_is_done(simulator: Simulator) -> None:
    answer = cloudinary.uploader.upload(PIXEL, public_id="a", **{"async": True})
    assert (answer["status"], answer["public_id"], answer["resource_type"]) == ("pending", "a", "image")
    [stored] = eventually(lambda: simulator.control("GET", "/assets")["assets"])
    assert cloudinary.api.resource("a")["asset_id"] == stored["asset_id"]
