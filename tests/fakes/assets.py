"""States, audits, the event bus and the workers' queue in memory."""

from collections.abc import Callable, Sequence
from functools import cache
from zlib import crc32

import msgspec
from msgspec.structs import replace

from autotag.domain.errors import Retryable, TooLarge
from autotag.domain.model.asset import AssetRef
from autotag.domain.model.audit import Audit
from autotag.domain.model.health import DueAsset
from autotag.domain.model.messages import FinishDue
from autotag.domain.state.asset_state import AssetState
from autotag.domain.state.due_entry import SHARDS, DueKind, index_entry, written_over
from autotag.domain.state.item_size import max_item_size
from autotag.domain.state.pruned import pruned
from tests.fakes.effects import Effects
from tests.fakes.runtime import FakeClock


@cache
def shard_of(asset_id: str) -> int:
    """Return the partition of the due index that holds an asset."""
    return crc32(asset_id.encode()) % SHARDS


class FakeStore:
    """The State table: encodes what it stores, so that nothing is shared by reference.

    Unless it never ``prunes``, what it stores is pruned as in the table. Where ``measured``, it has no more room than
    DynamoDB; ``sizes`` are those of the items that it took. While the index of names ``is_behind``, as it may be for a
    moment, it shows nothing.
    """

    def __init__(self, effects: Effects, clock: FakeClock) -> None:
        self.items: dict[str, AssetState] = {}
        self.effects, self.clock = effects, clock
        self.measured, self.prunes = False, True
        self.sizes: list[int] = []
        self.before_put: Callable[[], None] = lambda: None
        self.is_behind: Callable[[], bool] = lambda: False

    def load(self, asset_id: str) -> AssetState | None:
        return self.effects.read(lambda: self.items.get(asset_id))

    def load_all(self, asset_ids: Sequence[str]) -> dict[str, AssetState]:
        return {asset_id: self.items[asset_id] for asset_id in asset_ids if asset_id in self.items}

    def put(self, state: AssetState, *, expected: AssetState | None) -> AssetState | None:
        self.before_put()
        if self.measured:
            self._measure(state, expected)
        return self.effects(lambda: self._put(state, expected))

    def _measure(self, state: AssetState, expected: AssetState | None) -> None:
        from autotag.adapters.aws.dynamodb.asset_items import state_to_item

        size = state_to_item(state, b"stamp").size
        if size > max_item_size(state, expected):
            raise TooLarge(f"{size} bytes")
        self.sizes.append(size)

    def _put(self, state: AssetState, expected: AssetState | None) -> AssetState | None:
        stored = self.items.get(state.asset.asset_id)
        if (stored.rev if stored else 0) != (expected.rev if expected else 0):
            return None
        left = pruned(state) if self.prunes else state
        new = replace(written_over(left, expected), rev=(expected.rev if expected else 0) + 1)
        self.items[state.asset.asset_id] = msgspec.convert(msgspec.to_builtins(new), AssetState)
        return new

    def holders(self, asset: AssetRef) -> list[str]:
        if self.is_behind():
            return []
        items = list(self.items.items())  # other threads may store meanwhile
        return [i for i, s in items if s.asset.public_id == asset.public_id and s.status != "gone"]

    def named(self, public_id: str) -> list[str]:
        return [i for i, s in self.items.items() if s.asset.public_id == public_id]

    def page(self, segment: int, segments: int, cursor: str, limit: int) -> tuple[list[AssetState], str | None]:
        mine = sorted(i for i in self.items if crc32(i.encode()) % segments == segment and i > cursor)
        live = [self.items[i] for i in mine[:limit] if self.items[i].status != "gone"]
        return live, mine[limit - 1] if len(mine) > limit else None

    def scan(
        self, segment: int, segments: int, cursor: str, limit: int
    ) -> tuple[list[tuple[AssetState, str]], str | None]:
        found, after = self.page(segment, segments, cursor, limit)
        return [(state, state.asset.asset_id) for state in found], after

    def lost_intents(self, segment: int, segments: int, cursor: str, before: int) -> tuple[list[str], str | None]:
        mine = sorted(i for i in self.items if crc32(i.encode()) % segments == segment and i > cursor)
        opened = [(i, self.items[i].intent) for i in mine[:2]]  # small pages
        lost = [i for i, intent in opened if intent and not intent.indexed and intent.due_at < before]
        return lost, mine[1] if len(mine) > 2 else None

    def due(self, kind: DueKind, shard: int, now: int, most: int) -> list[DueAsset]:
        items = list(self.items.items())  # other threads may store meanwhile
        mine = [(i, index_entry(state)) for i, state in items if shard_of(i) == shard]
        if not mine:
            return []
        found = sorted((work[1], i) for i, work in mine if work and work[0] == kind and work[1] <= now)
        return [DueAsset(i, at) for at, i in found[:most]]


class FakeAudits:
    """The History table; ``at_once`` is the most that it gives of what is asked for, ``read`` what was looked up."""

    def __init__(self, effects: Effects) -> None:
        self.records: dict[str, Audit] = {}
        self.effects = effects
        self.at_once = 1000
        self.read: list[str] = []

    def put(self, audit: Audit) -> None:
        self.effects(lambda: self.records.setdefault(audit.audit_id, audit))

    def get(self, audit_id: str) -> Audit | None:
        self.read.append(audit_id)
        return self.records.get(audit_id)

    def of_asset(self, asset_id: str, limit: int, before: str = "") -> list[Audit]:
        ids = sorted((i for i in self.records if i.startswith(f"{asset_id}.")), reverse=True)
        return [self.records[i] for i in ids if not before or i < before][: min(limit, self.at_once)]


class FakeBus:
    """The event bus; ``fails`` is raised where it is set."""

    def __init__(self, effects: Effects) -> None:
        self.sent: list[Audit] = []
        self.effects = effects
        self.fails: Exception | None = None

    def announce(self, audit: Audit) -> None:
        if self.fails is not None:
            raise self.fails
        self.effects(lambda: self.sent.append(audit))

    def announce_all(self, audits: Sequence[Audit]) -> dict[str, str]:
        faults = {}
        for audit in audits:
            try:
                self.announce(audit)
            except Retryable as error:
                faults[audit.audit_id] = str(error)
        return faults


class FakeDueQueue:
    """The workers' queue, with the messages about due work that the poller sent.

    ``others`` are the messages that wait there besides; ``fails`` is raised where it is set.
    """

    def __init__(self, effects: Effects) -> None:
        self.messages: list[FinishDue] = []
        self.effects = effects
        self.others = 0
        self.fails: Exception | None = None

    def waiting(self) -> int:
        return self.others + len(self.messages)

    def send(self, asset_ids: Sequence[str]) -> None:
        if self.fails is not None:
            raise self.fails
        assert 1 <= len(asset_ids) <= 10
        self.effects(lambda: self.messages.extend(map(FinishDue, asset_ids)))
