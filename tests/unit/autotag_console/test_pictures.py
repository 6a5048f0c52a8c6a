"""Addresses of pictures are those that Cloudinary's own SDK builds, and a missing picture has a reason."""

import io
from typing import Any

import cloudinary.utils
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from msgspec.structs import asdict, replace
from rich.console import Console

from autotag.domain.model.asset import AssetRef
from autotag_console.pictures import Delivery, Size, picture_url

SECRET = "a-secret-of-tests"
RES = "https://res.cloudinary.com"
SIZES: dict[Size, str] = {"deck": "c_limit,w_900", "large": "c_limit,w_1800", "grid": "c_fill,g_auto,w_320,h_240"}

# what a public_id may hold and more: the SDK takes a name that begins with http: for another site's address
NAMES = st.lists(st.text(st.characters(exclude_categories=["Cs"]), min_size=1), min_size=1, max_size=4).map("/".join)
names = NAMES.filter(lambda name: not name.startswith(("http:", "https:")))
deliveries = st.builds(
    Delivery,
    base=st.just(RES),
    cloud_name=st.from_regex(r"[a-z][a-z0-9-]{0,20}", fullmatch=True),
    api_secret=st.just(SECRET) | st.text(st.characters(exclude_categories=["Cs"]), min_size=1),
    long_signature=st.booleans(),
    strict=st.booleans(),
    private_cdn=st.booleans(),
).map(lambda made: replace(made, base="https://pictures.example.com") if made.private_cdn else made)


def ref(public_id: str, type_: str = "upload", resource_type: str = "image", version: int = 1791460800) -> AssetRef:
    return AssetRef("9d2f", public_id, resource_type, type_, version)


def sdk_url(delivery: Delivery, asset: AssetRef, format_: str, transformation: str, *, signed: bool) -> str:
    """Return the URL of the official SDK, whose own escaping tells it a name as it is."""
    more: dict[str, Any] = {"format": format_} if format_ and asset.type != "fetch" else {}
    if delivery.private_cdn:
        more |= {"private_cdn": True, "secure_distribution": "pictures.example.com"}
    url: str = cloudinary.utils.cloudinary_url(
        cloudinary.utils.smart_escape(asset.public_id),
        cloud_name=delivery.cloud_name,
        secure=True,
        resource_type=asset.resource_type,
        type=asset.type,
        version=asset.version,
        raw_transformation=transformation,
        sign_url=signed,
        api_secret=delivery.api_secret,
        long_url_signature=delivery.long_signature,
        **more,
    )[0]
    return url


@given(
    deliveries,
    names,
    st.sampled_from(["upload", "private", "authenticated", "facebook"]),
    st.sampled_from(["jpg", "png", "webp", ""]),
    st.sampled_from(list(SIZES)),
    st.integers(1, 10**11),
)
@example(Delivery(RES, "acme", SECRET), "étage/ro sé?#%41.x", "authenticated", "jpg", "deck", 7)
@example(Delivery(RES, "acme", SECRET, strict=True), "a//b///c~d", "upload", "jpg", "grid", 7)
def test_a_url_is_the_one_that_cloudinarys_sdk_builds_and_signs(
    delivery: Delivery, name: str, type_: str, format_: str, size: Size, version: int
) -> None:
    asset = ref(name, type_, version=version)
    signed = type_ in ("private", "authenticated") or delivery.strict
    expected = sdk_url(delivery, asset, format_, f"{SIZES[size]}/f_auto,q_auto", signed=signed)
    assert asdict(picture_url(delivery, asset, format_, size)) == {"url": expected, "reason": ""}


def test_a_fetched_picture_is_named_by_its_own_address() -> None:
    asset = ref("https://example.com/a b.jpg?x=1", "fetch")
    expected = sdk_url(Delivery(RES, "acme"), asset, "jpg", "c_limit,w_900/f_auto,q_auto", signed=False)
    # the SDK takes the name of a fetched picture as it is, and escapes it once
    url = picture_url(Delivery(RES, "acme"), asset, "jpg", "deck").url
    assert url == expected.replace("%25", "%") and url.endswith("/https://example.com/a%20b.jpg%3Fx%3D1")


@pytest.mark.parametrize("size", SIZES)
def test_a_video_is_shown_by_its_poster_frame(size: Size) -> None:
    delivery = Delivery(RES, "acme", SECRET)
    video = ref("clips/koala", "authenticated", "video")
    expected = sdk_url(delivery, video, "jpg", f"{SIZES[size]}/q_auto", signed=True)
    assert picture_url(delivery, video, "mp4", size).url == expected and expected.endswith("/koala.jpg")


def test_an_asset_of_an_unknown_kind_is_taken_for_an_upload_and_version_0_for_any() -> None:
    url = picture_url(Delivery(RES + "/", "acme"), ref("a", "", "", 0), "", "deck").url
    assert url == f"{RES}/acme/image/upload/c_limit,w_900/f_auto,q_auto/v1/a"


def test_a_private_picture_needs_no_secret_since_what_is_transformed_is_public() -> None:
    assert "s--" not in picture_url(Delivery(RES, "acme"), ref("a", "private"), "jpg", "deck").url


@pytest.mark.parametrize(
    ("delivery", "asset", "words"),
    [
        (Delivery(RES, ""), ref("a"), "No cloud name is known"),
        (Delivery(RES, "acme"), ref("a", "authenticated"), "This asset is authenticated, and no API secret of acme"),
        (Delivery(RES, "acme", strict=True), ref("a"), "strict transformations, and no API secret of acme"),
        (Delivery(RES, "acme", SECRET), ref("a.csv", "upload", "raw"), "a raw file"),
    ],
)
def test_where_there_is_no_picture_a_sentence_says_why(delivery: Delivery, asset: AssetRef, words: str) -> None:
    picture = picture_url(delivery, asset, "jpg", "deck")
    assert not picture.url and words in picture.reason and picture.reason.endswith(".")


def test_the_secret_of_another_cloud_is_not_used() -> None:
    own = Delivery(RES, "acme", SECRET)
    assert own.of_cloud("") == own.of_cloud("acme") == own
    assert own.of_cloud("other") == Delivery(RES, "other")
    assert Delivery(RES, "", SECRET).of_cloud("acme") == own


def test_neither_a_description_nor_a_picture_shows_the_secret() -> None:
    delivery = Delivery(RES, "acme", SECRET, strict=True)
    printed = Console(file=io.StringIO(), width=200)
    printed.print(delivery, [delivery])
    picture = picture_url(delivery, ref("a", "authenticated"), "jpg", "large")
    shown = f"{delivery!r} {delivery} {printed.file.getvalue()} {picture}"  # type: ignore[attr-defined]
    assert SECRET not in shown and "acme" in shown and "s--" in picture.url
