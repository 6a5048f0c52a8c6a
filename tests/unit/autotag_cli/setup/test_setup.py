"""``autotag setup``: what it does once, that it does nothing twice, and that it undoes it."""

import json

from autotag_cli.setup.destinations import ALL
from tests.infra.sam_transform import read_template
from tests.unit.autotag_cli.fake_admin_account import HOOK, NOW
from tests.unit.autotag_cli.fake_stack import OUTPUTS, FakeStack
from tests.unit.autotag_cli.setup.setup_command import OWN, run, steps


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
    assert (
        "accepts what is signed with the keys that it knows: 222" in result.stdout
        and "decided in 0.0 s, and destroyed" in result.stdout
    )


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


def test_the_door_is_given_time_to_read_a_new_secret(stack: FakeStack) -> None:
    stack.door = lambda: 401 if stack.time < NOW + 30 else 200
    assert run(stack, "--no-probe").exit_code == 0
    assert NOW + 30 <= stack.time < NOW + 35


def test_a_new_key_that_is_read_late_does_not_ring_the_alarm_of_refused_notifications(stack: FakeStack) -> None:
    """A function that has read the secret before looks for a newer one once a minute, and refuses until then."""
    refusals = list[int]()

    def door() -> int:
        refusals.extend([401] if stack.time < NOW + 65 else [])
        return 401 if stack.time < NOW + 65 else 200

    stack.door = door
    assert run(stack, "--no-probe").exit_code == 0
    assert 0 < len(refusals) < read_template()["Resources"]["WebhookRejections"]["Properties"]["Threshold"]
