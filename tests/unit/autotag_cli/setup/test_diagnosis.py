"""Which link did not answer a probe, told from the door's log and the service's health."""

import json
from typing import Any

import pytest

from autotag_cli.errors import Failure
from autotag_cli.setup.diagnosis import diagnose
from autotag_cli.setup.webhook_log import LogEntry, read_log
from tests.unit.autotag_cli.fake_admin_account import NOW
from tests.unit.autotag_cli.fake_stack import FakeStack

QUIET: dict[str, Any] = {"breaker": None, "queues": {"live": {"waiting": 0, "in_flight": 0}}}
BUSY: dict[str, Any] = {"breaker": None, "queues": {"live": {"waiting": 40, "in_flight": 2}}}
STOPPED: dict[str, Any] = {"breaker": {"until": "12:05", "reason": "Cloudinary answered 401"}, "queues": None}
ACCEPTED = LogEntry("accepted", 1, "111", assets=("a1",))
OF_ANOTHER = LogEntry("accepted", 1, "111", assets=("a2",))


@pytest.mark.parametrize(
    ("log", "health", "problem", "fix"),
    [
        ([], QUIET, "notification has not arrived", "autotag doctor"),
        ([LogEntry("ignored", 1, "111")], QUIET, "notification has not arrived", "Webhook Notifications"),
        (
            [LogEntry("rejected", 1, rule="mismatch", claimed_key="999")],
            QUIET,
            "the key 999, its oldest active one, and the stack knows only 111, 222",
            "999:SECRET",
        ),
        (
            [LogEntry("rejected", 1, rule="mismatch", claimed_key="111")],
            QUIET,
            "the key 111, for which the stack's secret holds another value",
            "111:SECRET",
        ),
        ([LogEntry("rejected", 1, rule="mismatch")], QUIET, "its signature_key says which", "ID:SECRET"),
        ([LogEntry("rejected", 1, rule="v2_only")], QUIET, "eddsa_v2 alone", "autotag setup"),
        ([LogEntry("rejected", 1, rule="in_future")], QUIET, "for its time (in_future)", "set the clocks"),
        ([LogEntry("rejected", 1, rule="signature_malformed")], QUIET, "(signature_malformed)", "autotag doctor"),
        ([LogEntry("unavailable", 1, error="SQS: down")], QUIET, "could not be queued: SQS: down", "autotag doctor"),
        ([LogEntry("malformed", 1, error="asset_id: x")], QUIET, "was not understood: asset_id: x", "autotag setup"),
        ([ACCEPTED], QUIET, "the worker has not decided it", "autotag doctor"),
        ([OF_ANOTHER], QUIET, "notification has not arrived", "autotag doctor"),
        ([ACCEPTED], BUSY, "42 messages are in the queue", "autotag doctor"),
        ([ACCEPTED], STOPPED, "calls to Cloudinary are stopped: Cloudinary answered 401", "autotag doctor"),
        ([ACCEPTED], {"breaker": None, "queues": None}, "the worker has not decided it", "autotag doctor"),
    ],
)
def test_the_link_is_named_with_what_to_do(log: list[LogEntry], health: dict[str, Any], problem: str, fix: str) -> None:
    found = diagnose(log, health, {"111": "x", "222": "y"}, "a1")
    assert problem in found.problem and fix in found.fix


def test_without_a_door_nothing_that_came_may_only_not_be_told_yet() -> None:
    assert "nothing was fetched from the poll channel" in diagnose([], QUIET, ["111"], "a1", polled=True).problem
    assert "has not decided" in diagnose([ACCEPTED], QUIET, ["111"], "a1", polled=True).problem


def test_the_log_of_every_way_in_is_read_in_the_order_of_time() -> None:
    stack = FakeStack()
    stack.outputs["IntakeFunctionName"] = "intake"
    stack.aws.lines = [
        (NOW + 2, {"message": "accepted", "key_id": "111", "assets": ["a1"], "level": "INFO"}),
        (NOW + 1, {"message": "rejected", "rule": "mismatch", "claimed_key": "999", "bytes": 7}),
        (NOW + 1, {"message": "something else"}),
        (NOW - 1, {"message": "accepted", "key_id": "000"}),
    ]
    found = read_log(stack.environment, stack.environment.find("prod", None, None), NOW)
    refused = LogEntry("rejected", round((NOW + 1) * 1000), claimed_key="999", rule="mismatch")
    accepted = LogEntry("accepted", round((NOW + 2) * 1000), "111", assets=("a1",))
    assert found == [refused, refused, accepted, accepted]


def test_a_line_that_also_has_the_metrics_of_its_invocation_is_read() -> None:
    stack = FakeStack()
    metrics = {"Namespace": "autotag", "Dimensions": [["stack", "service"]], "Metrics": [{"Name": "Accepted"}]}
    document = {"_aws": {"Timestamp": 1, "CloudWatchMetrics": [metrics]}, "stack": "prod", "service": "webhook"}
    stack.aws.lines = [(NOW, {**document, "message": "accepted", "key_id": "111", "assets": ["a1"], "Accepted": [1.0]})]
    found = read_log(stack.environment, stack.environment.find("prod", None, None), NOW)
    assert found == [LogEntry("accepted", round(NOW * 1000), "111", assets=("a1",))]


def test_a_log_that_may_not_be_read_is_a_failure_that_says_so() -> None:
    stack = FakeStack()
    stack.aws.denied.add("GetFunctionConfiguration")
    with pytest.raises(Failure, match=r"the log of notifications cannot be read: AWS refused \(AccessDenied"):
        read_log(stack.environment, stack.environment.find("prod", None, None), NOW)


def test_lines_that_are_no_json_or_of_another_form_are_left_out() -> None:
    stack = FakeStack()
    stack.aws.lines = [(NOW, {"message": "rejected", "rule": 7}), (NOW, {"no": json.dumps({})})]
    assert read_log(stack.environment, stack.environment.find("prod", None, None), NOW) == []
