"""``autotag setup --console``: what it stores, keeps and refuses, and that it prints no secret."""

import base64
import json
from dataclasses import replace
from typing import Any

import pytest
from typer.testing import Result

from autotag_console.sign_in.document import read_document
from tests.unit.autotag_cli.fake_stack import FakeStack
from tests.unit.autotag_cli.run_command import autotag

URL = "https://abc123.lambda-url.eu-west-1.on.aws/"
FIRST = ("--issuer", "https://login.example.com/pool", "--client-id", "client", "--role", "taggers=reviewer")
CLIENT_SECRET = "sekrit-of-the-client"
VARIABLE = "AUTOTAG_CONSOLE_CLIENT_SECRET"


@pytest.fixture
def stack() -> FakeStack:
    """A stack with a console."""
    stack = FakeStack()
    stack.outputs |= {"ConsoleUrl": URL, "ConsoleSecretArn": "arn:console-secret"}
    return stack


def run(stack: FakeStack, *arguments: str, stdin: str | None = None, **variables: str) -> Result:
    """Run the command; it prints no secret and no key."""
    environment = replace(stack.environment, variables={**stack.environment.variables, **variables})
    result = autotag("setup", "--stack", "prod", "--console", *arguments, obj=environment, stdin=stdin)
    assert CLIENT_SECRET not in result.output and "writer" not in result.output
    if stack.aws.value:
        assert json.loads(stack.aws.value).get("session_key", "no key") not in result.output
    return result


def stored(stack: FakeStack) -> dict[str, Any]:
    """Return what the secret holds, which the console can read."""
    assert stack.aws.value is not None
    assert read_document(stack.aws.value).domain == "abc123.lambda-url.eu-west-1.on.aws"
    found: dict[str, Any] = json.loads(stack.aws.value)
    return found


def test_the_first_time_it_stores_all_and_makes_a_key(stack: FakeStack) -> None:
    result = run(stack, *FIRST, "--role", "owners=admin", **{VARIABLE: CLIENT_SECRET})
    assert result.exit_code == 0, result.output
    document = stored(stack)
    assert len(base64.b64decode(document["session_key"])) == 32
    assert document["roles"] == {"taggers": "reviewer", "owners": "admin"}
    assert (document["issuer"], document["client_id"]) == ("https://login.example.com/pool", "client")
    assert document["client_secret"] == CLIENT_SECRET and document["session_epoch"] == 0
    assert document["delivery"]["api_secret"] == ""
    assert f"{URL}callback" in result.output


def test_again_it_changes_what_is_given_and_keeps_the_rest(stack: FakeStack) -> None:
    run(stack, *FIRST, **{VARIABLE: CLIENT_SECRET})
    before = stored(stack)
    assert "unchanged" in run(stack).output and stack.aws.written == 1
    run(stack, "--role", "owners=admin", "--groups-claim", "cognito:groups", "--scope", "openid email")
    changed = {"roles": {"owners": "admin"}, "groups_claim": "cognito:groups", "scope": "openid email"}
    assert stored(stack) == before | changed


def test_signing_everyone_out_raises_the_epoch_and_changes_nothing_else(stack: FakeStack) -> None:
    run(stack, *FIRST)
    before = stored(stack)
    result = run(stack, "--sign-out-everyone")
    assert "everyone is signed out" in result.output
    assert stored(stack) == before | {"session_epoch": 1}


@pytest.mark.parametrize("text", [CLIENT_SECRET, f"{CLIENT_SECRET}\n", f"  {CLIENT_SECRET} \n"])
def test_the_clients_secret_comes_from_stdin(stack: FakeStack, text: str) -> None:
    run(stack, *FIRST, "--client-secret", "-", stdin=text)
    assert stored(stack)["client_secret"] == CLIENT_SECRET


def test_another_provider_does_not_get_the_secret_of_the_one_before(stack: FakeStack) -> None:
    run(stack, *FIRST, "--discovery", "https://login.example.com/described", **{VARIABLE: CLIENT_SECRET})
    run(stack, "--issuer", "https://other.example.com")
    assert {"client_secret", "discovery"}.isdisjoint(stored(stack))


def test_the_api_secret_is_stored_only_if_pictures_are_to_be_signed(stack: FakeStack) -> None:
    run(stack, *FIRST, "--sign-pictures")
    assert stored(stack)["delivery"]["api_secret"] == "writer"
    run(stack, "--no-sign-pictures")
    assert stored(stack)["delivery"]["api_secret"] == ""


def test_a_dry_run_stores_nothing(stack: FakeStack) -> None:
    result = run(stack, *FIRST, "--dry-run")
    assert result.exit_code == 0 and "planned" in result.output and stack.aws.value is None


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (FIRST[2:], "--issuer"),
        (FIRST[:2] + FIRST[4:], "--client-id"),
        (FIRST[:4], "--role"),
        ((*FIRST, "--role", "owners=king"), "--role owners=king"),
        ((*FIRST, "--role", "owners"), "--role owners"),
        ((*FIRST[2:], "--issuer", "http://login.example.com"), "issuer"),
        ((*FIRST, "--preset", "web"), "--preset"),
        ((*FIRST, "--remove"), "--remove"),
    ],
)
def test_what_is_missing_or_wrong_is_named_and_nothing_is_stored(
    stack: FakeStack, arguments: tuple[str, ...], named: str
) -> None:
    result = run(stack, *arguments)
    assert result.exit_code == 2 and named in result.output.replace("\n", " ") and stack.aws.value is None


@pytest.mark.parametrize("arguments", [("--issuer", "https://x"), ("--role", "a=admin"), ("--sign-out-everyone",)])
def test_an_option_of_the_console_alone_is_refused(stack: FakeStack, arguments: tuple[str, ...]) -> None:
    result = autotag("setup", "--stack", "prod", *arguments, obj=stack.environment)
    assert result.exit_code == 2 and "only with --console" in result.output.replace("\n", " ")


def test_a_stack_without_a_console_says_how_to_get_one() -> None:
    result = run(FakeStack(), *FIRST)
    assert result.exit_code == 1 and "Console=on" in result.output
