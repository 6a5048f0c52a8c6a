"""How the functions run: who may call them, what they are told, where they log."""

import json
from typing import Any

import msgspec
import pytest

from autotag.settings import OpsSettings, WebhookSettings, WorkerSettings
from tests.infra.deployed import FUNCTIONS, Template, arn, ref

EVERY = {"POWERTOOLS_SERVICE_NAME", "POWERTOOLS_METRICS_NAMESPACE", "POWERTOOLS_LOG_LEVEL"}
BEHIND_THE_QUEUE = {
    "STATE_TABLE", "HISTORY_TABLE", "EVENT_BUS_NAME", "SECRET_ID", "CLOUDINARY_API_BASE", "POLL_FIRST_DELAY_SECONDS",
    "PENDING_DEADLINE_SECONDS", "ADMIN_RESERVE_PERCENT", "AUDIT_RETENTION_DAYS",
}  # fmt: skip
TOLD = {
    "WebhookFunction": {
        "QUEUE_URL", "SECRET_ID", "SIGNATURE_MAX_AGE_SECONDS", "SIGNATURE_MAX_SKEW_SECONDS",
        "READ_BEFORE_WRITE",
    },
    "WorkerFunction": BEHIND_THE_QUEUE | {"QUEUE_URL", "BULK_QUEUE_URL"},
    "PollerFunction": BEHIND_THE_QUEUE,
    "OpsFunction": {"STATE_TABLE", "HISTORY_TABLE"},
}  # fmt: skip


def variables(template: Template, function: str) -> dict[str, Any]:
    found: dict[str, Any] = template.properties(function)["Environment"]["Variables"]
    return found


def test_these_are_all_the_functions(template: Template) -> None:
    assert set(template.of_type("AWS::Lambda::Function")) == set(FUNCTIONS)


@pytest.mark.parametrize("function", FUNCTIONS)
def test_runtime_architecture_and_handler(template: Template, function: str) -> None:
    properties = template.properties(function)
    service = function.removesuffix("Function").lower()
    assert properties["Runtime"] == "python3.13"
    assert properties["Architectures"] == [ref("Architecture")]
    assert properties["Handler"] == f"handlers.{service}.handler"
    assert variables(template, function)["POWERTOOLS_SERVICE_NAME"] == service
    assert variables(template, function)["POWERTOOLS_METRICS_NAMESPACE"] == "autotag"


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_is_told_what_it_uses_and_no_more(template: Template, function: str) -> None:
    assert set(variables(template, function)) == EVERY | TOLD[function]


@pytest.mark.parametrize(
    ("function", "settings"),
    [("WebhookFunction", WebhookSettings), ("WorkerFunction", WorkerSettings), ("OpsFunction", OpsSettings)],
)
def test_a_function_reads_what_it_is_told(template: Template, function: str, settings: type[msgspec.Struct]) -> None:
    read = {name.upper() for name in settings.__struct_fields__}
    assert set(variables(template, function)) - EVERY == read


@pytest.mark.parametrize("function", FUNCTIONS)
def test_no_variable_holds_a_secret(template: Template, function: str) -> None:
    told = variables(template, function)
    assert told.get("SECRET_ID", ref("Secret")) == ref("Secret")  # its name, to be looked up
    assert "resolve:secretsmanager" not in json.dumps(told)
    assert not [name for name in told if name != "SECRET_ID" and ("SECRET" in name or "PASSWORD" in name)]


def test_no_parameter_takes_a_secret(template: Template) -> None:
    assert not [name for name in template.document["Parameters"] if "secret" in name.lower()]


def test_the_webhook_is_the_only_public_door(template: Template) -> None:
    urls = {url["TargetFunctionArn"]["Ref"]: url["AuthType"] for url in template.of_type("AWS::Lambda::Url").values()}
    assert urls == {"WebhookFunction": "NONE", "OpsFunction": "AWS_IAM"}


def test_no_url_answers_a_browser_of_another_origin(template: Template) -> None:
    assert not [url for url in template.of_type("AWS::Lambda::Url").values() if "Cors" in url]


def test_only_the_webhook_may_be_called_by_everybody_and_only_by_its_url(template: Template) -> None:
    public = [each for each in template.of_type("AWS::Lambda::Permission").values() if each["Principal"] == "*"]
    assert {each["FunctionName"]["Ref"] for each in public} == {"WebhookFunction"}
    assert all(each.get("FunctionUrlAuthType") == "NONE" or each.get("InvokedViaFunctionUrl") for each in public)


def test_nothing_but_the_url_and_the_schedule_may_call_a_function(template: Template) -> None:
    named = [each for each in template.of_type("AWS::Lambda::Permission").values() if each["Principal"] != "*"]
    (schedule,) = template.of_type("AWS::Events::Rule")
    assert [(each["Principal"], each["FunctionName"], each["SourceArn"]) for each in named] == [
        ("events.amazonaws.com", ref("PollerFunction"), arn(schedule))
    ]


def test_the_poller_runs_every_minute_and_is_not_repeated(template: Template) -> None:
    (rule,) = template.of_type("AWS::Events::Rule").values()
    assert rule["ScheduleExpression"] == "rate(1 minute)"
    assert [target["Arn"] for target in rule["Targets"]] == [arn("PollerFunction")]
    (invoked,) = template.of_type("AWS::Lambda::EventInvokeConfig").values()
    assert (invoked["FunctionName"], invoked["MaximumRetryAttempts"]) == (ref("PollerFunction"), 0)


def test_the_webhook_answers_before_cloudinary_gives_up(template: Template) -> None:
    assert template.properties("WebhookFunction")["Timeout"] < 20


def test_concurrency_is_reserved_by_parameter_and_by_default_not_at_all(
    template: Template, source: dict[str, Any]
) -> None:
    reserved = template.properties("WebhookFunction")["ReservedConcurrentExecutions"]
    assert reserved == {"Fn::If": ["ReservesWebhook", ref("WebhookReservedConcurrency"), ref("AWS::NoValue")]}
    assert source["Conditions"]["ReservesWebhook"] == {
        "Fn::Not": [{"Fn::Equals": [ref("WebhookReservedConcurrency"), -1]}]
    }
    assert source["Parameters"]["WebhookReservedConcurrency"]["Default"] == -1
    others = [each for each in FUNCTIONS if each != "WebhookFunction"]
    assert not [each for each in others if "ReservedConcurrentExecutions" in template.properties(each)]


@pytest.mark.parametrize("function", FUNCTIONS)
def test_logs_go_to_a_group_of_the_functions_own_and_end(template: Template, function: str) -> None:
    group = template.properties(function)["LoggingConfig"]["LogGroup"]["Ref"]
    assert group == function.replace("Function", "LogGroup")
    assert template.properties(group)["RetentionInDays"] == ref("LogRetentionDays")
