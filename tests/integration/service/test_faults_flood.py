"""Ten thousand pending assets, due at once, with 500 Admin API calls an hour: never more, and all of them end."""

import heapq
from collections import Counter
from collections.abc import Sequence

from msgspec.structs import replace

from autotag.domain.errors import BudgetExhausted
from autotag.domain.model.asset import AssetRef
from autotag.domain.model.health import DueAsset, Share
from autotag.domain.state.asset_state import AssetState, Op
from autotag.domain.state.due_entry import due_work
from autotag.service.worker import handle
from tests.fakes.cloudinary import FakeCloudinary
from tests.fakes.context import Fakes
from tests.fakes.minute import a_minute
from tests.fakes.samples import GUITARIST, resource, upload

MANY, LIMIT, RESERVE = 10_000, 500, 20
HOUR, PAGE = 3600, 50


class HourlyBudget:
    """The Admin API's allowance as the adapter counts it: an hour's cap, less what is left to everybody else."""

    def __init__(self) -> None:
        self.used: Counter[int] = Counter()

    def reserve(self, now: int, *, share: Share = "live") -> None:
        hour = now // 1000 // HOUR
        if self.used[hour] >= LIMIT * (100 - RESERVE) // 100:
            raise BudgetExhausted("the budget of this hour is used", delay=(hour + 1) * HOUR - now / 1000 + 1)
        self.used[hour] += 1


class Indexed:
    """A store with an index of what is due, and a page at a time, so that ten thousand are no matter."""

    def __init__(self) -> None:
        self.items: dict[str, AssetState] = {}
        self._due: dict[str, list[tuple[int, str]]] = {"INTENT": [], "POLL": [], "HINT": []}

    def load(self, asset_id: str) -> AssetState | None:
        return self.items.get(asset_id)

    def load_all(self, asset_ids: Sequence[str]) -> dict[str, AssetState]:
        return {asset_id: self.items[asset_id] for asset_id in asset_ids if asset_id in self.items}

    def put(self, state: AssetState, *, expected: AssetState | None) -> AssetState | None:
        if self.items.get(state.asset.asset_id) != expected:
            return None
        self.items[state.asset.asset_id] = new = replace(state, rev=(expected.rev if expected else 0) + 1)
        if when := due_work(new):
            heapq.heappush(self._due[when[0]], (when[1], new.asset.asset_id))
        return new

    def holders(self, asset: AssetRef) -> list[str]:
        return []

    def due(self, kind: str, shard: int, now: int, most: int) -> list[DueAsset]:
        waiting, found = self._due[kind], list[str]()
        while shard == 0 and waiting and waiting[0][0] <= now and len(found) < PAGE:
            at, asset_id = heapq.heappop(waiting)
            if due_work(self.items[asset_id]) == (kind, at):
                found.append(asset_id)
        for asset_id in found:
            heapq.heappush(waiting, (due_at(self.items[asset_id]), asset_id))
        return [DueAsset(asset_id, due_at(self.items[asset_id])) for asset_id in found]


def due_at(state: AssetState) -> int:
    when = due_work(state)
    assert when is not None
    return when[1]


class Cloudinary(FakeCloudinary):
    """Finds an asset by its name at once."""

    def _change(self, asset: AssetRef, op: Op, tags: tuple[str, ...]) -> bool:
        known = self.assets[asset.public_id.removeprefix("stage/")]
        known["tags"] = [*known["tags"], *tags]
        return True


def test_ten_thousand_due_at_once_never_take_more_than_the_budget_of_an_hour_and_all_end() -> None:
    fakes, budget, store = Fakes(), HourlyBudget(), Indexed()
    fakes.cloudinary = Cloudinary(fakes.effects)
    deps = replace(fakes.deps, store=store, budget=budget, cloudinary=fakes.cloudinary)
    pending = upload(resource("a", status="pending"))
    for number in range(MANY):
        name = f"a{number}"
        fakes.cloudinary.assets[name] = resource(name, GUITARIST)
        ref = replace(pending.asset, asset_id=name, public_id=f"stage/{name}")
        handle(deps, replace(pending, asset=ref), fakes.remaining)
    for _ in range(60 * 40):
        fakes.clock.advance(60)
        a_minute(fakes, deps)
        if len(fakes.audits.records) == MANY:
            break

    assert Counter(fakes.outcomes()) == {"tagged": MANY}
    assert max(budget.used.values()) <= 400 and len(fakes.cloudinary.reads) == sum(budget.used.values())
    assert len(fakes.cloudinary.reads) <= MANY * 1.1
    assert all(state.poll is None and state.intent is None for state in store.items.values())
