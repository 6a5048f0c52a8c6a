"""Each deployed role against the calls that its function makes, recorded while everything that it can do is done.

Both ways: what is called is allowed (the emulator enforces no policy), and what is allowed is called.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from autotag.domain.runs.run import BackfillSource, Filter, RevertSelection
from autotag.domain.state.asset_state import AssetState
from autotag.service.review.choices import Choice
from autotag.service.review.queue import ReviewList
from autotag.service.review.summary import ReviewSummary
from autotag.service.rules.versions import ListPushes, ShowVersion
from autotag.service.runs.requests import ControlRun, PlanRun, StartRun
from autotag_cli.input.rules_file import SHIPPED
from autotag_cli.stack import http
from autotag_cli.stack.ops_client import OpsClient
from autotag_cli.stack.target import Target
from local.clients.cloudinary import upload
from local.clients.functions import invoke_function, log_records
from local.clients.simulator_control import add_fault, set_mode, times_applied
from local.clients.tables import change_state
from local.clients.time_shift import make_asset_due, make_due
from local.core.waiting import until
from local.stack.stack import Stack, delete_beside, deploy_beside
from tests.e2e.deployment.aws_calls import Grant, allowed_grants, recorded_grants
from tests.e2e.deployment.exports import do_an_export
from tests.e2e.setup_commands import command, triggers
from tests.e2e.stack_client import SOON, audits, ops, wait_for_audits

FOLDER = "e2e/roles"
RULES = f"""{SHIPPED.read_text(encoding="utf-8")}
[[when]]
name = "ask"
folder = "{FOLDER}/asked"  # no other test uploads there
set = {{ review = 0.5 }}
[[when]]
folder = "{FOLDER}/run"
add = ["archive"]
"""
SCHEDULED = {"source": "aws.events"}
BY_LAMBDA = ("logs:CreateLogStream", "logs:PutLogEvents")
"""What Lambda itself does with a function's role (Lambda developer guide, *Execution role*)."""
BY_EVENT_SOURCE = ("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes")
"""The same for the event sources of worker and export function (Lambda developer guide, *Using Lambda with SQS*)."""


@pytest.fixture(scope="module")
def polled(stack: Stack, folder: Path) -> Iterator[Stack]:
    """A second stack, which also fetches notifications from a poll channel."""
    second = deploy_beside(stack, folder, "autotag-polled", {"Intake": "both", "PollChannel": "roles"})
    made = triggers(stack, "POST", uri="poll://roles", uri_type="poll", event_type="upload", auth_scheme="legacy_hmac")
    yield second
    triggers(stack, "DELETE", f"/{made['id']}")
    delete_beside(second)


@pytest.fixture(scope="module")
def recorded(stack: Stack, polled: Stack, folder: Path) -> dict[str, set[Grant]]:
    """What each function called: the intake function on the second stack, the others on the first."""
    do_live_work(stack)
    do_due_work(stack)
    do_runs(stack)
    return_a_message(stack)
    read_before_a_write(stack)
    do_an_export(stack)
    for output in ("ViewUrl", "ReviewUrl", "OpsUrl"):
        look(stack, client_of(stack, output))
    until(lambda: audits(polled, f"{FOLDER}/polled"), "the second stack to fetch a notification", within=2 * SOON)
    return recorded_grants(stack, folder) | {"Intake": recorded_grants(polled, folder)["Intake"]}


def client_of(stack: Stack, output: str) -> OpsClient:
    """Return a client that sends every request to one of the operators' functions."""
    keys = ops(stack).target.keys
    return OpsClient(Target(stack.stack, stack.outputs[output], stack.region, keys), http.post)


def do_live_work(stack: Stack) -> None:
    """Decide an upload, poll a pending one, ask a reviewer, take the answer and take it back."""
    upload(stack.simulator_url, f"{FOLDER}/run/guitarist")  # the pushed rules decide otherwise about it
    wait_for_audits(stack, f"{FOLDER}/run/guitarist")
    ops(stack).push_rules(RULES, None)
    upload(stack.simulator_url, f"{FOLDER}/polled")  # goes to the poll channel, too
    set_mode(stack, f"{FOLDER}/silent", "poll", seconds=1)
    pending = upload(stack.simulator_url, f"{FOLDER}/silent")["asset_id"]

    def polled() -> bool:
        make_asset_due(stack, pending, "poll")
        invoke_function(stack, "Poller", SCHEDULED)
        return bool(audits(stack, pending))

    until(polled, "the poller to find the labels", within=2 * SOON, every=1)
    numbers = iter(range(100))

    def asked() -> str:
        name = f"{FOLDER}/asked/{next(numbers)}/guitarist"
        upload(stack.simulator_url, name, asset_folder=f"{FOLDER}/asked")
        (audit,) = wait_for_audits(stack, name)
        return name if audit["tags"]["review"] else ""

    asset = until(asked, "workers to use the pushed rules", within=60 + SOON)
    fault = add_fault(stack, {"path": "*/tags", "method": "POST", "count": 1}, {"delay": 5.0})
    client_of(stack, "ReviewUrl").review_decide((Choice(asset, "Performer", "accept"),))
    until(lambda: times_applied(stack, fault), "the first answer to be carried out", within=SOON, every=0.05)
    client_of(stack, "OpsUrl").review_decide((Choice(asset, "Musician", "accept"),))
    known = ops(stack).show(asset)["asset"]["asset_id"]
    until(lambda: returned(stack, asset_id=known), "the second answer to be returned meanwhile", within=SOON)
    (accepted, *_) = wait_for_audits(stack, asset, count=3, within=2 * SOON)
    ops(stack).review_decide((Choice(asset, accepted["answers"]["accept"][0], "undo", of=accepted["audit_id"]),))
    wait_for_audits(stack, asset, count=4)


def do_due_work(stack: Stack) -> None:
    """Have the poller hand an intent over to the workers that Cloudinary did not let finish."""
    asset = f"{FOLDER}/unanswered/guitarist"
    fault = {"status": 503, "headers": {"Retry-After": "90"}}
    add_fault(stack, {"path": "*/tags", "method": "POST", "count": 1}, fault)
    known = upload(stack.simulator_url, asset)["asset_id"]
    until(lambda: make_asset_due(stack, known, "intent"), "the intent to wait", within=SOON)

    def done() -> bool:
        make_asset_due(stack, known, "intent")
        assert invoke_function(stack, "Poller", SCHEDULED).error is None
        return bool(audits(stack, known))

    until(done, "a worker to finish it", within=2 * SOON, every=1)


def do_runs(stack: Stack) -> None:
    """Retag, pause, resume, retag what is named, revert and list the library."""
    client = ops(stack)
    retag = client.start_run(StartRun(action="retag", filter=Filter(folder=f"{FOLDER}/**")))["id"]
    client.control_run(ControlRun(retag, "pause"))
    client.control_run(ControlRun(retag, "resume"))
    finish(stack, retag)
    name = f"{FOLDER}/run/guitarist"
    named = Filter(assets=(name, client.show(name)["asset"]["asset_id"]))
    finish(stack, client.start_run(StartRun(action="retag", filter=named))["id"])
    finish(stack, client.start_run(StartRun(action="revert", undo=RevertSelection(run=retag)))["id"])
    finish(stack, client.start_run(StartRun(action="backfill", listing=BackfillSource(prefix=FOLDER)))["id"])


def finish(stack: Stack, run: str) -> None:
    """Advance a run until it ends, by the operators' function and by the poller."""

    def ended() -> bool:
        advance(stack, run)
        return bool(ops(stack).show_run(run, advance=True)["status"] == "done")

    until(ended, f"the end of run {run}", within=3 * SOON, every=0.5)


def advance(stack: Stack, run: str) -> None:
    """Have the poller advance a run and finish what is due."""
    make_due(stack, f"RUN#{run}")
    assert invoke_function(stack, "Poller", SCHEDULED).error is None


def returned(stack: Stack, **subject: str) -> bool:
    """Return whether the worker has returned a message about a subject (``run``, ``asset_id``) to its queue."""
    expected = {"message": "message_returned", **subject}
    return any(expected.items() <= record.items() for record in log_records(stack, "Worker") if "_aws" not in record)


def return_a_message(stack: Stack) -> None:
    """Have a live message return to its queue: about an asset that was decided under rules that no worker can load."""
    asset = f"{FOLDER}/returned/guitarist"
    upload(stack.simulator_url, asset)
    (audit,) = wait_for_audits(stack, asset)
    asset_id, known = audit["asset"]["asset_id"], list[int]()

    def later(state: AssetState) -> AssetState:
        known.append(state.rules_seq)
        return replace(state, rules_seq=999_999)

    assert change_state(stack, asset_id, later)
    upload(stack.simulator_url, asset)
    until(lambda: returned(stack, asset_id=asset_id), "the message to be returned", within=SOON)
    until(
        lambda: change_state(stack, asset_id, lambda state: replace(state, rules_seq=known[-1])),
        "it to be as before",
        within=SOON,
    )
    wait_for_audits(stack, asset, count=2, within=2 * SOON)


def read_before_a_write(stack: Stack) -> None:
    """Have a worker read an asset before it writes: another one was last known under the same public_id."""
    asset = f"{FOLDER}/ambiguous/guitarist"
    upload(stack.simulator_url, asset)
    (audit,) = wait_for_audits(stack, asset)
    table = stack.outputs["StateTableName"]
    key = {"pk": {"S": f"ASSET#{audit['asset']['asset_id']}"}}
    known = stack.client("dynamodb").get_item(TableName=table, Key=key)["Item"]
    other = known | {"pk": {"S": "ASSET#other"}}
    stack.client("dynamodb").put_item(TableName=table, Item=other)
    upload(stack.simulator_url, asset)
    wait_for_audits(stack, audit["asset"]["asset_id"], count=2)
    stack.client("dynamodb").delete_item(TableName=table, Key={"pk": other["pk"]})


def look(stack: Stack, client: OpsClient) -> None:
    """Make every request that only looks."""
    asset = f"{FOLDER}/polled"
    client.health()
    version = client.rules(text=True)["active"]["version"]
    client.answer(ListPushes())
    client.answer(ShowVersion(version))
    client.show(asset)
    (audit, *_) = client.audits(asset, 5)
    client.replay(audit["audit_id"])
    client.scan(0, 1, "", 10)
    client.runs()
    client.review_list(ReviewList())
    client.review_summary(ReviewSummary())
    client.plan_run(PlanRun(action="retag"))


def by_lambda(function: str, grants: set[Grant]) -> set[Grant]:
    used = (*BY_LAMBDA, *(BY_EVENT_SOURCE if function in ("Worker", "Export") else ()))
    return {grant for grant in grants if grant[0] in used}


FUNCTIONS = ("Webhook", "Intake", "Worker", "Poller", "View", "Review", "Ops", "Export")


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_role_allows_every_call_of_its_function(
    stack: Stack, polled: Stack, recorded: dict[str, set[Grant]], function: str
) -> None:
    allowed = allowed_grants(polled if function == "Intake" else stack, function)
    assert recorded[function] and recorded[function] - allowed == set()


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_role_allows_nothing_that_its_function_does_not_call(
    stack: Stack, polled: Stack, recorded: dict[str, set[Grant]], function: str
) -> None:
    allowed = allowed_grants(polled if function == "Intake" else stack, function)
    assert allowed - recorded[function] - by_lambda(function, allowed) == set()


def test_the_rules_are_as_they_were(stack: Stack) -> None:
    ops(stack).push_rules(SHIPPED.read_text(encoding="utf-8"), None)
    assert command(stack, "doctor").code == 0
