"""The consumer's template: its role allows what the function does, and no event that it fails on is lost."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from samtranslator.translator.transform import transform
from samtranslator.yaml_helper import yaml_parse

CONSUMER = Path(__file__).resolve().parents[1]
RULES = CONSUMER.parents[1] / "docs" / "events" / "rules"
DEAD_LETTERS = {"Fn::GetAtt": ["DeadLetterQueue", "Arn"]}


class _NoManagedPolicies:
    def load(self) -> dict[str, str]:
        return {}


@pytest.fixture(scope="module")
def resources() -> dict[str, Any]:
    """The resources after the SAM transform."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        source = yaml_parse((CONSUMER / "template.yaml").read_text("utf-8"))
        source["Resources"]["ConsumerFunction"]["Properties"]["CodeUri"] = "s3://bucket/key"
        found: dict[str, Any] = transform(source, {}, _NoManagedPolicies())["Resources"]
    return found


def of_type(resources: dict[str, Any], type_: str) -> Any:
    (found,) = [each["Properties"] for each in resources.values() if each["Type"] == type_]
    return found


def test_its_role_may_log_and_keep_dead_letters_and_nothing_else(resources: dict[str, Any]) -> None:
    role = of_type(resources, "AWS::IAM::Role")
    (policy,) = role["Policies"]
    granted = [(each["Action"], each["Resource"]) for each in policy["PolicyDocument"]["Statement"]]
    assert "ManagedPolicyArns" not in role
    assert granted == [
        (["logs:CreateLogStream", "logs:PutLogEvents"], {"Fn::GetAtt": ["ConsumerLogGroup", "Arn"]}),
        ("sqs:SendMessage", DEAD_LETTERS),
    ]


def test_its_rule_is_on_the_given_bus_for_tagged_assets(resources: dict[str, Any]) -> None:
    rule = of_type(resources, "AWS::Events::Rule")
    assert rule["EventBusName"] == {"Ref": "EventBusName"}
    assert rule["EventPattern"] == json.loads((RULES / "asset-tagged.json").read_text("utf-8"))


def test_only_its_rule_may_call_the_function(resources: dict[str, Any]) -> None:
    permission = of_type(resources, "AWS::Lambda::Permission")
    assert permission["Principal"] == "events.amazonaws.com"
    assert permission["SourceArn"] == {"Fn::GetAtt": ["ConsumerFunctionAssetTagged", "Arn"]}


def test_an_event_that_cannot_be_passed_on_or_that_the_function_fails_on_is_a_dead_letter(
    resources: dict[str, Any],
) -> None:
    (target,) = of_type(resources, "AWS::Events::Rule")["Targets"]
    failed = of_type(resources, "AWS::Lambda::EventInvokeConfig")
    assert target["DeadLetterConfig"] == {"Arn": DEAD_LETTERS}
    assert failed["DestinationConfig"]["OnFailure"]["Destination"] == DEAD_LETTERS


def test_only_its_rule_may_send_to_the_queue_by_a_policy_and_all_over_tls(resources: dict[str, Any]) -> None:
    allow, deny = of_type(resources, "AWS::SQS::QueuePolicy")["PolicyDocument"]["Statement"]
    rule = {"Fn::GetAtt": ["ConsumerFunctionAssetTagged", "Arn"]}
    assert (allow["Effect"], allow["Action"]) == ("Allow", "sqs:SendMessage")
    assert allow["Principal"] == {"Service": "events.amazonaws.com"}
    assert allow["Condition"] == {"ArnEquals": {"aws:SourceArn": rule}}
    assert (deny["Effect"], deny["Condition"]) == ("Deny", {"Bool": {"aws:SecureTransport": "false"}})


def test_its_logs_end_and_its_dead_letters_are_encrypted(resources: dict[str, Any]) -> None:
    assert of_type(resources, "AWS::Logs::LogGroup")["RetentionInDays"] == {"Ref": "LogRetentionDays"}
    assert of_type(resources, "AWS::SQS::Queue")["SqsManagedSseEnabled"] is True
    assert resources["ConsumerFunction"]["Properties"]["LoggingConfig"]["LogGroup"] == {"Ref": "ConsumerLogGroup"}


@cache
def parameters(folder: Path) -> Any:
    """Return the parameters of the template in a folder, which takes a second to read."""
    return yaml_parse((folder / "template.yaml").read_text("utf-8"))["Parameters"]


@pytest.mark.parametrize("name", ["LogRetentionDays", "PermissionsBoundaryArn", "RolePath"])
def test_a_setting_that_it_shares_with_the_stack_takes_the_same_values(name: str) -> None:
    sample, stack = ({**parameters(folder)[name], "Description": ""} for folder in (CONSUMER, CONSUMER.parents[1]))
    assert sample == stack


def test_its_role_has_the_path_and_the_boundary_that_a_company_demands(resources: dict[str, Any]) -> None:
    role = of_type(resources, "AWS::IAM::Role")
    assert role["Path"] == {"Ref": "RolePath"}
    assert role["PermissionsBoundary"]["Fn::If"][:2] == ["HasBoundary", {"Ref": "PermissionsBoundaryArn"}]
