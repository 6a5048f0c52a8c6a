"""``autotag doctor`` on a stack that someone stopped, that cannot start, or that has a neighbor."""

import base64
import json
from typing import Any

import pytest

from autotag.domain.model.asset import AssetRef
from autotag.domain.model.health import Depth
from autotag.domain.notifications.signature import digest
from autotag.domain.state.asset_state import AssetState, Intent, NextState
from autotag_cli.setup.webhook_ping import BODY
from tests.unit.autotag_cli.fake_admin_account import HOOK
from tests.unit.autotag_cli.fake_ops import refusal
from tests.unit.autotag_cli.fake_stack import DOCUMENT, OUTPUTS, FakeStack
from tests.unit.autotag_cli.run_command import autotag

OTHER = "https://other.lambda-url.eu-west-1.on.aws/"
NO_MODULE = "[ERROR] Runtime.ImportModuleError: Unable to import module 'handlers.ops': No module named 'msgspec._core'"
NO_MODULE_AS_JSON = json.dumps(
    {"level": "ERROR", "errorMessage": NO_MODULE.partition(": ")[2], "errorType": "Runtime.ImportModuleError"}
)
"""What Lambda logs with ``LogFormat`` JSON (awslambdaric, ``bootstrap.log_error``)."""


@pytest.fixture
def stack() -> FakeStack:
    """A stack that was set up."""
    stack = FakeStack(DOCUMENT)
    assert autotag("setup", "--stack", "prod", obj=stack.environment).exit_code == 0
    return stack


def lines(stack: FakeStack, environment: Any = None) -> dict[str, dict[str, str]]:
    result = autotag("doctor", "--stack", "prod", "--json", obj=environment or stack.environment)
    printed = json.loads(result.stdout)["lines"]
    assert result.exit_code == int(any(line["state"] == "fail" for line in printed))
    return {line["name"]: line for line in printed}


@pytest.mark.parametrize(("mapping", "queue"), [("live-mapping", "live"), ("bulk-mapping", "bulk")])
def test_a_disabled_event_source_mapping_fails_with_the_command_that_enables_it(
    stack: FakeStack, mapping: str, queue: str
) -> None:
    stack.aws.off = {mapping}
    found = lines(stack)["running"]
    assert found["state"] == "fail" and f"takes nothing from the {queue} queue" in found["told"]
    assert found["mend"] == f"aws lambda update-event-source-mapping --uuid {mapping} --enabled"


def test_a_disabled_schedule_fails_with_the_command_that_enables_it(stack: FakeStack) -> None:
    stack.aws.off = {"poller-rule"}
    found = lines(stack)["running"]
    assert found["state"] == "fail" and "the poller is not started" in found["told"]
    assert found["mend"] == "aws events enable-rule --name poller-rule"


@pytest.mark.parametrize(
    ("template", "fix"),
    [
        ("-1", "aws lambda delete-function-concurrency --function-name webhook"),
        ("20", "aws lambda put-function-concurrency --function-name webhook --reserved-concurrent-executions 20"),
        ("0", "make deploy SET=WebhookReservedConcurrency=-1"),
    ],
    ids=["closed by API", "closed by API, with a reservation in the template", "closed by a deploy"],
)
def test_a_closed_webhook_fails_with_what_opens_it(stack: FakeStack, template: str, fix: str) -> None:
    """A deploy opens what a deploy closed, and does nothing about what an API call closed."""
    stack.aws.reserved, stack.door = {"webhook": 0}, lambda: 429
    stack.outputs["WebhookReservedConcurrency"] = template
    found = lines(stack)
    assert (found["running"]["state"], found["door"]["state"]) == ("fail", "fail")
    assert found["door"]["mend"] == found["running"]["mend"] == fix


def test_a_limit_that_is_not_0_stops_nothing(stack: FakeStack) -> None:
    stack.aws.reserved = {"webhook": 5}
    assert lines(stack)["running"]["state"] == "ok"


def test_workers_that_may_use_up_the_accounts_limit_are_a_warning_with_what_to_do(stack: FakeStack) -> None:
    stack.aws.limits = {"ConcurrentExecutions": 10, "UnreservedConcurrentExecutions": 10}
    assert lines(stack)["concurrency"]["state"] == "ok"
    stack.aws.workers["live-mapping"] = 10
    found = lines(stack)["concurrency"]
    assert found["state"] == "warn" and "runs 10 functions at once, at most 12 of them workers" in found["told"]
    assert found["mend"].startswith('make deploy ARGS="--stack-name prod" SET=WorkerConcurrency=5, or ask AWS for 15')


def test_an_account_whose_limit_is_not_named_is_not_known(stack: FakeStack) -> None:
    stack.aws.limits = {}
    assert lines(stack)["concurrency"]["told"].endswith("concurrent executions cannot be read: AWS named none")
    stack.aws.denied.add("GetAccountSettings")
    assert "cannot be read: AWS refused" in lines(stack)["concurrency"]["told"]


def test_messages_that_wait_for_long_fail_although_no_one_counts_many(stack: FakeStack) -> None:
    stack.aws.oldest = {"live": [60.0, 9000.0]}
    found = lines(stack)["queues"]
    assert found["state"] == "fail" and "live: 0 waiting, the oldest for 150 min" in found["told"]


def test_a_worker_that_never_got_a_message_fails_with_where_to_look_and_not_with_another_probe() -> None:
    """Setup refers to doctor, which must not refer back to setup while the messages of the probe still wait."""
    stack = FakeStack(DOCUMENT)
    stack.signer = None  # accepted and queued, and nothing else happens
    stack.aws.lines = [(stack.time, {"message": "accepted", "key_id": "111"})]
    stack.ops.probes.queues["live"] = Depth(4, 0)
    set_up = autotag("setup", "--stack", "prod", "--json", obj=stack.environment)
    (probe,) = [step for step in json.loads(set_up.stdout)["steps"] if step["name"] == "probe"]
    assert (probe["state"], probe["mend"]) == ("failed", "autotag doctor")
    assert "the worker has not finished it: 4 messages are in the queue" in probe["told"]

    stack.time += 600
    found = lines(stack)
    assert (found["queues"]["state"], found["last audit"]["state"]) == ("fail", "fail")
    for name in ("queues", "last audit"):
        assert "nothing has" in found[name]["told"] and "log Worker" in found[name]["mend"]
        assert "aws lambda list-event-source-mappings --function-name worker" in found[name]["mend"]
        assert "autotag setup" not in found[name]["mend"]


def test_what_lambda_says_of_its_last_attempt_is_shown(stack: FakeStack) -> None:
    stack.aws.last_result = "PROBLEM: Function call failed"
    stack.ops.probes.queues["live"] = Depth(4, 0)
    assert "Lambda's last result: PROBLEM: Function call failed" in lines(stack)["queues"]["told"]


@pytest.mark.parametrize(
    ("denied", "line"),
    [("GetEventSourceMapping", "running"), ("DescribeRule", "running"), ("GetFunctionConcurrency", "running")],
)
def test_what_is_stopped_is_not_known_where_iam_forbids_the_question(stack: FakeStack, denied: str, line: str) -> None:
    stack.aws.denied.add(denied)
    assert lines(stack)[line]["told"].startswith("not known: what is stopped cannot be read: AWS refused")


def test_a_stack_of_an_older_version_has_nothing_to_ask_for(stack: FakeStack) -> None:
    for name in ("LiveMappingId", "BulkMappingId", "PollerRuleName"):
        del stack.outputs[name]
    assert lines(stack)["running"]["state"] == "ok"


def failing(stack: FakeStack) -> Any:
    """Return an environment in which the ops function fails at init."""

    def post(url: str, headers: Any, body: bytes) -> Any:
        return refusal(502, "") if url == OUTPUTS["OpsUrl"] else stack.environment.post(url, headers, body)

    own = stack.environment
    return type(own)(own.variables, (), own.find, post, own.cloudinary, own.aws, own.now, own.sleep, status=own.status)


@pytest.mark.parametrize("line", [NO_MODULE, NO_MODULE_AS_JSON])
def test_a_package_of_the_other_architecture_is_recognized_by_the_log(stack: FakeStack, line: str) -> None:
    stack.aws.text.append(line)
    found = lines(stack, failing(stack))["ops function"]
    assert (
        found["state"] == "fail" and "run on x86_64, and the package was built for another processor" in found["told"]
    )
    assert found["mend"].startswith('make deploy ARGS="--stack-name prod", which builds for')


@pytest.mark.parametrize("denied", [None, "FilterLogEvents", "GetFunctionConfiguration"])
def test_another_failure_of_the_ops_function_is_not_taken_for_it(stack: FakeStack, denied: str | None) -> None:
    stack.aws.denied = {denied} if denied else set()
    if denied:
        stack.aws.text.append(NO_MODULE)
    found = lines(stack, failing(stack))["ops function"]
    assert found["state"] == "fail" and "failed (502)" in found["told"]


def test_the_triggers_of_a_living_neighbor_are_not_offered(stack: FakeStack) -> None:
    """Two stacks may work on one cloud: doctor of one must not offer the other's triggers."""
    stack.account.create(event_type="upload", uri=OTHER)
    stack.neighbors[OTHER] = 405
    found = lines(stack)["old triggers"]
    assert found["state"] == "ok" and OTHER in found["told"]
    del stack.neighbors[OTHER]
    found = lines(stack)["old triggers"]
    assert found["state"] == "warn" and f"--old-url {OTHER}" in found["mend"]


def waiting(stack: FakeStack, secret: str) -> dict[str, Any]:
    """Return a message of a poll channel, signed with ``secret``."""
    timestamp = str(int(stack.time))
    payload = base64.urlsafe_b64encode(BODY).decode().rstrip("=")
    return {
        "receipt_handle": secret,
        "signed_payload": payload,
        "timestamp": timestamp,
        "signature": digest(BODY, timestamp, secret),
    }


def set_up(stack: FakeStack) -> tuple[int, list[dict[str, str]]]:
    """Run setup; return its exit code and its steps about channels."""
    result = autotag("setup", "--stack", "prod", "--no-probe", "--json", obj=stack.environment)
    return result.exit_code, [step for step in json.loads(result.stdout)["steps"] if step["name"] == "channel left"]


def test_what_waits_in_a_channel_that_is_left_is_posted_to_the_webhook(stack: FakeStack) -> None:
    """A change of ``Intake`` leaves what waits in the channel behind: nothing of it is lost."""
    stack.aws.tags = {"autotag:notified-at-webhook": HOOK, "autotag:notified-at-poll": "poll://mine"}
    stack.account.waiting = {"mine": [waiting(stack, "signer")]}
    assert "1 notification still waits in poll://mine" in lines(stack)["left channels"]["told"]
    code, (step,) = set_up(stack)
    assert (code, step["state"], step["told"]) == (0, "done", "posted to the webhook: 1 notification of poll://mine")
    assert stack.account.waiting == {"mine": []}
    assert stack.aws.tags == {"autotag:notified-at-webhook": HOOK}
    assert lines(stack)["left channels"]["state"] == "ok"


def test_what_cannot_be_posted_is_said_until_it_is_fetched(stack: FakeStack) -> None:
    """Neither setup nor doctor forgets a channel in which something waits whose key is not known."""
    stack.aws.tags = {"autotag:notified-at-webhook": HOOK, "autotag:notified-at-poll": "poll://mine"}
    stack.account.waiting = {"mine": [waiting(stack, "unknown")]}
    for _ in range(2):
        code, (_, step) = set_up(stack)
        assert (code, step["state"]) == (1, "failed")
        assert "1 notification still waits in poll://mine" in step["told"]
        assert 'SET="Intake=both PollChannel=mine"' in step["mend"]
        assert stack.aws.tags["autotag:notified-at-poll"] == "poll://mine"
        assert lines(stack)["left channels"]["state"] == "fail"


def test_tag_changes_that_lost_their_message_are_found_and_with_mend_handed_to_the_workers(stack: FakeStack) -> None:
    stack.ops.states |= {f"{n:032x}": lost_intent(f"{n:032x}") for n in range(11)}
    found = lines(stack)["lost intents"]
    assert found["state"] == "warn" and "of 11 assets" in found["told"]
    assert found["mend"] == "autotag doctor --stack prod --mend" and stack.ops.due_queue.messages == []

    result = autotag("doctor", "--stack", "prod", "--json", "--mend", obj=stack.environment)
    (line,) = [line for line in json.loads(result.stdout)["lines"] if line["name"] == "lost intents"]
    assert line["state"] == "ok" and "told to finish 11" in line["told"]
    assert {message.asset_id for message in stack.ops.due_queue.messages} == {f"{n:032x}" for n in range(11)}


def lost_intent(asset_id: str) -> AssetState:
    """The state of an asset whose claim has no message behind it any more."""
    outcome = NextState("tagged", {}, "")
    intent = Intent("i1", "owner", 0, 0, ("Cat",), (), f"{asset_id}.1.x", b"{}", outcome, indexed=False)
    return AssetState(AssetRef(asset_id, asset_id, "image", "upload", 1), "applying", intent=intent)
