"""The only place where real adapters are wired to the use-cases. Tests wire fakes instead.

Each function imports what it wires only when it is called: the webhook's cold start must not pay for the worker's.
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
    from autotag.ports.rules import RulesSource
    from autotag.service.context import World
    from autotag.service.operations.api import Desk
    from autotag.service.runs.plan import Planner

Door = Callable[[bytes, Mapping[str, str]], int]
"""The webhook: takes the raw body and lower-case headers of a POST, returns an HTTP status."""

Drain = Callable[..., None]
"""Empties the poll channel; ``remaining`` returns the seconds that are left for it."""

_RULES = Path(__file__).with_name("default_rules.toml")


class Works(NamedTuple):
    """The worker's dependencies."""

    world: World
    returns: SqsReturns


class Rounds(NamedTuple):
    """The poller's dependencies."""

    world: World
    planner: Planner


@cache
def webhook() -> Door:
    """Wire the webhook."""
    from autotag.service.intake.accept import Policy
    from autotag.service.intake.webhook import receive

    config = settings.read(settings.WebhookSettings)
    clock = SystemClock()
    return partial(
        receive,
        secrets=SecretsManager(aws.client("secretsmanager"), config.secret_id, clock.now),
        queue=SqsQueue(aws.client("sqs"), config.queue_url),
        clock=clock,
        telemetry=PowertoolsTelemetry(),
        policy=Policy(config.signature_max_age_seconds, config.signature_max_skew_seconds, config.read_before_write),
    )


@cache
def poll_channel() -> Drain:
    """Wire the poll channel."""
    from autotag.adapters.cloudinary.poll_channel import PollChannel
    from autotag.service.intake.accept import Policy
    from autotag.service.intake.poll_channel import AGELESS, drain

    config = settings.read(settings.PollChannelSettings)
    clock = SystemClock()
    secrets = SecretsManager(aws.client("secretsmanager"), config.secret_id, clock.now)
    return partial(
        drain,
        PollChannel(config.cloudinary_api_base, secrets, config.poll_channel),
        secrets=secrets,
        queue=SqsQueue(aws.client("sqs"), config.queue_url),
        clock=clock,
        telemetry=PowertoolsTelemetry(),
        policy=Policy(AGELESS, config.signature_max_skew_seconds, config.read_before_write),
    )


@cache
def world() -> World:
    """Wire the dependencies that the worker and the poller share."""
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

    config = settings.read(settings.WorkerSettings)
    clock = SystemClock()
    dynamodb = aws.client("dynamodb")
    secrets = SecretsManager(aws.client("secretsmanager"), config.secret_id, clock.now)
    budget = AdminBudget(dynamodb, config.state_table, config.admin_reserve_percent, config.admin_hint_percent)
    history = DynamoHistory(dynamodb, config.history_table, config.audit_retention_days)
    shelf = Shelf(DynamoPublication(dynamodb, config.state_table), history, DeployedRules(_RULES))
    telemetry = PowertoolsTelemetry()
    return World(
        store=DynamoStore(dynamodb, config.state_table),
        audits=PulsingAudits(history, DynamoPulse(dynamodb, config.history_table), clock, telemetry),
        bus=EventBridge(aws.client("events"), config.event_bus_name),
        cloudinary=CloudinaryApi(config.cloudinary_api_base, secrets, budget.observe),
        budget=budget,
        breaker=DynamoBreaker(dynamodb, config.state_table),
        rules=StoredRules(shelf, clock, telemetry),
        clock=clock,
        telemetry=telemetry,
        runs=DynamoRuns(dynamodb, config.state_table),
        pace=Pace(first_delay=config.poll_first_delay_seconds, deadline=config.pending_deadline_seconds),
    )


@cache
def worker() -> Works:
    """Wire the worker, which also returns messages to their queues."""
    config = settings.read(settings.WorkerSettings)
    return Works(world(), SqsReturns(aws.client("sqs"), (config.queue_url, config.bulk_queue_url)))


@cache
def poller() -> Rounds:
    """Wire the poller, which also advances runs."""
    config = settings.read(settings.WorkerSettings)
    shared = world()
    return Rounds(shared, _planner(config.state_table, config.history_table, config.bulk_queue_url, shared.rules))


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
    """Wire the operators' API."""
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

    config = settings.read(settings.OpsSettings)
    dynamodb = aws.client("dynamodb")
    history = DynamoHistory(dynamodb, config.history_table)
    queues = {
        "live": config.queue_url,
        "live_dead": config.dead_letter_queue_url,
        "bulk": config.bulk_queue_url,
        "bulk_dead": config.bulk_dead_letter_queue_url,
    }
    ward = Ward(
        due=DueIndex(dynamodb, config.state_table),
        queues=SqsDepths(aws.client("sqs"), queues),
        spending=AdminBudget(dynamodb, config.state_table, config.admin_reserve_percent),
        breaker=DynamoBreaker(dynamodb, config.state_table),
        heartbeat=DynamoPulse(dynamodb, config.history_table),
        settings={
            "cloudinary_api_base": config.cloudinary_api_base,
            "admin_reserve_percent": config.admin_reserve_percent,
            "signature_max_skew_seconds": config.signature_max_skew_seconds,
        },
    )
    clock, telemetry = SystemClock(), PowertoolsTelemetry()
    shelf = Shelf(DynamoPublication(dynamodb, config.state_table), history, DeployedRules(_RULES))
    rules = StoredRules(shelf, clock, telemetry)
    reviews = Reviews(
        ReviewIndex(dynamodb, config.state_table), SqsQueue(aws.client("sqs"), config.bulk_queue_url), history
    )
    return Desk(
        states=DynamoStore(dynamodb, config.state_table),
        records=history,
        shelf=shelf,
        clock=clock,
        telemetry=telemetry,
        planner=_planner(config.state_table, config.history_table, config.bulk_queue_url, rules),
        ward=ward,
        reviews=reviews,
    )
