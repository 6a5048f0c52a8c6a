"""A Cloudinary in memory that behaves, and the limits of calls to it."""

from collections.abc import Callable
from typing import Any

from autotag.domain.errors import BudgetExhausted, CredentialsRefused, Missing, Permanent
from autotag.domain.model.asset import AssetRef
from autotag.domain.model.health import Opened, Share
from autotag.domain.runs.run import BackfillSource
from autotag.domain.state.asset_state import Op
from autotag.ports.cloudinary import ApiName
from tests.fakes.effects import Effects


class FakeCloudinary:
    """Assets with tags and labels. ``fails`` is raised by the next calls, one each.

    ``before_read`` is what happens at the moment of a read; an asset takes at most ``most_tags``.
    """

    def __init__(self, effects: Effects) -> None:
        self.assets: dict[str, dict[str, Any]] = {}
        self.effects = effects
        self.calls: list[tuple[str, str, tuple[str, ...]]] = []
        self.joint_calls: list[tuple[str, tuple[str, ...], tuple[str, ...]]] = []
        self.categorized: list[str] = []
        self.own_key = "222"
        self.newest_keys = frozenset({self.own_key})
        self.knows: dict[str, float] = {}
        self.list_page = 500
        self.reads: list[str] = []
        self.missed: list[str] = []
        self.fails: list[Exception] = []
        self.silent = False
        self.before_read: Callable[[], None] = lambda: None
        self.most_tags = 1000
        self.keeps: bool | None = None
        self.asked_keeps = 0
        self.on_change: Callable[[str, Op, tuple[str, ...]], None] = lambda asset_id, op, tags: None

    def own_keys(self, *, newest: bool = False) -> frozenset[str]:
        return self.newest_keys if newest else frozenset({self.own_key})

    def keeps_tags(self) -> bool | None:
        self.asked_keeps += 1
        return self.keeps

    def tags(self, asset_id: str) -> set[str]:
        return set(self.assets[asset_id]["tags"])

    def change_tags(self, asset: AssetRef, op: Op, tags: tuple[str, ...], timeout: float) -> bool:
        if self.fails:
            raise self.fails.pop(0)
        return self.effects(lambda: self._change(asset, op, tags))

    def _change(self, asset: AssetRef, op: Op, tags: tuple[str, ...]) -> bool:
        self.calls.append((op, asset.public_id, tags))
        for asset_id, known in self.assets.items():
            if known["public_id"] == asset.public_id:
                before = known["tags"]
                kept = [tag for tag in before if tag not in tags]
                if op == "add" and len(kept) + len(tags) > self.most_tags:
                    raise Permanent(f"Cloudinary answered 400: more than {self.most_tags} tags")
                known["tags"] = kept + (list(tags) if op == "add" else [])
                if changed := tuple(tag for tag in tags if (tag in before) != (op == "add")):
                    self.on_change(asset_id, op, changed)
                return not self.silent
        return False

    def change_tags_of(
        self, resource_type: str, type_: str, public_ids: tuple[str, ...], op: Op, tags: tuple[str, ...], timeout: float
    ) -> frozenset[str]:
        if self.fails:
            raise self.fails.pop(0)
        return self.effects(lambda: self._change_all(public_ids, op, tags))

    def _change_all(self, public_ids: tuple[str, ...], op: Op, tags: tuple[str, ...]) -> frozenset[str]:
        self.joint_calls.append((op, public_ids, tags))
        refs = (AssetRef("", name, "image", "upload", 0) for name in public_ids)
        return frozenset(ref.public_id for ref in refs if self._change(ref, op, tags))

    def listed(
        self, listing: BackfillSource, cursor: str, limit: int, timeout: float
    ) -> tuple[list[dict[str, object]], str | None]:
        if self.fails:
            raise self.fails.pop(0)
        start = int(cursor or 0)
        end = start + min(self.list_page, limit)
        page = [dict(body) for body in list(self.assets.values())[start:end]]
        found: list[dict[str, object]] = [body for body in page if body["public_id"].startswith(listing.prefix)]
        return found, str(end) if end < len(self.assets) else None  # so that a page may be empty and not the last

    def categorize(self, asset: AssetRef, provider: str, timeout: float) -> dict[str, object]:
        if self.fails:
            raise self.fails.pop(0)
        return self.effects(lambda: self._categorize(asset, provider))

    def _categorize(self, asset: AssetRef, provider: str) -> dict[str, object]:
        self.categorized.append(asset.asset_id)
        data = [{"tag": tag, "confidence": value} for tag, value in self.knows.items()]
        found = {provider: {"status": "complete", "data": data}}
        self.assets[asset.asset_id]["info"] = {"categorization": found}
        return dict(self.assets[asset.asset_id])

    def resource(self, asset_id: str, timeout: float) -> dict[str, object]:
        self.reads.append(asset_id)
        return self.effects.read(lambda: self._resource(asset_id))

    def _resource(self, asset_id: str) -> dict[str, object]:
        self.before_read()
        if self.fails:
            raise self.fails.pop(0)
        if asset_id not in self.assets:
            self.missed.append(asset_id)
            raise Missing("not found")
        return dict(self.assets[asset_id])


class FakeLimits:
    """Budget and breaker in one."""

    def __init__(self) -> None:
        self.left = 10_000
        self.kept = 0
        self.hints = 10_000
        self.open_until = 0

    def reserve(self, now: int, *, share: Share = "live") -> None:
        hint = share == "hints"
        if self.left <= (self.kept if share == "spare" else 0) or (hint and self.hints <= 0):
            raise BudgetExhausted("used", delay=1800)
        self.left -= 1
        self.hints -= hint

    def check(self, now: int, api: ApiName) -> None:
        if now < self.open_until:
            raise CredentialsRefused("open", delay=(self.open_until - now) / 1000)

    def trip(self, now: int, reason: str) -> None:
        self.open_until = now + 300_000

    def opened(self, now: int) -> Opened | None:
        return Opened(self.open_until, "refused") if now < self.open_until else None
