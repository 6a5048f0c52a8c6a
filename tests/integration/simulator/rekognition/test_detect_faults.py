"""Payments, and what goes wrong on the way to them: faults, the rate of calls, lost answers."""

import hashlib
import time

import pytest
import requests
from botocore.exceptions import ClientError, ConnectionClosedError

from tests.integration.simulator.rekognition.rekognition_client import (
    JPEG,
    PNG,
    detect,
    detect_calls,
    fault,
    rekognition,
)
from tests.integration.simulator.simulator_client import Simulator


def test_the_calls_tell_what_was_asked_and_paid_until_they_are_reset(simulator: Simulator) -> None:
    detect(simulator, JPEG, MinConfidence=25, MaxLabels=50)
    detect(simulator, PNG)
    found = detect_calls(simulator)
    assert (found["count"], found["paid"]) == (2, 2)
    first, second = found["calls"]
    assert first["digest"] == hashlib.sha256(JPEG).hexdigest() and first["bytes"] == len(JPEG)
    assert (first["min_confidence"], first["max_labels"], first["labels"]) == (25, 50, 50)
    assert (second["min_confidence"], second["max_labels"], second["status"]) == (55, None, 200)
    assert detect_calls(simulator, digest=first["digest"])["calls"] == [first]
    simulator.control("DELETE", "/rekognition/calls")
    assert detect_calls(simulator) == {"count": 0, "paid": 0, "calls": []}


@pytest.mark.parametrize("effect", [False, True])
def test_the_next_answers_are_lost_paid_or_not(simulator: Simulator, effect: bool) -> None:
    fault(simulator, {"drop": True, "effect": effect}, count=1)
    fault(simulator, {"status": 500, "effect": effect}, count=1)
    with pytest.raises(ConnectionClosedError):
        detect(simulator)
    with pytest.raises(ClientError, match=r"\(500\)"):
        detect(simulator)
    assert detect(simulator)["Labels"]
    found = detect_calls(simulator)
    assert [(call["status"], call["error"]) for call in found["calls"]] == [(None, "cut"), (500, "500"), (200, "")]
    assert found["paid"] == (3 if effect else 1)


def test_a_delay_and_the_time_that_a_call_takes_are_felt(simulator: Simulator) -> None:
    simulator.settings(detect_seconds=0.1)
    fault(simulator, {"delay": 0.1}, count=1)
    started = time.monotonic()
    assert detect(simulator)["Labels"]
    assert time.monotonic() - started >= 0.2


@pytest.mark.parametrize("error", ["ThrottlingException", "ProvisionedThroughputExceededException"])
def test_botocore_knows_throttling_and_tries_again(simulator: Simulator, error: str) -> None:
    fault(simulator, {"error": error}, count=1)
    answer = rekognition(simulator, attempts=2).detect_labels(Image={"Bytes": JPEG})
    assert answer["ResponseMetadata"]["RetryAttempts"] == 1
    assert [call["paid"] for call in detect_calls(simulator)["calls"]] == [False, True]


def test_more_calls_than_the_rate_are_throttled_and_not_paid(simulator: Simulator) -> None:
    simulator.settings(detect_rate=2)
    assert detect(simulator) and detect(simulator)
    with pytest.raises(ClientError) as caught:
        detect(simulator)
    assert caught.value.response["Error"]["Code"] == "ProvisionedThroughputExceededException"
    simulator.control("PUT", "/clock", {"offset": 60})
    assert detect(simulator) and detect(simulator)
    assert detect_calls(simulator)["paid"] == 4


def test_a_fault_finds_its_picture_by_name(simulator: Simulator) -> None:
    answer = simulator.api("POST", "/image/upload", data={"public_id": "zoo/a"}, files={"file": b"x"}).json()
    picture = requests.get(f"{simulator.url}/demo/image/upload/f_jpg/v{answer['version']}/zoo/a", timeout=30).content
    fault(simulator, {"error": "AccessDeniedException"}, name="zoo/*")
    assert detect(simulator, JPEG)["Labels"]
    with pytest.raises(ClientError, match="not authorized"):
        detect(simulator, picture)
    assert [call["public_id"] for call in detect_calls(simulator)["calls"]] == ["", "zoo/a"]


@pytest.mark.parametrize(
    "rule",
    [
        {},
        {"error": "ThrottlingException", "drop": True},
        {"error": "NoSuchException"},
        {"status": 404},
        {"delay": 1, "message": "why"},
    ],
)
def test_faults_that_make_no_sense_are_refused(simulator: Simulator, rule: dict[str, object]) -> None:
    body = {"match": {}, "fault": rule}
    answer = requests.post(f"{simulator.url}/_simulator/rekognition/faults", json=body, timeout=30)
    assert answer.status_code == 400 and answer.json()["error"]["message"]


def test_a_reset_forgets_calls_faults_and_the_label_model(simulator: Simulator) -> None:
    fault(simulator, {"status": 503})
    simulator.settings(label_model="4.0", detect_rate=0.001)
    with pytest.raises(ClientError):
        detect(simulator)
    simulator.control("POST", "/reset")
    assert detect_calls(simulator)["count"] == 0
    assert detect(simulator)["LabelModelVersion"] == "3.0"
