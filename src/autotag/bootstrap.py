"""The composition of each function: its use-cases with their adapters, or, in tests, with the fakes of some ports.

Without arguments a function here returns the same composition each time. With overrides, named like the attributes of
its class in ``wiring`` or ``wiring_tables``, it composes anew and keeps nothing. Imports are inside the functions: the
webhook's cold start must not pay for the worker's imports.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, partial, wraps
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from autotag.adapters.aws.sqs import SqsReturns
    from autotag.ports.assets import DueQueue
    from autotag.ports.console import Fetch, SecretText
    from autotag.ports.runtime import Clock, Start
    from autotag.service.context import Dependencies
    from autotag.service.exports.write_file import ExportDependencies
    from autotag.service.intake.accept import IntakeDependencies
    from autotag.service.operations.api import OperatorDependencies
    from autotag.service.runs.plan import Planner
    from autotag.settings import OpsSettings, WorkerSettings
    from autotag.wiring import PollChannelPorts, WebhookPorts
    from autotag.wiring_tables import ContextPorts, PlannerPorts

WebhookHandler = Callable[[bytes, Mapping[str, str]], int]
"""The webhook: takes the raw body and lower-case headers of a POST, returns an HTTP status."""

PollChannelHandler = Callable[..., None]
"""Empties the poll channel; ``remaining`` returns the seconds that are left for it."""


class WorkerDependencies(NamedTuple):
    """The worker's dependencies."""

    deps: Dependencies
    returns: SqsReturns
    start: Start


class PollerDependencies(NamedTuple):
    """The poller's dependencies."""

    deps: Dependencies
    planner: Planner
    due_queue: DueQueue
    start: Start


@dataclass(frozen=True, eq=False)
class ConsoleDependencies:
    """The deployed console's dependencies: those of the operators' API, its secret, and the way to the provider."""

    operators: OperatorDependencies
    secret: SecretText
    fetch: Fetch
    stack: str


class ExportFunction(NamedTuple):
    """The export function's dependencies."""

    deps: ExportDependencies
    returns: SqsReturns
    clock: Clock


def _cached_without_overrides[**P, T](compose: Callable[P, T]) -> Callable[P, T]:
    cached = cache(compose)

    @wraps(compose)
    def composed(*args: P.args, **overrides: P.kwargs) -> T:
        return compose(*args, **overrides) if args or overrides else cached()

    return composed


@_cached_without_overrides
def webhook(**overrides: object) -> WebhookHandler:
    """Compose the webhook."""
    from autotag.service.intake.webhook import handle_webhook
    from autotag.wiring import WebhookPorts

    return partial(handle_webhook, _intake(WebhookPorts(overrides)))


@_cached_without_overrides
def poll_channel(**overrides: object) -> PollChannelHandler:
    """Compose the poll channel."""
    from autotag.service.intake.poll_channel import drain_poll_channel
    from autotag.wiring import PollChannelPorts

    ports = PollChannelPorts(overrides)
    return partial(drain_poll_channel, ports.channel, _intake(ports), ports.wait)


@_cached_without_overrides
def worker(**overrides: object) -> WorkerDependencies:
    """Compose the worker, which also returns messages to their queues, and starts threads."""
    from autotag.wiring_tables import WorkerPorts

    ports = WorkerPorts(overrides)
    return WorkerDependencies(_dependencies(ports), ports.returns, ports.start)


@_cached_without_overrides
def poller(**overrides: object) -> PollerDependencies:
    """Compose the poller, which hands due work to the workers, reads due assets and advances runs."""
    from autotag.wiring_tables import PollerPorts

    ports = PollerPorts(overrides)
    return PollerDependencies(_dependencies(ports), _planner(ports), ports.due_queue, ports.start)


@_cached_without_overrides
def ops(**overrides: object) -> OperatorDependencies:
    """Compose the operators' API."""
    from autotag.service.operations.api import OperatorDependencies
    from autotag.service.operations.health import HealthProbes
    from autotag.service.review.requests import Reviews
    from autotag.service.review.summary import QueueCounter
    from autotag.wiring_tables import OpsPorts

    ports = OpsPorts(overrides)
    return OperatorDependencies(
        states=ports.states,
        records=ports.records,
        rule_store=ports.rule_store,
        clock=ports.clock,
        telemetry=ports.telemetry,
        probes=HealthProbes(
            due=ports.due,
            queues=ports.queues,
            spending=ports.spending,
            breaker=ports.breaker,
            latest_audit=ports.latest_audit,
            settings=ports.settings,
            detect_usage=ports.detect_usage,
        ),
        planner=_planner(ports),
        reviews=Reviews(ports.index, QueueCounter(ports.index, ports.start, ports.clock), ports.queue, ports.records),
        cloud=ports.cloud,
        start=ports.start,
        due_queue=ports.due_queue,
        exports=ports.exports,
        access=ports.access,
    )


@_cached_without_overrides
def console(**overrides: object) -> ConsoleDependencies:
    """Compose the deployed console; overrides are of its own ports."""
    from autotag.wiring import ConsolePorts

    ports = ConsolePorts(overrides)
    return ConsoleDependencies(ops(), ports.secret, ports.fetch, ports.stack)


@_cached_without_overrides
def export(**overrides: object) -> ExportFunction:
    """Compose the export function, which also returns messages to their queue."""
    from autotag.service.exports.write_file import ExportDependencies
    from autotag.wiring_exports import ExportPorts

    ports = ExportPorts(overrides)
    deps = ExportDependencies(ports.stack, ports.states, ports.store, ports.queue, ports.telemetry)
    return ExportFunction(deps, ports.returns, ports.clock)


def _intake(ports: WebhookPorts | PollChannelPorts) -> IntakeDependencies:
    from autotag.service.intake.accept import IntakeDependencies

    return IntakeDependencies(ports.secrets, ports.queue, ports.clock, ports.telemetry, ports.policy)


def _dependencies(ports: ContextPorts) -> Dependencies:
    from autotag.service.context import Dependencies

    return Dependencies(
        store=ports.store,
        audits=ports.audits,
        bus=ports.bus,
        cloudinary=ports.cloudinary,
        budget=ports.budget,
        breaker=ports.breaker,
        rules=ports.rules,
        clock=ports.clock,
        telemetry=ports.telemetry,
        runs=ports.runs,
        pace=ports.pace,
        detection=ports.detection,
    )


def _planner(ports: PlannerPorts[WorkerSettings] | PlannerPorts[OpsSettings]) -> Planner:
    from autotag.service.runs.plan import Planner

    return Planner(
        runs=ports.runs,
        pages=ports.pages,
        records=ports.records,
        bulk=ports.bulk,
        rules=ports.rules,
        clock=ports.clock,
        telemetry=ports.telemetry,
        start=ports.start,
    )
