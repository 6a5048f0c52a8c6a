"""The Python SDK's Admin API calls on one asset, on folders, and on the account: ping, usage, limits."""

import calendar
import datetime
import time
from typing import Any

import cloudinary.api
import cloudinary.uploader
import pytest
from cloudinary.exceptions import BadRequest

from tests.integration.simulator.simulator_client import Simulator

pytestmark = pytest.mark.usefixtures("sdk")

ADDONS = {"image": "aws_rek_tagging", "video": "google_video_tagging"}


def upload(public_id: str, **options: Any) -> dict[str, Any]:
    answer: dict[str, Any] = cloudinary.uploader.upload(public_id.encode(), public_id=public_id, **options)
    return answer


@pytest.mark.parametrize("resource_type", ["image", "video"])
def test_an_asset_is_found_by_public_id_and_by_asset_id(resource_type: str) -> None:
    uploaded = upload("zoo/koala5", resource_type=resource_type, categorization=ADDONS[resource_type], tags=["press"])

    by_public_id = cloudinary.api.resource("zoo/koala5", resource_type=resource_type)
    by_asset_id = cloudinary.api.resource_by_asset_id(uploaded["asset_id"])

    assert by_public_id == by_asset_id
    assert (by_public_id["resource_type"], by_public_id["version"]) == (resource_type, uploaded["version"])
    assert by_public_id["tags"] == ["press"]
    [first, *_] = by_public_id["info"]["categorization"][ADDONS[resource_type]]["data"]
    assert set(first) == {"tag", "confidence"}


@pytest.mark.parametrize("resource_type", ["image", "video"])
def test_update_categorizes_tags_and_moves_an_asset(resource_type: str) -> None:
    upload("a", resource_type=resource_type, tags=["old"])
    answer = cloudinary.api.update(
        "a", resource_type=resource_type, categorization=ADDONS[resource_type], auto_tagging=0.8, tags=["new"],
        context={"alt": "x"}, asset_folder="stage", display_name="A",
    )  # fmt: skip

    confident = {
        label["tag"].lower()
        for label in answer["info"]["categorization"][ADDONS[resource_type]]["data"]
        if label["confidence"] >= 0.8
    }
    stored = cloudinary.api.resource("a", resource_type=resource_type)
    assert set(stored["tags"]) == {"new"} | confident
    assert stored["context"] == {"custom": {"alt": "x"}}
    assert (stored["asset_folder"], stored["display_name"]) == ("stage", "A")


def test_folders_come_with_assets_and_can_be_made_and_deleted() -> None:
    upload("a", asset_folder="stage/2026")
    cloudinary.api.create_folder("zoo/night")

    assert [folder["path"] for folder in cloudinary.api.root_folders()["folders"]] == ["stage", "zoo"]
    assert [folder["name"] for folder in cloudinary.api.subfolders("stage")["folders"]] == ["2026"]
    assert cloudinary.api.delete_folder("zoo/night")["deleted"] == ["zoo/night"]
    assert cloudinary.api.subfolders("stage")["folders"][0]["path"] == "stage/2026"
    assert cloudinary.api.config(settings=True)["settings"] == {"folder_mode": "dynamic"}


def test_ping_answers_and_tells_the_request_id(simulator: Simulator) -> None:
    answer = cloudinary.api.ping()
    assert answer == {"status": "ok"}
    [call] = simulator.calls(path="*/ping")
    assert answer.request_id == call["request_id"]


def test_usage_tells_what_each_add_on_has_used_of_its_limit(simulator: Simulator) -> None:
    simulator.settings(addon_limit=50)
    upload("a", categorization="aws_rek_tagging,google_tagging")
    upload("b", categorization="aws_rek_tagging")

    answer = cloudinary.api.usage()

    assert answer["aws_rek_tagging"] == {"usage": 2, "limit": 50}
    assert answer["google_tagging"] == {"usage": 1, "limit": 50}
    assert (answer["resources"], answer["storage"]["usage"]) == (2, 2)
    assert {"plan", "last_updated", "credits"} <= set(answer)
    today = datetime.datetime.now(datetime.UTC).date()
    assert cloudinary.api.usage(date=today)["aws_rek_tagging"] == {"usage": 2, "limit": 50}
    with pytest.raises(BadRequest, match="today only"):
        cloudinary.api.usage(date=today - datetime.timedelta(days=1))


def test_every_admin_answer_tells_what_is_left_of_the_hour(simulator: Simulator) -> None:
    simulator.settings(admin_limit=500)
    answers = [cloudinary.api.ping(), cloudinary.api.resources(), cloudinary.api.usage()]

    assert [answer.rate_limit_allowed for answer in answers] == [500, 500, 500]
    assert [answer.rate_limit_remaining for answer in answers] == [499, 498, 497]
    for answer in answers:
        reset = calendar.timegm(answer.rate_limit_reset_at)
        assert reset % 3600 == 0
        assert 0 < reset - time.time() <= 3600
