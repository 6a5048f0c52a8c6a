"""Addresses of pictures and keys of originals, made from what is known of an asset alone."""

import cloudinary.utils
import pytest

from autotag.domain.detection.budget import day_of, until_midnight
from autotag.domain.detection.picture import derived_address, object_key
from autotag.domain.model.asset import AssetRef

REF = AssetRef("a1", "stage/a guitarist", "image", "upload", 1571218039)


def test_the_address_names_the_transformation_the_version_and_the_escaped_name_and_is_signed() -> None:
    address = derived_address("https://res.cloudinary.com/", "demo", "abcd", REF)
    assert address == (
        "https://res.cloudinary.com/demo/image/upload/s--2eVt7vF-KRVi9LDfdOXoGmKh-K52VBcY--/c_limit,w_1600,h_1600/f_jpg,q_85/v1571218039/"
        "stage/a%20guitarist.jpg"
    )


@pytest.mark.parametrize("type_", ["upload", "private", "authenticated"])
@pytest.mark.parametrize("name", ["koala", "koala.jpg", "a.b.c", "stage/a guitarist.webp", "ü/ß~1", "a,b+c", "x//y"])
def test_the_address_is_the_sdks_with_a_format_and_a_long_signature(name: str, type_: str) -> None:
    url: str = cloudinary.utils.cloudinary_url(
        name, type=type_, version=7, format="jpg", raw_transformation="c_limit,w_1600,h_1600/f_jpg,q_85", secure=True,
        cloud_name="demo", api_secret="abcd", sign_url=True, long_url_signature=True, urlAnalytics=False,
    )[0]  # fmt: skip
    ref = AssetRef("a1", name, "image", type_, 7)
    assert derived_address("https://res.cloudinary.com", "demo", "abcd", ref) == url.partition("?")[0]


def test_another_secret_name_or_type_makes_another_signature() -> None:
    made = {
        derived_address("https://x", "demo", secret, AssetRef("a", name, "image", "private", 1)).split("/")[6]
        for secret in ("one", "two")
        for name in ("cat", "dog")
    }
    assert len(made) == 4


@pytest.mark.parametrize("name", ["../../x", "a?b#c", "https://evil.test/x.jpg", "a b/ü", "%2e%2e/x"])
def test_whatever_the_name_is_the_address_stays_on_its_host(name: str) -> None:
    address = derived_address("https://res.cloudinary.com", "demo", "s", AssetRef("a", name, "image", "upload", 1))
    assert address.startswith("https://res.cloudinary.com/demo/image/upload/s--")
    assert "?" not in address and "#" not in address


@pytest.mark.parametrize(
    ("template", "format", "key"),
    [
        ("{public_id}.{format}", "jpg", "stage/a guitarist.jpg"),
        ("in/{asset_id}/{version}", "png", "in/a1/1571218039"),
        ("{public_id}.{format}", "jpeg", "stage/a guitarist.jpeg"),
        ("{public_id}.{format}", "webp", ""),
        ("{public_id}.{format}", "", ""),
        ("{other}", "jpg", "{other}"),
    ],
)
def test_a_key_is_made_by_the_template_for_jpeg_and_png_alone(template: str, format: str, key: str) -> None:
    assert object_key(template, REF, format) == key


def test_a_word_in_a_name_is_not_replaced_again() -> None:
    assert object_key("{public_id}", AssetRef("a1", "{asset_id}", "image", "upload", 1), "jpg") == "{asset_id}"


def test_a_day_begins_at_midnight_in_utc() -> None:
    day = 1_791_417_600
    assert (day_of(day * 1000), day_of(day * 1000 - 1)) == (day, day - 86_400)
    assert (until_midnight(day * 1000), until_midnight(day * 1000 + 86_399_000)) == (86_400, 1)
