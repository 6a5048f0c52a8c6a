"""The review index over states in memory, and a queue that keeps what is sent."""

from collections.abc import Iterator, Mapping

from autotag.domain.model.audit import Audit
from autotag.domain.model.messages import Message
from autotag.domain.state.asset_state import AssetState
from autotag.service.review.requests import Reviews


class FakeReviews:
    """Every asset is in the partition that its name's length tells; ``sent`` are the messages, ``fails`` is raised.

    ``records`` are the audits by their ids.
    """

    def __init__(self, states: Mapping[str, AssetState], records: Mapping[str, Audit] | None = None) -> None:
        self._states, self._records = states, records if records is not None else {}
        self.sent: list[Message] = []
        self.fails: Exception | None = None
        self.reviews = Reviews(self, self, self)

    def get(self, audit_id: str) -> Audit | None:
        return self._records.get(audit_id)

    def of_asset(self, asset_id: str, limit: int, before: str = "") -> list[Audit]:
        audits = sorted((a for a in self._records.values() if a.asset.asset_id == asset_id), key=lambda a: a.audit_id)
        return [audit for audit in audits[::-1] if not before or audit.audit_id < before][:limit]

    def waiting(self, shard: int, since: int) -> Iterator[tuple[int, str]]:
        states = [(s.asked_at or s.final_at, key) for key, s in self._states.items() if s.review]
        yield from sorted(found for found in states if len(found[1]) % 16 == shard and found[0] >= since)

    def send(self, messages: list[Message]) -> None:
        if self.fails is not None:
            raise self.fails
        self.sent += messages
