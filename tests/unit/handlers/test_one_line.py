"""What an invocation logs: a line for each event, and its metrics, which CloudWatch reads from one of the lines."""

import json
import os
import re
from collections.abc import Callable
from contextlib import redirect_stdout
from typing import Any, TextIO, cast

import pytest
from msgspec.structs import replace

from autotag import bootstrap
from autotag.adapters.threads import Threads
from autotag.domain.errors import Retryable
from autotag.domain.model.messages import ProcessRunGroup
from autotag.domain.runs.progress import Segment
from autotag.domain.runs.run import Run
from autotag.domain.statistics.cost.usage import DOOR_LINE, ECHO_LINE, GROUP_LINES, IGNORED_LINE, WORK_LINE
from autotag.service.intake.accept import Policy
from autotag.telemetry import PowertoolsTelemetry, as_it_happens, in_one_line
from bench.library.cost import BATCH_LINES
from handlers.webhook import respond
from tests.fakes.runtime import FakeClock
from tests.unit.handlers.fresh_process import SRC, run_fresh
from tests.unit.handlers.webhook.webhook_requests import FakeQueue, FakeSecrets, post, signed
from tests.unit.handlers.worker.worker_batches import REQUEST_ID, Worker, context, record

HANDLERS = (SRC / "handlers").glob("*.py")
Lines = Callable[[], list[dict[str, Any]]]

NAMES = [f"{n:032x}" for n in range(10)]
"""Asset_ids of their real length."""
SIGNING_KEY = "111111111111111"


@pytest.fixture
def worker() -> Worker:
    given = Worker(Threads())
    given.worker = given.worker._replace(deps=replace(given.fakes.deps, telemetry=PowertoolsTelemetry()))
    return given


def size(line: dict[str, Any]) -> int:
    return len(json.dumps(line, separators=(",", ":"))) + 1


def counted(line: dict[str, Any]) -> dict[str, float]:
    """Return the metrics of an EMF document, as its specification has CloudWatch find them."""
    (directive,) = line["_aws"]["CloudWatchMetrics"]
    assert line["_aws"].keys() == {"Timestamp", "CloudWatchMetrics"} and isinstance(line["_aws"]["Timestamp"], int)
    assert directive.keys() == {"Namespace", "Dimensions", "Metrics"} and directive["Namespace"] == "autotag"
    ((*dimensions,),) = directive["Dimensions"]
    assert {name: line[name] for name in dimensions} == {"service": "tests", "stack": "autotag"}
    assert all(each["Unit"] == "Count" for each in directive["Metrics"])
    return {each["Name"]: sum(line[each["Name"]]) for each in directive["Metrics"]}


def test_a_decided_image_is_one_line_with_the_metrics(worker: Worker, logged: Lines) -> None:
    assert worker.invoke(record("m1", worker.given_asset(NAMES[0]))) == []
    (line,) = logged()
    assert counted(line) == {"TagCalls": 1, "Decided": 1}
    fields = line.keys() - {"_aws", "service", "stack", "TagCalls", "Decided"}
    assert fields == {"message", "asset_id", "audit_id", "outcome", "asked", "answered"}
    assert (line["message"], line["asset_id"], line["outcome"]) == ("decided", NAMES[0], "tagged")
    assert size(line) == pytest.approx(WORK_LINE, rel=0.03)


def test_each_image_of_a_batch_is_a_line_and_the_metrics_are_one_more(worker: Worker, logged: Lines) -> None:
    assert worker.invoke(*(record(name, worker.given_asset(name)) for name in NAMES)) == []
    *events, totals = logged()
    assert sorted(line["asset_id"] for line in events) == NAMES
    assert {line["message"] for line in events} == {"decided"}
    assert counted(totals) == {"TagCalls": 10, "Decided": 10} and "message" not in totals
    assert (sum(map(size, events)) + size(totals)) / len(events) == pytest.approx(BATCH_LINES, rel=0.03)


def test_each_asset_of_a_group_is_a_line_that_names_the_run(worker: Worker, logged: Lines) -> None:
    for name in NAMES:
        worker.invoke(record(name, worker.given_asset(name)))
    logged()
    worker.fakes.rules.use("[defaults]\nthreshold = 0.95\n", 1)
    segment = Segment(groups=frozenset({"0.0.0.1"}))
    worker.fakes.runs.create(Run("f" * 32, "retag", "ops", worker.fakes.clock.now(), rules_seq=1))
    worker.fakes.runs.segments["f" * 32, "0"] = segment
    assert worker.invoke(record("group", ProcessRunGroup("f" * 32, "0.0.0.1", tuple(NAMES)))) == []
    *events, totals = logged()
    assert len(events) == len(NAMES) and {line["run"] for line in events} == {"f" * 32}
    assert {line["message"] for line in events} == {"decided"} and counted(totals)["Decided"] == len(NAMES)
    assert sum(map(size, events)) / len(events) == pytest.approx(GROUP_LINES, rel=0.03)


def test_an_invocation_says_nothing_of_the_one_before(worker: Worker, logged: Lines) -> None:
    for name in NAMES[:2]:
        worker.invoke(record("m1", worker.given_asset(name)))
    first, second = logged()
    assert (first["asset_id"], second["asset_id"]) == (NAMES[0], NAMES[1])
    assert counted(first) == counted(second) == {"TagCalls": 1, "Decided": 1}


def test_what_needs_no_event_is_a_line_of_metrics_and_nothing_is_no_line(worker: Worker, logged: Lines) -> None:
    message = worker.given_asset(NAMES[0])
    worker.invoke(record("m1", message))
    worker.invoke(record("m1", message))
    _, repeated = logged()
    assert counted(repeated) == {"Duplicate": 1} and "message" not in repeated
    assert size(repeated) == pytest.approx(ECHO_LINE, rel=0.03)
    worker.invoke()
    assert logged() == []


def test_a_warning_is_a_line_of_its_own_that_names_its_invocation(worker: Worker, logged: Lines) -> None:
    asset = worker.given_asset(NAMES[0])
    worker.fakes.cloudinary.on_change = refuse
    worker.invoke(record("m1", asset))
    warning, totals = logged()
    assert warning == {
        "level": "WARNING", "message": "retry_scheduled", "service": "tests", "function_request_id": REQUEST_ID,
        "asset_id": NAMES[0], "digest": "d1", "fault": "busy",
        "location": warning["location"], "timestamp": warning["timestamp"],
    }  # fmt: skip
    assert "T" in warning["timestamp"]  # RFC 3339, as Lambda expects it
    assert counted(totals) == {"TagCalls": 1, "Retried": 1}


def refuse(*_: object) -> None:
    raise Retryable("busy")


def test_what_is_known_of_an_invocation_that_fails_is_logged(logged: Lines) -> None:
    telemetry = PowertoolsTelemetry()

    def fail(_event: dict[str, Any], _context: object) -> None:
        telemetry.count("Decided")
        telemetry.info("decided", outcome="tagged")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        in_one_line(fail)({}, context(lambda: 1))
    (line,) = logged()
    assert (counted(line), line["outcome"]) == ({"Decided": 1}, "tagged")


def answered(**fields: object) -> int:
    """Return the answer of a webhook on fakes to an authentic notification."""
    webhook = bootstrap.webhook(
        secrets=FakeSecrets(), queue=FakeQueue(), clock=FakeClock(), telemetry=PowertoolsTelemetry(), policy=Policy()
    )
    ref = {"asset_id": NAMES[0], "public_id": "a", "resource_type": "image", "type": "upload"}
    body = json.dumps({**ref, "version": 1, **fields}).encode()
    answer = in_one_line(lambda event, _: respond(event, webhook))(post(body, signed(body)), context(lambda: 1))
    return int(answer["statusCode"])


def test_a_long_invocation_logs_each_event_at_once(logged: Lines) -> None:
    """``autotag setup`` waits for the line about its probe, and the intake function runs for a minute."""
    telemetry, seen = PowertoolsTelemetry(), list[dict[str, Any]]()

    def drain(_event: dict[str, Any], _context: object) -> None:
        telemetry.count("Accepted")
        telemetry.info("accepted", assets=["a"])
        seen.extend(logged())

    as_it_happens(drain)({}, context(lambda: 1))
    assert seen == [{"message": "accepted", "assets": ["a"]}]
    (totals,) = logged()
    assert counted(totals) == {"Accepted": 1} and "message" not in totals


def test_only_the_intake_function_is_long() -> None:
    """The other one that runs for a minute, the poller, logs nothing that a command waits for."""
    decorators = {path.stem: re.findall(r"@(\w+)\ndef handler", path.read_text("utf-8")) for path in HANDLERS}
    short = {name for name, each in decorators.items() if each == ["in_one_line"]}
    assert short == {"webhook", "worker", "poller", "ops", "export", "console"} and decorators["poll_channel"] == [
        "as_it_happens"
    ]


def test_an_accepted_notification_is_one_line_with_what_doctor_reads(logged: Lines) -> None:
    assert answered(notification_type="upload") == 200
    (line,) = logged()
    assert counted(line) == {"Accepted": 1}
    assert (line["message"], line["key_id"], line["assets"]) == ("accepted", SIGNING_KEY, [NAMES[0]])
    assert size(line) == pytest.approx(DOOR_LINE, rel=0.03)


def test_a_notification_that_is_dropped_is_one_line_too(logged: Lines) -> None:
    assert answered(notification_type="eager") == 200
    (line,) = logged()
    assert counted(line) == {"Ignored": 1} and line["message"] == "ignored"
    assert size(line) == pytest.approx(IGNORED_LINE, rel=0.03)


@pytest.mark.parametrize("lambda_level", ["", "INFO"])
def test_at_level_warning_metrics_and_warnings_stay(lambda_level: str) -> None:
    """In JSON format Lambda sets AWS_LAMBDA_LOG_LEVEL, which Powertools obeys before its own variable."""
    code = """
import contextlib, io, json
printed = io.StringIO()
with contextlib.redirect_stdout(printed):
    from autotag.telemetry import PowertoolsTelemetry, in_one_line
    telemetry = PowertoolsTelemetry()
    class Context:
        aws_request_id = "r"
    def handler(event, context):
        telemetry.info("decided", outcome="tagged")
        telemetry.count("Decided")
        telemetry.warn("retry_scheduled")
    in_one_line(handler)({}, Context())
print(json.dumps([json.loads(line) for line in printed.getvalue().splitlines()]))
"""
    levels = {"POWERTOOLS_LOG_LEVEL": "WARNING"} | ({"AWS_LAMBDA_LOG_LEVEL": lambda_level} if lambda_level else {})
    warning, totals = run_fresh(code, {**os.environ, **levels})
    assert warning["message"] == "retry_scheduled" and "message" not in totals
    assert counted(totals) == {"Decided": 1}


def test_libraries_log_warnings_alone_whatever_the_runtime_sets() -> None:
    code = "import logging; logging.getLogger().setLevel('INFO'); import autotag.telemetry; print(logging.root.level)"
    assert run_fresh(code) == 30


class Writes:
    """Standard output that keeps what is written at a time: between two writes, another thread may write."""

    def __init__(self) -> None:
        self.kept: list[str] = []

    def write(self, text: str) -> int:
        self.kept.append(text)
        return len(text)


def test_each_line_is_one_write_also_where_a_metric_has_more_values_than_a_line_may(logged: Lines) -> None:
    telemetry, writes = PowertoolsTelemetry(), Writes()

    @in_one_line
    def busy(_event: dict[str, Any], _context: Any) -> None:
        for number in range(250):
            telemetry.count("Decided")
            telemetry.info("decided", asset_id=NAMES[number % 10])

    with redirect_stdout(cast(TextIO, writes)):
        busy({}, context(lambda: 60_000))
    assert all(each.endswith("}\n") for each in writes.kept)
    lines = [json.loads(each) for each in writes.kept]
    values = [line["Decided"] for line in lines if "Decided" in line]
    assert sum(map(len, values)) == 250 and max(map(len, values)) < 100 and logged() == []
