"""Shortcuts for the times that the deployed service waits, which would take minutes or hours."""

import time
from typing import Any, Literal

from local.clients.functions import call
from local.clients.ops import ops
from local.clients.simulator_control import simulator
from local.core.errors import LocalError
from local.core.waiting import until
from local.stack.stack import Stack
from local.stress.ledger import items_of

HOUR = 3600


def overdue(stack: Stack, key: str, *, part: Literal["", "intent", "poll"] = "") -> bool:
    """Make an item of the State table due, or its intent or poll; return False if it is not waiting."""
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
    """Return whether a poller holds the lease of a backfill."""
    key = {"pk": {"S": f"RUN#{run}"}}
    item = stack.client("dynamodb").get_item(TableName=stack.outputs["StateTableName"], Key=key)["Item"]
    return int(item.get("held_until", {}).get("N", "0")) > time.time() * 1000


def strike(stack: Stack, hours: int) -> None:
    """Move Cloudinary's clock to ``hours`` ahead, and reset the service's own count of Admin calls."""
    simulator(stack, "PUT", "clock", json={"offset": hours * HOUR})
    dynamodb, table = stack.client("dynamodb"), stack.outputs["StateTableName"]
    for item in items_of(stack, table):
        if item["pk"]["S"].startswith("BUDGET#"):
            dynamodb.delete_item(TableName=table, Key={"pk": item["pk"]})


def hour_by_hour(stack: Stack, run: str, *, hours: int = 0, within: float) -> dict[str, Any]:
    """Continue a backfill, each time an hour later, until it ends; return the run.

    The clock is ``hours`` ahead already. Raises ``LocalError`` if the poller fails, or if the run waits for nothing and
    has not ended.
    """

    def ended() -> dict[str, Any] | None:
        nonlocal hours
        shown = ops(stack).show_run(run)
        if shown["status"] != "running":
            return shown
        if held(stack, run):
            return None
        hours += 1
        strike(stack, hours)
        if not overdue(stack, f"RUN#{run}") and ops(stack).show_run(run)["status"] == "running":
            raise LocalError(f"run {run} has not ended, but waits for nothing")
        if error := call(stack, "Poller", {"source": "aws.events"}).error:
            raise LocalError(f"the poller failed: {error}")
        return None

    return until(ended, f"the end of run {run}", within=within, every=0.1)
