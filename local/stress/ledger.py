"""The outcome of every asset of a run, read from Cloudinary and from both tables."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from autotag.adapters.aws.dynamodb.items import state_from_item, unpack
from autotag.domain.state.asset_state import AssetState
from local.clients.queues import waiting
from local.clients.simulator_control import simulator
from local.stack.stack import Stack


@dataclass(frozen=True)
class Ledger:
    """Counts of assets. ``lost`` have no audit of their last version, or other tags than decided. ``double`` counts
    surplus audits, ``left`` assets with unfinished work, such as open intents and unsent events."""

    assets: int
    audits: int
    lost: int
    double: int
    left: int

    @property
    def clean(self) -> bool:
        """Whether nothing was lost, done twice or left behind."""
        return not (self.lost or self.double or self.left)


def read_ledger(stack: Stack) -> Ledger:
    """Return the counts, from a comparison of Cloudinary's assets with the states and the audits."""
    assets = simulator(stack, "GET", "assets")["assets"]
    states = {state.asset.asset_id: state for state in states_of(stack)}
    audits = Counter((audit["asset"]["asset_id"], audit["asset"]["version"]) for audit in audits_of(stack))
    lost = 0
    for asset in assets:
        state = states.get(asset["asset_id"])
        audited = audits[asset["asset_id"], asset["version"]]
        if state is None or not audited or set(asset.get("tags", [])) != set(state.ours):
            lost += 1
    return Ledger(
        assets=len(assets),
        audits=sum(audits.values()),
        lost=lost,
        double=sum(count - 1 for count in audits.values()),
        left=sum(1 for state in states.values() if unfinished(state)),
    )


def unfinished(state: AssetState) -> bool:
    """Return whether an asset has unfinished work."""
    return bool(state.intent or state.dirty or state.outbox or state.poll)


def at_rest(stack: Stack) -> bool:
    """Return whether no live message waits and no asset has unfinished work."""
    return not waiting(stack) and not any(map(unfinished, states_of(stack)))


def states_of(stack: Stack) -> Iterator[AssetState]:
    """Yield the state of every asset."""
    for item in items_of(stack, stack.outputs["StateTableName"]):
        if item["pk"]["S"].startswith("ASSET#"):
            yield state_from_item(item)


def audits_of(stack: Stack) -> Iterator[dict[str, Any]]:
    """Yield every audit record."""
    for item in items_of(stack, stack.outputs["HistoryTableName"]):
        if item["sk"]["S"].startswith("AUDIT#"):
            yield json.loads(unpack(item["record"]["B"]))


def items_of(stack: Stack, table: str) -> Iterator[dict[str, Any]]:
    """Yield every item of a table, page by page."""
    for page in stack.client("dynamodb").get_paginator("scan").paginate(TableName=table, ConsistentRead=True):
        yield from page["Items"]
