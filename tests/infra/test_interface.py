"""The interface of a deployment: parameters, outputs, the deploy profiles."""

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from botocore.session import get_session

PROJECT = Path(__file__).resolve().parents[2]
DEFAULTS = {
    "Architecture": "arm64",
    "CloudinaryApiBase": "https://api.cloudinary.com",
    "Intake": "webhook",
    "PollChannel": "autotag",
    "PollWaitSeconds": -1,
    "PollFirstDelaySeconds": 60,
    "PendingDeadlineSeconds": 86400,
    "AdminReservePercent": 20,
    "AdminHintPercent": 25,
    "Rekognition": "off",
    "DetectPerDay": 1000,
    "CloudinaryDeliveryBase": "https://res.cloudinary.com",
    "OriginalsBucket": "",
    "OriginalsKey": "{public_id}.{format}",
    "AuditRetentionDays": 730,
    "DeletedRetentionDays": 730,
    "LogRetentionDays": 30,
    "Events": "always",
    "Export": "none",
    "ExportConcurrency": 2,
    "ExportRetentionDays": 30,
    "LogLevel": "INFO",
    "LogFormat": "JSON",
    "Tracing": "PassThrough",
    "SignatureMaxAgeSeconds": 7200,
    "SignatureMaxSkewSeconds": 300,
    "ReadBeforeWrite": "false",
    "WorkerConcurrency": 5,
    "BulkConcurrency": 2,
    "WorkerMemory": 256,
    "PollerMemory": 512,
    "WebhookReservedConcurrency": -1,
    "Console": "none",
    "ConsoleReservedConcurrency": -1,
    "DeletionProtection": "false",
    "AlarmTopicArn": "",
    "AlarmEmail": "",
    "PermissionsBoundaryArn": "",
    "RolePath": "/",
    "KmsKeyArn": "",
}
OUTPUTS = {
    "AlarmsGoTo", "ViewUrl", "ReviewUrl", "ViewFunctionName", "ReviewFunctionName",
    "ViewerPolicyArn", "ReviewerPolicyArn", "OperatorPolicyArn",
    "Intake", "PollChannel", "IntakeFunctionName",
    "WebhookUrl", "OpsUrl", "SecretArn", "StateTableName", "HistoryTableName", "QueueUrl", "DeadLetterQueueUrl",
    "BulkQueueUrl", "BulkDeadLetterQueueUrl", "EventBusName", "Events", "WebhookFunctionName", "WorkerFunctionName",
    "PollerFunctionName", "OpsFunctionName", "ConsoleUrl", "ConsoleSecretArn", "ConsoleFunctionName",
    "ExportBucketName", "ExportQueueUrl", "ExportDeadLetterQueueUrl", "ExportMappingId", "ExportFunctionName",
    "LiveMappingId", "BulkMappingId", "PollerRuleName", "IntakeRuleName", "WebhookReservedConcurrency",
}  # fmt: skip


def test_parameters_and_their_defaults(source: dict[str, Any]) -> None:
    assert {name: parameter["Default"] for name, parameter in source["Parameters"].items()} == DEFAULTS


@pytest.mark.parametrize("name", DEFAULTS)
def test_every_parameter_is_described_constrained_and_used(source: dict[str, Any], name: str) -> None:
    parameter = source["Parameters"][name]
    assert len(parameter["Description"]) > 20
    bounded = {"MinValue", "MaxValue"} <= set(parameter)
    assert bounded or "AllowedValues" in parameter or "AllowedPattern" in parameter
    used = json.dumps([source["Resources"], source["Globals"], source["Conditions"]])
    assert json.dumps({"Ref": name}) in used


def test_every_parameter_is_in_one_group(source: dict[str, Any]) -> None:
    groups = source["Metadata"]["AWS::CloudFormation::Interface"]["ParameterGroups"]
    grouped = [name for group in groups for name in group["Parameters"]]
    assert sorted(grouped) == sorted(DEFAULTS)


@pytest.mark.parametrize(
    ("base", "allowed"),
    [
        ("https://api.cloudinary.com", True),
        ("https://api-eu.cloudinary.com", True),
        ("http://127.0.0.1:8900", True),
        ("http://api.cloudinary.com", False),
        ("http://127.0.0.1.example.com:80", False),
        ("https://api.cloudinary.com/", False),
        ("https://user@api.cloudinary.com", False),
        ("https://api.cloudinary.com:8443", True),
        ("https://api.cloudinary.com:65535", True),
        ("https://api.cloudinary.com:65536", False),
        ("https://api.cloudinary.com:0", False),
        ("https://-.:99999", False),
        ("https://api..cloudinary.com", False),
        ("https://-api.cloudinary.com", False),
        ("http://127.0.0.1", False),
        ("http://127.0.0.1:70000", False),
        ("", False),
    ],
)
def test_credentials_go_over_https_or_not_off_the_machine(source: dict[str, Any], base: str, allowed: bool) -> None:
    pattern = source["Parameters"]["CloudinaryApiBase"]["AllowedPattern"]
    assert bool(re.fullmatch(pattern, base)) is allowed


@pytest.mark.parametrize(
    ("topic", "allowed"),
    [
        ("", True),
        ("arn:aws:sns:eu-west-1:123456789012:alarms", True),
        ("arn:aws-cn:sns:cn-north-1:123456789012:alarms", True),
        ("alarms", False),
        ("arn:aws:sqs:eu-west-1:123456789012:alarms", False),
    ],
)
def test_the_alarm_topic_is_an_sns_topic_or_nothing(source: dict[str, Any], topic: str, allowed: bool) -> None:
    pattern = source["Parameters"]["AlarmTopicArn"]["AllowedPattern"]
    assert bool(re.fullmatch(pattern, topic)) is allowed


ARNS = {
    "AlarmTopicArn": "sns:eu-west-1:123456789012:alarms",
    "PermissionsBoundaryArn": "iam::123456789012:policy/boundary",
    "KmsKeyArn": "kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab",
}


@pytest.mark.parametrize("name", ARNS)
def test_an_arn_is_of_a_partition_that_exists(source: dict[str, Any], name: str) -> None:
    """The partitions are those that botocore knows."""
    pattern = source["Parameters"][name]["AllowedPattern"]
    known = get_session().get_available_partitions()
    assert len(known) >= 8
    assert all(re.fullmatch(pattern, f"arn:{partition}:{ARNS[name]}") for partition in known)
    for invented in ("aws-", "aws-xy", "aws-iso-z", "amazon", "aws-cn-cn", ""):
        assert not re.fullmatch(pattern, f"arn:{invented}:{ARNS[name]}")


def test_logs_may_be_kept_for_as_long_as_cloudwatch_can_keep_them(source: dict[str, Any]) -> None:
    """The values are those in botocore's documentation of ``PutRetentionPolicy``."""
    documented = get_session().get_service_model("logs").shape_for("Days").documentation
    (values,) = re.findall(r"Possible values are: ([\d, and]+)", documented)
    assert source["Parameters"]["LogRetentionDays"]["AllowedValues"] == [int(day) for day in re.findall(r"\d+", values)]


@pytest.mark.parametrize(
    ("address", "allowed"),
    [("", True), ("ops@example.com", True), ("a@b", False), ("a b@example.com", False), ("a@b@example.com", False)],
)
def test_alarms_go_to_an_address_that_can_be_one(source: dict[str, Any], address: str, allowed: bool) -> None:
    assert bool(re.fullmatch(source["Parameters"]["AlarmEmail"]["AllowedPattern"], address)) is allowed


def test_outputs_are_described(source: dict[str, Any]) -> None:
    assert set(source["Outputs"]) == OUTPUTS
    assert all(output["Description"] for output in source["Outputs"].values())


def test_an_output_is_there_where_what_it_names_is(source: dict[str, Any]) -> None:
    conditional = {name: output["Condition"] for name, output in source["Outputs"].items() if "Condition" in output}
    assert conditional == {
        "WebhookUrl": "HasWebhook",
        "WebhookFunctionName": "HasWebhook",
        "PollChannel": "HasChannel",
        "IntakeFunctionName": "HasChannel",
        "IntakeRuleName": "HasChannel",
        "WebhookReservedConcurrency": "HasWebhook",
        "ExportBucketName": "HasExport",
        "ExportQueueUrl": "HasExport",
        "ExportDeadLetterQueueUrl": "HasExport",
        "ExportMappingId": "HasExport",
        "ExportFunctionName": "HasExport",
        "ConsoleUrl": "HasConsole",
        "ConsoleSecretArn": "HasConsole",
        "ConsoleFunctionName": "HasConsole",
    }


def test_nothing_is_there_only_for_the_emulator() -> None:
    text = (PROJECT / "template.yaml").read_text("utf-8").lower()
    assert not [word for word in ("ministack", "localstack", "emulator", "endpoint_url") if word in text]


def test_deploy_profiles_hold_no_secret_and_ask_before_a_change() -> None:
    text = (PROJECT / "samconfig.toml").read_text("utf-8")
    profiles = tomllib.loads(text)
    for name in ("default", "production"):
        deploy = profiles[name]["deploy"]["parameters"]
        assert deploy["confirm_changeset"] is True
        assert deploy["capabilities"] == "CAPABILITY_IAM"
    assert "DeletionProtection=true" in profiles["production"]["global"]["parameters"]["parameter_overrides"]
    assert not re.search(r"api_key|api_secret|password|AKIA", text)


@pytest.mark.parametrize(("profile", "stack"), [("default", "autotag"), ("production", "autotag-production")])
def test_sam_deploy_asks_for_nothing_but_consent_to_the_changes(
    source: dict[str, Any], profile: str, stack: str
) -> None:
    settings = tomllib.loads((PROJECT / "samconfig.toml").read_text("utf-8"))[profile]
    deploy = settings["deploy"]["parameters"]
    assert settings["global"]["parameters"]["stack_name"] == stack
    assert (deploy["resolve_s3"], deploy["confirm_changeset"], deploy["fail_on_empty_changeset"]) == (True, True, False)
    assert "guided" not in deploy
    assert all("Default" in parameter for parameter in source["Parameters"].values())
