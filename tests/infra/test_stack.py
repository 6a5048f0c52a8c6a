"""The stack as a whole: its kinds of resources, and the suppressed checks of the policy scanner."""

from pathlib import Path
from typing import Any

import pytest

from tests.infra.cloudformation_template import Template
from tests.infra.sam_transform import read_template

DECISIONS = Path(__file__).resolve().parents[2] / "docs" / "decisions.md"
KINDS = {
    "AWS::CloudWatch::Alarm",
    "AWS::CloudWatch::Dashboard",
    "AWS::DynamoDB::Table",
    "AWS::Events::EventBus",
    "AWS::Events::Rule",
    "AWS::IAM::ManagedPolicy",
    "AWS::IAM::Role",
    "AWS::Lambda::EventInvokeConfig",
    "AWS::Lambda::EventSourceMapping",
    "AWS::Lambda::Function",
    "AWS::Lambda::LayerVersion",
    "AWS::Lambda::Permission",
    "AWS::Lambda::Url",
    "AWS::Logs::LogGroup",
    "AWS::SQS::Queue",
    "AWS::SQS::QueuePolicy",
    "AWS::SecretsManager::Secret",
}


def suppressions(source: dict[str, Any]) -> dict[str, list[dict[str, str]]]:
    """Return the suppressed checks by the name of the resource."""
    own = {
        name: resource["Metadata"]["checkov"]["skip"]
        for name, resource in source["Resources"].items()
        if "checkov" in resource.get("Metadata", {})
    }
    functions: dict[str, list[dict[str, str]]] = source["Metadata"]["checkov"]
    assert own.keys().isdisjoint(functions)
    return own | functions


SUPPRESSED = {
    (name, skip["id"]): skip["comment"] for name, skips in suppressions(read_template()).items() for skip in skips
}


def test_a_new_kind_of_resource_comes_with_tests(template: Template, company: Template) -> None:
    # each kind has its tests in this folder: what is new is encrypted, kept and permitted on purpose
    assert {resource["Type"] for resource in template.document["Resources"].values()} == KINDS
    assert {resource["Type"] for resource in company.document["Resources"].values()} == KINDS | {"AWS::SNS::Topic"}


@pytest.mark.parametrize(("resource", "check"), SUPPRESSED)
def test_every_suppression_is_justified_where_it_stands(resource: str, check: str) -> None:
    comment = SUPPRESSED[resource, check]
    assert len(comment.split()) >= 8 and comment.endswith(".")


def test_every_suppressed_check_is_decided_on() -> None:
    text = DECISIONS.read_text("utf-8")
    assert not [check for check in {check for _, check in SUPPRESSED} if check not in text]


def test_a_suppression_holds_for_the_resource_that_it_names_and_for_no_other(exporting_company: Template) -> None:
    scanned = {
        (name, skip["id"])
        for name, resource in exporting_company.document["Resources"].items()
        for skip in resource.get("Metadata", {}).get("checkov", {}).get("skip", [])
    }
    assert scanned == set(SUPPRESSED)
    public = {name for name, check in scanned if check == "CKV_AWS_258"}
    assert public == {"WebhookFunctionUrl", "ConsoleFunctionUrl"}


def test_one_build_serves_every_function(source: dict[str, Any]) -> None:
    # SAM builds functions once whose code, runtime, architecture and metadata are the same, but not if the method is
    # makefile: samcli/lib/build/build_graph.py, FunctionBuildDefinition.__eq__
    functions = [each for each in source["Resources"].values() if each["Type"] == "AWS::Serverless::Function"]
    assert len(functions) == 9
    for function in functions:
        assert function["Metadata"] == {"BuildMethod": "provided.al2023"}
        assert function["Properties"].keys().isdisjoint({"CodeUri", "Runtime", "Architectures", "PackageType"})


def test_what_protects_the_public_door_is_not_suppressed() -> None:
    # the webhook's limit by reserved concurrency is a parameter: see test_functions.py
    assert ("WebhookFunction", "CKV_AWS_115") not in SUPPRESSED
    assert ("ConsoleFunction", "CKV_AWS_115") not in SUPPRESSED


def test_no_role_or_policy_is_suppressed(source: dict[str, Any]) -> None:
    access = {name for name, each in source["Resources"].items() if each["Type"].endswith(("Role", "Policy"))}
    assert access.isdisjoint(name for name, _ in SUPPRESSED)
