"""Add-ons that the account does not have, or has used up: by asset, for everything, and as the usage call tells."""

import cloudinary.api
import cloudinary.uploader
import pytest
from cloudinary.exceptions import NotAllowed, RateLimited

from tests.integration.simulator.simulator_client import Simulator

pytestmark = pytest.mark.usefixtures("sdk")

REKOGNITION = "aws_rek_tagging"


def test_a_mode_takes_the_subscription_away_from_one_asset(simulator: Simulator) -> None:
    simulator.mode("poor/*", "not_subscribed", provider=REKOGNITION)
    with pytest.raises(NotAllowed, match="You don't have an active subscription for Amazon Rekognition Auto Tagging"):
        cloudinary.uploader.upload(b"x", public_id="poor/a", categorization=REKOGNITION)
    assert simulator.control("GET", "/assets")["assets"] == []
    cloudinary.uploader.upload(b"x", public_id="poor/a", categorization="google_tagging")
    with pytest.raises(NotAllowed):
        cloudinary.uploader.explicit("poor/a", type="upload", categorization=REKOGNITION)
    with pytest.raises(NotAllowed):
        cloudinary.api.update("poor/a", categorization=REKOGNITION)
    cloudinary.uploader.upload(b"x", public_id="rich/a", categorization=REKOGNITION)
    assert cloudinary.api.usage()[REKOGNITION]["usage"] == 1


def test_a_mode_for_everything_shows_in_the_usage(simulator: Simulator) -> None:
    simulator.mode("*", "quota_exhausted", provider=REKOGNITION)
    with pytest.raises(RateLimited, match="quota exceeded"):
        cloudinary.uploader.upload(b"x", categorization=REKOGNITION)
    usage = cloudinary.api.usage()
    assert usage[REKOGNITION]["usage"] == usage[REKOGNITION]["limit"]
    assert usage["google_tagging"]["usage"] == 0

    simulator.mode("*", "not_subscribed", provider=REKOGNITION)
    assert REKOGNITION not in cloudinary.api.usage()


def test_units_used_can_be_set(simulator: Simulator) -> None:
    simulator.settings(addon_limit=50)
    simulator.control("PUT", "/addons", {"provider": REKOGNITION, "used": 49})
    cloudinary.uploader.upload(b"x", categorization=REKOGNITION)
    assert cloudinary.api.usage()[REKOGNITION] == {"usage": 50, "limit": 50}
    with pytest.raises(RateLimited, match="Limit of 50 units reached"):
        cloudinary.uploader.upload(b"x", categorization=REKOGNITION)
    simulator.control("POST", "/reset")
    assert simulator.control("GET", "/addons")["used"][REKOGNITION] == 0


def test_usage_tells_the_plan_and_its_limits() -> None:
    cloudinary.uploader.upload(b"12345", public_id="a")
    usage = cloudinary.api.usage()
    assert usage["plan"]
    assert usage["storage"]["usage"] == 5
    assert usage["objects"]["usage"] == usage["resources"] == 1
    assert usage["credits"]["limit"] > 0
    assert usage["media_limits"]["image_max_size_bytes"] > 0


def test_the_configuration_tells_how_folders_are_kept(simulator: Simulator) -> None:
    assert cloudinary.api.config()["cloud_name"] == "demo"
    assert cloudinary.api.config(settings=True)["settings"]["folder_mode"] == "dynamic"
    simulator.settings(folder_mode="fixed")
    assert cloudinary.api.config(settings=True)["settings"]["folder_mode"] == "fixed"
