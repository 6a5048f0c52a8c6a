"""``autotag`` against the deployed stack, and what it sets up: triggers and the stack's secret."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

from local.core.credentials import CLOUD_NAME, NOTIFICATION_KEY, NOTIFICATION_SECRET, WRITER_KEY, WRITER_SECRET
from local.core.loopback_http import http_request
from local.core.paths import PROJECT
from local.stack.stack import Stack

SIGNING = {"AUTOTAG_NOTIFICATION_SECRETS": f"{NOTIFICATION_KEY}:{NOTIFICATION_SECRET}"}
SECRETS = (NOTIFICATION_SECRET, WRITER_SECRET)


class CommandResult(NamedTuple):
    """The exit code of a command, its JSON output and its error output."""

    code: int
    printed: dict[str, Any]
    errors: str


def command(stack: Stack, *arguments: str | Path, **environment: str) -> CommandResult:
    """Run ``autotag`` with --json as an operator does; whatever it prints holds no secret."""
    variables = {"CLOUDINARY_URL": stack.cloudinary_url, **environment}
    done = subprocess.run(
        [Path(sys.executable).parent / "autotag", *arguments, "--json"],
        cwd=PROJECT, env=stack.environment(**variables), capture_output=True, text=True, timeout=240, check=False,
    )  # fmt: skip
    assert not any(secret in done.stdout + done.stderr for secret in SECRETS)
    return CommandResult(done.returncode, json.loads(done.stdout or "{}"), done.stderr)


def states(result: CommandResult) -> dict[str, str]:
    """Return the state of each step or line by its name."""
    return {line["name"]: line["state"] for line in result.printed.get("steps") or result.printed["lines"]}


def triggers(stack: Stack, method: str = "GET", path: str = "", **body: Any) -> dict[str, Any]:
    """Call the triggers API."""
    url = f"{stack.simulator_url}/v1_1/{CLOUD_NAME}/triggers{path}"
    answer = http_request(method, url, json=body or None, auth=(WRITER_KEY, WRITER_SECRET))
    answer.raise_for_status()
    found: dict[str, Any] = answer.json()
    return found


def webhook_triggers(stack: Stack) -> dict[str, dict[str, Any]]:
    """Return the triggers that lead to the stack's webhook, by event type."""
    found = [t for t in triggers(stack)["triggers"] if t["uri"] == stack.outputs["WebhookUrl"]]
    assert len({trigger["event_type"] for trigger in found}) == len(found)
    return {trigger["event_type"]: trigger for trigger in found}


def secret(stack: Stack) -> dict[str, Any]:
    """Return what the stack's secret holds."""
    answer = stack.client("secretsmanager").get_secret_value(SecretId=stack.outputs["SecretArn"])
    found: dict[str, Any] = json.loads(answer["SecretString"])
    return found


def put_secret(stack: Stack, value: dict[str, Any]) -> None:
    """Put another value into the stack's secret, by hand."""
    client = stack.client("secretsmanager")
    client.put_secret_value(SecretId=stack.outputs["SecretArn"], SecretString=json.dumps(value))
