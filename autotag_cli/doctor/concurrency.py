"""Concurrent executions: what the account allows, and what the workers may take of it."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from autotag_cli.errors import Failure
from autotag_cli.stack.aws import aws_errors
from autotag_cli.stack.environment import Environment
from autotag_cli.stack.target import Target

_MAPPINGS = ("LiveMappingId", "BulkMappingId")


class Concurrency(NamedTuple):
    """Executions at once: of all functions in the account's region, of those without a reservation, of the workers.

    ``live`` and ``bulk`` are the most workers of each queue. ``webhook`` is what is reserved for the webhook, if
    anything is.
    """

    account: int
    unreserved: int
    live: int
    bulk: int
    webhook: int | None = None


def read_concurrency(environment: Environment, target: Target) -> Concurrency:
    """Return the account's limit and the workers'; raises ``Failure`` if AWS does not tell them."""
    with aws_errors("the account's concurrency cannot be read"):
        client = environment.aws(target, "lambda")
        account = client.get_account_settings().get("AccountLimit", {})
        mappings = [
            client.get_event_source_mapping(UUID=uuid).get("ScalingConfig", {})
            for output in _MAPPINGS
            if (uuid := target.outputs.get(output))
        ]
        webhook = target.outputs.get("WebhookFunctionName")
        reserved = client.get_function_concurrency(FunctionName=webhook) if webhook else {}
    if len(mappings) != len(_MAPPINGS):
        raise Failure("the stack does not say which event source mappings it has; deploy this release")
    live, bulk = (_number(scaling, "MaximumConcurrency") for scaling in mappings)
    return Concurrency(
        _number(account, "ConcurrentExecutions"),
        _number(account, "UnreservedConcurrentExecutions"),
        live,
        bulk,
        reserved.get("ReservedConcurrentExecutions"),
    )


def _number(answer: Mapping[str, Any], name: str) -> int:
    try:
        return int(answer[name])
    except (KeyError, TypeError, ValueError) as error:
        raise Failure(f"AWS answered without a number of {name}: {answer}") from error
