"""Files of assets are delivered at the URLs that the official SDK builds and at those that the API answers."""

import cloudinary.api
import cloudinary.uploader
import pytest

from tests.integration.simulator.assets.test_upload import PIXEL
from tests.integration.simulator.files.delivered import fetch, refusal, url_of
from tests.integration.simulator.simulator_client import Simulator

pytestmark = pytest.mark.usefixtures("sdk")


@pytest.mark.parametrize(
    "public_id", ["rose", "zoo/2026/rose", "zoo/rose (1)", "étage/rosé", "a.b", "t~1", "zoo/v2x/a"]
)
def test_an_upload_comes_back_byte_for_byte_at_the_url_that_the_sdk_builds(
    simulator: Simulator, public_id: str
) -> None:
    answer = cloudinary.uploader.upload(PIXEL, public_id=public_id)
    for options in ({}, {"version": answer["version"]}, {"force_version": False}):
        delivered = fetch(url_of(simulator, public_id, format="png", **options))
        assert (delivered.status_code, delivered.content) == (200, PIXEL)
        assert delivered.headers["Content-Type"] == "image/png"
        assert delivered.headers["ETag"] == f'"{answer["etag"]}"'


@pytest.mark.parametrize(
    ("name", "options", "media_type"),
    [
        ("koala.jpg", {}, "image/jpeg"),
        ("koala.webp", {}, "image/webp"),
        ("clip.mp4", {"resource_type": "video"}, "video/mp4"),
        ("table.csv", {"resource_type": "raw", "folder": "data"}, "text/csv; charset=utf-8"),
        ("unknown.bin9", {"resource_type": "raw"}, "application/octet-stream"),
        ("koala.jpg", {"type": "private"}, "image/jpeg"),
        ("koala.jpg", {"type": "authenticated", "folder": "zoo/é"}, "image/jpeg"),
    ],
)
def test_the_urls_of_every_answer_open(name: str, options: dict[str, str], media_type: str) -> None:
    answer = cloudinary.uploader.upload(b"some bytes", filename=name, **options)
    kind = {key: options[key] for key in ("resource_type", "type") if key in options}
    for body in (answer, cloudinary.api.resource(answer["public_id"], **kind)):
        for url in (body["url"], body["secure_url"]):
            delivered = fetch(url)
            assert (delivered.status_code, delivered.content) == (200, b"some bytes")
            assert delivered.headers["Content-Type"] == media_type


def test_a_raw_file_has_its_extension_in_its_public_id(simulator: Simulator) -> None:
    cloudinary.uploader.upload(b"1,2", public_id="data/a.csv", resource_type="raw")
    assert fetch(url_of(simulator, "data/a.csv", resource_type="raw")).content == b"1,2"
    assert refusal(url_of(simulator, "data/a", resource_type="raw"))[0] == 404


@pytest.mark.parametrize(
    "transformation",
    [{"width": 600, "crop": "limit"}, {"width": 2, "height": 2, "crop": "fill", "quality": "auto"}, {"format": "webp"}],
)
def test_a_transformed_url_delivers_the_original(simulator: Simulator, transformation: dict[str, object]) -> None:
    cloudinary.uploader.upload(PIXEL, public_id="zoo/rose")
    answer = fetch(url_of(simulator, "zoo/rose", **{"format": "png", **transformation}))
    assert (answer.content, answer.headers["Content-Type"]) == (PIXEL, "image/png")


def test_a_folder_that_looks_like_a_transformation_is_still_found(simulator: Simulator) -> None:
    cloudinary.uploader.upload(PIXEL, public_id="ab_c/rose")
    assert fetch(f"{simulator.url}/demo/image/upload/ab_c/rose.png").content == PIXEL
    assert fetch(url_of(simulator, "ab_c/rose", format="png", force_version=False, width=3)).content == PIXEL


def test_an_unknown_asset_is_a_404_with_cloudinarys_header(simulator: Simulator) -> None:
    assert refusal(url_of(simulator, "zoo/nobody", format="jpg")) == (404, "Resource not found - zoo/nobody")
    assert refusal(f"{simulator.url}/other/image/upload/a.jpg")[0] == 401
    cloudinary.uploader.upload(PIXEL, public_id="rose")
    assert refusal(url_of(simulator, "rose", format="png", resource_type="video"))[0] == 404


def test_a_new_version_replaces_the_file_and_a_deleted_asset_has_none(simulator: Simulator) -> None:
    cloudinary.uploader.upload(b"1", public_id="a")
    cloudinary.uploader.upload(b"2", public_id="a")
    url = url_of(simulator, "a", format="jpg")
    assert fetch(url).content == b"2"
    cloudinary.uploader.rename("a", "b")
    assert fetch(url_of(simulator, "b", format="jpg")).content == b"2"
    cloudinary.uploader.destroy("b")
    assert [refusal(url_of(simulator, name, format="jpg"))[0] for name in "ab"] == [404, 404]


def test_an_uploaded_page_cannot_run_scripts_against_the_control_api(simulator: Simulator) -> None:
    answer = cloudinary.uploader.upload(b"<script>", public_id="a.html", resource_type="raw")
    headers = fetch(answer["url"]).headers
    assert "sandbox" in headers["Content-Security-Policy"] and headers["X-Content-Type-Options"] == "nosniff"
