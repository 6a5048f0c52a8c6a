"""The items of a stack's two tables, and whether any work on them is unfinished."""

import json
from collections.abc import Iterator
from typing import Any

from autotag.adapters.aws.dynamodb.items import state_from_item, unpack
from autotag.domain.state.asset_state import AssetState, due_work
from local.clients.queues import message_count
from local.stack.stack import Stack


def table_items(stack: Stack, table: str) -> Iterator[dict[str, Any]]:
    """Yield every item of a table, page by page."""
    for page in stack.client("dynamodb").get_paginator("scan").paginate(TableName=table, ConsistentRead=True):
        yield from page["Items"]


def asset_states(stack: Stack) -> Iterator[AssetState]:
    """Yield the state of every asset."""
    for item in table_items(stack, stack.outputs["StateTableName"]):
        if item["pk"]["S"].startswith("ASSET#"):
            yield state_from_item(item)


def audit_records(stack: Stack) -> Iterator[dict[str, Any]]:
    """Yield every audit record."""
    for item in table_items(stack, stack.outputs["HistoryTableName"]):
        if item["sk"]["S"].startswith("AUDIT#"):
            yield json.loads(unpack(item["record"]["B"]))


def is_unfinished(state: AssetState) -> bool:
    """Return whether an asset has unfinished work, such as an open intent or an unsent event."""
    return due_work(state) is not None


def is_settled(stack: Stack) -> bool:
    """Return whether no live message waits and no asset has unfinished work."""
    return not message_count(stack) and not any(map(is_unfinished, asset_states(stack)))
