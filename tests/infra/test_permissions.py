"""Least privilege: each role allows what its function does, on the resources it does it to, and nothing else."""

import json
from fnmatch import fnmatchcase
from typing import Any

import pytest

from tests.infra.cloudformation_template import FUNCTIONS, Template, arn, as_list, ref

KEPT = {
    ("dynamodb:GetItem", "StateTable"),
    ("dynamodb:PutItem", "StateTable"),
    ("dynamodb:UpdateItem", "StateTable"),
    ("dynamodb:BatchGetItem", "StateTable"),
    ("dynamodb:Query", "${StateTable.Arn}/index/by_public_id"),
    ("dynamodb:GetItem", "HistoryTable"),
    ("dynamodb:PutItem", "HistoryTable"),
    ("dynamodb:Query", "HistoryTable"),
    ("events:PutEvents", "EventBus"),
    ("secretsmanager:GetSecretValue", "Secret"),
}
TAKEN = {
    (action, queue)
    for queue in ("Queue", "BulkQueue")
    for action in (
        "sqs:ReceiveMessage",
        "sqs:DeleteMessage",
        "sqs:GetQueueAttributes",
        "sqs:ChangeMessageVisibility",
    )
}
LOOK = {
    ("dynamodb:GetItem", "StateTable"),
    ("dynamodb:Scan", "StateTable"),
    ("dynamodb:Query", "${StateTable.Arn}/index/by_public_id"),
    ("dynamodb:Query", "${StateTable.Arn}/index/due"),
    ("dynamodb:Query", "${StateTable.Arn}/index/asked"),
    ("dynamodb:BatchGetItem", "StateTable"),
    ("dynamodb:GetItem", "HistoryTable"),
    ("dynamodb:Query", "HistoryTable"),
    ("sqs:GetQueueAttributes", "Queue"),
    ("sqs:GetQueueAttributes", "DeadLetterQueue"),
    ("sqs:GetQueueAttributes", "BulkQueue"),
    ("sqs:GetQueueAttributes", "BulkDeadLetterQueue"),
}
OPERATE = {
    ("dynamodb:PutItem", "StateTable"),
    ("dynamodb:UpdateItem", "StateTable"),
    ("dynamodb:PutItem", "HistoryTable"),
    ("sqs:SendMessage", "BulkQueue"),
}
ALLOWED = {
    "WebhookFunction": {("sqs:SendMessage", "Queue"), ("secretsmanager:GetSecretValue", "Secret")},
    "IntakeFunction": {("sqs:SendMessage", "Queue"), ("secretsmanager:GetSecretValue", "Secret")},
    "WorkerFunction": KEPT | TAKEN,
    "PollerFunction": KEPT
    | {
        ("dynamodb:Query", "${StateTable.Arn}/index/due"),
        ("dynamodb:Scan", "StateTable"),
        ("sqs:SendMessage", "BulkQueue"),
        ("sqs:SendMessage", "Queue"),
        ("sqs:GetQueueAttributes", "Queue"),
    },
    "ViewFunction": LOOK,
    "ReviewFunction": LOOK | {("sqs:SendMessage", "BulkQueue")},
    "OpsFunction": LOOK | OPERATE,
    "ConsoleFunction": LOOK | OPERATE | {("secretsmanager:GetSecretValue", "ConsoleSecret")},
}


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_role_allows_exactly_what_its_function_does(template: Template, function: str) -> None:
    group = function.replace("Function", "LogGroup")
    logs = {("logs:CreateLogStream", group), ("logs:PutLogEvents", group)}
    assert template.granted(function) == ALLOWED[function] | logs


@pytest.mark.parametrize("function", FUNCTIONS)
def test_with_a_key_and_traces_a_role_may_use_these_besides(
    template: Template, company: Template, function: str
) -> None:
    key = {("kms:Decrypt", "KmsKeyArn"), ("kms:GenerateDataKey", "KmsKeyArn")}
    traces = {("xray:PutTraceSegments", "*"), ("xray:PutTelemetryRecords", "*")}  # X-Ray has no resources to name
    assert company.granted(function) == template.granted(function) | key | traces


@pytest.mark.parametrize("function", FUNCTIONS)
def test_only_what_sends_events_when_somebody_listens_may_list_rules(
    template: Template, listening: Template, source: dict[str, Any], function: str
) -> None:
    rules = {("events:ListRules", "*")} if function in ("WorkerFunction", "PollerFunction") else set()
    assert listening.granted(function) == template.granted(function) | rules
    assert source["Conditions"]["LooksForListeners"] == {"Fn::Equals": [ref("Events"), "when_listened"]}


def test_roles_have_the_boundary_and_the_path_of_the_company(template: Template, company: Template) -> None:
    for role in company.of_type("AWS::IAM::Role").values():
        assert (role["PermissionsBoundary"], role["Path"]) == (ref("PermissionsBoundaryArn"), ref("RolePath"))
    assert not [role for role in template.of_type("AWS::IAM::Role").values() if "PermissionsBoundary" in role]


@pytest.mark.parametrize("function", FUNCTIONS)
def test_no_wildcard_is_allowed(template: Template, function: str) -> None:
    for statement in template.statements(function):
        assert statement["Effect"] == "Allow"
        assert "NotAction" not in statement
        assert "NotResource" not in statement
        assert "*" not in json.dumps([statement["Action"], statement["Resource"]])


@pytest.mark.parametrize("function", ["WorkerFunction", "PollerFunction"])
def test_only_our_own_events_may_be_published(template: Template, function: str) -> None:
    (publish,) = [each for each in template.statements(function) if "events:PutEvents" in as_list(each["Action"])]
    assert publish["Condition"] == {"StringEquals": {"events:source": "autotag"}}


@pytest.mark.parametrize("function", ["OpsFunction", "ConsoleFunction"])
def test_operators_change_nothing_but_rules_and_runs(template: Template, function: str) -> None:
    writing = {"dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem", "dynamodb:BatchWriteItem"}
    statements = [each for each in template.statements(function) if writing.intersection(as_list(each["Action"]))]
    assert {each["Sid"]: each["Condition"] for each in statements} == {
        "ActivateRules": {"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": ["RULES#ACTIVE"]}},
        "KeepRuns": {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": ["RUN#*", "RUNS"]}},
        "StoreRules": {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": ["RULES#*"]}},
    }


WRITTEN_BY_RUNS = ["RUN#0123456789abcdef0123456789abcdef", "RUNS"]
NEVER_WRITTEN = ["ASSET#a1", "RULES#ACTIVE", "BUDGET#1", "BREAKER", "RUNSX", "XRUN#1", "run#1"]


def test_the_condition_on_runs_lets_no_other_item_be_written(template: Template) -> None:
    (runs,) = [each for each in template.statements("OpsFunction") if each["Sid"] == "KeepRuns"]
    patterns = runs["Condition"]["ForAllValues:StringLike"]["dynamodb:LeadingKeys"]
    allowed = [key for key in WRITTEN_BY_RUNS + NEVER_WRITTEN if any(fnmatchcase(key, each) for each in patterns)]
    assert allowed == WRITTEN_BY_RUNS


def test_operators_queue_nothing_for_live_workers(template: Template) -> None:
    """What operators begin waits in the bulk queue, so that it never delays a notification."""
    sent = {resource for action, resource in template.granted("OpsFunction") if action == "sqs:SendMessage"}
    assert sent == {"BulkQueue"}


def test_roles_are_assumed_by_lambda_alone_and_each_by_one_function(template: Template) -> None:
    roles = template.of_type("AWS::IAM::Role")
    used = [template.properties(function)["Role"]["Fn::GetAtt"][0] for function in FUNCTIONS]
    assert sorted(used) == sorted(roles)
    for role in roles.values():
        (statement,) = role["AssumeRolePolicyDocument"]["Statement"]
        assert statement["Principal"] == {"Service": "lambda.amazonaws.com"}
        assert statement["Action"] == "sts:AssumeRole"


def test_the_stack_needs_no_named_iam_resource(template: Template) -> None:
    # so that CAPABILITY_IAM is enough to deploy it
    assert not [name for name, role in template.of_type("AWS::IAM::Role").items() if "RoleName" in role]
    policies = template.of_type("AWS::IAM::ManagedPolicy")
    assert not [name for name, policy in policies.items() if "ManagedPolicyName" in policy]


CALLS = {
    "ViewerPolicy": {"ViewFunction"},
    "ReviewerPolicy": {"ViewFunction", "ReviewFunction"},
    "OperatorPolicy": {"ViewFunction", "ReviewFunction", "OpsFunction"},
}


@pytest.mark.parametrize("name", CALLS)
def test_a_policy_for_people_lets_them_call_the_functions_of_their_level_alone(template: Template, name: str) -> None:
    """By the function's URL with IAM alone, so that every request names its caller."""
    statements = {each["Sid"]: each for each in template.properties(name)["PolicyDocument"]["Statement"]}
    expected = [arn(function) for function in sorted(CALLS[name], key=FUNCTIONS.index)]
    assert statements["CallUrl"]["Resource"] == statements["InvokeByUrl"]["Resource"] == expected
    assert statements["CallUrl"]["Action"] == "lambda:InvokeFunctionUrl"
    assert statements["CallUrl"]["Condition"] == {"StringEquals": {"lambda:FunctionUrlAuthType": "AWS_IAM"}}
    assert statements["InvokeByUrl"]["Action"] == "lambda:InvokeFunction"
    assert statements["InvokeByUrl"]["Condition"] == {"Bool": {"lambda:InvokedViaFunctionUrl": "true"}}
    assert (statements["FindStack"]["Action"], statements["FindStack"]["Resource"]) == (
        "cloudformation:DescribeStacks",
        ref("AWS::StackId"),
    )


def test_operators_see_what_is_stopped_and_change_none_of_it(template: Template) -> None:
    """``autotag doctor`` reads mappings, schedules, concurrency, logs and the age of messages, of this stack alone."""
    statements = template.properties("OperatorPolicy")["PolicyDocument"]["Statement"]
    by_sid = {each["Sid"]: each for each in statements}
    assert by_sid["SeeWhatIsStopped"]["Action"] == [
        "events:DescribeRule", "lambda:GetEventSourceMapping", "lambda:GetFunctionConcurrency",
    ]  # fmt: skip
    assert by_sid["ReadLogs"]["Action"] == ["lambda:GetFunctionConfiguration", "logs:FilterLogEvents"]
    assert {arn("ViewFunction")["Fn::GetAtt"][0], "ViewLogGroup"} <= {
        each["Fn::GetAtt"][0] for each in by_sid["ReadLogs"]["Resource"] if "Fn::GetAtt" in each
    }
    wide = {each["Sid"]: each["Action"] for each in statements if "*" in as_list(each["Resource"])}
    assert wide == {
        "SeeAccountLimit": "lambda:GetAccountSettings",
        "SeeListeners": "events:ListRules",
        "SeeAgeOfQueues": "cloudwatch:GetMetricStatistics",
    }


def test_only_operators_read_and_store_the_secret(template: Template) -> None:
    policies = template.of_type("AWS::IAM::ManagedPolicy")
    assert set(policies) == set(CALLS)
    with_secret = {name for name, policy in policies.items() if "secretsmanager" in json.dumps(policy)}
    assert with_secret == {"OperatorPolicy"}
    (keep,) = [
        each
        for each in policies["OperatorPolicy"]["PolicyDocument"]["Statement"]
        if "secretsmanager:PutSecretValue" in as_list(each["Action"])
    ]
    assert keep["Resource"] == [ref("Secret"), {"Fn::If": ["HasConsole", ref("ConsoleSecret"), ref("AWS::NoValue")]}]


def test_the_secret_is_referred_to_by_its_arn(template: Template) -> None:
    # `Ref` of a secret is its ARN; its name without the random suffix would match other secrets too
    for function in FUNCTIONS:
        statements = template.statements(function)
        reads = [each for each in statements if "secretsmanager:GetSecretValue" in as_list(each["Action"])]
        named = "ConsoleSecret" if function == "ConsoleFunction" else "Secret"
        assert [each["Resource"] for each in reads] in ([ref(named)], []), function
