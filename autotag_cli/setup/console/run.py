"""The step that stores how people sign in to the console."""

import base64
import secrets
import sys
from typing import Any

import typer
from botocore.exceptions import ClientError

from autotag.domain.errors import Invalid
from autotag_cli.console.delivery import delivery_of
from autotag_cli.errors import Failure
from autotag_cli.input.files import read_bytes
from autotag_cli.setup.console.document import composed_text, stored_fields
from autotag_cli.setup.console.options import SECRET_VARIABLE, ConsoleOptions
from autotag_cli.setup.steps import Step
from autotag_cli.stack.aws import aws_errors
from autotag_cli.stack.environment import Environment
from autotag_cli.stack.target import Target
from autotag_console.sign_in.document import KEY_BYTES, read_document


def set_up_console(environment: Environment, target: Target, given: ConsoleOptions, *, dry_run: bool) -> Step:
    """Store how people sign in to the console of a stack, and end their sessions if that is asked for.

    Raises ``Failure`` if the stack has no console, ``Invalid`` with the option that is missing or wrong. No message
    contains a secret.
    """
    url, arn = target.outputs.get("ConsoleUrl"), target.outputs.get("ConsoleSecretArn")
    if not url or not arn:
        raise Failure(f"the stack {target.stack!r} has no console: deploy it with Console=on")
    client = environment.aws(target, "secretsmanager")
    current = _read(client, arn)
    text = composed_text(
        stored_fields(current),
        url,
        given,
        _client_secret(environment, given.client_secret),
        delivery_of(environment.variables),
        base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode(),
    )
    fields = stored_fields(text)
    roles = ", ".join(f"{group} is {role}" for group, role in fields["roles"].items())
    finding = f"{fields['url']} for people of {fields['issuer']}: {roles}"
    if given.sign_out_everyone:
        finding += "; everyone is signed out within a minute"
    fix = f"at the provider, allow the client {fields['client_id']} the redirect URI {read_document(text).callback_url}"
    if stored_fields(current) == fields:
        return Step("console", "unchanged", finding)
    if dry_run:
        return Step("console", "planned", finding, fix)
    with aws_errors("the console's secret cannot be written"):
        client.put_secret_value(SecretId=arn, SecretString=text)
    return Step("console", "done", finding, "" if current else fix)


def _read(client: Any, arn: str) -> str:
    with aws_errors("the console's secret cannot be read"):
        try:
            return str(client.get_secret_value(SecretId=arn).get("SecretString") or "")
        except ClientError as error:
            if error.response.get("Error", {}).get("Code") != "ResourceNotFoundException":
                raise
    return ""  # it holds nothing yet


def _client_secret(environment: Environment, path: str | None) -> str:
    """Return the client's secret from a file, stdin, a prompt or the environment; "" if none is given."""
    if path == "-" and sys.stdin.isatty():
        text = typer.prompt("The client's secret", default="", hide_input=True, show_default=False, err=True)
    elif path is not None:
        text = read_bytes(path).decode("utf-8", errors="replace")
    else:
        text = environment.variables.get(SECRET_VARIABLE, "")
    secret = str(text).strip()
    if not secret.isprintable():
        raise Invalid("--client-secret" if path else SECRET_VARIABLE, "expected one line of printable characters")
    return secret
