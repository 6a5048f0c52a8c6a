"""Which delivery URLs need a signature, judged by those that the official SDK signs."""

from typing import Any

import cloudinary.uploader
import pytest

from tests.integration.simulator.assets.test_upload import PIXEL
from tests.integration.simulator.files.delivered import fetch, refusal, url_of
from tests.integration.simulator.simulator_client import Simulator

pytestmark = pytest.mark.usefixtures("sdk")

DENIED = 401, "deny or ACL failure"
PLAIN: dict[str, Any] = {"format": "png"}
SIGNED: dict[str, Any] = {**PLAIN, "sign_url": True}
SMALL: dict[str, Any] = {"width": 2, "crop": "fit"}
SIGNATURES: list[dict[str, Any]] = [{}, {"signature_algorithm": "sha256"}, {"long_url_signature": True}]


@pytest.mark.parametrize("type_", ["upload", "private", "authenticated"])
@pytest.mark.parametrize("signature", SIGNATURES)
@pytest.mark.parametrize("more", [{}, SMALL, {"version": 7}, {**SMALL, "version": 7}])
def test_a_signature_of_the_sdk_is_accepted(
    simulator: Simulator, type_: str, signature: dict[str, Any], more: dict[str, Any]
) -> None:
    cloudinary.uploader.upload(PIXEL, public_id="zoo/é~x (1)", type=type_)
    assert fetch(url_of(simulator, "zoo/é~x (1)", type=type_, **SIGNED, **signature, **more)).content == PIXEL


@pytest.mark.parametrize("type_", ["private", "authenticated"])
def test_a_private_original_needs_a_signature(simulator: Simulator, type_: str) -> None:
    cloudinary.uploader.upload(PIXEL, public_id="a", type=type_)
    assert refusal(url_of(simulator, "a", type=type_, **PLAIN)) == DENIED


def test_a_transformed_private_image_is_public_and_an_authenticated_one_is_not(simulator: Simulator) -> None:
    for type_ in ("private", "authenticated"):
        cloudinary.uploader.upload(PIXEL, public_id="a", type=type_)
    assert fetch(url_of(simulator, "a", type="private", **PLAIN, **SMALL)).status_code == 200
    assert refusal(url_of(simulator, "a", type="authenticated", **PLAIN, **SMALL)) == DENIED


def test_a_signature_covers_the_transformation_and_the_name(simulator: Simulator) -> None:
    for name in "ab":
        cloudinary.uploader.upload(PIXEL, public_id=name, type="authenticated")
    signature = url_of(simulator, "a", type="authenticated", **SIGNED).split("/")[-2]
    base = f"{simulator.url}/demo/image/authenticated/{signature}"
    assert fetch(f"{base}/v9/a.png").status_code == 200
    for changed in ("b.png", "w_2/a.png", "a.jpg"):
        assert refusal(f"{base}/{changed}") == (401, f"Invalid signature {signature.strip('s-')}")


def test_a_wrong_signature_is_refused_even_where_none_is_needed(simulator: Simulator) -> None:
    cloudinary.uploader.upload(PIXEL, public_id="a")
    assert refusal(url_of(simulator, "a", **SIGNED, api_secret="another"))[0] == 401


def test_strict_transformations_need_a_signature_and_originals_do_not(simulator: Simulator) -> None:
    simulator.settings(strict_transformations=True)
    cloudinary.uploader.upload(PIXEL, public_id="a")
    cloudinary.uploader.upload(b"1", public_id="a.csv", resource_type="raw")
    assert fetch(url_of(simulator, "a", **PLAIN)).status_code == 200
    assert fetch(url_of(simulator, "a.csv", resource_type="raw")).status_code == 200
    for transformed in ({**PLAIN, **SMALL}, {"format": "webp"}, {}):
        assert refusal(url_of(simulator, "a", **transformed)) == DENIED
        assert fetch(url_of(simulator, "a", **transformed, sign_url=True)).status_code == 200


@pytest.mark.parametrize(
    ("settings", "accepted"),
    [
        ({}, [True, True, True]),
        ({"sha256_signatures": True}, [False, True, True]),
        ({"long_url_signatures": True}, [False, False, True]),
    ],
)
def test_the_account_says_which_signatures_of_urls_count(
    simulator: Simulator, settings: dict[str, bool], accepted: list[bool]
) -> None:
    answer = simulator.api("POST", "/image/upload", data={"file": "data:,1", "public_id": "a", "type": "private"})
    simulator.settings(**settings)
    urls = [url_of(simulator, "a", type="private", sign_url=True, format="jpg", **each) for each in SIGNATURES]
    assert [fetch(url).status_code == 200 for url in urls] == accepted
    own = simulator.control("GET", "/assets")["assets"][0]["url"]
    assert answer.ok and fetch(own).content == b"1"
