"""``autotag doctor`` and ``autotag setup`` on the deployed stack: links are broken one by one, named and repaired."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from autotag_cli.input.rules_file import SHIPPED
from local.core.credentials import SECRET_VALUE, WRITER_KEY
from local.core.paths import PROJECT
from local.core.waiting import until
from local.stack.stack import Stack
from tests.e2e.setup_commands import command, put_secret, states, triggers, webhook_triggers
from tests.e2e.stack_client import SOON, simulator_control

pytestmark = pytest.mark.usefixtures("working_stack")


def test_the_doctor_finds_a_stack_that_was_set_up_well(stack: Stack) -> None:
    found = command(stack, "doctor")
    assert found.code == 0 and found.printed["ok"] is True
    assert set(states(found).values()) == {"ok"}, found.printed


def delete_trigger(stack: Stack) -> None:
    triggers(stack, "DELETE", f"/{webhook_triggers(stack)['info']['id']}")


def sign_by_version_2(stack: Stack) -> None:
    triggers(stack, "PUT", f"/{webhook_triggers(stack)['upload']['id']}", auth_scheme="eddsa_v2")


def store_wrong_api_secret(stack: Stack) -> None:
    put_secret(stack, SECRET_VALUE | {"api_secret": "of-another-key"})


def break_active_rules(stack: Stack) -> None:
    stack.client("dynamodb").update_item(
        TableName=stack.outputs["StateTableName"],
        Key={"pk": {"S": "RULES#ACTIVE"}},
        UpdateExpression="SET #hash = :hash ADD seq :one",
        ExpressionAttributeNames={"#hash": "hash"},
        ExpressionAttributeValues={":hash": {"S": "e" * 64}, ":one": {"N": "1"}},
    )


def add_dead_letter(stack: Stack) -> None:
    stack.client("sqs").send_message(QueueUrl=stack.outputs["DeadLetterQueueUrl"], MessageBody="{}")


def use_up_admin_calls(stack: Stack) -> None:
    simulator_control(stack, "PUT", "admin_budget", json={"used": 1_000_000})


def use_up_units(stack: Stack) -> None:
    simulator_control(stack, "PUT", "mode", json={"public_id": "*", "mode": "quota_exhausted"})


def cancel_subscription(stack: Stack) -> None:
    simulator_control(stack, "PUT", "mode", json={"public_id": "*", "mode": "not_subscribed"})


def set_clock_ahead(stack: Stack) -> None:
    simulator_control(stack, "PUT", "clock", json={"offset": 3600})


def reset_clock(stack: Stack) -> None:
    simulator_control(stack, "PUT", "clock", json={"offset": 0})


def set_up_again(stack: Stack) -> None:
    assert command(stack, "setup", "--no-probe").code == 0


def push_default_rules(stack: Stack) -> None:
    done = subprocess.run(
        [Path(sys.executable).parent / "autotag", "rules", "push", SHIPPED],
        cwd=PROJECT, env=stack.environment(), capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def delete_dead_letter(stack: Stack) -> None:
    sqs, url = stack.client("sqs"), stack.outputs["DeadLetterQueueUrl"]
    (letter,) = sqs.receive_message(QueueUrl=url, WaitTimeSeconds=5)["Messages"]
    sqs.delete_message(QueueUrl=url, ReceiptHandle=letter["ReceiptHandle"])


def reset_admin_calls(stack: Stack) -> None:
    simulator_control(stack, "PUT", "admin_budget", json={"used": 0})


def restore_subscription(stack: Stack) -> None:
    simulator_control(stack, "PUT", "mode", json={"public_id": "*", "mode": "complete"})


Action = Callable[[Stack], None]
BROKEN_LINKS: dict[str, tuple[Action, str, str, Action]] = {
    "a trigger is deleted": (delete_trigger, "triggers", "autotag setup", set_up_again),
    "a trigger signs by version 2": (sign_by_version_2, "signatures", "autotag setup", set_up_again),
    "the secret is another's": (store_wrong_api_secret, "credentials", "autotag setup", set_up_again),
    "the rules are broken by hand": (break_active_rules, "rules", "autotag rules push", push_default_rules),
    "a message is a dead letter": (
        add_dead_letter,
        "dead letters",
        "aws sqs start-message-move-task",
        delete_dead_letter,
    ),
    "the Admin calls are used up": (use_up_admin_calls, "admin calls", "wait until", reset_admin_calls),
    "the units are used up": (use_up_units, "add-on", "choose a larger plan", restore_subscription),
    "Cloudinary's clock is off": (set_clock_ahead, "clock", "SignatureMaxSkewSeconds", reset_clock),
    "the subscription is canceled": (cancel_subscription, "add-on", "subscribe to it", restore_subscription),
}


@pytest.mark.parametrize("link", BROKEN_LINKS)
def test_the_doctor_names_a_broken_link_and_what_mends_it(stack: Stack, link: str) -> None:
    break_link, name, fix, repair = BROKEN_LINKS[link]
    break_link(stack)
    try:
        found = command(stack, "doctor")
    finally:
        repair(stack)
    assert (found.code, found.printed["ok"]) == (1, False)
    failed = {line["name"]: line for line in found.printed["lines"] if line["state"] == "fail"}
    assert failed.keys() == {name}, failed
    assert fix in failed[name]["mend"]

    def is_healthy() -> bool:
        again = command(stack, "doctor")
        return again.code == 0 and set(states(again).values()) == {"ok"}

    until(is_healthy, "the doctor to find nothing", within=SOON, every=1)


def test_a_probe_that_does_not_arrive_is_explained(stack: Stack) -> None:
    """Cloudinary signs with another key than the stack knows, as after a rotation on one side."""
    try:
        simulator_control(stack, "PUT", "settings", json={"signing_key": WRITER_KEY})
        found = command(stack, "setup", "--wait", "20")
    finally:
        simulator_control(stack, "PUT", "settings", json={"signing_key": None})
    assert found.code == 1
    (failed,) = [step for step in found.printed["steps"] if step["state"] == "failed"]
    assert failed["name"] == "probe" and f"Cloudinary signs with the key {WRITER_KEY}" in failed["told"]
    assert failed["mend"].startswith(f"autotag setup --signing-keys -, and type {WRITER_KEY}:SECRET")
