"""Alarms, dead letters, stopping and resuming: what rings is named, what waits is decided."""

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

from local.clients.queues import message_count
from local.core.waiting import until
from tests.e2e.stack_client import audits, post, wait_for_audits
from tests.e2e.typed.runbook.reader import MAPPINGS, SOON, Reader, documented, resume, stop

LOOKS = [line for line in documented() if line.startswith("log ") and "NAME" not in line and "PATTERN" not in line]
UPLOAD = "autotag upload events/images/guitarist.jpg --categorization aws_rek_tagging --public-id "


def test_the_functions_find_what_the_template_names(reader: Reader) -> None:
    resources = reader.client("cloudformation").describe_stack_resources(StackName="autotag")["StackResources"]
    ids = {each["LogicalResourceId"]: each["PhysicalResourceId"] for each in resources}
    for name in ("StateTable", "HistoryTable", "Secret", "WebhookLogGroup"):
        assert reader.type(f"of {name}").strip() == ids[name]
    assert reader.type("of NAME", {"NAME": "Queue"}).strip() == ids["Queue"]
    assert re.fullmatch(r"arn:aws:sqs:us-east-1:\d+:\S+", reader.besides("arn DeadLetterQueue").strip())


def test_the_alarms_that_ring_are_those_of_this_stack(reader: Reader) -> None:
    cloudwatch = reader.client("cloudwatch")
    alarms = [each["AlarmName"] for each in cloudwatch.describe_alarms()["MetricAlarms"]]
    (mine,) = [each for each in alarms if "DeadLetterQueueNotEmpty" in each and "Bulk" not in each]
    neighbor = {"Threshold": 1.0, "ComparisonOperator": "GreaterThanThreshold", "EvaluationPeriods": 1}
    metric = {"MetricName": "Rejected", "Namespace": "autotag", "Period": 60, "Statistic": "Sum"}
    cloudwatch.put_metric_alarm(AlarmName="autotag-production-alarm", **neighbor, **metric)
    for name in (mine, "autotag-production-alarm"):
        cloudwatch.set_alarm_state(AlarmName=name, StateValue="ALARM", StateReason="tried")
    reader.type("alarms=")
    assert reader.type("aws cloudwatch describe-alarms").split("\t") == [mine, "tried\n"]


def test_what_the_alarms_ask_for_in_the_logs_is_shown(reader: Reader) -> None:
    """A line each; the emulator does not filter by patterns in braces: it prints every line of the log."""
    assert post(reader.stack, b'{"notification_type": "upload"}', secret="a guess").status_code == 401
    reader.type_until("log Webhook '{ $.message = \"rejected\" }'", lambda printed: '"rejected"' in printed)
    for look in LOOKS:
        if not look.startswith("log Intake"):
            lines = [line for line in reader.type(look).splitlines() if line.startswith("{")]
            assert all(isinstance(json.loads(line), dict) for line in lines)
    (rejected,) = logged(reader, "Webhook", "rejected")
    assert rejected["rule"] == "mismatch"
    unfiltered = {"PATTERN": "''", "SECONDS": "600"}
    assert '"decided"' in reader.type("log Worker PATTERN SECONDS", unfiltered)


def test_what_the_alarms_look_at_answers(reader: Reader) -> None:
    queue = json.loads(reader.type('aws sqs get-queue-attributes --queue-url "$(of Queue)"'))
    assert int(queue["Attributes"]["ApproximateNumberOfMessages"]) >= 0
    assert json.loads(reader.type('aws events describe-rule --name "$(of PollerFunctionEveryMinute)"')) == "ENABLED"
    mappings = json.loads(reader.type(f"{MAPPINGS}'EventSourceMappings[].[State,"))
    assert [state for state, *_ in mappings] == ["Enabled", "Enabled"]
    assert json.loads(reader.type("aws lambda get-account-settings"))["ConcurrentExecutions"] > 0


def test_failures_that_pass_are_counted_by_their_metric(reader: Reader) -> None:
    names = {"service": "worker", "stack": "autotag"}
    dimensions = [{"Name": name, "Value": value} for name, value in names.items()]
    retried = {"MetricName": "Retried", "Dimensions": dimensions, "Value": 7.0}
    reader.client("cloudwatch").put_metric_data(Namespace="autotag", MetricData=[retried])  # the emulator reads no logs
    begun, now = "2026-11-24T08:00:00Z", datetime.now(UTC)
    hours = {
        begun: f"{now - timedelta(hours=1):%FT%TZ}",
        begun.replace("08", "12"): f"{now + timedelta(hours=1):%FT%TZ}",
    }
    (point,) = json.loads(reader.type("aws cloudwatch get-metric-statistics", hours))["Datapoints"]
    assert point["Sum"] == 7.0


def test_stopped_work_waits_and_is_done_after_it_is_resumed(reader: Reader) -> None:
    stop(reader)
    for name in ("waiting", "doomed"):
        reader.besides(UPLOAD + name)
    until(lambda: message_count(reader.stack) >= 2, "two messages to wait", within=SOON)
    assert audits(reader.stack, "waiting") == []
    fixes = reader.type("autotag doctor", code=1)
    assert re.search(r"^fail +running", fixes, re.MULTILINE) and "enable-rule" in fixes and "--enabled" in fixes

    make_a_dead_letter(reader, "doomed")
    resume(reader)
    assert wait_for_audits(reader.stack, "waiting")[0]["outcome"] == "tagged"
    assert audits(reader.stack, "doomed") == []


def test_a_dead_letter_is_seen_redriven_and_decided_or_given_up(reader: Reader) -> None:
    (letter,) = json.loads(reader.type("aws sqs receive-message"))["Messages"]
    assert "doomed" in letter["Body"]
    move(
        reader, letter, "DeadLetterQueueUrl", "QueueUrl"
    )  # as start-message-move-task does, which the emulator does not know
    assert wait_for_audits(reader.stack, "doomed")[0]["outcome"] == "tagged"

    reader.client("sqs").send_message(QueueUrl=reader.stack.outputs["DeadLetterQueueUrl"], MessageBody=letter["Body"])
    (again,) = json.loads(reader.type("aws sqs receive-message"))["Messages"]
    reader.type("aws sqs delete-message", {"HANDLE": f"'{again['ReceiptHandle']}'"})
    assert message_count(reader.stack, "DeadLetterQueueUrl") == 0


def test_a_closed_webhook_answers_429_until_it_is_opened(reader: Reader) -> None:
    def answer() -> int:
        return post(reader.stack, b"{}", secret="a guess").status_code

    reader.type("aws lambda put-function-concurrency")
    until(lambda: answer() == 429, "the webhook to be closed", within=SOON)
    reader.type("aws lambda delete-function-concurrency")
    until(lambda: answer() == 401, "the webhook to be open", within=SOON)


def logged(reader: Reader, function: str, message: str) -> list[dict[str, Any]]:
    """Return what a line of the page for ``message`` shows of a function's log."""
    shown = reader.type(f"log {function} '{{ $.message = \"{message}\" }}'")
    records = [json.loads(line) for line in shown.splitlines() if line.startswith("{")]
    return [record for record in records if record.get("message") == message]


def make_a_dead_letter(reader: Reader, name: str) -> None:
    """Do what SQS does after 15 receives."""
    sqs, url = reader.client("sqs"), reader.stack.outputs["QueueUrl"]
    answer = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, VisibilityTimeout=1)
    (letter,) = [each for each in answer["Messages"] if name in each["Body"]]
    move(reader, letter, "QueueUrl", "DeadLetterQueueUrl")


def move(reader: Reader, message: dict[str, Any], source: str, target: str) -> None:
    sqs, urls = reader.client("sqs"), reader.stack.outputs
    sqs.send_message(QueueUrl=urls[target], MessageBody=message["Body"])
    sqs.delete_message(QueueUrl=urls[source], ReceiptHandle=message["ReceiptHandle"])
