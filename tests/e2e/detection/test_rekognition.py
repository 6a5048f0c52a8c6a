"""Labels that the service asks Rekognition for, on a deployed stack of its own: each payment is counted."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from local.clients.autotag_command import push_rules, replay_difference
from local.clients.functions import invoke_function
from local.clients.simulator_control import detect_calls, seed_assets, simulator_control
from local.clients.tables import audit_records, is_settled
from local.clients.time_shift import make_asset_due
from local.core.paths import PROJECT
from local.core.waiting import until
from local.stack.run_folders import new_run_folder
from local.stack.stack import Stack, temporary_stack
from local.stress.process_kills import function_processes, kill
from tests.e2e.stack_client import SOON, ops, wait_for_audits

ASSETS, PREFIX = 40, "asked/"
KILLED = "killed/000001"
RULES = PROJECT / "local" / "demo-rekognition.toml"


@pytest.fixture(scope="module")
def folder() -> Path:
    return new_run_folder("detect")


@pytest.fixture(scope="module")
def asking(folder: Path, request: pytest.FixtureRequest) -> Iterator[Stack]:
    """A stack that asks Rekognition about pictures without labels, as its rules say."""
    parameters = {"Rekognition": "url"}
    with temporary_stack(
        folder, print, parameters=parameters, keep_logs=lambda: bool(request.session.testsfailed)
    ) as stack:
        push_rules(stack, RULES)
        yield stack


def paid(stack: Stack) -> Counter[str]:
    """Return how often each picture was paid for."""
    return Counter(call["public_id"] for call in detect_calls(stack) if call["paid"])


def test_pictures_whose_notifications_come_twice_are_paid_for_once(asking: Stack) -> None:
    twice = {"match": {"public_id": f"{PREFIX}*"}, "fault": {"copies": 1}}
    simulator_control(asking, "POST", "delivery_faults", json=twice)
    seed_assets(asking, PREFIX, ASSETS, within=4 * SOON, providers=[])
    until(lambda: is_settled(asking), "all pictures to be decided on", within=4 * SOON)

    names = {f"{PREFIX}{number:06d}" for number in range(1, ASSETS + 1)}
    assert paid(asking) == dict.fromkeys(names, 1)
    audits = [audit for audit in audit_records(asking) if audit["asset"]["public_id"] in names]
    assert Counter(audit["asset"]["public_id"] for audit in audits) == dict.fromkeys(names, 1)
    answers = [audit["inputs"]["categorizations"]["rekognition"] for audit in audits]
    assert {(answer["status"], answer["model"], answer["source"]) for answer in answers} == {("complete", "3.0", "url")}
    assert any(audit["tags"]["added"] for audit in audits)
    assert replay_difference(asking, audits[0]["audit_id"]) == ""


def test_a_picture_whose_worker_is_killed_after_the_call_is_paid_for_twice_at_most(asking: Stack, folder: Path) -> None:
    slow = {"match": {"name": KILLED, "count": 1}, "fault": {"delay": 6.0}}
    simulator_control(asking, "POST", "rekognition/faults", json=slow)
    prefix = KILLED.removesuffix("000001")
    seed_assets(asking, prefix, 1, within=SOON, providers=[])
    until(lambda: _is_under_way(asking), "the call to be on its way", within=SOON, every=0.05)
    assert sum(map(kill, function_processes(folder, "Worker"))) >= 1
    until(lambda: paid(asking)[KILLED] == 1, "Rekognition to answer the dead worker", within=SOON)

    asset_id = str(ops(asking).show(KILLED)["asset"]["asset_id"])
    assert make_asset_due(asking, asset_id, "detect"), "nothing is left to ask"

    def decided() -> bool:
        assert invoke_function(asking, "Poller", {"source": "aws.events"}).error is None
        return is_settled(asking)

    until(decided, "the picture to be asked about again", within=2 * SOON, every=0.5)
    (audit,) = wait_for_audits(asking, KILLED)
    assert (audit["outcome"] in ("tagged", "unchanged"), paid(asking)[KILLED]) == (True, 2)


def _is_under_way(stack: Stack) -> bool:
    faults: list[dict[str, Any]] = simulator_control(stack, "GET", "rekognition/faults")["faults"]
    return any(fault["struck"] for fault in faults)
