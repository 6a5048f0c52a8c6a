"""Rules without a redeploy, on the running stack: pushed, broken by hand, repaired, and every decision replayed."""

import json
import zlib
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from autotag.adapters.aws.dynamodb.audit_items import AUDIT, audit_from_item
from autotag.adapters.aws.dynamodb.audits import DynamoAuditLog
from autotag.domain.decisions.replay import replay
from autotag.domain.rules.versions import ruleset_of
from autotag_cli.input.rules_file import SHIPPED
from local.clients.autotag_command import run_autotag
from local.clients.cloudinary import image_details, upload
from local.clients.functions import log_records
from local.clients.tables import table_items
from local.core.waiting import until
from local.stack.stack import Stack
from tests.e2e.stack_client import SOON, ops, wait_for_audits

TAKEN_UP = 60.0
"""Seconds within which every running worker decides by the pushed rules."""

STRICT = f"""{SHIPPED.read_text(encoding="utf-8")}
[[when]]
name = "strict"
folder = "e2e/rules/**"  # no other test uploads there
set = {{ threshold = 0.99 }}
"""
BROKEN = "f" * 64
SURE = {"People", "Person", "Human"}

numbers = count(1)


@pytest.fixture(scope="module", autouse=True)
def default_rules_afterwards(stack: Stack) -> Iterator[None]:
    """Leave the stack with the rules that it was deployed with."""
    yield
    ops(stack).push_rules(SHIPPED.read_text(encoding="utf-8"), None)


@pytest.fixture(scope="module")
def strict_version(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Let workers decide by other rules, then push strict ones with the command; return their version."""
    before = active_rules(stack)

    def taken_up() -> bool:  # what other tests pushed is taken back within a minute
        return bool(upload_guitarist(stack)["rules"]["version"] == before["version"])

    until(taken_up, "workers to decide by the active rules", within=TAKEN_UP + SOON)
    path = tmp_path_factory.mktemp("rules") / "strict.toml"
    path.write_text(STRICT, encoding="utf-8")
    pushed = run_autotag(stack, "rules", "push", path)
    assert (pushed.returncode, pushed.stdout.split(":")[0]) == (0, "published"), pushed.stderr
    after = active_rules(stack)
    assert after["seq"] == before["seq"] + 1 and after["version"] != before["version"]
    assert f"version {after['version'][:12]}, seq {after['seq']}" in pushed.stdout
    return str(after["version"])


def active_rules(stack: Stack) -> dict[str, Any]:
    active: dict[str, Any] = json.loads(run_autotag(stack, "rules", "active", "--json").stdout)["active"]
    return active


def upload_guitarist(stack: Stack) -> dict[str, Any]:
    """Upload one more guitarist, and return its audit."""
    public_id = f"e2e/rules/{next(numbers)}/guitarist"
    upload(stack.simulator_url, public_id)
    (audit,) = wait_for_audits(stack, public_id)
    assert set(image_details(stack.simulator_url, public_id).get("tags", [])) == set(audit["tags"]["added"])
    return audit


def test_what_was_pushed_decides_within_a_minute_and_its_audit_names_it(stack: Stack, strict_version: str) -> None:
    def decided() -> dict[str, Any] | None:
        audit = upload_guitarist(stack)
        return audit if audit["rules"]["version"] == strict_version else None

    audit = until(decided, "an audit that names the pushed rules", within=TAKEN_UP + SOON)
    assert set(audit["tags"]["added"]) == SURE
    assert {label["because"] for label in audit["labels"]} == {'when[1] "strict".set.threshold'}


def test_workers_say_which_rules_they_have_taken_up(stack: Stack, strict_version: str) -> None:
    def noted() -> bool:
        last_good: dict[str, Any] | None = ops(stack).rules()["last_good"]
        return last_good is not None and last_good["version"] == strict_version

    until(noted, "the pushed rules to be the last good ones", within=TAKEN_UP + SOON)


def test_the_same_again_and_invalid_rules_change_nothing(stack: Stack, strict_version: str, tmp_path: Path) -> None:
    before = active_rules(stack)
    path = tmp_path / "rules.toml"
    path.write_text(f"# once more\n{STRICT}", encoding="utf-8")
    again = run_autotag(stack, "rules", "push", path)
    assert (again.returncode, again.stdout.split(":")[0]) == (0, "active already")
    path.write_text("[defaults]\nthresold = 0.99\n", encoding="utf-8")
    assert run_autotag(stack, "rules", "push", path).returncode == 2
    assert active_rules(stack) == before


def test_rules_broken_by_hand_are_never_taken_up_and_tagging_goes_on(stack: Stack, strict_version: str) -> None:
    dynamodb = stack.client("dynamodb")
    key = {"pk": {"S": f"RULES#{BROKEN}"}, "sk": {"S": "RULES"}}
    text = {"B": zlib.compress(b"[defaults]\nthresold = 0.99\n")}
    dynamodb.put_item(TableName=stack.outputs["HistoryTableName"], Item={**key, "v": {"N": "1"}, "text": text})
    dynamodb.update_item(
        TableName=stack.outputs["StateTableName"],
        Key={"pk": {"S": "RULES#ACTIVE"}},
        UpdateExpression="SET #hash = :hash ADD seq :one",
        ExpressionAttributeNames={"#hash": "hash"},
        ExpressionAttributeValues={":hash": {"S": BROKEN}, ":one": {"N": "1"}},
    )

    def refused_by_the_worker_that_decided() -> bool:
        audit = upload_guitarist(stack)
        assert (audit["outcome"], audit["rules"]["version"] == BROKEN) == ("tagged", False)
        good = audit["rules"]["version"] == strict_version and set(audit["tags"]["added"]) == SURE
        return good and any("RulesInvalid" in record for record in log_records(stack, "Worker"))

    until(refused_by_the_worker_that_decided, "a worker to refuse the rules", within=TAKEN_UP + SOON)
    printed = run_autotag(stack, "rules", "active")
    assert (
        printed.returncode == 1 and "the last good ones stay in use" in printed.stderr and "thresold" in printed.stderr
    )


def test_the_poller_counts_them_too_once_a_minute(stack: Stack, strict_version: str) -> None:
    def counted() -> bool:
        return any("RulesInvalid" in record for record in log_records(stack, "Poller"))

    until(counted, "the poller to refuse the rules", within=2 * 60 + SOON, every=1)


def test_a_push_mends_them(stack: Stack, strict_version: str, tmp_path: Path) -> None:
    path = tmp_path / "rules.toml"
    path.write_text(STRICT, encoding="utf-8")
    repaired = run_autotag(stack, "rules", "push", path)
    assert (repaired.returncode, repaired.stdout.split(":")[0]) == (0, "published"), repaired.stderr
    assert active_rules(stack)["version"] == strict_version


def test_every_audit_replays_identically(stack: Stack, strict_version: str) -> None:
    """All by the code that replays, with the stored rules; by the stack, one of each kind."""
    items = table_items(stack, stack.outputs["HistoryTableName"])
    known = [audit_from_item(item) for item in items if item["sk"]["S"].startswith(AUDIT)]
    assert {audit.rules.version for audit in known} >= {strict_version} and BROKEN not in str(known)

    stored = DynamoAuditLog(stack.client("dynamodb"), stack.outputs["HistoryTableName"])
    rules = {version: stored.stored_rules(version) for version in {audit.rules.version for audit in known}}
    rulebooks = {version: ruleset_of(version, found) for version, found in rules.items()}
    different = {audit.audit_id: replay(audit, rulebooks[audit.rules.version]) for audit in known}
    assert {audit_id: found for audit_id, found in different.items() if found} == {}

    kinds = {(audit.rules.version, audit.outcome, audit.trigger.kind, audit.mode): audit.audit_id for audit in known}
    for audit_id in kinds.values():
        answer = ops(stack).replay(audit_id)
        assert (answer["identical"], answer["differences"]) == (True, []), answer
    audit_id = next(iter(kinds.values()))
    printed = run_autotag(stack, "replay", audit_id)
    assert printed.returncode == 0 and printed.stdout.startswith(f"identical: {audit_id}")
