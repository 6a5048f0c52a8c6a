"""Libraries of many assets, created at once by the control API."""

import time
from typing import Any

import pytest
import requests

from tests.integration.simulator.simulator_client import Receiver, Simulator, eventually


def seed(simulator: Simulator, **request: Any) -> Any:
    return simulator.control("POST", "/seed", request)


def labels(simulator: Simulator) -> list[Any]:
    assets = simulator.control("GET", "/assets")["assets"]
    return [asset["info"]["categorization"]["aws_rek_tagging"]["data"] for asset in assets]


def test_two_thousand_assets_are_there_within_two_seconds(simulator: Simulator) -> None:
    started = time.monotonic()
    assert seed(simulator, count=2000, asset_folder="seed") == {
        "count": 2000,
        "first": "seed/000001",
        "last": "seed/002000",
    }
    assert time.monotonic() - started < 2
    assert simulator.control("GET", "/health")["assets"] == 2000
    details = simulator.api("GET", "/resources/image/upload/seed/000042").json()
    assert details["asset_folder"] == "seed"
    assert details["info"]["categorization"]["aws_rek_tagging"]["status"] == "complete"


def test_the_same_seed_gives_the_same_labels_and_another_gives_others(simulator: Simulator) -> None:
    seed(simulator, count=20, variety=10)
    first = labels(simulator)
    simulator.control("POST", "/reset")
    seed(simulator, count=20, variety=10)
    assert labels(simulator) == first
    assert first[:10] == first[10:]
    assert len({str(each) for each in first}) == 10
    simulator.control("POST", "/reset")
    seed(simulator, count=20, variety=10, prefix="other/")
    assert labels(simulator) != first


def test_labels_may_be_given(simulator: Simulator) -> None:
    given = [{"tag": "Guitar", "confidence": 0.7}, {"tag": "Person", "confidence": 0.99}]
    seed(simulator, count=2, labels=given)
    assert labels(simulator) == [given, given]


def test_a_second_upload_of_a_seed_is_a_newer_version_of_the_same_asset(simulator: Simulator) -> None:
    seed(simulator, count=1)
    [before] = simulator.control("GET", "/assets")["assets"]
    seed(simulator, count=1, tags=["again"], providers=[], asset_folder="stage")
    [after] = simulator.control("GET", "/assets")["assets"]
    assert (after["asset_id"], after["tags"], after["asset_folder"]) == (before["asset_id"], ["again"], "stage")
    assert after["version"] > before["version"]
    assert "info" not in after


def test_uploads_may_have_taken_a_while(simulator: Simulator) -> None:
    seed(simulator, count=10, spread_seconds=864_000)
    query = {"expression": "uploaded_at<4d"}
    answer = simulator.api("POST", "/resources/search", json=query).json()
    assert answer["total_count"] == 6


def test_notifications_are_lost_sent_or_delayed(simulator: Simulator, receiver: Receiver) -> None:
    simulator.settings(notification_url=receiver.url)
    seed(simulator, count=3, prefix="lost/")
    seed(simulator, count=3, prefix="sent/", notifications="sent")
    seed(simulator, count=3, prefix="late/", notifications="delayed", delay_seconds=0.2)
    received = receiver.wait("upload", 6)
    assert {n.body["public_id"].partition("/")[0] for n in received} == {"sent", "late"}
    assert "info" in received[0].body
    eventually(lambda: simulator.control("GET", "/health")["background"] == 0)
    assert len(receiver.notifications) == 6


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"count": 0},
        {"count": 1, "providers": ["nobody"]},
        {"count": 1, "notifications": "delayed"},
        {"count": 1, "delay_seconds": 1},
        {"count": 1, "colour": "red"},
    ],
)
def test_a_wrong_seed_is_refused(simulator: Simulator, wrong: dict[str, object]) -> None:
    answer = requests.post(f"{simulator.url}/_simulator/seed", json=wrong, timeout=30)
    assert answer.status_code == 400
    assert answer.json()["error"]["message"]


def test_lists_and_searches_stay_quick_with_many_assets(simulator: Simulator) -> None:
    seed(simulator, count=20_000, variety=20, providers=[])
    started = time.monotonic()
    page = simulator.api("GET", "/resources/image", params={"max_results": 500, "tags": True}).json()
    cursor = page["next_cursor"]
    following = simulator.api("GET", "/resources/image", params={"max_results": 500, "next_cursor": cursor}).json()
    assert len({asset["asset_id"] for asset in page["resources"] + following["resources"]}) == 1000
    found = simulator.api("POST", "/resources/search", json={"expression": "public_id:seed/0199* AND format:jpg"})
    assert found.json()["total_count"] == 33
    assert time.monotonic() - started < 3
