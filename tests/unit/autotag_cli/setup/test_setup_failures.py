"""Which link ``autotag setup`` names where the webhook does not answer or the probe does not arrive."""

import pytest

from tests.unit.autotag_cli.fake_admin_account import NOW
from tests.unit.autotag_cli.fake_stack import FakeStack
from tests.unit.autotag_cli.setup.setup_command import run, steps


@pytest.mark.parametrize(
    ("status", "printed"),
    [
        (401, "refuses what is signed with the key 111"),
        (403, "is not public"),
        (404, "is not public"),
        (429, "WebhookReservedConcurrency"),
        (502, "answers 502"),
        (503, "cannot read the secret"),
    ],
)
def test_a_door_that_does_not_open_is_named_and_no_probe_is_sent(stack: FakeStack, status: int, printed: str) -> None:
    stack.door = lambda: status
    result = run(stack, "--json")
    assert result.exit_code == 1
    door = steps(result)["door"]
    assert door["state"] == "failed" and printed in f"{door['told']} {door['mend']}" and door["mend"]
    assert "probe" not in steps(result) and stack.time <= NOW + 80


def test_a_key_that_is_not_known_is_named_where_the_probe_is_refused(stack: FakeStack) -> None:
    stack.account.keys["999"] = "oldest"
    stack.signer = "999"
    result = run(stack, "--json", "--wait", "5")
    probe = steps(result)["probe"]
    assert (result.exit_code, probe["state"], stack.images.assets) == (1, "failed", {})
    assert "Cloudinary signs with the key 999, its oldest active one, and the stack knows only 111" in probe["told"]
    assert probe["mend"].startswith("autotag setup --signing-keys -, and type 999:SECRET")


def test_a_probe_of_which_nothing_is_heard_says_where_to_look(stack: FakeStack) -> None:
    stack.signer = None
    result = run(stack, "--json")
    assert "notification has not arrived" in steps(result)["probe"]["told"] and stack.time >= NOW + 90
    stack.aws.denied.add("FilterLogEvents")
    printed = steps(run(stack, "--json", "--wait", "1"))["probe"]["told"]
    assert "the cause is not known, the log of notifications cannot be read: AWS refused" in printed
