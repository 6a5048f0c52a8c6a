"""The composition of each function: from adapters, kept for the process, or from what a test passes, built anew."""

import json
import os
from collections.abc import Callable
from typing import Any

import pytest
from msgspec.structs import asdict

from autotag import bootstrap
from autotag.service.review.summary import QueueCounter
from autotag.settings import ExportSettings, OpsSettings, PollChannelSettings, WebhookSettings, WorkerSettings
from tests.fakes.rules import FakeRuleStore
from tests.fakes.runtime import FakeClock, FakeTelemetry
from tests.unit.handlers.fresh_process import run_fresh

CONTEXT = {
    "audits", "breaker", "budget", "bus", "clock", "cloudinary", "detection", "pace", "rule_store", "rules", "runs",
    "secrets", "store", "telemetry",
}  # fmt: skip
PORTS: dict[str, set[str]] = {
    "webhook": {"clock", "policy", "queue", "secrets", "telemetry"},
    "poll_channel": {"channel", "clock", "policy", "queue", "secrets", "telemetry", "wait"},
    "worker": CONTEXT | {"returns", "start"},
    "poller": CONTEXT | {"bulk", "due_queue", "pages", "records", "start"},
    "export": {"clock", "queue", "returns", "stack", "states", "store", "telemetry"},
    "ops": {
        "access", "breaker", "bulk", "clock", "cloud", "detect_usage", "due", "due_queue", "exports", "index",
        "latest_audit", "pages",
        "queue", "queues", "records", "rule_store", "rules", "runs", "settings", "spending", "start", "states",
        "telemetry",
    },
}  # fmt: skip
"""What each function may be composed of, by name."""

COMPOSE: dict[str, Callable[..., Any]] = {name: getattr(bootstrap, name) for name in PORTS}

COMPOSE_ALL = """
import json
from autotag import bootstrap
from autotag.adapters.aws.client import client
for function, ports in {ports}.items():
    getattr(bootstrap, function)(**{{name: object() for name in ports}})
print(json.dumps(client.cache_info().misses))
"""


@pytest.mark.parametrize("function", PORTS)
def test_without_overrides_the_same_composition_comes_back(function: str) -> None:
    assert COMPOSE[function]() is COMPOSE[function]()


@pytest.mark.parametrize("function", PORTS)
def test_with_overrides_nothing_is_kept(function: str) -> None:
    kept, overrides = COMPOSE[function](), {"clock": FakeClock()}
    compositions = [COMPOSE[function](**overrides) for _ in range(2)]
    assert compositions[0] is not compositions[1]
    assert COMPOSE[function]() is kept


def test_an_adapter_that_no_override_replaces_is_built_anew_too() -> None:
    kept = bootstrap.ops()
    one, other = (bootstrap.ops(clock=FakeClock()) for _ in range(2))
    assert len({id(deps.states) for deps in (kept, one, other)}) == 3


@pytest.mark.parametrize("function", ["worker", "poller"])
def test_the_context_holds_its_overrides(function: str) -> None:
    overrides = {name: object() for name in PORTS[function]}
    composed = COMPOSE[function](**overrides)
    context = asdict(composed.deps)
    assert context == {name: overrides[name] for name in context}
    if function == "worker":
        assert (composed.returns, composed.start) == (overrides["returns"], overrides["start"])
    else:
        assert (composed.due_queue, composed.start) == (overrides["due_queue"], overrides["start"])
        planner = asdict(composed.planner)
        assert planner == {name: overrides[name] for name in planner}


def test_the_operators_api_holds_its_overrides_wherever_it_uses_them() -> None:
    overrides = {name: object() for name in PORTS["ops"]}
    deps = bootstrap.ops(**overrides)
    parts = {name: asdict(getattr(deps, name)) for name in ("probes", "planner", "reviews")}
    assert isinstance(parts["reviews"].pop("counter"), QueueCounter)
    for fields in (*parts.values(), {name: value for name, value in asdict(deps).items() if name not in parts}):
        assert fields == {name: overrides[name] for name in fields}


def test_the_export_function_holds_its_overrides() -> None:
    overrides = {name: object() for name in PORTS["export"]}
    composed = bootstrap.export(**overrides)
    fields = asdict(composed.deps) | {"returns": composed.returns, "clock": composed.clock}
    assert fields == overrides


def test_an_adapter_that_is_not_overridden_uses_those_that_are() -> None:
    rule_store, telemetry = FakeRuleStore(), FakeTelemetry()
    rule_store.push("[defaults]\nthreshold = 0.6\n")
    deps = bootstrap.worker(rule_store=rule_store.rule_store, clock=FakeClock(), telemetry=telemetry).deps
    assert deps.rules.active().seq == 1
    assert [event for event, _ in telemetry.lines] == ["rules_activated"]


@pytest.mark.parametrize("function", ["worker", "poller"])
@pytest.mark.parametrize(
    ("when", "bus"), [(None, "EventBridge"), ("when_listened", "ListenedBus"), ("never", "SilentBus")]
)
def test_events_are_sent_when_the_setting_says(function: str, when: str | None, bus: str) -> None:
    bus_of = f"type(bootstrap.{function}().deps.bus).__name__"
    code = f"import json; from autotag import bootstrap; print(json.dumps({bus_of}))"
    assert run_fresh(code, {**os.environ, **({"EVENTS": when} if when else {})}) == bus


@pytest.mark.parametrize("function", PORTS)
def test_an_unknown_override_is_named_beside_those_that_exist(function: str) -> None:
    with pytest.raises(TypeError) as raised:
        COMPOSE[function](clock=FakeClock(), stor=object())
    message, expected = str(raised.value).split(", expected one of: ")
    assert "'stor'" in message
    assert expected.split(", ") == sorted(PORTS[function])


def test_with_every_port_overridden_no_setting_is_read_and_no_client_is_made() -> None:
    settings = (WebhookSettings, PollChannelSettings, WorkerSettings, OpsSettings, ExportSettings)
    variables = {field.upper() for each in settings for field in each.__struct_fields__}
    without = {key: value for key, value in os.environ.items() if key not in variables and not key.startswith("AWS_")}
    ports = json.dumps({function: sorted(names) for function, names in PORTS.items()})
    assert run_fresh(COMPOSE_ALL.format(ports=ports), without) == 0


@pytest.mark.parametrize(
    ("source", "per_day", "asked"), [("off", "1000", False), ("url", "0", False), ("url", "1", True)]
)
def test_rekognition_is_not_asked_where_it_is_off_or_no_call_a_day_is_allowed(
    monkeypatch: pytest.MonkeyPatch, source: str, per_day: str, asked: bool
) -> None:
    monkeypatch.setenv("REKOGNITION", source)
    monkeypatch.setenv("DETECT_PER_DAY", per_day)
    found = bootstrap.worker(clock=FakeClock()).deps.detection
    assert (found is not None) == asked
