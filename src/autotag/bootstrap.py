"""The only place where real adapters are wired to the use-cases. Tests wire fakes instead.

Each function imports what it wires when it is called, so that the webhook's cold start never pays for the worker's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from autotag import settings
from autotag.adapters.aws import client as aws
from autotag.adapters.aws.secrets_manager import SecretsManager
from autotag.adapters.aws.sqs import SqsQueue, SqsReturns
from autotag.adapters.clock import SystemClock
from autotag.telemetry import PowertoolsTelemetry

if TYPE_CHECKING:
    from autotag.ports import RulesSource
    from autotag.service.context import World
    from autotag.service.operations.api import Desk
    from autotag.service.runs.plan import Planner

Door = Callable[[bytes, Mapping[str, str]], int]
"""Answers a POST: the raw body and lower-case headers in, an HTTP status out."""

Drain = Callable[..., None]
"""Empties the poll channel within the time that ``remaining`` tells."""

_RULES = Path(__file__).with_name("default_rules.toml")


class Works(NamedTuple):
    """What the worker is wired to."""

    world: World
    returns: SqsReturns


class Rounds(NamedTuple):
    """What the poller is wired to."""

    world: World
    planner: Planner


@cache
def webhook() -> Door:
    """Wire the door."""
    from autotag.service.intake.accept import Policy
    from autotag.service.intake.webhook import receive

    told = settings.read(settings.WebhookSettings)
    clock = SystemClock()
    return partial(
        receive,
        secrets=SecretsManager(aws.client("secretsmanager"), told.secret_id, clock.now),
        queue=SqsQueue(aws.client("sqs"), told.queue_url),
        clock=clock,
        telemetry=PowertoolsTelemetry(),
        policy=Policy(told.signature_max_age_seconds, told.signature_max_skew_seconds, told.read_before_write),
    )


@cache
def intake() -> Drain:
    """Wire the way in without a door."""
    from autotag.adapters.cloudinary.poll_channel import PollChannel
    from autotag.service.intake.accept import Policy
    from autotag.service.intake.poll_channel import AGELESS, drain

    told = settings.read(settings.IntakeSettings)
    clock = SystemClock()
    secrets = SecretsManager(aws.client("secretsmanager"), told.secret_id, clock.now)
    return partial(
        drain,
        PollChannel(told.cloudinary_api_base, secrets, told.poll_channel),
        secrets=secrets,
        queue=SqsQueue(aws.client("sqs"), told.queue_url),
        clock=clock,
        telemetry=PowertoolsTelemetry(),
        policy=Policy(AGELESS, told.signature_max_skew_seconds, told.read_before_write),
    )


@cache
def world() -> World:
    """Wire what stands behind the queue."""
    from autotag.adapters.aws.dynamodb.active_rules import DynamoPublication
    from autotag.adapters.aws.dynamodb.api_limits import AdminBudget, DynamoBreaker
    from autotag.adapters.aws.dynamodb.audits import DynamoHistory
    from autotag.adapters.aws.dynamodb.latest_audit import DynamoPulse, PulsingAudits
    from autotag.adapters.aws.dynamodb.runs import DynamoRuns
    from autotag.adapters.aws.dynamodb.states import DynamoStore
    from autotag.adapters.aws.eventbridge import EventBridge
    from autotag.adapters.cloudinary.api import CloudinaryApi
    from autotag.adapters.packaged_rules import DeployedRules
    from autotag.ports.rules import Shelf
    from autotag.service.context import Pace, World
    from autotag.service.rules.active import StoredRules

    told = settings.read(settings.WorkerSettings)
    clock = SystemClock()
    dynamodb = aws.client("dynamodb")
    secrets = SecretsManager(aws.client("secretsmanager"), told.secret_id, clock.now)
    budget = AdminBudget(dynamodb, told.state_table, told.admin_reserve_percent, told.admin_hint_percent)
    history = DynamoHistory(dynamodb, told.history_table, told.audit_retention_days)
    shelf = Shelf(DynamoPublication(dynamodb, told.state_table), history, DeployedRules(_RULES))
    telemetry = PowertoolsTelemetry()
    return World(
        store=DynamoStore(dynamodb, told.state_table),
        audits=PulsingAudits(history, DynamoPulse(dynamodb, told.history_table), clock, telemetry),
        bus=EventBridge(aws.client("events"), told.event_bus_name),
        cloudinary=CloudinaryApi(told.cloudinary_api_base, secrets, budget.observe),
        budget=budget,
        breaker=DynamoBreaker(dynamodb, told.state_table),
        rules=StoredRules(shelf, clock, telemetry),
        clock=clock,
        telemetry=telemetry,
        runs=DynamoRuns(dynamodb, told.state_table),
        pace=Pace(first_delay=told.poll_first_delay_seconds, deadline=told.pending_deadline_seconds),
    )


@cache
def worker() -> Works:
    """Wire the worker, which also returns messages to their queues."""
    told = settings.read(settings.WorkerSettings)
    return Works(world(), SqsReturns(aws.client("sqs"), (told.queue_url, told.bulk_queue_url)))


@cache
def poller() -> Rounds:
    """Wire the poller, which goes on with runs besides."""
    told = settings.read(settings.WorkerSettings)
    shared = world()
    return Rounds(shared, _planner(told.state_table, told.history_table, told.bulk_queue_url, shared.rules))


def _planner(state_table: str, history_table: str, bulk_queue_url: str, rules: RulesSource) -> Planner:
    from autotag.adapters.aws.dynamodb.audits import DynamoHistory
    from autotag.adapters.aws.dynamodb.runs import DynamoRuns
    from autotag.adapters.aws.dynamodb.states import DynamoStore
    from autotag.adapters.aws.sqs import SqsBulkQueue
    from autotag.service.runs.plan import Planner

    dynamodb = aws.client("dynamodb")
    return Planner(
        runs=DynamoRuns(dynamodb, state_table),
        pages=DynamoStore(dynamodb, state_table),
        records=DynamoHistory(dynamodb, history_table),
        bulk=SqsBulkQueue(aws.client("sqs"), bulk_queue_url),
        rules=rules,
        clock=SystemClock(),
        telemetry=PowertoolsTelemetry(),
    )


@cache
def ops() -> Desk:
    """Wire what answers operators."""
    from autotag.adapters.aws.dynamodb.active_rules import DynamoPublication
    from autotag.adapters.aws.dynamodb.api_limits import AdminBudget, DynamoBreaker
    from autotag.adapters.aws.dynamodb.audits import DynamoHistory
    from autotag.adapters.aws.dynamodb.due_index import DueIndex
    from autotag.adapters.aws.dynamodb.latest_audit import DynamoPulse
    from autotag.adapters.aws.dynamodb.review_index import ReviewIndex
    from autotag.adapters.aws.dynamodb.states import DynamoStore
    from autotag.adapters.aws.sqs_depths import SqsDepths
    from autotag.adapters.packaged_rules import DeployedRules
    from autotag.ports.rules import Shelf
    from autotag.service.operations.api import Desk
    from autotag.service.operations.health import Ward
    from autotag.service.review.requests import Reviews
    from autotag.service.rules.active import StoredRules

    told = settings.read(settings.OpsSettings)
    dynamodb = aws.client("dynamodb")
    history = DynamoHistory(dynamodb, told.history_table)
    queues = {
        "live": told.queue_url,
        "live_dead": told.dead_letter_queue_url,
        "bulk": told.bulk_queue_url,
        "bulk_dead": told.bulk_dead_letter_queue_url,
    }
    ward = Ward(
        due=DueIndex(dynamodb, told.state_table),
        queues=SqsDepths(aws.client("sqs"), queues),
        spending=AdminBudget(dynamodb, told.state_table, told.admin_reserve_percent),
        fuse=DynamoBreaker(dynamodb, told.state_table),
        heartbeat=DynamoPulse(dynamodb, told.history_table),
        told={
            "cloudinary_api_base": told.cloudinary_api_base,
            "admin_reserve_percent": told.admin_reserve_percent,
            "signature_max_skew_seconds": told.signature_max_skew_seconds,
        },
    )
    clock, telemetry = SystemClock(), PowertoolsTelemetry()
    shelf = Shelf(DynamoPublication(dynamodb, told.state_table), history, DeployedRules(_RULES))
    rules = StoredRules(shelf, clock, telemetry)
    reviews = Reviews(
        ReviewIndex(dynamodb, told.state_table), SqsQueue(aws.client("sqs"), told.bulk_queue_url), history
    )
    return Desk(
        states=DynamoStore(dynamodb, told.state_table),
        records=history,
        shelf=shelf,
        clock=clock,
        telemetry=telemetry,
        planner=_planner(told.state_table, told.history_table, told.bulk_queue_url, rules),
        ward=ward,
        reviews=reviews,
    )
