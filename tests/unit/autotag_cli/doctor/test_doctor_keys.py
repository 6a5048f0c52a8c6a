"""``autotag doctor`` about keys: what it says to do ends what it warns of."""

import json

from tests.unit.autotag_cli.fake_stack import FakeStack
from tests.unit.autotag_cli.run_command import autotag

SIGNER = {"cloud_name": "demo", "api_key": "111", "api_secret": "signer"}


def set_up(stack: FakeStack, *options: str) -> None:
    result = autotag("setup", "--stack", "prod", *options, obj=stack.environment)
    assert result.exit_code == 0, result.output


def line(stack: FakeStack, name: str) -> dict[str, str]:
    result = autotag("doctor", "--stack", "prod", "--json", obj=stack.environment)
    found: dict[str, str] = {each["name"]: each for each in json.loads(result.stdout)["lines"]}[name]
    return found


def stack_with_one_key() -> FakeStack:
    """A stack whose one key both calls and signs."""
    stack = FakeStack(SIGNER)
    stack.variables["CLOUDINARY_URL"] = "cloudinary://111:signer@demo"
    set_up(stack)
    return stack


def test_one_key_for_calls_and_signatures_becomes_two_by_the_command_that_doctor_prints() -> None:
    stack = stack_with_one_key()
    warned = line(stack, "key use")
    assert warned["state"] == "warn"
    assert "autotag setup --stack prod --writer-key-dedicated --withdraw NEW_KEY" in warned["mend"]

    stack.variables["CLOUDINARY_URL"] = "cloudinary://222:writer@demo"
    set_up(stack, "--writer-key-dedicated", "--withdraw", "222")
    assert line(stack, "key use")["state"] == line(stack, "signing key")["state"] == "ok"
    assert stack.secrets == {"111": "signer"}


def test_a_key_that_signed_and_may_no_longer_fails_until_the_command_that_doctor_prints() -> None:
    stack = stack_with_one_key()
    document = json.loads(stack.aws.value or "")
    stack.aws.value = json.dumps(document | {"notification_secrets": {"333": "three"}})  # edited by hand
    failed = line(stack, "signing key")
    assert failed["state"] == "fail" and "signed with 111, which may no longer sign" in failed["told"]
    assert failed["mend"] == "autotag setup --stack prod --signing-keys -, and type 111:SECRET"

    stack.variables["AUTOTAG_NOTIFICATION_SECRETS"] = "111:signer"
    set_up(stack, "--tags-cleared")  # no picture is sent before the key is stored
    assert line(stack, "signing key")["state"] == "ok"
