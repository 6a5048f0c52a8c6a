"""Whether the functions cannot start because their package was built for another processor."""

from itertools import islice
from typing import Any

from autotag_cli.stack.aws import aws_errors
from autotag_cli.stack.environment import Environment
from autotag_cli.stack.target import Target

_MISSING = "No module named 'msgspec._core'"
"""What Python says where the only compiled library of the package is of another processor."""

_PATTERN = '"msgspec._core"'
_HOUR = 3600.0
_PAGES = 5


def foreign_architecture(environment: Environment, target: Target) -> str | None:
    """Return the processor of the functions if their package is built for another one, None if that is not so.

    The answer is in the log of the last hour of the function that doctor calls. Raises ``Failure`` if that cannot be
    read.
    """
    name = target.outputs.get("ViewFunctionName") or target.outputs.get("OpsFunctionName")
    if not name:
        return None
    with aws_errors("the log of the ops function cannot be read"):
        configuration = environment.aws(target, "lambda").get_function_configuration(FunctionName=name)
        group = configuration.get("LoggingConfig", {}).get("LogGroup") or f"/aws/lambda/{name}"
        since = round((environment.now() - _HOUR) * 1000)
        pages = environment.aws(target, "logs").get_paginator("filter_log_events")
        found = islice(pages.paginate(logGroupName=group, startTime=since, filterPattern=_PATTERN), _PAGES)
        if not any(_MISSING in _text(event) for page in found for event in page.get("events", [])):
            return None
    return str(next(iter(configuration.get("Architectures", [])), "x86_64"))


def _text(event: dict[str, Any]) -> str:
    return str(event.get("message", ""))
