"""``autotag setup`` and ``autotag doctor`` on the deployed stack: links are broken one by one, named and repaired."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from autotag_cli.input.rules_file import SHIPPED
from autotag_cli.setup.destinations import ALL
from autotag_cli.setup.probe import FOLDER
from local.core.credentials import (
    CLOUD_NAME,
    NOTIFICATION_KEY,
    NOTIFICATION_SECRET,
    SECRET_VALUE,
    WRITER_KEY,
    WRITER_SECRET,
)
from local.core.loopback_http import http_request
from local.core.paths import PROJECT
from local.core.waiting import until
from local.stack.stack import Stack
from tests.e2e.stack_client import SOON, simulator_control

FOREIGN_URI = "https://example.com/hook"
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


@pytest.fixture(scope="module", autouse=True)
def working_stack(stack: Stack) -> Iterator[None]:
    """A stack that is set up, and whose last notification was a valid one; it is set up again afterwards."""
    assert command(stack, "setup").code == 0
    yield
    restored = command(stack, "setup", "--no-probe", "--writer-key-dedicated", **SIGNING)
    assert restored.code == 0, restored


def test_setup_makes_what_is_missing_once_and_leaves_what_is_others(stack: Stack) -> None:
    for trigger in webhook_triggers(stack).values():
        triggers(stack, "DELETE", f"/{trigger['id']}")
    kept = triggers(stack, "POST", uri=FOREIGN_URI, event_type="upload", auth_scheme="default")
    try:
        planned = command(stack, "setup", "--dry-run")
        assert (planned.code, planned.printed["changed"], webhook_triggers(stack)) == (0, False, {})

        first = command(stack, "setup")
        assert (first.code, first.printed["changed"]) == (0, True), first
        assert states(first)["door"] == states(first)["probe"] == "done"
        made = webhook_triggers(stack)
        assert made.keys() == set(ALL) and {t["auth_scheme"] for t in made.values()} == {"legacy_hmac"}

        second = command(stack, "setup")
        assert (second.code, second.printed["changed"], webhook_triggers(stack)) == (0, False, made)
        assert states(second)["secret"] == states(second)["triggers"] == "unchanged"
        assert secret(stack) == SECRET_VALUE
        assert kept["id"] in {trigger["id"] for trigger in triggers(stack)["triggers"]}
    finally:
        triggers(stack, "DELETE", f"/{kept['id']}")


def test_the_probe_leaves_nothing_in_cloudinary(stack: Stack) -> None:
    assert command(stack, "setup").code == 0
    assets = simulator_control(stack, "GET", "assets")["assets"]
    assert not [asset for asset in assets if asset["public_id"].startswith("autotag-probe/")]


def test_the_doctor_finds_a_stack_that_was_set_up_well(stack: Stack) -> None:
    found = command(stack, "doctor")
    assert found.code == 0 and found.printed["ok"] is True
    assert set(states(found).values()) == {"ok"}, found.printed


def doctor_line(stack: Stack, name: str) -> dict[str, Any]:
    """Return one line of ``autotag doctor``."""
    return next(each for each in command(stack, "doctor").printed["lines"] if each["name"] == name)


def test_setup_finds_out_what_an_overwrite_does_to_tags_and_follows_a_change_of_it(stack: Stack) -> None:
    put_secret(stack, {name: value for name, value in SECRET_VALUE.items() if name != "keeps_tags"})
    unknown = doctor_line(stack, "overwrites")
    assert (unknown["state"], unknown["mend"]) == ("warn", "autotag setup")
    try:
        for keeps, words in ((True, "keeps the tags"), (False, "clears the tags")):
            simulator_control(stack, "PUT", "settings", json={"keep_on_overwrite": keeps})
            planned = command(stack, "setup", "--dry-run")
            assert states(planned)["overwrites"] == "planned" and secret(stack).get("keeps_tags") is not keeps

            found = command(stack, "setup")
            assert (found.code, found.printed["changed"], states(found)["overwrites"]) == (0, True, "done")
            assert secret(stack) == SECRET_VALUE | {"keeps_tags": keeps}
            known = doctor_line(stack, "overwrites")
            assert known["state"] == "ok" and words in known["told"]

            again = command(stack, "setup")
            assert (again.code, again.printed["changed"], states(again)["overwrites"]) == (0, False, "unchanged")
    finally:
        simulator_control(stack, "PUT", "settings", json={"keep_on_overwrite": False})
        put_secret(stack, SECRET_VALUE)
    left = [
        asset for asset in simulator_control(stack, "GET", "assets")["assets"] if asset["public_id"].startswith(FOLDER)
    ]
    assert left == []


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


def test_remove_undoes_and_setup_does_it_again(stack: Stack) -> None:
    kept = triggers(stack, "POST", uri=FOREIGN_URI, event_type="upload", auth_scheme="default")
    try:
        removed = command(stack, "setup", "--remove")
        assert (removed.code, removed.printed["changed"]) == (0, True)
        assert (webhook_triggers(stack), secret(stack)) == ({}, {})
        assert [trigger["id"] for trigger in triggers(stack)["triggers"]] == [kept["id"]]
        assert command(stack, "setup", "--remove").printed["changed"] is False

        broken = states(command(stack, "doctor"))
        assert (broken["secret"], broken["triggers"]) == ("fail", "fail")

        again = command(stack, "setup", "--writer-key-dedicated", **SIGNING)
        assert again.code == 0 and secret(stack) == SECRET_VALUE and webhook_triggers(stack).keys() == set(ALL)
    finally:
        triggers(stack, "DELETE", f"/{kept['id']}")
