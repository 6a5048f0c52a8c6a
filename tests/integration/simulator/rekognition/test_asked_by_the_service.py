"""The service's own adapters and use-case against the local Rekognition, which counts what is paid."""

from typing import Any

import pytest

from autotag.adapters.cloudinary.pictures import DeliveredPictures
from autotag.domain.errors import AccessRefused, Permanent, Retryable, Unanswered
from autotag.domain.model.asset import AssetRef
from autotag.domain.model.messages import DetectLabels
from autotag.service.worker import handle
from tests.fakes.samples import upload
from tests.integration.simulator.rekognition.asking_world import Secret, add_asset, asking, detector
from tests.integration.simulator.rekognition.rekognition_client import JPEG, detect_calls, fault
from tests.integration.simulator.simulator_client import Simulator
from tests.unit.service.detection.detecting import Detecting


def world_of(simulator: Simulator) -> tuple[Detecting, dict[str, Any]]:
    """Return a world, and an asset that was uploaded to the simulator."""
    world = asking(simulator)
    return world, add_asset(simulator, world, "stage/a guitar")


def test_duplicates_of_one_notification_make_one_call(simulator: Simulator) -> None:
    world, body = world_of(simulator)
    for _ in range(3):
        handle(world.deps, upload(dict(body)), world.remaining)
    for message in tuple(world.rekognition.messages):
        handle(world.deps, message, world.remaining)
    assert (detect_calls(simulator)["paid"], world.outcomes()) == (1, ["tagged"])
    found = world.state(body["asset_id"]).categorizations["rekognition"]
    assert (found.model, found.source) == ("3.0", "url") and found.about
    assert all(0.25 <= label.confidence <= 1 and not label.fault for label in found.labels)


@pytest.mark.parametrize("settings", [{}, {"sha256_signatures": True}, {"long_url_signatures": True}])
def test_an_account_may_be_limited_to_any_of_its_signatures(simulator: Simulator, settings: dict[str, bool]) -> None:
    simulator.settings(strict_transformations=True, **settings)
    world, body = world_of(simulator)
    handle(world.deps, upload(dict(body)), world.remaining)
    handle(world.deps, DetectLabels(body["asset_id"]), world.remaining)
    assert (detect_calls(simulator)["paid"], world.outcomes()) == (1, ["tagged"])


def test_a_name_that_ends_in_an_extension_has_its_own_picture_and_not_that_of_another_asset(
    simulator: Simulator,
) -> None:
    delivered = DeliveredPictures(simulator.url, Secret())
    refs = []
    for name, content in (("koala", JPEG), ("koala.jpg", JPEG + b"another")):
        files = {"file": ("a.jpg", content, "image/jpeg")}
        body = simulator.api("POST", "/image/upload", data={"public_id": name}, files=files).json()
        refs.append(AssetRef(body["asset_id"], body["public_id"], "image", "upload", body["version"]))
    assert [ref.public_id for ref in refs] == ["koala", "koala.jpg"]
    assert delivered.fetch(refs[0]) != delivered.fetch(refs[1])
    assert simulator.api("POST", "/image/destroy", data={"public_id": "koala"}).ok
    assert delivered.fetch(refs[1])


def test_a_killed_worker_makes_two_calls_at_most(simulator: Simulator) -> None:
    world, body = world_of(simulator)
    handle(world.deps, upload(dict(body)), world.remaining)
    fault(simulator, {"drop": True, "effect": True}, count=1)  # paid, and the answer is lost
    with pytest.raises(Retryable):
        handle(world.deps, DetectLabels(body["asset_id"]), world.remaining)
    world.clock.advance(5)
    handle(world.deps, DetectLabels(body["asset_id"]), world.remaining)
    assert (detect_calls(simulator)["paid"], world.outcomes()) == (2, ["tagged"])


@pytest.mark.parametrize(
    "error", ["ThrottlingException", "ProvisionedThroughputExceededException", "InternalServerError"]
)
def test_what_was_refused_for_now_is_neither_repeated_nor_paid(simulator: Simulator, error: str) -> None:
    fault(simulator, {"error": error}, count=1)
    with pytest.raises(Retryable) as raised:
        detector(simulator).of_bytes(JPEG)
    assert type(raised.value) is Retryable
    found = detect_calls(simulator)
    assert (found["count"], found["paid"]) == (1, 0)


def test_a_refused_role_a_bad_picture_and_a_lost_answer_are_told_apart(simulator: Simulator) -> None:
    fault(simulator, {"error": "AccessDeniedException"}, count=1)
    with pytest.raises(AccessRefused):
        detector(simulator).of_bytes(JPEG)
    with pytest.raises(Permanent, match="InvalidImageFormatException"):
        detector(simulator).of_bytes(b"no picture at all")
    fault(simulator, {"drop": True, "effect": True}, count=1)
    with pytest.raises(Unanswered):
        detector(simulator).of_bytes(JPEG)
    fault(simulator, {"status": 500}, count=1)
    with pytest.raises(Retryable, match="500"):
        detector(simulator).of_bytes(JPEG)


def test_a_call_asks_from_25_on_for_50_labels(simulator: Simulator) -> None:
    assert len(detector(simulator).of_bytes(JPEG)["Labels"]) <= 50
    (call,) = detect_calls(simulator)["calls"]
    assert (call["min_confidence"], call["max_labels"]) == (25, 50)
