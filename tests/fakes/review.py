"""The review index over states in memory, and a queue that keeps what is sent."""

from collections.abc import Mapping

from autotag.domain.model.audit import Audit
from autotag.domain.model.messages import Message
from autotag.domain.review.waiting import (
    WaitingAsset,
    asked_since,
    asked_tags,
    indexed_asks,
    may_ask,
    waiting_asset,
)
from autotag.domain.state.asset_state import AssetState
from autotag.ports.operations import QueuePage
from autotag.service.review.requests import Reviews
from autotag.service.review.summary import QueueCounter
from tests.fakes.runtime import FakeClock, in_turn


class FakeReviews:
    """Every asset is in the partition that its name's length tells; ``sent`` are the messages, ``fails`` is raised.

    ``records`` are the audits by their ids. ``unindexed`` are assets whose state an earlier release wrote. A page of a
    partition holds at most ``page_size`` assets.
    """

    def __init__(
        self,
        states: Mapping[str, AssetState],
        records: Mapping[str, Audit] | None = None,
        clock: FakeClock | None = None,
    ) -> None:
        self._states, self._records = states, records if records is not None else {}
        self.unindexed: set[str] = set()
        self.page_size = 1000
        self.sent: list[Message] = []
        self.fails: Exception | None = None
        self.cloud = ""
        self.reviews = Reviews(self, QueueCounter(self, in_turn, clock or FakeClock()), self, self)

    def get(self, audit_id: str) -> Audit | None:
        return self._records.get(audit_id)

    def of_asset(self, asset_id: str, limit: int, before: str = "") -> list[Audit]:
        audits = sorted((a for a in self._records.values() if a.asset.asset_id == asset_id), key=lambda a: a.audit_id)
        return [audit for audit in audits[::-1] if not before or audit.audit_id < before][:limit]

    def page(
        self, shard: int, since: int, *, tag: str = "", limit: int | None = None, rest: object | None = None
    ) -> QueuePage:
        size = min(limit or self.page_size, self.page_size)
        mine = sorted(
            (
                self._waiting(key, state)
                for key, state in self._states.items()
                if asked_tags(state) and len(key) % 16 == shard
            ),
            key=lambda asset: (asset.since, asset.asset_id[::-1]),  # no order that a reader could rely on
        )
        ids = [asset.asset_id for asset in mine]
        mine = mine[ids.index(str(rest)) + 1 :] if rest in ids else [asset for asset in mine if asset.since >= since]
        page, more = mine[:size], len(mine) > size
        asked = [asset for asset in page if may_ask(asset, tag)]
        return QueuePage(asked, page[-1].asset_id, page[-1].since) if more else QueuePage(asked)

    def _waiting(self, asset_id: str, state: AssetState) -> WaitingAsset:
        since = asked_since(state)
        if asset_id in self.unindexed:
            return WaitingAsset(since, asset_id)
        return waiting_asset(since, asset_id, indexed_asks(state), state.facts.folder if state.facts else "")

    def cloud_name(self) -> str:
        return self.cloud

    def send(self, messages: list[Message]) -> None:
        if self.fails is not None:
            raise self.fails
        self.sent += messages
