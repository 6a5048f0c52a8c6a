"""Categorization: providers, recordings, generated labels, failures, late results and refusals."""

import json
import re
from itertools import pairwise
from typing import Any

import cloudinary.api
import cloudinary.uploader
import pytest
import requests
from cloudinary.exceptions import BadRequest, NotAllowed, RateLimited

from tests.integration.simulator.categorization.guitarist_labels import GUITARIST, REKOGNITION
from tests.integration.simulator.simulator_client import Simulator, eventually

pytestmark = pytest.mark.usefixtures("sdk")


def upload(public_id: str, **options: Any) -> dict[str, Any]:
    options.setdefault("categorization", REKOGNITION)
    answer: dict[str, Any] = cloudinary.uploader.upload(public_id.encode(), public_id=public_id, **options)
    return answer


def result(body: Any, provider: str = REKOGNITION) -> Any:
    return body["info"]["categorization"][provider]


def test_several_providers_answer_side_by_side() -> None:
    answer = upload("koala5", categorization="aws_rek_tagging,google_tagging,imagga_tagging")
    assert list(answer["info"]["categorization"]) == ["aws_rek_tagging", "google_tagging", "imagga_tagging"]
    assert list(cloudinary.api.resource("koala5")["info"]["categorization"]) == [
        "aws_rek_tagging", "google_tagging", "imagga_tagging"
    ]  # fmt: skip


@pytest.mark.parametrize(
    "name",
    ["koala5", "garden", "harbour", "kitchen", "city-night", "wedding", "bicycle", "library", "breakfast"],
)
def test_recorded_labels_look_like_rekognitions(name: str) -> None:
    labels = result(upload(f"pictures/{name}"))["data"]

    confidences = [label["confidence"] for label in labels]
    assert 48 <= len(labels) <= 58
    assert all(a >= b for a, b in pairwise(confidences))
    assert any(a == b for a, b in pairwise(confidences))
    assert confidences == [round(c, 4) for c in confidences]
    assert 0.26 <= confidences[-1] < 0.27
    assert len({label["tag"] for label in labels}) == len(labels)
    assert not [label["tag"] for label in labels if re.search(r"[()]", label["tag"])]  # Google's names have these


def test_a_recording_is_chosen_by_the_name_of_the_uploaded_file_too() -> None:
    answer = cloudinary.uploader.upload(b"x", filename="guitarist.jpg", categorization=REKOGNITION)
    assert result(answer)["data"] == GUITARIST


def test_any_other_file_always_gets_the_same_labels() -> None:
    def labels(data: bytes) -> Any:
        return result(cloudinary.uploader.upload(data, categorization=REKOGNITION))["data"]

    first = labels(b"one")
    assert first == labels(b"one")
    assert first != labels(b"two")
    assert len(first) == 50
    assert first[0]["confidence"] > 0.8
    assert first[-1]["confidence"] < 0.3


def test_unknown_providers_are_refused_and_nothing_is_stored(simulator: Simulator) -> None:
    with pytest.raises(BadRequest, match="Categorization item illegal is not valid"):
        upload("a", categorization="illegal")
    assert simulator.control("GET", "/assets")["assets"] == []
    upload("a")
    with pytest.raises(BadRequest, match="Illegal value illegal"):
        cloudinary.api.update("a", categorization="illegal")
    with pytest.raises(BadRequest, match="Illegal value"):
        cloudinary.api.update("a", categorization="aws_rek_tagging,google_tagging")


def test_an_add_on_may_be_missing_or_used_up(simulator: Simulator) -> None:
    simulator.settings(addons=["google_tagging"])
    with pytest.raises(NotAllowed, match="active subscription for Amazon Rekognition Auto Tagging"):
        upload("a")
    simulator.settings(addon_limit=1)
    upload("a", categorization="google_tagging")
    with pytest.raises(RateLimited, match="quota"):
        upload("b", categorization="google_tagging")


def test_none_gives_no_categorization(simulator: Simulator) -> None:
    simulator.mode("bare/*", "none")
    assert "info" not in upload("bare/a/b")
    assert "info" in upload("other")


def test_a_failure_is_told_at_once(simulator: Simulator) -> None:
    simulator.mode("guitarist", "failed", message="Out of luck")
    answer = upload("guitarist", auto_tagging=0.5)
    assert result(answer) == {"status": "failed", "data": "Out of luck"}
    assert answer["tags"] == []


def test_what_is_polled_for_completes_later(simulator: Simulator) -> None:
    simulator.mode("guitarist", "poll", seconds=0.3)
    assert result(upload("guitarist", auto_tagging=0.99)) == {"status": "pending"}
    assert result(cloudinary.api.resource("guitarist")) == {"status": "pending"}

    eventually(lambda: result(cloudinary.api.resource("guitarist"))["status"] == "complete")
    found = cloudinary.api.resource("guitarist")
    assert result(found)["data"] == GUITARIST
    assert found["tags"] == ["human", "people", "person"]
    assert simulator.deliveries() == []


def test_a_mode_may_concern_one_provider_and_the_latest_wins(simulator: Simulator) -> None:
    simulator.mode("*", "failed")
    simulator.mode("koala*", "poll", provider="google_tagging", seconds=60)
    answer = upload("koala5", categorization="aws_rek_tagging,google_tagging")
    assert result(answer)["status"] == "failed"
    assert result(answer, "google_tagging")["status"] == "pending"


def test_a_pending_result_is_of_no_use_to_a_newer_version(simulator: Simulator) -> None:
    simulator.mode("a", "poll", seconds=0.2)
    upload("a")
    cloudinary.uploader.upload(b"newer", public_id="a")
    eventually(lambda: simulator.control("GET", "/health")["background"] == 0)
    assert "info" not in cloudinary.api.resource("a")


def test_modes_that_make_no_sense_are_refused(simulator: Simulator) -> None:
    for wrong in (
        {"mode": "complete"},
        {"public_id": "*", "mode": "later"},
        {"public_id": "*", "mode": "none", "seconds": 1},
    ):
        answer = requests.put(f"{simulator.url}/_simulator/mode", data=json.dumps(wrong), timeout=30)
        assert answer.status_code == 400
        assert answer.json()["error"]["message"]
