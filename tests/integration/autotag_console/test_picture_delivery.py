"""The local Cloudinary, which checks signatures as the real one, delivers at the addresses that pages contain."""

from typing import get_args

import cloudinary.exceptions
import cloudinary.uploader
import pytest
import requests
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from autotag.domain.model.asset import AssetRef
from autotag_console.pictures import Delivery, Size, picture_url
from tests.integration.simulator.assets.test_upload import PIXEL
from tests.integration.simulator.simulator_client import SECRET, Simulator

pytestmark = pytest.mark.usefixtures("sdk")

TYPES = ["upload", "private", "authenticated"]
names = st.lists(
    st.text(st.sampled_from("aé日 ~()'!*@,;=$[]{}|^`\"") | st.characters(codec="utf-8"), min_size=1, max_size=8),
    min_size=1,
    max_size=3,
).map("/".join)


def uploaded(public_id: str, type_: str) -> AssetRef:
    answer = cloudinary.uploader.upload(PIXEL, public_id=public_id, type=type_)
    return AssetRef(answer["asset_id"], answer["public_id"], "image", type_, answer["version"])


def delivered(delivery: Delivery, asset: AssetRef, size: Size) -> tuple[int, bytes]:
    answer = requests.get(picture_url(delivery, asset, "png", size).url, timeout=30)
    return answer.status_code, answer.content


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(names, st.sampled_from(TYPES), st.sampled_from(get_args(Size)))
def test_a_picture_is_delivered_whatever_its_name(simulator: Simulator, name: str, type_: str, size: Size) -> None:
    try:
        asset = uploaded(name, type_)
    except cloudinary.exceptions.Error:
        assume(False)  # a name that no asset can have
    assert delivered(Delivery(simulator.url, "demo", SECRET), asset, size) == (200, PIXEL)


@pytest.mark.parametrize("name", ["zoo/étage/ro sé (1)~x", "a.b", "ab_c/d", "日本/語"])
@pytest.mark.parametrize("type_", TYPES)
def test_a_picture_is_delivered_by_accounts_with_strict_transformations_and_long_signatures(
    simulator: Simulator, name: str, type_: str
) -> None:
    asset = uploaded(name, type_)
    simulator.settings(strict_transformations=True, long_url_signatures=True)
    delivery = Delivery(simulator.url, "demo", SECRET, long_signature=True, strict=True)
    assert delivered(delivery, asset, "large") == (200, PIXEL)


def test_a_signature_by_another_secret_is_refused(simulator: Simulator) -> None:
    asset = uploaded("a", "authenticated")
    assert delivered(Delivery(simulator.url, "demo", "another"), asset, "grid")[0] == 401
