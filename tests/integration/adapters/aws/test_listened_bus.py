"""When events are sent at all: always, while a rule of the bus is enabled, or never."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from msgspec.structs import replace

from autotag.adapters.aws.eventbridge import EventBridge
from autotag.adapters.aws.listened_bus import LOOK, ListenedBus, SilentBus
from autotag.domain.model.audit import Audit
from autotag.service.worker import handle
from tests.fakes.context import Fakes
from tests.fakes.runtime import FakeClock, FakeTelemetry
from tests.fakes.samples import GUITARIST, resource, upload
from tests.integration.adapters.conftest import Aws
from tests.unit.domain.state.state_builders import audit_of, claimed, complete, state
from tests.unit.service.settle import come_to_rest


class Watched:
    """A bus that sends its events while somebody listens, and the clock by which it looks for rules."""

    def __init__(self, aws: Aws) -> None:
        self.client, self.clock, self.telemetry = aws.clients.events, FakeClock(), FakeTelemetry()
        self.client.create_event_bus(Name="bus")
        self.client.create_event_bus(Name="another")
        bus = EventBridge(self.client, "bus")
        self.bus = ListenedBus(bus, self.client, "bus", self.clock.now, self.telemetry)

    def rule(self, name: str, state: str = "ENABLED", bus: str = "bus") -> None:
        pattern = json.dumps({"source": ["autotag"]})
        self.client.put_rule(Name=name, EventBusName=bus, EventPattern=pattern, State=state)

    def calls(self, act: Callable[[], Any]) -> list[str]:
        """Return the operations that ``act`` asks EventBridge for."""
        calls: list[str] = []

        def record(model: Any, **_: Any) -> None:
            calls.append(model.name)

        self.client.meta.events.register("before-call.eventbridge", record)
        act()
        self.client.meta.events.unregister("before-call.eventbridge", record)
        return calls


@pytest.fixture
def watched(aws: Aws) -> Watched:
    return Watched(aws)


@pytest.fixture
def audit() -> Audit:
    return audit_of(claimed(state(complete({"Cat": 0.9}))))


def test_without_a_rule_on_its_bus_nothing_is_sent(watched: Watched, audit: Audit) -> None:
    watched.rule("elsewhere", bus="another")
    watched.rule("off", "DISABLED")
    assert watched.calls(lambda: watched.bus.announce_all([audit])) == ["ListRules"]
    assert watched.calls(lambda: watched.bus.announce(audit)) == []


def test_with_an_enabled_rule_all_is_sent(watched: Watched, audit: Audit) -> None:
    watched.rule("mine")
    assert watched.calls(lambda: watched.bus.announce_all([audit])) == ["ListRules", "PutEvents"]
    assert watched.calls(lambda: watched.bus.announce(audit)) == ["PutEvents"]


def test_rules_are_looked_for_every_half_minute_at_most(watched: Watched, audit: Audit) -> None:
    watched.bus.announce(audit)
    watched.rule("mine")
    watched.clock.advance(LOOK - 1)
    assert watched.calls(lambda: watched.bus.announce(audit)) == []
    watched.clock.advance(1)
    assert watched.calls(lambda: watched.bus.announce(audit)) == ["ListRules", "PutEvents"]
    watched.client.delete_rule(Name="mine", EventBusName="bus")
    watched.clock.advance(LOOK)
    assert watched.calls(lambda: watched.bus.announce(audit)) == ["ListRules"]


def test_a_rule_beyond_the_first_page_listens_too() -> None:
    class Pages:
        def list_rules(self, EventBusName: str, NextToken: str = "") -> dict[str, Any]:
            if NextToken:
                return {"Rules": [{"Name": "mine", "State": "ENABLED"}]}
            return {"Rules": [{"Name": "off", "State": "DISABLED"}], "NextToken": "more"}

    fakes = Fakes()
    bus = ListenedBus(fakes.bus, Pages(), "bus", fakes.clock.now, fakes.telemetry)
    handled(fakes, bus)
    assert len(fakes.bus.sent) == 1


def test_where_eventbridge_does_not_say_it_events_are_sent(watched: Watched, audit: Audit) -> None:
    fakes = Fakes()
    bus = ListenedBus(fakes.bus, watched.client, "no such bus", watched.clock.now, watched.telemetry)
    bus.announce(audit)
    assert len(fakes.bus.sent) == 1
    fault = "EventBridge: ResourceNotFoundException"
    assert watched.telemetry.lines == [("rules_of_bus_unavailable", {"fault": fault})]


def handled(fakes: Fakes, bus: Any) -> None:
    """Have an upload tagged by a service with this bus."""
    body = resource("a1", GUITARIST)
    fakes.cloudinary.assets["a1"] = body
    fakes.deps = replace(fakes.deps, bus=bus)
    handle(fakes.deps, upload(body), fakes.remaining)


def test_what_is_not_sent_does_not_wait_either(watched: Watched) -> None:
    for bus in (SilentBus(), watched.bus):
        fakes = Fakes()
        handled(fakes, bus)
        come_to_rest(fakes)
        (stored,) = fakes.store.items.values()
        assert (stored.outbox, stored.intent, fakes.outcomes()) == ((), None, ["tagged"])


def test_an_event_that_waits_is_dropped_once_none_are_sent_any_more() -> None:
    fakes = Fakes()
    handled(fakes, Refusing())
    assert fakes.store.items["a1"].outbox
    fakes.deps = replace(fakes.deps, bus=SilentBus())
    fakes.clock.advance(60)
    come_to_rest(fakes)
    assert fakes.store.items["a1"].outbox == ()


class Refusing(SilentBus):
    """A bus that takes no event."""

    def announce_all(self, audits: Any) -> dict[str, str]:
        return {audit.audit_id: "EventBridge: InternalException" for audit in audits}
