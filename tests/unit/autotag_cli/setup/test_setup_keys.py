"""Signing keys and credentials that ``autotag setup`` gets, keeps, rotates or refuses."""

import json

import pytest

from tests.unit.autotag_cli.fake_stack import DOCUMENT, URL, FakeStack
from tests.unit.autotag_cli.setup.setup_command import OWN, run, steps


def test_signing_keys_come_by_the_environment_or_a_file_and_are_kept(stack: FakeStack) -> None:
    stack.variables["AUTOTAG_NOTIFICATION_SECRETS"] = "333:three, 444:four"
    assert run(stack, "--no-probe").exit_code == 0
    assert run(stack, "--signing-keys", "-", "--no-probe", stdin="555:five\n\n").exit_code == 0
    assert json.loads(stack.aws.value or "") == DOCUMENT | {
        "notification_secrets": {"111": "signer", "333": "three", "444": "four", "555": "five"}
    }
    assert stack.knocks == 3 + 4  # one with each secret


def test_a_further_key_leaves_the_one_that_signs_and_the_step_says_which_may_sign() -> None:
    stack = FakeStack(OWN)
    stack.signer = "222"
    result = run(stack, "--signing-keys", "-", "--json", stdin="333:three\n")
    assert result.exit_code == 0 and stack.secrets == {"222": "writer", "333": "three"}
    secret = steps(result)["secret"]["told"]
    assert secret == "API key 222; notifications may be signed with 222, 333"
    assert steps(result)["probe"]["state"] == "done"  # what Cloudinary signs gets in


def test_the_step_says_which_keys_may_no_longer_sign(stack: FakeStack) -> None:
    stack.aws.value = json.dumps(DOCUMENT | {"notification_secrets": {"111": "signer", "333": "three"}})
    secret = steps(run(stack, "--withdraw", "333", "--no-probe", "--json"))["secret"]["told"]
    assert secret == "API key 222; notifications may be signed with 111, no longer with 333"


def test_a_key_is_rotated_with_both_live_and_then_one_withdrawn() -> None:
    stack = FakeStack(OWN | {"api_key": "111", "api_secret": "signer"})
    assert run(stack, "--no-probe").exit_code == 0
    assert json.loads(stack.aws.value or "")["notification_secrets"] == {"111": "signer", "222": "writer"}
    stack.signer = "222"
    assert run(stack, "--withdraw", "111").exit_code == 0
    assert stack.secrets == {"222": "writer"}
    again = run(stack, "--withdraw", "111", "--no-probe", "--json")
    assert (again.exit_code, json.loads(again.stdout)["changed"]) == (0, False)
    assert "111 is gone already" in steps(again)["secret"]["told"]


def test_a_key_that_is_not_there_is_not_withdrawn_and_nothing_is_changed(stack: FakeStack) -> None:
    """A leaked key must not go on signing because of a digit that is missing."""
    result = run(stack, "--withdraw", "11")
    assert result.exit_code == 2
    assert "--withdraw: '11' is not a key that may sign; expected one of 111" in result.stderr
    assert stack.aws.written == 0 and stack.account.triggers == {}


def test_with_another_api_key_setup_asks_again_whether_it_is_autotags_alone(stack: FakeStack) -> None:
    stack.aws.value = json.dumps(DOCUMENT | {"api_key": "111", "api_secret": "signer"})
    asked = steps(run(stack, "--no-probe", "--json"))["secret"]
    assert "if only autotag uses 222, as it did 111: autotag setup --writer-key-dedicated" in asked["mend"]
    assert "writer_key_dedicated" not in json.loads(stack.aws.value)
    assert run(stack, "--no-probe", "--writer-key-dedicated").exit_code == 0
    assert json.loads(stack.aws.value)["writer_key_dedicated"] is True


def test_a_new_key_that_may_not_sign_is_named_before_cloudinary_signs_with_it(stack: FakeStack) -> None:
    """The secret names its signing keys, so the new API key does not join them by itself."""
    stack.aws.value = json.dumps(DOCUMENT | {"api_key": "111", "api_secret": "signer"})
    warned = steps(run(stack, "--no-probe", "--json"))["secret"]
    assert "222 may not sign notifications: if Cloudinary will sign with it" in warned["mend"]
    assert "and type 222:SECRET" in warned["mend"]
    assert steps(run(stack, "--no-probe", "--json"))["secret"]["mend"] == ""


def test_a_wrong_signing_key_is_wrong_usage_and_changes_nothing(stack: FakeStack) -> None:
    stack.variables["AUTOTAG_NOTIFICATION_SECRETS"] = "333"
    result = run(stack)
    assert (result.exit_code, stack.account.received) == (2, [])
    assert "AUTOTAG_NOTIFICATION_SECRETS, entry 1: expected ID:SECRET" in result.stderr


def test_another_data_center_is_told_before_anything_is_changed(stack: FakeStack) -> None:
    stack.variables["CLOUDINARY_URL"] = f"{URL}?upload_prefix=https://api-eu.cloudinary.com"
    result = run(stack)
    assert result.exit_code == 2 and "CloudinaryApiBase=https://api-eu.cloudinary.com" in result.stderr
    assert stack.account.received == []


def test_wrong_credentials_are_told_before_anything_is_changed(stack: FakeStack) -> None:
    stack.variables["CLOUDINARY_URL"] = "cloudinary://222:wrong@demo"
    result = run(stack)
    assert result.exit_code == 1 and "does not accept the credentials" in result.stderr
    assert stack.aws.written == 0 and stack.account.triggers == {}


def test_without_an_account_it_is_wrong_usage(stack: FakeStack) -> None:
    stack.variables.clear()
    result = run(stack)
    assert result.exit_code == 2 and "CLOUDINARY_URL: is not set" in result.stderr


@pytest.mark.parametrize("denied", ["GetSecretValue", "PutSecretValue", "DescribeSecret", "TagResource"])
def test_what_aws_refuses_is_one_sentence(denied: str) -> None:
    stack = FakeStack()
    stack.aws.denied.add(denied)
    result = run(stack)
    assert result.exit_code == 1 and f"AWS refused (AccessDeniedException): no {denied}" in result.stderr
