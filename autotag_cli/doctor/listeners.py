"""The rules that wait for events on the stack's event bus."""

from typing import Any

from autotag_cli.stack.aws import aws_errors
from autotag_cli.stack.environment import Environment
from autotag_cli.stack.target import Target


def read_listeners(environment: Environment, target: Target) -> tuple[str, ...]:
    """Return the names of the enabled rules on the stack's event bus; raises ``Failure`` if AWS does not say it."""
    bus = target.outputs.get("EventBusName")
    if not bus:
        return ()
    found: list[str] = []
    request: dict[str, Any] = {"EventBusName": bus}
    with aws_errors("the rules of the event bus cannot be read"):
        client = environment.aws(target, "events")
        while True:
            answer = client.list_rules(**request)
            found += [str(rule["Name"]) for rule in answer["Rules"] if rule["State"] != "DISABLED"]
            if not answer.get("NextToken"):
                return tuple(found)
            request["NextToken"] = answer["NextToken"]
