"""The functions: their callers, their environment variables, their logs."""

import json
from typing import Any

import msgspec
import pytest

from autotag.service.intake.poll_channel import MARGIN
from autotag.settings import ConsoleSettings, OpsSettings, PollChannelSettings, WebhookSettings, WorkerSettings
from tests.infra.cloudformation_template import FUNCTIONS, OPERATORS, Template, arn, ref

COMMON_VARIABLES = {
    "POWERTOOLS_SERVICE_NAME", "POWERTOOLS_METRICS_NAMESPACE", "POWERTOOLS_LOG_LEVEL", "STACK_NAME",
}  # fmt: skip
PROCESSING_VARIABLES = {
    "STATE_TABLE", "HISTORY_TABLE", "EVENT_BUS_NAME", "EVENTS", "SECRET_ID", "CLOUDINARY_API_BASE",
    "POLL_FIRST_DELAY_SECONDS",
    "PENDING_DEADLINE_SECONDS", "ADMIN_RESERVE_PERCENT", "ADMIN_HINT_PERCENT", "AUDIT_RETENTION_DAYS",
    "DELETED_RETENTION_DAYS",
}  # fmt: skip
OPERATOR_VARIABLES = {
    "STATE_TABLE", "HISTORY_TABLE", "QUEUE_URL", "DEAD_LETTER_QUEUE_URL", "BULK_QUEUE_URL", "ACCESS",
    "BULK_DEAD_LETTER_QUEUE_URL", "CLOUDINARY_API_BASE", "ADMIN_RESERVE_PERCENT", "SIGNATURE_MAX_SKEW_SECONDS",
    "EXPORT_QUEUE_URL", "EXPORT_DEAD_LETTER_QUEUE_URL",
}  # fmt: skip
PUBLIC = {"WebhookFunction", "ConsoleFunction"}
VARIABLES = {
    "WebhookFunction": {
        "QUEUE_URL", "SECRET_ID", "SIGNATURE_MAX_AGE_SECONDS", "SIGNATURE_MAX_SKEW_SECONDS",
        "READ_BEFORE_WRITE",
    },
    "IntakeFunction": {
        "QUEUE_URL", "SECRET_ID", "CLOUDINARY_API_BASE", "POLL_CHANNEL", "POLL_WAIT_SECONDS",
        "SIGNATURE_MAX_SKEW_SECONDS",
        "READ_BEFORE_WRITE",
    },
    "WorkerFunction": PROCESSING_VARIABLES | {"QUEUE_URL", "BULK_QUEUE_URL"},
    "PollerFunction": PROCESSING_VARIABLES | {"QUEUE_URL", "BULK_QUEUE_URL"},
    "ConsoleFunction": {"CONSOLE_SECRET_ID"} | OPERATOR_VARIABLES,
    **dict.fromkeys(OPERATORS, OPERATOR_VARIABLES),
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
    # a renamed logical id would replace the function
    module = "ops" if function in OPERATORS else {"intake": "poll_channel"}.get(service, service)
    assert properties["Handler"] == f"handlers.{module}.handler"
    assert variables(template, function)["POWERTOOLS_SERVICE_NAME"] == service
    assert variables(template, function)["POWERTOOLS_METRICS_NAMESPACE"] == "autotag"


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_is_told_what_it_uses_and_no_more(template: Template, function: str) -> None:
    assert set(variables(template, function)) == COMMON_VARIABLES | VARIABLES[function]


@pytest.mark.parametrize(
    ("function", "settings"),
    [
        ("WebhookFunction", WebhookSettings),
        ("IntakeFunction", PollChannelSettings),
        ("WorkerFunction", WorkerSettings),
        *((function, OpsSettings) for function in OPERATORS),
    ],
)
def test_a_function_reads_what_it_is_told(detecting: Template, function: str, settings: type[msgspec.Struct]) -> None:
    read = {name.upper() for name in settings.__struct_fields__}
    assert set(variables(detecting, function)) - COMMON_VARIABLES == read


@pytest.mark.parametrize("function", FUNCTIONS)
def test_no_variable_holds_a_secret(template: Template, function: str) -> None:
    environment = variables(template, function)
    assert environment.get("SECRET_ID", ref("Secret")) == ref("Secret")  # its name, to be looked up
    assert "resolve:secretsmanager" not in json.dumps(environment)
    named = ("SECRET_ID", "CONSOLE_SECRET_ID")
    assert not [name for name in environment if name not in named and ("SECRET" in name or "PASSWORD" in name)]


def test_no_parameter_takes_a_secret(template: Template) -> None:
    assert not [name for name in template.document["Parameters"] if "secret" in name.lower()]


def test_the_console_is_told_what_the_operators_functions_are_and_its_secret(template: Template) -> None:
    told = variables(template, "ConsoleFunction")
    assert {name: told[name] for name in told if name not in ("CONSOLE_SECRET_ID", "POWERTOOLS_SERVICE_NAME")} == {
        name: value for name, value in variables(template, "OpsFunction").items() if name != "POWERTOOLS_SERVICE_NAME"
    }
    assert set(told) >= {name.upper() for name in ConsoleSettings.__struct_fields__}
    assert told["CONSOLE_SECRET_ID"] == ref("ConsoleSecret")


def test_only_the_console_has_the_layer_with_its_libraries(template: Template) -> None:
    (layer,) = template.of_type("AWS::Lambda::LayerVersion")
    assert template.properties("ConsoleFunction")["Layers"] == [ref(layer)]
    assert not [each for each in FUNCTIONS if each != "ConsoleFunction" and "Layers" in template.properties(each)]


def test_the_webhook_and_the_console_are_the_only_public_doors(template: Template) -> None:
    urls = {url["TargetFunctionArn"]["Ref"]: url["AuthType"] for url in template.of_type("AWS::Lambda::Url").values()}
    assert urls == dict.fromkeys(PUBLIC, "NONE") | dict.fromkeys(OPERATORS, "AWS_IAM")


def test_no_url_answers_a_browser_of_another_origin(template: Template) -> None:
    assert not [url for url in template.of_type("AWS::Lambda::Url").values() if "Cors" in url]


def test_only_a_public_door_may_be_called_by_everybody_and_only_by_its_url(template: Template) -> None:
    public = [each for each in template.of_type("AWS::Lambda::Permission").values() if each["Principal"] == "*"]
    assert {each["FunctionName"]["Ref"] for each in public} == PUBLIC
    assert all(each.get("FunctionUrlAuthType") == "NONE" or each.get("InvokedViaFunctionUrl") for each in public)


SCHEDULED = ("IntakeFunction", "PollerFunction")


def test_nothing_but_the_url_and_the_schedule_may_call_a_function(template: Template) -> None:
    named = [each for each in template.of_type("AWS::Lambda::Permission").values() if each["Principal"] != "*"]
    schedules = {rule["Targets"][0]["Arn"]["Fn::GetAtt"][0]: arn(name) for name, rule in rules(template).items()}
    assert sorted((each["Principal"], each["FunctionName"]["Ref"], each["SourceArn"]) for each in named) == [
        ("events.amazonaws.com", function, schedules[function]) for function in SCHEDULED
    ]


def rules(template: Template) -> dict[str, dict[str, Any]]:
    return template.of_type("AWS::Events::Rule")


def test_what_is_scheduled_runs_every_minute_and_is_not_repeated(template: Template) -> None:
    assert {rule["ScheduleExpression"] for rule in rules(template).values()} == {"rate(1 minute)"}
    targets = [target["Arn"] for rule in rules(template).values() for target in rule["Targets"]]
    assert sorted(target["Fn::GetAtt"][0] for target in targets) == list(SCHEDULED)
    invoked = template.of_type("AWS::Lambda::EventInvokeConfig").values()
    assert sorted((each["FunctionName"]["Ref"], each["MaximumRetryAttempts"]) for each in invoked) == [
        (function, 0) for function in SCHEDULED
    ]


def test_the_drain_of_the_channel_outlasts_the_minute_until_the_next_one(template: Template) -> None:
    assert template.properties("IntakeFunction")["Timeout"] >= 60 + MARGIN


INTAKES = {"HasWebhook": "Webhook", "HasChannel": "Intake", "HasConsole": "Console"}


def test_without_a_webhook_nothing_is_public(template: Template, source: dict[str, Any]) -> None:
    """With Intake=poll and Console=none there is no Function URL but the operators', which IAM guards."""
    assert source["Conditions"]["HasConsole"] == {"Fn::Equals": [ref("Console"), "on"]}
    assert source["Conditions"]["HasWebhook"] == {"Fn::Not": [{"Fn::Equals": [ref("Intake"), "poll"]}]}
    resources = template.document["Resources"]
    public = [name for name, url in template.of_type("AWS::Lambda::Url").items() if url["AuthType"] == "NONE"]
    public += [name for name, each in template.of_type("AWS::Lambda::Permission").items() if each["Principal"] == "*"]
    conditions = sorted(str(resources[name].get("Condition")) for name in public)
    assert conditions == ["HasConsole"] * 3 + ["HasWebhook"] * 3


@pytest.mark.parametrize(("condition", "prefix"), INTAKES.items())
def test_each_way_in_is_there_as_a_whole_or_not_at_all(template: Template, condition: str, prefix: str) -> None:
    resources = template.document["Resources"]
    conditional = {name for name, each in resources.items() if each.get("Condition") == condition}
    assert conditional == {name for name in resources if name.startswith(prefix)}


def test_notifications_come_by_webhook_channel_or_both(source: dict[str, Any]) -> None:
    assert source["Parameters"]["Intake"]["AllowedValues"] == ["webhook", "poll", "both"]
    assert source["Conditions"]["HasChannel"] == {"Fn::Not": [{"Fn::Equals": [ref("Intake"), "webhook"]}]}


def test_the_webhook_answers_before_cloudinary_gives_up(template: Template) -> None:
    assert template.properties("WebhookFunction")["Timeout"] < 20


@pytest.mark.parametrize("prefix", ["Webhook", "Console"])
def test_concurrency_is_reserved_by_parameter_and_by_default_not_at_all(
    template: Template, source: dict[str, Any], prefix: str
) -> None:
    reserved = template.properties(f"{prefix}Function")["ReservedConcurrentExecutions"]
    assert reserved == {"Fn::If": [f"Reserves{prefix}", ref(f"{prefix}ReservedConcurrency"), ref("AWS::NoValue")]}
    assert source["Conditions"][f"Reserves{prefix}"] == {
        "Fn::Not": [{"Fn::Equals": [ref(f"{prefix}ReservedConcurrency"), -1]}]
    }
    assert source["Parameters"][f"{prefix}ReservedConcurrency"]["Default"] == -1
    others = [each for each in FUNCTIONS if each not in PUBLIC]
    assert not [each for each in others if "ReservedConcurrentExecutions" in template.properties(each)]


@pytest.mark.parametrize("function", FUNCTIONS)
def test_logs_go_to_a_group_of_the_functions_own_and_end(template: Template, function: str) -> None:
    group = template.properties(function)["LoggingConfig"]["LogGroup"]["Ref"]
    assert group == function.replace("Function", "LogGroup")
    assert template.properties(group)["RetentionInDays"] == ref("LogRetentionDays")


@pytest.mark.parametrize("function", FUNCTIONS)
def test_lambda_itself_logs_only_faults_and_drops_no_line_of_ours(template: Template, function: str) -> None:
    """A line without a level, as metrics are, counts as INFO (Lambda developer guide, *Log-level filtering*)."""
    logging = {
        name: value for name, value in template.properties(function)["LoggingConfig"].items() if name != "LogGroup"
    }
    assert logging == {
        "LogFormat": ref("LogFormat"),
        "SystemLogLevel": {"Fn::If": ["LogsFaultsOnly", "WARN", ref("AWS::NoValue")]},
        "ApplicationLogLevel": {"Fn::If": ["LogsFaultsOnly", "INFO", ref("AWS::NoValue")]},
    }


def test_worker_and_poller_have_the_memory_that_is_chosen(template: Template, source: dict[str, Any]) -> None:
    chosen = {name: template.properties(name)["MemorySize"] for name in ("WorkerFunction", "PollerFunction")}
    assert chosen == {"WorkerFunction": ref("WorkerMemory"), "PollerFunction": ref("PollerMemory")}
    bounds = {name: source["Parameters"][name] for name in ("WorkerMemory", "PollerMemory")}
    assert {name: (each["MinValue"], each["MaxValue"]) for name, each in bounds.items()} == {
        "WorkerMemory": (256, 1769),
        "PollerMemory": (512, 1769),
    }
