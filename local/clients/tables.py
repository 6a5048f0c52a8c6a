"""The items of a stack's two tables, and whether any work on them is unfinished."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from itertools import batched
from typing import Any
from uuid import uuid4

import msgspec
from msgspec.structs import replace

from autotag.adapters.aws.dynamodb.asset_items import state_from_item, state_to_item
from autotag.adapters.aws.dynamodb.audit_items import audit_from_item
from autotag.adapters.aws.dynamodb.items import asset_key
from autotag.domain.state.asset_state import AssetState
from autotag.domain.state.due_entry import due_work
from local.clients.queues import message_count
from local.stack.stack import Stack

_PUTS = 25
"""The most items that DynamoDB takes in one BatchWriteItem."""


def table_items(stack: Stack, table: str) -> Iterator[dict[str, Any]]:
    """Yield every item of a table, page by page."""
    for page in stack.client("dynamodb").get_paginator("scan").paginate(TableName=table, ConsistentRead=True):
        yield from page["Items"]


def asset_states(stack: Stack) -> Iterator[AssetState]:
    """Yield the state of every asset."""
    for item in table_items(stack, stack.outputs["StateTableName"]):
        if item["pk"]["S"].startswith("ASSET#"):
            yield state_from_item(item)


def put_states(stack: Stack, states: Sequence[AssetState]) -> None:
    """Store states of assets that the table does not hold yet, many at once. The emulator throttles no writes."""
    dynamodb, table = stack.client("dynamodb"), stack.outputs["StateTableName"]
    for some in batched(states, _PUTS, strict=False):
        items = [state_to_item(replace(state, rev=1), uuid4().bytes).item for state in some]
        dynamodb.batch_write_item(RequestItems={table: [{"PutRequest": {"Item": item}} for item in items]})


def forget_states(stack: Stack, states: Sequence[AssetState]) -> None:
    """Delete the states of assets, as if the stack had never known them."""
    dynamodb, table = stack.client("dynamodb"), stack.outputs["StateTableName"]
    for some in batched(states, _PUTS, strict=False):
        keys = [{"DeleteRequest": {"Key": {"pk": {"S": asset_key(state.asset.asset_id)}}}} for state in some]
        dynamodb.batch_write_item(RequestItems={table: keys})


def change_state(stack: Stack, asset_id: str, change: Callable[[AssetState], AssetState | None]) -> bool:
    """Store what ``change`` makes of an asset's state, as often as it changes meanwhile.

    Return False if there is no state, or if ``change`` returns None.
    """
    dynamodb, table = stack.client("dynamodb"), stack.outputs["StateTableName"]
    key = {"pk": {"S": asset_key(asset_id)}}
    while True:
        item = dynamodb.get_item(TableName=table, Key=key, ConsistentRead=True).get("Item")
        known = state_from_item(item) if item else None
        changed = change(known) if known else None
        if item is None or known is None or changed is None:
            return False
        written = state_to_item(replace(changed, rev=known.rev + 1), uuid4().bytes).item
        condition = {"ConditionExpression": "rev = :rev", "ExpressionAttributeValues": {":rev": item["rev"]}}
        with suppress(dynamodb.exceptions.ConditionalCheckFailedException):
            dynamodb.put_item(TableName=table, Item=written, **condition)
            return True


def audit_records(stack: Stack) -> Iterator[dict[str, Any]]:
    """Yield every audit record."""
    for item in table_items(stack, stack.outputs["HistoryTableName"]):
        if item["sk"]["S"].startswith("AUDIT#"):
            yield json.loads(msgspec.json.encode(audit_from_item(item)))


def is_unfinished(state: AssetState) -> bool:
    """Return whether an asset has unfinished work, such as an open intent or an unsent event."""
    return due_work(state) is not None


def is_settled(stack: Stack) -> bool:
    """Return whether no live message waits and no asset has unfinished work."""
    return not message_count(stack) and not any(map(is_unfinished, asset_states(stack)))
