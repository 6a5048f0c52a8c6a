"""The tables: a damaged one is replaced by what was restored; a deleted stack leaves them, until they are deleted."""

import json
from datetime import UTC, datetime
from time import time
from typing import Any

from autotag.domain.decisions.evaluate import AssetDecision
from autotag.domain.model.audit import Trigger
from autotag.domain.rules.compiled.ruleset import Ruleset
from autotag.domain.rules.schema import Rules
from autotag.domain.state.asset_state import AssetState, NextState
from autotag.domain.state.claim import Lease, bare_record, open_intent
from local.clients.tables import change_state
from local.core.waiting import until
from local.stack.stack import Stack
from tests.e2e.setup_commands import secret, triggers
from tests.e2e.typed.runbook.reader import Reader, resume, stop

EXAMPLE = "2026-11-24T08:00:00Z"
STATE = '--table-name "$TABLE"'
REPLACE = (
    "BACKUP=",
    "aws dynamodb describe-backup",
    f"aws dynamodb update-table {STATE} --no-deletion",
    f"aws dynamodb delete-table {STATE}",
    "aws dynamodb wait table-not-exists",
    "aws dynamodb restore-table-from-backup",
    f"aws dynamodb wait table-exists {STATE}",
)
SETTINGS = (
    "aws dynamodb update-continuous-backups",
    "aws dynamodb update-time-to-live",
    f"aws dynamodb update-table {STATE} --deletion",
)


def damage(reader: Reader, table: str) -> None:
    """Delete what is known about every asset."""
    dynamodb = reader.client("dynamodb")
    for item in dynamodb.scan(TableName=table)["Items"]:
        if item["pk"]["S"].startswith("ASSET#"):
            dynamodb.delete_item(TableName=table, Key={"pk": item["pk"]})


def settings(reader: Reader, table: str) -> tuple[Any, ...]:
    """Return what a restored table lacks: recovery, expiry, and what else the page compares."""
    dynamodb = reader.client("dynamodb")
    recovery = dynamodb.describe_continuous_backups(TableName=table)["ContinuousBackupsDescription"]
    expiry = dynamodb.describe_time_to_live(TableName=table)["TimeToLiveDescription"]
    described = dynamodb.describe_table(TableName=table)["Table"]
    return (
        recovery["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"],
        (expiry["TimeToLiveStatus"], expiry.get("AttributeName")),
        sorted(index["IndexName"] for index in described["GlobalSecondaryIndexes"]),
    )


def lose_a_message(stack: Stack, asset_id: str) -> None:
    """Let an asset have an intent of two hours ago, as in a restored table, and no message."""

    def claimed(state: AssetState) -> AssetState:
        rules = Ruleset(Rules())
        audit = bare_record(state, AssetDecision("unchanged", "restored"), rules, Trigger("webhook", "", "", ""))
        two_hours_ago = round(time() * 1000) - 7_200_000
        lease = Lease("1" * 32, "2" * 32, two_hours_ago, two_hours_ago)
        outcome = NextState(state.status, state.managed_tags, state.decided, state.review)
        return open_intent(state, audit, outcome, lease, indexed=False)

    assert change_state(stack, asset_id, claimed)


def line_of(printed: str, name: str) -> str:
    """Return the line of a check that ``autotag doctor`` printed."""
    return next(line for line in printed.splitlines() if name in line)


def mends_a_lost_message(reader: Reader, asset_id: str) -> bool:
    """Return whether what is lost is found and handed over; a notification that waited may finish it before that."""
    lose_a_message(reader.stack, asset_id)
    if "such as" not in line_of(reader.type("autotag doctor", code=None), "lost intents"):
        return False
    return "told to finish 1" in line_of(reader.type("autotag doctor --mend", code=None), "lost intents")


def test_a_damaged_table_is_replaced_by_a_restored_one(reader: Reader) -> None:
    table = reader.besides("of StateTable").strip()
    before = settings(reader, table)
    stop(reader)
    reader.type("TABLE=")
    moment = {EXAMPLE: datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")}
    reader.type("aws dynamodb restore-table-to-point-in-time", moment)
    reader.type('aws dynamodb wait table-exists --table-name "$TABLE-restored"')
    damage(reader, table)
    reader.type("autotag show", more=" on-stage", code=1)

    for line in (*REPLACE, *SETTINGS):
        reader.type(line)
    status, indexes = json.loads(reader.type("aws dynamodb describe-table"))
    assert sorted(indexes) == before[-1], status
    assert settings(reader, table) == ("ENABLED", ("ENABLED", "expires_at"), before[-1])

    resume(reader)
    assert "stage" in reader.type("autotag show", more=" on-stage")
    assert "Musician" in reader.type("autotag audits", more=" on-stage")
    raw = json.loads(reader.type("autotag show --raw", more=" on-stage"))
    assert raw["asset"]["public_id"] == "on-stage" and raw["rev"] > 1
    assert "Musician" in reader.type("autotag audits --raw", more=" on-stage")
    until(lambda: mends_a_lost_message(reader, raw["asset"]["asset_id"]), "a lost intent found, and mended", within=180)
    reader.type_until("autotag show --raw", lambda found: json.loads(found)["intent"] is None, more=" on-stage")
    reader.type("aws dynamodb list-backups")
    reader.type('aws dynamodb delete-table --table-name "$TABLE-restored"')
    reader.type("aws dynamodb delete-backup")
    assert f"{table}-restored" not in reader.client("dynamodb").list_tables()["TableNames"]


def test_audits_since_a_moment_name_their_assets(reader: Reader) -> None:
    found = json.loads(reader.type("aws dynamodb scan", {"1795507200000": "0946684800000"}))["Items"]
    assert len({item["pk"]["S"] for item in found}) > 1 and all(item["sk"]["S"].startswith("AUDIT#") for item in found)
    asset_id = found[0]["pk"]["S"].removeprefix("ASSET#")
    assert reader.type("autotag audits ASSET_ID", {"ASSET_ID": asset_id})


def test_a_deleted_stack_leaves_its_tables_and_its_secret_until_they_are_deleted(reader: Reader) -> None:
    arn, stack = reader.type("of Secret").strip(), reader.stack
    tables = [reader.type(f"of {name}").strip() for name in ("StateTable", "HistoryTable")]
    reader.type("autotag setup --remove")
    assert (secret(stack), triggers(stack)["triggers"]) == ({}, [])
    assert "autotag" not in reader.type("aws events list-rules")
    queue = json.loads(reader.type("aws sqs get-queue-attributes"))["Attributes"]
    assert queue["ApproximateNumberOfMessages"] == "0"

    reader.type("sam delete", asks=2)
    described = reader.client("cloudformation").list_stacks()["StackSummaries"]
    assert {each["StackStatus"] for each in described if each["StackName"] == "autotag"} <= {"DELETE_COMPLETE"}
    assert set(tables) <= set(reader.client("dynamodb").list_tables()["TableNames"])
    assert secret(stack) == {}

    for table in tables:
        reader.type("aws dynamodb update-table --table-name NAME", {"NAME": table})
        reader.type("aws dynamodb delete-table --table-name NAME", {"NAME": table})
    reader.type("aws secretsmanager delete-secret", {"ARN": arn})
    assert not set(tables) & set(reader.client("dynamodb").list_tables()["TableNames"])
    assert reader.client("secretsmanager").describe_secret(SecretId=arn)["DeletedDate"]
