"""JPEGs that are derived from originals of any format, as the service fetches them for Rekognition, and faults."""

import io
from typing import Any

import cloudinary.uploader
import imagesize  # type: ignore[import-untyped]
import pytest
import requests

from tests.integration.simulator.assets.test_upload import PIXEL
from tests.integration.simulator.files.delivered import fetch, refusal, url_of
from tests.integration.simulator.simulator_client import Simulator

pytestmark = pytest.mark.usefixtures("sdk")

JPEG: dict[str, Any] = {
    "transformation": [
        {"crop": "limit", "width": 1600, "height": 1600},
        {"fetch_format": "jpg", "quality": 85},
    ]
}


@pytest.mark.parametrize("name", ["a.png", "a.jpg", "a.webp", "a.gif", "a.heic"])
def test_an_original_of_any_format_becomes_a_jpeg_of_its_proportions(simulator: Simulator, name: str) -> None:
    asset = cloudinary.uploader.upload(b"some bytes", filename=name, public_id="zoo/a.b")
    answer = fetch(url_of(simulator, "zoo/a.b", version=asset["version"], format="jpg", **JPEG))
    assert answer.headers["Content-Type"] == "image/jpeg" and answer.content.startswith(b"\xff\xd8\xff")
    assert answer.content.endswith(b"\xff\xd9") and len(answer.content) < 5_242_880
    width, height = imagesize.get(io.BytesIO(answer.content))
    scale = min(1, 1600 / asset["width"], 1600 / asset["height"])
    assert (width, height) == (round(asset["width"] * scale), round(asset["height"] * scale))


def test_a_name_that_ends_in_an_extension_loses_it_in_an_address_without_a_format(simulator: Simulator) -> None:
    cloudinary.uploader.upload(PIXEL, public_id="koala.jpg")
    assert refusal(url_of(simulator, "koala.jpg", **JPEG)) == (404, "Resource not found - koala")
    other = cloudinary.uploader.upload(b"1", public_id="koala")
    assert other["public_id"] == "koala"
    same = [url_of(simulator, *named, **JPEG) for named in (["koala.jpg"], ["koala"])]
    assert fetch(same[0]).content == fetch(same[1]).content
    assert fetch(url_of(simulator, "koala.jpg", format="jpg", **JPEG)).content != fetch(same[0]).content


def test_assets_have_different_jpegs_and_each_version_its_own(simulator: Simulator) -> None:
    for public_id in ("a", "b"):
        cloudinary.uploader.upload(PIXEL, public_id=public_id)
    first, other, again = (fetch(url_of(simulator, public_id, **JPEG)).content for public_id in ("a", "b", "a"))
    assert first == again != other
    simulator.control("PUT", "/clock", {"offset": 60})
    cloudinary.uploader.upload(PIXEL, public_id="a")
    assert fetch(url_of(simulator, "a", **JPEG)).content != first


@pytest.mark.parametrize("type_", ["private", "authenticated"])
def test_a_signed_address_gives_the_jpeg_and_a_wrong_signature_none(simulator: Simulator, type_: str) -> None:
    simulator.settings(strict_transformations=True)
    version = cloudinary.uploader.upload(PIXEL, public_id="zoo/é", type=type_)["version"]
    url = url_of(simulator, "zoo/é", type=type_, version=version, sign_url=True, **JPEG)
    assert fetch(url).content.startswith(b"\xff\xd8\xff")
    assert refusal(url.replace("q_85", "q_86"))[0] == 401
    assert refusal(url_of(simulator, "zoo/é", type=type_, **JPEG))[0] == 401


def test_the_next_deliveries_fail_as_a_fault_says(simulator: Simulator) -> None:
    cloudinary.uploader.upload(PIXEL, public_id="a")
    url = url_of(simulator, "a", **JPEG)
    match = {"path": "/demo/image/*", "count": 2}
    for status in (404, 423, 401):
        simulator.control("POST", "/faults", {"match": match, "fault": {"status": status}})
    assert [fetch(url).status_code for _ in range(7)] == [404, 404, 423, 423, 401, 401, 200]
    assert fetch(f"{simulator.url}/demo/image/upload/a.png").content == PIXEL


def test_a_delivery_redirects_or_is_cut_as_a_fault_says(simulator: Simulator) -> None:
    cloudinary.uploader.upload(PIXEL, public_id="a")
    url, elsewhere = url_of(simulator, "a", **JPEG), f"{simulator.url}/elsewhere"
    for fault in ({"status": 302, "headers": {"Location": elsewhere}}, {"drop": True}, {"delay": 0.01}):
        simulator.control("POST", "/faults", {"match": {"path": "*/image/upload/*", "count": 1}, "fault": fault})
    answer = requests.get(url, timeout=30, allow_redirects=False)
    assert (answer.status_code, answer.headers["Location"]) == (302, elsewhere)
    with pytest.raises(requests.ConnectionError):
        fetch(url)
    assert fetch(url).ok
