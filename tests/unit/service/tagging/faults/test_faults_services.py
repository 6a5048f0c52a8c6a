"""Tables, bus and rules fail: what was begun is finished later, and one trouble is not everybody's."""

import pytest
from msgspec.structs import replace

from autotag.domain.errors import Retryable
from autotag.domain.model.audit import Audit
from autotag.domain.model.health import DueAsset
from autotag.domain.state.asset_state import AssetState
from autotag.domain.state.due_entry import DueKind
from autotag.service.context import Dependencies
from autotag.service.rules.active import StoredRules
from autotag.service.worker import handle
from tests.fakes.assets import FakeAudits, FakeStore
from tests.fakes.context import Fakes
from tests.fakes.effects import Died
from tests.fakes.minute import a_minute
from tests.fakes.rules import FakeRuleStore
from tests.fakes.samples import GUITARIST, person, resource, upload
from tests.unit.service.settle import check, come_to_rest, decisions

DOWN = Retryable("EventBridge: InternalException")


@pytest.fixture
def fakes() -> Fakes:
    return Fakes()


def given(fakes: Fakes, asset_id: str, **kwargs: str) -> None:
    fakes.cloudinary.assets[asset_id] = resource(asset_id, GUITARIST)
    message = upload(resource(asset_id, GUITARIST, **kwargs))  # type: ignore[arg-type]
    handle(fakes.deps, message, fakes.remaining, received_before=True)


class Throttled:
    """A store that refuses each of its operations while it is ``down``."""

    def __init__(self, store: FakeStore) -> None:
        self._store, self.down = store, True

    def __getattr__(self, name: str) -> object:
        if self.down and name in ("load", "put", "holders", "due"):
            raise Retryable("DynamoDB: ProvisionedThroughputExceededException")
        return getattr(self._store, name)


def test_a_table_that_is_down_takes_nothing_and_its_messages_come_again(fakes: Fakes) -> None:
    throttled = Throttled(fakes.store)
    deps = replace(fakes.deps, store=throttled)
    message = upload(resource("a1", GUITARIST))
    fakes.cloudinary.assets["a1"] = resource("a1", GUITARIST)
    for _ in range(5):
        with pytest.raises(Retryable, match="ProvisionedThroughputExceeded"):
            handle(deps, message, fakes.remaining)
        with pytest.raises(Retryable):
            a_minute(fakes, deps)
    assert fakes.cloudinary.calls == [] and fakes.audits.records == {}
    throttled.down = False
    handle(deps, message, fakes.remaining)

    check(fakes)
    assert fakes.outcomes() == ["tagged"]


class Refusing(FakeAudits):
    """A history that takes nothing while it is ``down``."""

    down = True

    def put(self, audit: Audit) -> None:
        if self.down:
            raise Retryable("DynamoDB: InternalServerError")
        super().put(audit)


def test_a_history_that_is_down_keeps_the_intent_until_it_is_back(fakes: Fakes) -> None:
    """The tags are written, and nobody decides again: the record that was fixed before is written later."""
    history = Refusing(fakes.effects)
    fakes.audits = history
    deps = replace(fakes.deps, audits=history)
    fakes.deps = deps
    fakes.cloudinary.assets["a1"] = resource("a1", GUITARIST)
    message = upload(resource("a1", GUITARIST))
    with pytest.raises(Retryable):
        handle(deps, message, fakes.remaining)
    handle(deps, message, fakes.remaining)  # it comes again, meets the open intent, and is done with
    fakes.rules.use("[defaults]\nthreshold = 0.99\n", 1)
    for _ in range(10):
        fakes.clock.advance(3600)
        a_minute(fakes, deps)
    assert fakes.store.items["a1"].intent is not None and fakes.bus.sent == []
    history.down = False
    come_to_rest(fakes)

    check(fakes)
    (audit,) = decisions(fakes)
    assert audit.tags.added == ("People", "Guitar") and fakes.cloudinary.tags("a1") == {"People", "Guitar"}


def test_events_wait_for_the_bus_and_nothing_else_does(fakes: Fakes) -> None:
    fakes.bus.fails = DOWN
    for number in range(3):
        given(fakes, f"a{number}")
    fakes.effects.die_at = (fakes.effects.done + 1, "before")
    with pytest.raises(Died):
        given(fakes, "left")
    given(fakes, "pending", status="pending")
    for _ in range(10):
        fakes.clock.advance(60)
        a_minute(fakes)
    assert fakes.outcomes() == ["tagged"] * 5 and fakes.bus.sent == []
    fakes.bus.fails = None
    come_to_rest(fakes)

    check(fakes)
    assert len(fakes.bus.sent) == 5


def test_unsent_events_do_not_stand_in_the_way_of_an_intent_that_is_due(fakes: Fakes) -> None:
    """The due index is read oldest first, a page at a time: what cannot be sent must not fill the page for ever."""
    fakes.bus.fails = DOWN
    for number in range(20):
        given(fakes, f"a{number}")
    fakes.clock.advance(60)
    fakes.effects.die_at = (fakes.effects.done + 1, "before")
    with pytest.raises(Died):
        given(fakes, "left")
    fakes.clock.advance(180)
    for _ in range(5):
        a_minute(fakes, replace(fakes.deps, store=Pages(fakes.store, 1)))

    assert fakes.store.items["left"].status == "tagged"


class Pages:
    """A store whose index answers a page of ``size`` only."""

    def __init__(self, store: FakeStore, size: int) -> None:
        self._store, self._size = store, size
        self.load, self.put, self.holders = store.load, store.put, store.holders

    def due(self, kind: DueKind, shard: int, now: int, most: int) -> list[DueAsset]:
        return self._store.due(kind, shard, now, min(most, self._size))


def test_an_asset_whose_event_waits_is_still_read_when_it_is_due(fakes: Fakes) -> None:
    fakes.bus.fails = DOWN
    given(fakes, "a1")
    newer = resource("a1", status="pending", version=200)
    handle(fakes.deps, upload(newer, fakes.clock.now(), "newer"), fakes.remaining)
    fakes.cloudinary.assets["a1"] = resource("a1", {"Cat": 0.9}, version=200)
    for _ in range(15):
        fakes.clock.advance(60)
        a_minute(fakes)

    assert fakes.cloudinary.tags("a1") == {"Cat"} and fakes.bus.sent == []


def test_what_a_person_does_while_both_cloudinary_and_the_bus_are_down_is_written_down_at_once(fakes: Fakes) -> None:
    fakes.bus.fails = DOWN
    fakes.cloudinary.fails = [Retryable("Cloudinary answered 503", delay=3600)]
    given(fakes, "a1")
    handle(fakes.deps, person(removed=("Guitar",), at=fakes.clock.now()), fakes.remaining)
    assert fakes.store.items["a1"].people["guitar"].want == "remove"
    fakes.bus.fails = None
    come_to_rest(fakes)

    check(fakes)
    assert fakes.cloudinary.tags("a1") == {"People"}
    assert sorted(audit.trigger.kind for audit in fakes.audits.records.values()) == ["person", "webhook"]


def world_with_published_rules(fakes: Fakes, rule_store: FakeRuleStore) -> Dependencies:
    return replace(fakes.deps, rules=StoredRules(rule_store.rule_store, fakes.clock, fakes.telemetry))


def test_broken_rules_that_were_published_decide_nothing_and_keep_nothing_waiting(fakes: Fakes) -> None:
    rule_store = FakeRuleStore()
    rule_store.push("[defaults]\nthreshold = 0.99\n")
    deps = world_with_published_rules(fakes, rule_store)
    fakes.cloudinary.assets["a1"] = resource("a1", GUITARIST)
    handle(deps, upload(resource("a1", GUITARIST)), fakes.remaining)
    rule_store.push_broken()
    fakes.clock.advance(60)
    for process in (deps, world_with_published_rules(fakes, rule_store)):  # one that ran before, and a cold start
        asset_id = f"b{fakes.clock.time}"
        fakes.cloudinary.assets[asset_id] = resource(asset_id, GUITARIST)
        handle(process, upload(resource(asset_id, GUITARIST)), fakes.remaining)
        assert fakes.store.items[asset_id].status == "tagged" and fakes.cloudinary.tags(asset_id) == {"People"}

    check(fakes)
    assert {audit.rules.version for audit in fakes.audits.records.values()} == {decisions(fakes)[0].rules.version}
    assert fakes.telemetry.counts["RulesInvalid"] >= 2


def test_an_asset_that_others_keep_writing_to_makes_its_message_come_again(fakes: Fakes) -> None:
    """Somebody always is quicker: after fifty tries the queue has a go, and nothing was called."""
    fakes.cloudinary.assets["a1"] = resource("a1", GUITARIST)

    def quicker() -> None:
        known = fakes.store.items.get("a1") or AssetState(upload(resource("a1")).asset, "pending")
        fakes.store.items["a1"] = replace(known, rev=known.rev + 1)

    fakes.store.before_put = quicker
    with pytest.raises(Retryable, match="too busy"):
        handle(fakes.deps, upload(resource("a1", GUITARIST)), fakes.remaining)
    assert fakes.cloudinary.calls == [] and fakes.audits.records == {}


def test_a_mistake_of_ours_about_one_asset_is_raised_when_all_others_were_served(fakes: Fakes) -> None:
    """Nobody could foresee it, and it must not stop the poller minute after minute."""
    for name in ("bad", "b1", "b2"):
        given(fakes, name, status="pending")
        fakes.clock.advance(1)

    def broken() -> None:
        if fakes.cloudinary.reads[-1] == "bad":
            raise ZeroDivisionError("a mistake of ours")

    fakes.cloudinary.before_read = broken
    fakes.clock.advance(120)
    with pytest.raises(ExceptionGroup) as raised:
        a_minute(fakes)
    assert raised.group_contains(ZeroDivisionError)
    assert fakes.outcomes() == ["tagged"] * 2 and fakes.store.items["bad"].poll is not None
    fakes.cloudinary.before_read = lambda: None
    come_to_rest(fakes)

    check(fakes)
    assert fakes.outcomes() == ["tagged"] * 3
