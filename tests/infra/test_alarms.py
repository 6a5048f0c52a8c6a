"""Somebody is told: each fault that a person must see has an alarm, and all go to the same optional topic."""

from typing import Any

import pytest

from tests.infra.deployed import QUEUES, Template, ref


def watched(template: Template) -> dict[tuple[str, str, str], dict[str, Any]]:
    """Return alarms by namespace, metric and the resource or service they watch."""
    found = {}
    for alarm in template.of_type("AWS::CloudWatch::Alarm").values():
        (dimension,) = alarm["Dimensions"]
        value = dimension["Value"]
        if isinstance(value, dict):
            value = value.get("Ref") or value["Fn::GetAtt"][0]
        found[alarm["Namespace"], alarm["MetricName"], value] = alarm
    return found


@pytest.mark.parametrize("dead", QUEUES.values())
def test_one_message_in_a_dead_letter_queue_is_enough(template: Template, dead: str) -> None:
    alarm = watched(template)["AWS/SQS", "ApproximateNumberOfMessagesVisible", dead]
    assert (alarm["ComparisonOperator"], alarm["Threshold"]) == ("GreaterThanThreshold", 0)
    assert alarm["EvaluationPeriods"] == 1


@pytest.mark.parametrize(
    "fault",
    [
        ("AWS/SQS", "ApproximateAgeOfOldestMessage", "Queue"),
        ("AWS/Lambda", "Errors", "WorkerFunction"),
        ("AWS/Lambda", "Errors", "PollerFunction"),
        ("autotag", "Rejected", "webhook"),
        ("autotag", "PendingPastDeadline", "poller"),
        ("autotag", "CredentialsRefused", "worker"),
        ("autotag", "CredentialsRefused", "poller"),
        ("autotag", "RulesInvalid", "worker"),
        ("autotag", "RulesInvalid", "poller"),
    ],
)
def test_every_fault_that_needs_a_person_is_watched(template: Template, fault: tuple[str, str, str]) -> None:
    assert fault in watched(template)


def test_alarms_on_our_metrics_name_the_dimension_that_the_functions_write(template: Template) -> None:
    for alarm in template.of_type("AWS::CloudWatch::Alarm").values():
        if alarm["Namespace"] == "autotag":
            assert [dimension["Name"] for dimension in alarm["Dimensions"]] == ["service"]


def test_alarms_explain_themselves_and_go_to_the_topic_if_there_is_one(
    template: Template, source: dict[str, Any]
) -> None:
    topic = {"Fn::If": ["HasAlarmTopic", [ref("AlarmTopicArn")], ref("AWS::NoValue")]}
    for alarm in template.of_type("AWS::CloudWatch::Alarm").values():
        assert alarm["AlarmDescription"]
        assert alarm["AlarmActions"] == alarm["OKActions"] == topic
        assert alarm["TreatMissingData"] == "notBreaching"
    assert source["Conditions"]["HasAlarmTopic"] == {"Fn::Not": [{"Fn::Equals": [ref("AlarmTopicArn"), ""]}]}
    assert source["Parameters"]["AlarmTopicArn"]["Default"] == ""
