"""Faults that the control API puts in the way of calls."""

import time
from email.utils import parsedate_to_datetime
from typing import Any

import cloudinary.api
import cloudinary.uploader
import pytest
import requests
from cloudinary.exceptions import RateLimited

from tests.integration.simulator.simulator_client import Simulator, eventually

pytestmark = pytest.mark.usefixtures("sdk")


@pytest.fixture(autouse=True)
def asset(sdk: None) -> None:
    cloudinary.uploader.upload(b"x", public_id="a")


def fault(simulator: Simulator, match: dict[str, Any], what: dict[str, Any]) -> int:
    return int(simulator.control("POST", "/faults", {"match": match, "fault": what})["id"])


def tag(simulator: Simulator, name: str, timeout: float = 5) -> requests.Response:
    data = {"command": "add", "tag": name, "public_ids[]": ["a"]}
    return requests.post(
        f"{simulator.url}/v1_1/demo/image/tags",
        data=data,
        auth=("222222222222222", "writer-test-secret"),
        timeout=timeout,
    )


def tags(simulator: Simulator) -> list[str]:
    [found] = simulator.control("GET", "/assets", query={"public_id": "a"})["assets"]
    return list(found.get("tags", []))


def test_a_status_replaces_as_many_calls_as_it_says(simulator: Simulator) -> None:
    fault(
        simulator,
        {"path": "*/tags", "count": 2},
        {"status": 503, "headers": {"Retry-After": "1"}, "body": "<html>busy</html>"},
    )
    first, second, third = (tag(simulator, name) for name in "xyz")

    assert [r.status_code for r in (first, second, third)] == [503, 503, 200]
    assert (first.headers["Retry-After"], first.text) == ("1", "<html>busy</html>")
    assert tags(simulator) == ["z"]
    assert [call["fault"] for call in simulator.calls(path="*/tags")] == [True, True, False]


def test_the_sdk_sees_a_420_as_a_rate_limit(simulator: Simulator) -> None:
    fault(simulator, {"method": "GET", "path": "*/resources/*"}, {"status": 420})
    with pytest.raises(RateLimited, match="Rate Limit Exceeded"):
        cloudinary.api.resource("a")
    cloudinary.api.update("a", tags=["t"])  # a POST, which the fault does not match


def test_with_effect_only_the_answer_is_lost(simulator: Simulator) -> None:
    fault(simulator, {"path": "*/tags", "count": 1}, {"status": 500, "effect": True})
    assert tag(simulator, "x").status_code == 500
    assert tags(simulator) == ["x"]


@pytest.mark.parametrize("effect", [False, True])
def test_a_dropped_connection(simulator: Simulator, effect: bool) -> None:
    fault(simulator, {"path": "*/tags", "count": 1}, {"drop": True, "effect": effect})
    with pytest.raises(requests.ConnectionError):
        tag(simulator, "x")

    assert tags(simulator) == (["x"] if effect else [])
    [call] = simulator.calls(path="*/tags")
    assert (call["status"], call["params"]["tag"]) == (None, "x")
    assert tag(simulator, "y").ok


def test_a_delay_is_felt_and_the_call_takes_effect(simulator: Simulator) -> None:
    fault(simulator, {"path": "*/tags"}, {"delay": 0.3})
    started = time.monotonic()
    assert tag(simulator, "x").ok
    assert time.monotonic() - started >= 0.3
    with pytest.raises(requests.Timeout):
        tag(simulator, "y", timeout=0.1)
    eventually(lambda: tags(simulator) == ["x", "y"])  # nobody listens any more, and yet


def test_faults_are_listed_and_removed(simulator: Simulator) -> None:
    first = fault(simulator, {"path": "*/tags"}, {"status": 500})
    second = fault(simulator, {"path": "*/ping"}, {"delay": 0.1, "status": 429})
    tag(simulator, "x")

    listed = simulator.control("GET", "/faults")["faults"]
    assert [(f["id"], f["struck"]) for f in listed] == [(first, 1), (second, 0)]
    simulator.control("DELETE", f"/faults/{first}")
    assert tag(simulator, "x").ok
    simulator.control("DELETE", "/faults")
    assert cloudinary.api.ping()["status"] == "ok"


@pytest.mark.parametrize(
    "rule",
    [
        {"match": {}, "fault": {}},
        {"match": {}, "fault": {"status": 503, "drop": True}},
        {"match": {}, "fault": {"drop": True, "body": "x"}},
        {"match": {"count": 0}, "fault": {"status": 500}},
        {"match": {"where": "*"}, "fault": {"status": 500}},
        {"fault": {"status": 500}},
    ],
)
def test_faults_that_make_no_sense_are_refused(simulator: Simulator, rule: dict[str, Any]) -> None:
    answer = requests.post(f"{simulator.url}/_simulator/faults", json=rule, timeout=30)
    assert answer.status_code == 400
    assert answer.json()["error"]["message"]


def test_the_control_api_refuses_what_it_does_not_know(simulator: Simulator) -> None:
    for path, body in (("/settings", {"admin_limit": -1}), ("/settings", {"colour": "red"}), ("/clock", {})):
        answer = requests.put(f"{simulator.url}/_simulator{path}", json=body, timeout=30)
        assert answer.status_code == 400
    url = f"{simulator.url}/_simulator"
    assert requests.delete(f"{url}/faults/99", timeout=30).status_code == 404
    assert requests.post(f"{url}/person/tags", json={"public_id": "none"}, timeout=30).status_code == 404
    assert requests.post(f"{url}/person/tags", json={"add": ["x"]}, timeout=30).status_code == 400


def test_a_reset_forgets_everything(simulator: Simulator) -> None:
    fault(simulator, {"path": "*/ping"}, {"status": 500})
    simulator.settings(admin_limit=7)
    simulator.mode("*", "failed")
    simulator.control("POST", "/reset")

    assert simulator.control("GET", "/assets")["assets"] == []
    assert simulator.control("GET", "/faults")["faults"] == []
    assert simulator.control("GET", "/mode")["modes"] == []
    assert simulator.calls() == []
    assert simulator.control("GET", "/settings")["admin_limit"] == 2000
    assert simulator.control("GET", "/settings")["time_scale"] == 900


def test_answers_tell_the_simulated_clock_once(simulator: Simulator) -> None:
    simulator.control("PUT", "/clock", {"offset": 3600})
    answer = simulator.api("GET", "/ping")
    ahead = parsedate_to_datetime(answer.headers["Date"]).timestamp() - time.time()
    assert abs(ahead - 3600) < 5
