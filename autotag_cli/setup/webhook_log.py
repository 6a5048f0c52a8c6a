"""What the functions that accept notifications logged about them: which key signed, and what was refused."""

from collections.abc import Iterator
from itertools import islice
from typing import Any, Literal

import msgspec
from msgspec import Struct, field

from autotag.domain.model.strict_json import decode as decode_json
from autotag_cli.stack.aws import aws_errors
from autotag_cli.stack.environment import Environment
from autotag_cli.stack.target import Target

_FUNCTIONS = ("WebhookFunctionName", "IntakeFunctionName")
_MESSAGES = ("accepted", "ignored", "rejected", "malformed", "too_large", "unavailable")
_PATTERN = "{ " + " || ".join(f'$.message = "{name}"' for name in _MESSAGES) + " }"
_PAGES = 20


class LogEntry(Struct, frozen=True):
    """One log line: ``at`` is in unix milliseconds, ``key_id`` the key that signed, ``claimed_key`` the key it names.

    ``assets`` are the asset_ids that an accepted notification is about.
    """

    message: Literal["accepted", "ignored", "rejected", "malformed", "too_large", "unavailable"]
    at: int = 0
    key_id: str = ""
    claimed_key: str = ""
    rule: str = ""
    error: str = field(default="", name="fault")
    assets: tuple[str, ...] = ()


def read_log(environment: Environment, target: Target, since: float) -> list[LogEntry]:
    """Return what was logged from ``since`` (unix seconds) on, newest last; raises ``Failure`` if that fails."""
    names = [target.outputs[name] for name in _FUNCTIONS if target.outputs.get(name)]
    entries = [entry for name in names for entry in _log_lines(environment, target, name, round(since * 1000))]
    return sorted(entries, key=lambda entry: entry.at)


def _log_lines(environment: Environment, target: Target, function: str, since: int) -> Iterator[LogEntry]:
    with aws_errors("the log of notifications cannot be read"):
        configuration = environment.aws(target, "lambda").get_function_configuration(FunctionName=function)
        group = configuration.get("LoggingConfig", {}).get("LogGroup") or f"/aws/lambda/{function}"
        pages = environment.aws(target, "logs").get_paginator("filter_log_events")
        for page in islice(pages.paginate(logGroupName=group, startTime=since, filterPattern=_PATTERN), _PAGES):
            for event in page.get("events", []):
                yield from _entry(event)


def _entry(event: dict[str, Any]) -> Iterator[LogEntry]:
    try:
        entry: LogEntry = decode_json(event.get("message", ""), LogEntry)
    except msgspec.DecodeError:  # a line that Lambda itself logged, or one of another kind
        return
    yield msgspec.structs.replace(entry, at=int(event.get("timestamp", 0)))
