"""Each fault that a person must see has an alarm, and all alarms go to the same optional topic."""

from pathlib import Path
from typing import Any

import pytest

from tests.infra.cloudformation_template import QUEUES, Template, ref, resolved

SRC = Path(__file__).resolve().parents[2] / "src"


EXPIRY = {"Queue": "QueueMessagesNearExpiry", "BulkQueue": "BulkQueueMessagesNearExpiry"}
"""The alarms on messages that SQS will delete, by queue. The alarm ``QueueMessagesOld`` watches the same metric."""


def alarms_by_metric(template: Template) -> dict[tuple[str, str, str], dict[str, Any]]:
    """Return alarms by namespace, metric and the resource or service they watch."""
    alarms = {}
    for name, alarm in template.of_type("AWS::CloudWatch::Alarm").items():
        if name in EXPIRY.values():
            continue
        value = alarm["Dimensions"][0]["Value"]
        if isinstance(value, dict):
            value = value.get("Ref") or value["Fn::GetAtt"][0]
        alarms[alarm["Namespace"], alarm["MetricName"], value] = alarm
    return alarms


@pytest.mark.parametrize("dead", QUEUES.values())
def test_one_message_in_a_dead_letter_queue_is_enough(template: Template, dead: str) -> None:
    alarm = alarms_by_metric(template)["AWS/SQS", "ApproximateNumberOfMessagesVisible", dead]
    assert (alarm["ComparisonOperator"], alarm["Threshold"]) == ("GreaterThanThreshold", 0)
    assert alarm["EvaluationPeriods"] == 1


FAULTS = {
    ("AWS/SQS", "ApproximateNumberOfMessagesVisible", "DeadLetterQueue"),
    ("AWS/SQS", "ApproximateNumberOfMessagesVisible", "BulkDeadLetterQueue"),
    ("AWS/SQS", "ApproximateAgeOfOldestMessage", "Queue"),
    ("AWS/Lambda", "Errors", "WebhookFunction"),
    ("AWS/Lambda", "Throttles", "WebhookFunction"),
    ("AWS/Lambda", "Throttles", "ConsoleFunction"),
    ("AWS/Lambda", "Errors", "IntakeFunction"),
    ("AWS/Lambda", "Invocations", "IntakeFunction"),
    ("AWS/Lambda", "Errors", "WorkerFunction"),
    ("AWS/Lambda", "Errors", "PollerFunction"),
    ("AWS/Lambda", "Invocations", "PollerFunction"),
    ("autotag", "Rejected", "webhook"),
    ("autotag", "Malformed", "webhook"),
    ("autotag", "Unavailable", "webhook"),
    ("autotag", "Rejected", "intake"),
    ("autotag", "Malformed", "intake"),
    ("autotag", "Unavailable", "intake"),
    ("autotag", "CredentialsRefused", "intake"),
    ("autotag", "Unforeseen", "worker"),
    ("autotag", "PendingPastDeadline", "poller"),
    ("autotag", "DueIntentAge", "poller"),
    ("autotag", "DuePollAge", "poller"),
    ("autotag", "CredentialsRefused", "worker"),
    ("autotag", "CredentialsRefused", "poller"),
    ("autotag", "RulesInvalid", "worker"),
    ("autotag", "RulesInvalid", "poller"),
}


def test_every_fault_that_needs_a_person_is_watched_once(template: Template) -> None:
    assert set(alarms_by_metric(template)) == FAULTS
    assert len(template.of_type("AWS::CloudWatch::Alarm")) == len(FAULTS) + len(EXPIRY)


@pytest.mark.parametrize(("queue", "name"), EXPIRY.items())
def test_an_old_message_rings_when_half_of_the_time_until_it_is_deleted_is_over(
    template: Template, queue: str, name: str
) -> None:
    alarm, kept = template.properties(name), template.properties(queue)["MessageRetentionPeriod"]
    assert (alarm["Namespace"], alarm["MetricName"]) == ("AWS/SQS", "ApproximateAgeOfOldestMessage")
    assert alarm["Dimensions"] == [{"Name": "QueueName", "Value": {"Fn::GetAtt": [queue, "QueueName"]}}]
    assert (alarm["Statistic"], alarm["ComparisonOperator"]) == ("Maximum", "GreaterThanThreshold")
    assert alarm["Threshold"] == kept / 2 and alarm["EvaluationPeriods"] == 1


@pytest.mark.parametrize("metric", sorted({metric for namespace, metric, _ in FAULTS if namespace == "autotag"}))
def test_what_is_watched_is_counted(metric: str) -> None:
    code = "".join(path.read_text("utf-8") for path in SRC.rglob("*.py"))
    assert f'"{metric}"' in code


def test_the_door_may_fail_for_ten_minutes_of_the_twenty_that_cloudinary_tries(template: Template) -> None:
    alarms = alarms_by_metric(template)
    for fault in [("autotag", "Unavailable", "webhook"), ("AWS/Lambda", "Throttles", "WebhookFunction")]:
        assert alarms[fault]["Period"] * alarms[fault]["EvaluationPeriods"] == 600
        assert alarms[fault]["Threshold"] == 0


@pytest.mark.parametrize("function", ["PollerFunction", "IntakeFunction"])
def test_a_schedule_that_does_not_run_is_noticed_by_its_silence(template: Template, function: str) -> None:
    alarm = alarms_by_metric(template)["AWS/Lambda", "Invocations", function]
    assert (alarm["Statistic"], alarm["ComparisonOperator"], alarm["Threshold"]) == ("Sum", "LessThanThreshold", 1)
    assert alarm["TreatMissingData"] == "breaching"  # Lambda writes no zero where nothing ran


def test_alarms_on_our_metrics_name_the_dimensions_that_the_functions_write(template: Template) -> None:
    """The stack is one of them: an alarm of one stack must not ring for a fault of another in the same account."""
    for alarm in template.of_type("AWS::CloudWatch::Alarm").values():
        if alarm["Namespace"] == "autotag":
            assert [dimension["Name"] for dimension in alarm["Dimensions"]] == ["service", "stack"]
            assert alarm["Dimensions"][1]["Value"] == ref("AWS::StackName")


def test_alarms_explain_themselves(template: Template) -> None:
    for alarm in template.of_type("AWS::CloudWatch::Alarm").values():
        assert alarm["AlarmDescription"]
        silent = alarm["ComparisonOperator"] == "LessThanThreshold"
        assert alarm["TreatMissingData"] == ("breaching" if silent else "notBreaching")


@pytest.mark.parametrize(
    ("topic", "email", "expected"),
    [
        (False, False, []),
        (True, False, [ref("AlarmTopicArn")]),
        (False, True, [ref("AlarmTopic")]),
        (True, True, [ref("AlarmTopicArn"), ref("AlarmTopic")]),
    ],
)
def test_alarms_go_to_the_topic_and_to_the_email_address_that_are_given(
    transformed: dict[str, Any], topic: bool, email: bool, expected: list[dict[str, str]]
) -> None:
    template = Template(resolved(transformed, {"HasAlarmTopic": topic, "HasAlarmEmail": email}))
    for alarm in template.of_type("AWS::CloudWatch::Alarm").values():
        assert alarm["AlarmActions"] == alarm["OKActions"] == expected
    subscribed = [each["Subscription"] for each in template.of_type("AWS::SNS::Topic").values()]
    assert subscribed == ([[{"Protocol": "email", "Endpoint": ref("AlarmEmail")}]] if email else [])


@pytest.mark.parametrize(
    ("parameter", "condition"), [("AlarmTopicArn", "HasAlarmTopic"), ("AlarmEmail", "HasAlarmEmail")]
)
def test_alarms_go_nowhere_unless_a_parameter_says_so(source: dict[str, Any], parameter: str, condition: str) -> None:
    assert source["Conditions"][condition] == {"Fn::Not": [{"Fn::Equals": [ref(parameter), ""]}]}
    assert source["Parameters"][parameter]["Default"] == ""


@pytest.mark.parametrize(
    ("topic", "email", "expected"),
    [
        (False, False, "no one: "),
        (True, False, "AlarmTopicArn"),
        (False, True, "${AlarmEmail}"),
        (True, True, "${AlarmTopicArn}"),
    ],
)
def test_a_deploy_says_where_its_alarms_go(
    transformed: dict[str, Any], topic: bool, email: bool, expected: str
) -> None:
    document = resolved(transformed, {"HasAlarmTopic": topic, "HasAlarmEmail": email})
    assert expected in str(document["Outputs"]["AlarmsGoTo"]["Value"])
