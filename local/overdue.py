"""Letting the time be up that the deployed service waits for, which would take minutes or hours."""

import time
from typing import Any, Literal

from local.errors import LocalError
from local.functions import call
from local.ledger import items_of
from local.operators import ops
from local.simulated import simulator
from local.stack import Stack
from local.waiting import until

HOUR = 3600


def overdue(stack: Stack, key: str, *, part: Literal["", "intent", "poll"] = "") -> bool:
    """Let an item of the State table be due, or its intent or poll; False where it does not wait."""
    dynamodb = stack.client("dynamodb")
    try:
        dynamodb.update_item(
            TableName=stack.outputs["StateTableName"],
            Key={"pk": {"S": key}},
            UpdateExpression="SET due_at = :now" + (f", {part}.due_at = :now" if part else ""),
            ConditionExpression=f"attribute_exists({part or 'due'})",
            ExpressionAttributeValues={":now": {"N": "0"}},
        )
    except dynamodb.exceptions.ConditionalCheckFailedException:
        return False
    return True


def held(stack: Stack, run: str) -> bool:
    """Whether a poller is at work on a backfill."""
    key = {"pk": {"S": f"RUN#{run}"}}
    item = stack.client("dynamodb").get_item(TableName=stack.outputs["StateTableName"], Key=key)["Item"]
    return int(item.get("held_until", {}).get("N", "0")) > time.time() * 1000


def strike(stack: Stack, hours: int) -> None:
    """Let it be ``hours`` later than it is, for Cloudinary and for our own count of Admin calls alike."""
    simulator(stack, "PUT", "clock", json={"offset": hours * HOUR})
    dynamodb, table = stack.client("dynamodb"), stack.outputs["StateTableName"]
    for item in items_of(stack, table):
        if item["pk"]["S"].startswith("BUDGET#"):
            dynamodb.delete_item(TableName=table, Key={"pk": item["pk"]})


def hour_by_hour(stack: Stack, run: str, *, hours: int = 0, within: float) -> dict[str, Any]:
    """Go on with a backfill, an hour later each time, until it is over; it is ``hours`` later than it is already.

    Return the run. Raises ``LocalError`` where the poller fails, or the run waits for nothing and is not over.
    """

    def through() -> dict[str, Any] | None:
        nonlocal hours
        shown = ops(stack).show_run(run)
        if shown["status"] != "running":
            return shown
        if held(stack, run):
            return None
        hours += 1
        strike(stack, hours)
        if not overdue(stack, f"RUN#{run}") and ops(stack).show_run(run)["status"] == "running":
            raise LocalError(f"run {run} waits for nothing")
        if error := call(stack, "Poller", {"source": "aws.events"}).error:
            raise LocalError(f"the poller failed: {error}")
        return None

    return until(through, f"the end of run {run}", within=within, every=0.1)
