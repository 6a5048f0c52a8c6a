"""Uploads of what is no picture as an image, which is what the SDKs send where no resource type is named."""

from collections.abc import Iterator

import cloudinary.api
import cloudinary.uploader
import pytest
from cloudinary.exceptions import BadRequest

from tests.integration.simulator.simulator_client import Simulator
from tests.official.support.pictures import jpeg, png

pytestmark = pytest.mark.usefixtures("sdk", "strict")
LABELS = {"categorization": "aws_rek_tagging", "auto_tagging": 0.5}
REKOGNITION = "aws_rek_tagging"


@pytest.fixture
def strict(simulator: Simulator) -> Iterator[None]:
    """Let the simulator refuse what is no picture, as it does by default."""
    simulator.settings(unreadable_files="refuse")
    yield


@pytest.mark.parametrize("data", [b"a,b\n1,2\n", b"some text", b"{}", b"\x00" * 100, b"PK\x03\x04"])
def test_a_file_that_is_no_picture_is_refused_and_costs_no_unit(simulator: Simulator, data: bytes) -> None:
    with pytest.raises(BadRequest, match="Invalid image file"):
        cloudinary.uploader.upload(data, filename="x.jpg", **LABELS)
    assert simulator.control("GET", "/assets")["assets"] == []
    assert cloudinary.api.usage()[REKOGNITION]["usage"] == 0


def test_the_same_file_is_taken_as_a_raw_one() -> None:
    assert cloudinary.uploader.upload(b"a,b\n1,2\n", resource_type="raw")["resource_type"] == "raw"
    assert cloudinary.uploader.upload(b"a,b\n1,2\n", filename="x.csv", resource_type="auto")["resource_type"] == "raw"


@pytest.mark.parametrize("data", [png(20, 10), jpeg(20, 10), b"GIF89a" + bytes(20), b"%PDF-1.7"])
def test_pictures_are_taken(data: bytes) -> None:
    assert cloudinary.uploader.upload(data)["resource_type"] == "image"


def test_a_jpeg_that_was_cut_off_is_failed() -> None:
    whole = jpeg(20, 10)
    assert cloudinary.uploader.upload(whole, **LABELS)["info"]["categorization"][REKOGNITION]["status"] == "complete"
    cut = cloudinary.uploader.upload(whole[:-1], **LABELS)
    assert cut["info"]["categorization"][REKOGNITION]["status"] == "failed" and cut["tags"] == []


def test_a_url_is_not_fetched_and_the_answer_says_so() -> None:
    with pytest.raises(Exception, match="the local Cloudinary does not fetch remote URLs"):
        cloudinary.uploader.upload("https://example.com/koala.jpg")
