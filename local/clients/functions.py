"""The deployed functions of a local stack: find the one for an event, call it, read its logs."""

import json
from dataclasses import dataclass
from typing import Any

from local.core.errors import LocalError
from local.stack.stack import Stack

FUNCTIONS = ("Webhook", "Worker", "Poller", "Ops")


@dataclass(frozen=True)
class FunctionResult:
    """The result of a call. ``error`` is the kind of failure, None if the function returned ``payload``."""

    payload: Any
    error: str | None


def function_for(event: Any) -> str:
    """Return which function handles an event of this shape. Raises ``LocalError`` for any other shape."""
    match event:
        case {"requestContext": {"http": _, "authorizer": {"iam": _}}}:
            return "Ops"
        case {"requestContext": {"http": _}}:
            return "Webhook"
        case {"Records": [{"eventSource": "aws:sqs"}, *_]}:
            return "Worker"
        case {"source": "aws.events" | "aws.scheduler"}:
            return "Poller"
    raise LocalError("No function handles this event: expected a URL request, an event from SQS or one of a schedule.")


def invoke_function(stack: Stack, function: str, event: Any) -> FunctionResult:
    """Invoke a deployed function with ``event`` and wait for what it returns."""
    response = stack.client("lambda").invoke(
        FunctionName=stack.outputs[f"{function}FunctionName"], Payload=json.dumps(event).encode()
    )
    return FunctionResult(json.loads(response["Payload"].read() or b"null"), response.get("FunctionError"))


def public_urls(stack: Stack) -> list[str]:
    """Return the Function URLs of the stack that need no IAM authentication."""
    client = stack.client("lambda")
    names = [name for output, name in stack.outputs.items() if output.endswith("FunctionName")]
    urls = [url for name in names for url in client.list_function_url_configs(FunctionName=name)["FunctionUrlConfigs"]]
    return [url["FunctionUrl"] for url in urls if url["AuthType"] != "AWS_IAM"]


def log_lines(stack: Stack, function: str) -> list[str]:
    """Return the lines that a function has logged, oldest first."""
    configuration = stack.client("lambda").get_function_configuration(
        FunctionName=stack.outputs[f"{function}FunctionName"]
    )
    pages = stack.client("logs").get_paginator("filter_log_events")
    group = configuration["LoggingConfig"]["LogGroup"]
    return [event["message"] for page in pages.paginate(logGroupName=group) for event in page["events"]]


def log_records(stack: Stack, function: str) -> list[dict[str, Any]]:
    """Return what a function has logged as JSON (log records and EMF metrics), oldest first."""
    return [json.loads(line) for line in log_lines(stack, function) if line.startswith("{")]
