"""Shortcuts for the times that the deployed service waits, which would take minutes or hours."""

import time
from typing import Any, Literal

from msgspec.structs import replace

from autotag.domain.state.asset_state import AssetState
from local.clients.functions import invoke_function
from local.clients.ops import ops
from local.clients.simulator_control import simulator_control
from local.clients.tables import change_state, table_items
from local.core.errors import LocalError
from local.core.waiting import until
from local.stack.stack import Stack

HOUR = 3600


def make_asset_due(stack: Stack, asset_id: str, part: Literal["intent", "poll", "detect"]) -> bool:
    """Make the intent, the poll or the question to Rekognition of an asset due; return False if it has none."""

    def due(state: AssetState) -> AssetState | None:
        found = getattr(state, part)
        return None if found is None else replace(state, **{part: replace(found, due_at=0)})

    return change_state(stack, asset_id, due)


def make_due(stack: Stack, key: str) -> bool:
    """Make an item of the State table due, such as a run; return False if it is not waiting."""
    dynamodb = stack.client("dynamodb")
    try:
        dynamodb.update_item(
            TableName=stack.outputs["StateTableName"],
            Key={"pk": {"S": key}},
            UpdateExpression="SET due_at = :now",
            ConditionExpression="attribute_exists(due)",
            ExpressionAttributeValues={":now": {"N": "0"}},
        )
    except dynamodb.exceptions.ConditionalCheckFailedException:
        return False
    return True


def start_hour(stack: Stack, hours: int) -> None:
    """Move Cloudinary's clock to ``hours`` ahead, and reset the service's own count of Admin calls."""
    simulator_control(stack, "PUT", "clock", json={"offset": hours * HOUR})
    dynamodb, table = stack.client("dynamodb"), stack.outputs["StateTableName"]
    for item in table_items(stack, table):
        if item["pk"]["S"].startswith("BUDGET#"):
            dynamodb.delete_item(TableName=table, Key={"pk": item["pk"]})


def finish_hour_by_hour(stack: Stack, run: str, *, hours: int = 0, within: float) -> dict[str, Any]:
    """Continue a backfill, each time an hour later, until it ends; return the run.

    The clock is ``hours`` ahead already. Raises ``LocalError`` if the poller fails, or if the run waits for nothing and
    has not ended.
    """

    def ended() -> dict[str, Any] | None:
        nonlocal hours
        current = ops(stack).show_run(run)
        if current["status"] != "running":
            return current
        if _is_leased(stack, run):
            return None
        hours += 1
        start_hour(stack, hours)
        if not make_due(stack, f"RUN#{run}") and ops(stack).show_run(run)["status"] == "running":
            raise LocalError(f"run {run} has not ended, but waits for nothing")
        if error := invoke_function(stack, "Poller", {"source": "aws.events"}).error:
            raise LocalError(f"the poller failed: {error}")
        return None

    return until(ended, f"the end of run {run}", within=within, every=0.1)


def _is_leased(stack: Stack, run: str) -> bool:
    """Return whether a poller holds the lease of a backfill."""
    key = {"pk": {"S": f"RUN#{run}"}}
    item = stack.client("dynamodb").get_item(TableName=stack.outputs["StateTableName"], Key=key)["Item"]
    return int(item.get("held_until", {}).get("N", "0")) > time.time() * 1000
