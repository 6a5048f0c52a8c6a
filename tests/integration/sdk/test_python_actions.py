"""The Python SDK's Upload API calls on one stored asset: explicit, rename, destroy."""

import cloudinary.api
import cloudinary.uploader
import pytest
from cloudinary.exceptions import NotFound

pytestmark = [pytest.mark.usefixtures("sdk"), pytest.mark.parametrize("resource_type", ["image", "video"])]

ADDONS = {"image": "google_tagging,aws_rek_tagging", "video": "google_video_tagging"}


def test_explicit_categorizes_a_stored_asset_and_tags_it(resource_type: str) -> None:
    cloudinary.uploader.upload(b"x", public_id="a", resource_type=resource_type, tags=["press"])
    answer = cloudinary.uploader.explicit(
        "a", type="upload", resource_type=resource_type, categorization=ADDONS[resource_type],
        auto_tagging=0.8, context={"alt": "x"},
    )  # fmt: skip

    found = answer["info"]["categorization"]
    assert {provider: found[provider]["status"] for provider in found} == dict.fromkeys(
        ADDONS[resource_type].split(","), "complete"
    )
    stored = cloudinary.api.resource("a", resource_type=resource_type)
    labels = [label for provider in stored["info"]["categorization"].values() for label in provider["data"]]
    confident = {label["tag"].lower() for label in labels if label["confidence"] >= 0.8}
    assert confident
    assert set(stored["tags"]) == {"press"} | confident
    assert stored["context"] == {"custom": {"alt": "x"}}


def test_rename_gives_another_public_id_and_keeps_the_asset(resource_type: str) -> None:
    before = cloudinary.uploader.upload(b"x", public_id="a", resource_type=resource_type)
    answer = cloudinary.uploader.rename("a", "stage/b c é", resource_type=resource_type)

    assert (answer["public_id"], answer["asset_id"]) == ("stage/b c é", before["asset_id"])
    assert cloudinary.api.resource("stage/b c é", resource_type=resource_type)["asset_id"] == before["asset_id"]
    with pytest.raises(NotFound):
        cloudinary.api.resource("a", resource_type=resource_type)


def test_destroy_deletes_once(resource_type: str) -> None:
    cloudinary.uploader.upload(b"x", public_id="a", resource_type=resource_type)

    assert cloudinary.uploader.destroy("a", resource_type=resource_type, invalidate=True)["result"] == "ok"
    assert cloudinary.uploader.destroy("a", resource_type=resource_type)["result"] == "not found"
    with pytest.raises(NotFound):
        cloudinary.api.resource("a", resource_type=resource_type)
