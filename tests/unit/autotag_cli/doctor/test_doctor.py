"""``autotag doctor`` as it is run: it asks everybody, changes nothing, and ends with what it found."""

import json
from typing import Any

import pytest
from typer.testing import Result

from autotag.domain.errors import Retryable
from autotag.domain.model.health import LastAudit
from tests.unit.autotag_cli.fake_admin_account import HOOK, NOW
from tests.unit.autotag_cli.fake_ops import refusal
from tests.unit.autotag_cli.fake_stack import DOCUMENT, OUTPUTS, URL, FakeStack
from tests.unit.autotag_cli.run_command import autotag


def run(stack: FakeStack, *arguments: str) -> Result:
    result = autotag("doctor", "--stack", "prod", *arguments, obj=stack.environment)
    assert not any(secret in result.output for secret in ("signer", '"writer', "sekrit"))
    return result


def lines(stack: FakeStack, code: int | None = None) -> dict[str, dict[str, Any]]:
    result = run(stack, "--json")
    printed = json.loads(result.stdout)
    assert result.exit_code == (0 if printed["ok"] else 1)
    assert code in (None, result.exit_code)
    return {line["name"]: line for line in printed["lines"]}


def bad(stack: FakeStack) -> dict[str, str]:
    return {name: line["state"] for name, line in lines(stack).items() if line["state"] != "ok"}


@pytest.fixture
def stack() -> FakeStack:
    """A stack that was set up, and has decided something."""
    stack = FakeStack(DOCUMENT)
    assert autotag("setup", "--stack", "prod", obj=stack.environment).exit_code == 0
    stack.ops.probes.audit = LastAudit("a1.1.x", "2026-10-08T11:58:00.000Z", "tagged")
    return stack


def test_a_stack_that_is_well_is_ok_in_every_line_and_nothing_is_changed(stack: FakeStack) -> None:
    stack.account.received.clear()
    before = (stack.aws.value, dict(stack.account.triggers), stack.aws.written)
    result = run(stack)
    assert result.exit_code == 0, result.stdout
    assert {line.split()[0] for line in result.stdout.splitlines()} == {"ok"}
    assert before == (stack.aws.value, stack.account.triggers, stack.aws.written)
    assert len(stack.account.received) == 5 and stack.account.changes() == []


def test_every_line_has_a_name_of_its_own(stack: FakeStack) -> None:
    printed = json.loads(run(stack, "--json").stdout)["lines"]
    assert len({line["name"] for line in printed}) == len(printed) == 30


def test_what_fails_is_told_with_its_command_and_ends_with_1(stack: FakeStack) -> None:
    (rename,) = [name for name, made in stack.account.triggers.items() if made["event_type"] == "rename"]
    del stack.account.triggers[rename]
    result = run(stack)
    assert result.exit_code == 1
    (line,) = [n for n, each in enumerate(result.stdout.splitlines()) if each.startswith("fail")]
    assert f"missing: rename -> {HOOK}" in result.stdout.splitlines()[line]
    assert result.stdout.splitlines()[line + 1].strip() == "fix: autotag setup --stack prod"


def test_a_warning_alone_is_no_failure(stack: FakeStack) -> None:
    stack.ops.probes.audit = None
    assert lines(stack, 0)["last audit"]["state"] == "warn"


def test_a_stack_that_nobody_set_up() -> None:
    found = bad(FakeStack())
    assert {name for name, state in found.items() if state == "fail"} == {"secret", "credentials", "cloud", "triggers"}


def test_without_cloudinary_url_the_stacks_own_credentials_ask(stack: FakeStack) -> None:
    stack.variables.clear()
    assert bad(stack) == {}


def test_with_another_key_of_the_same_cloud_the_difference_is_told(stack: FakeStack) -> None:
    stack.variables["CLOUDINARY_URL"] = "cloudinary://111:signer@demo"
    assert bad(stack) == {"credentials": "warn"}


def test_a_secret_of_another_key_is_found_with_the_persons_own(stack: FakeStack) -> None:
    stack.aws.value = json.dumps(DOCUMENT | {"api_secret": "wrong"})
    found = lines(stack, 1)
    assert bad(stack) == {"credentials": "fail"} and found["credentials"]["mend"] == "autotag setup --stack prod"


def test_when_the_admin_calls_are_used_up_only_that_fails(stack: FakeStack) -> None:
    stack.account.remaining = 0
    assert bad(stack) == {
        "admin calls": "fail",
        "add-on": "warn",
        "triggers": "warn",
        "old triggers": "warn",
        "signatures": "warn",
        "presets": "warn",
        "preset notifications": "warn",
    }


def test_when_cloudinary_is_down_it_is_said_so(stack: FakeStack) -> None:
    stack.account.down = True
    found = lines(stack, 1)
    assert {name for name, line in found.items() if line["state"] == "fail"} == {"credentials", "data center"}
    assert "cannot be reached" in found["data center"]["told"]


def test_when_the_ops_function_cannot_be_asked_the_rest_still_is(stack: FakeStack) -> None:
    def post(url: str, headers: Any, body: bytes) -> Any:
        return refusal(403, "") if url == OUTPUTS["OpsUrl"] else stack.environment.post(url, headers, body)

    environment = type(stack.environment)(
        stack.variables, (), stack.environment.find, post, stack.account, stack.aws, lambda: NOW
    )
    result = autotag("doctor", "--stack", "prod", "--json", obj=environment)
    printed = {line["name"]: line for line in json.loads(result.stdout)["lines"]}
    assert result.exit_code == 1
    assert printed["ops function"]["state"] == "fail" and "lambda:InvokeFunctionUrl" in printed["ops function"]["told"]
    assert {printed[name]["state"] for name in ("queues", "dead letters", "breaker", "last audit", "clock")} == {"warn"}
    assert {printed[name]["state"] for name in ("secret", "triggers", "add-on", "door")} == {"ok"}


def test_a_sign_that_the_function_cannot_read_hides_no_other(stack: FakeStack) -> None:
    stack.ops.probes.fails["queues"] = Retryable("SQS: AccessDenied")
    found = lines(stack, 1)
    assert bad(stack) == {"ops function": "fail", "queues": "warn", "dead letters": "warn"}
    assert "SQS: AccessDenied" in found["ops function"]["told"]


@pytest.mark.parametrize(
    ("denied", "states"),
    [
        ("FilterLogEvents", {"signing key": "warn"}),
        ("DescribeSecret", {}),
        ("ListRules", {"events": "warn"}),
    ],
)
def test_what_aws_does_not_let_one_read_is_not_known(stack: FakeStack, denied: str, states: dict[str, str]) -> None:
    stack.aws.denied.add(denied)
    assert bad(stack) == states


def test_rules_that_wait_for_events_that_are_never_sent_are_named(stack: FakeStack) -> None:
    stack.aws.rules, stack.outputs["Events"] = ["mine"], "never"
    assert bad(stack) == {"events": "warn"}
    assert "one rule listens (mine) on the bus autotag" in lines(stack)["events"]["told"]


def test_who_may_not_read_the_secret_is_told_so(stack: FakeStack) -> None:
    stack.aws.denied.add("GetSecretValue")
    found = lines(stack, 1)
    assert "AWS refused (AccessDeniedException)" in found["secret"]["told"]
    assert (found["door"]["state"], found["triggers"]["state"]) == ("warn", "ok")


def test_rules_that_go_by_another_add_on_ask_for_that_one(stack: FakeStack) -> None:
    stack.ops.rule_store.push('[defaults]\nproviders = ["google_tagging"]\n')
    assert "google_tagging" in lines(stack, 1)["add-on"]["told"]
    stack.account.usage = {"google_tagging": {"usage": 0, "limit": 10}}
    assert lines(stack)["add-on"]["state"] == "ok"


def test_a_stack_without_a_door(stack: FakeStack) -> None:
    stack.outputs = {name: url for name, url in OUTPUTS.items() if not name.startswith("Webhook")}
    stack.outputs |= {"Intake": "poll", "PollChannel": "mine", "IntakeFunctionName": "intake"}
    assert autotag("setup", "--stack", "prod", obj=stack.environment).exit_code == 0
    stack.knocks = 0
    assert (bad(stack), stack.knocks) == ({}, 0)


def test_the_account_may_be_at_another_data_center_than_the_stack_calls(stack: FakeStack) -> None:
    stack.variables["CLOUDINARY_URL"] = f"{URL}?upload_prefix=https://api-eu.cloudinary.com"
    stack.account.keys_by_base = {"api.cloudinary.com": {}}
    found = lines(stack, 1)
    assert "CloudinaryApiBase=https://api-eu.cloudinary.com" in found["data center"]["mend"]
