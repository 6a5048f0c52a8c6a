"""``autotag setup``: what it does once, that it does nothing twice, and which link it names where one fails."""

import json
from typing import Any

import pytest
from typer.testing import Result

from autotag_cli.setup.destinations import ALL
from tests.unit.autotag_cli.fake_admin_account import HOOK, NOW
from tests.unit.autotag_cli.fake_stack import DOCUMENT, OUTPUTS, URL, FakeStack
from tests.unit.autotag_cli.run_command import autotag

OWN = {"cloud_name": "demo", "api_key": "222", "api_secret": "writer"}
SECRETS = ("writer", "signer", "sekrit")


def run(stack: FakeStack, *arguments: str, stdin: str | None = None) -> Result:
    result = autotag("setup", "--stack", "prod", *arguments, obj=stack.environment, stdin=stdin)
    assert not any(secret in result.output for secret in SECRETS)
    return result


def steps(result: Result) -> dict[str, dict[str, Any]]:
    return {step["name"]: step for step in json.loads(result.stdout)["steps"]}


@pytest.fixture
def stack() -> FakeStack:
    return FakeStack(DOCUMENT)


def test_a_new_stack_works_afterwards() -> None:
    stack = FakeStack()
    stack.signer = "222"
    result = run(stack)

    assert result.exit_code == 0, result.output
    assert json.loads(stack.aws.value or "") == OWN | {"keeps_tags": False}
    assert stack.account.events() == sorted(ALL)
    assert {trigger["auth_scheme"] for trigger in stack.account.triggers.values()} == {"legacy_hmac"}
    assert stack.aws.tags == {"autotag:notified-at-webhook": HOOK}
    assert (stack.knocks, stack.images.assets) == (1, {})
    assert "accepts what is signed with 222" in result.stdout and "decided in 0.0 s, and destroyed" in result.stdout


def test_repeating_it_changes_nothing(stack: FakeStack) -> None:
    first = run(stack, "--json")
    assert json.loads(first.stdout)["changed"] is True
    before = (stack.aws.value, stack.aws.tags, dict(stack.account.triggers))
    stack.aws.received.clear()
    stack.account.received.clear()

    second = run(stack, "--json")
    assert (second.exit_code, json.loads(second.stdout)["changed"]) == (0, False)
    assert {steps(second)[name]["state"] for name in ("secret", "triggers")} == {"unchanged"}
    assert before == (stack.aws.value, stack.aws.tags, stack.account.triggers)
    assert not {"PutSecretValue", "TagResource", "UntagResource"}.intersection(stack.aws.received)
    images = ["upload", "upload", "destroy", "upload", "destroy"]
    assert stack.account.changes() == [("POST", f"image/{action}") for action in images]


def test_a_dry_run_says_everything_and_changes_nothing() -> None:
    stack = FakeStack()
    result = run(stack, "--dry-run", "--json")
    assert result.exit_code == 0
    assert {name: step["state"] for name, step in steps(result).items()} == {
        "account": "unchanged", "secret": "planned", "overwrites": "planned", "create trigger": "planned"
    }  # fmt: skip
    assert (stack.aws.value, stack.aws.tags, stack.account.changes(), stack.knocks) == (None, {}, [], 0)


def test_signing_keys_come_by_the_environment_or_a_file_and_are_kept(stack: FakeStack) -> None:
    stack.variables["AUTOTAG_NOTIFICATION_SECRETS"] = "333:three, 444:four"
    assert run(stack, "--no-probe").exit_code == 0
    assert run(stack, "--signing-keys", "-", "--no-probe", stdin="555:five\n\n").exit_code == 0
    assert json.loads(stack.aws.value or "") == DOCUMENT | {
        "notification_secrets": {"111": "signer", "333": "three", "444": "four", "555": "five"}
    }
    assert stack.knocks == 3 + 4  # one with each secret


def test_a_key_is_rotated_with_both_live_and_then_one_withdrawn() -> None:
    stack = FakeStack(OWN | {"api_key": "111", "api_secret": "signer"})
    assert run(stack, "--no-probe").exit_code == 0
    assert json.loads(stack.aws.value or "")["notification_secrets"] == {"111": "signer", "222": "writer"}
    stack.signer = "222"
    assert run(stack, "--withdraw", "111").exit_code == 0
    assert stack.secrets == {"222": "writer"}
    assert json.loads(run(stack, "--withdraw", "111", "--no-probe", "--json").stdout)["changed"] is False


def test_a_wrong_signing_key_is_wrong_usage_and_changes_nothing(stack: FakeStack) -> None:
    stack.variables["AUTOTAG_NOTIFICATION_SECRETS"] = "333"
    result = run(stack)
    assert (result.exit_code, stack.account.received) == (2, [])
    assert "AUTOTAG_NOTIFICATION_SECRETS, entry 1: expected ID:SECRET" in result.stderr


def test_additive_triggers_on_request(stack: FakeStack) -> None:
    assert run(stack, "--additive", "--no-probe").exit_code == 0
    assert {trigger["additive"] for trigger in stack.account.triggers.values()} == {True}
    run(stack, "--no-probe")
    assert {trigger["additive"] for trigger in stack.account.triggers.values()} == {True}
    run(stack, "--not-additive", "--no-probe")
    assert {trigger["additive"] for trigger in stack.account.triggers.values()} == {False}


@pytest.mark.parametrize("silent", [False, True], ids=["told in the answer", "found in the list"])
def test_a_trigger_is_changed_in_place(stack: FakeStack, silent: bool) -> None:
    stack.account.silent_put = silent
    managed_tags = stack.account.create(event_type="upload", uri=HOOK, auth_scheme="eddsa_v2")
    others = stack.account.create(event_type="upload", uri="https://example.com/")
    result = run(stack, "--no-probe")
    assert f"upload -> {HOOK}, which signs by eddsa_v2" in result.stdout
    assert stack.account.triggers[managed_tags]["auth_scheme"] == "legacy_hmac"
    assert stack.account.triggers[others]["auth_scheme"] == "default"
    assert stack.account.events() == sorted(ALL)


@pytest.mark.parametrize("how", ["template", "api"])
def test_a_trigger_that_cannot_be_changed_is_made_anew(stack: FakeStack, how: str) -> None:
    more: dict[str, Any] = {"payload_template": {"a": 1}} if how == "template" else {}
    stack.account.plain = how == "api"  # it takes nothing but new_uri
    managed_tags = stack.account.create(event_type="upload", uri=HOOK, additive=True, **more)
    assert run(stack, "--no-probe").exit_code == 0
    assert managed_tags not in stack.account.triggers and stack.account.events() == sorted(ALL)
    (made,) = [t for t in stack.account.triggers.values() if t["event_type"] == "upload"]
    assert (made["auth_scheme"], made["additive"], "payload_template" in made) == ("legacy_hmac", True, False)


@pytest.mark.parametrize("how", ["remembered", "told"])
def test_triggers_of_an_old_url_lead_here(stack: FakeStack, how: str) -> None:
    old = "https://old.lambda-url.eu-west-1.on.aws/"
    for event in ALL:
        stack.account.create(event_type=event, uri=old)
    if how == "remembered":
        stack.aws.tags["autotag:notified-at-webhook"] = old
    assert run(stack, "--no-probe", *(["--old-url", old] if how == "told" else [])).exit_code == 0
    assert (stack.account.events(old), stack.account.events()) == ([], sorted(ALL))
    assert stack.aws.tags["autotag:notified-at-webhook"] == HOOK


def test_a_stack_without_a_door_has_its_channel_and_nobody_knocks(stack: FakeStack) -> None:
    run(stack, "--no-probe")
    stack.knocks = 0
    stack.outputs = {name: url for name, url in OUTPUTS.items() if not name.startswith("Webhook")}
    stack.outputs |= {"Intake": "poll", "PollChannel": "mine", "IntakeFunctionName": "intake"}
    result = run(stack, "--json")
    assert result.exit_code == 0 and steps(result)["door"]["state"] == "left out"
    assert (stack.account.events("poll://mine"), stack.account.events(), stack.knocks) == (sorted(ALL), [], 0)
    assert stack.aws.tags == {"autotag:notified-at-poll": "poll://mine"}


def test_remove_undoes_it_and_repeating_that_changes_nothing(stack: FakeStack) -> None:
    run(stack)
    others = stack.account.create(event_type="upload", uri="https://example.com/")
    stack.aws.written = 0
    removed = run(stack, "--remove", "--json")
    assert (removed.exit_code, json.loads(removed.stdout)["changed"]) == (0, True)
    assert list(stack.account.triggers) == [others] and stack.aws.tags == {}
    assert (stack.aws.value, stack.aws.written) == ("{}", 2)  # the version before holds nothing either
    assert json.loads(run(stack, "--remove", "--json").stdout)["changed"] is False
    assert stack.aws.written == 2


def test_another_data_centre_is_told_before_anything_is_changed(stack: FakeStack) -> None:
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


def test_the_door_is_given_time_to_read_a_new_secret(stack: FakeStack) -> None:
    stack.door = lambda: 401 if stack.time < NOW + 30 else 200
    assert run(stack, "--no-probe").exit_code == 0
    assert NOW + 30 <= stack.time < NOW + 35


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


def test_an_event_that_cloudinary_refuses_is_left_out_with_a_warning_where_the_service_works_without(
    stack: FakeStack,
) -> None:
    stack.account.refused = frozenset(("restore_asset_version", "move"))
    result = run(stack)

    assert result.exit_code == 0, result.output
    assert stack.account.events() == sorted(set(ALL) - stack.account.refused)
    assert f"move -> {HOOK}: Cloudinary refuses it" in result.output and "retag --refresh" in result.output


def test_an_event_that_the_service_lives_on_and_cloudinary_refuses_stops_the_set_up(stack: FakeStack) -> None:
    stack.account.refused = frozenset(("upload",))
    result = run(stack)

    assert result.exit_code == 2 and "Invalid event_type upload" in result.output


@pytest.mark.parametrize("status", [401, 403, 420, 429])
def test_credentials_that_are_refused_while_triggers_are_made_are_no_refused_event(
    status: int, stack: FakeStack
) -> None:
    stack.account.refused, stack.account.refuses_with = frozenset(("move",)), status
    result = run(stack)

    assert result.exit_code != 0 and "left out" not in result.output
