"""``autotag setup`` on a stack in memory, and the steps that it prints."""

import json
from typing import Any

from typer.testing import Result

from tests.unit.autotag_cli.fake_stack import FakeStack
from tests.unit.autotag_cli.run_command import autotag

OWN = {"cloud_name": "demo", "api_key": "222", "api_secret": "writer"}
SECRETS = ("writer", "signer", "sekrit")


def run(stack: FakeStack, *arguments: str, stdin: str | None = None) -> Result:
    """Run ``autotag setup`` on the stack; whatever it prints holds no secret."""
    result = autotag("setup", "--stack", "prod", *arguments, obj=stack.environment, stdin=stdin)
    printed = result.output.replace("--writer-key-", "")  # the name of an option, not a secret
    assert not any(secret in printed for secret in SECRETS)
    return result


def steps(result: Result) -> dict[str, dict[str, Any]]:
    """Return the printed steps by their names."""
    return {step["name"]: step for step in json.loads(result.stdout)["steps"]}
