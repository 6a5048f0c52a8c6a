"""The requests of a live image and of an idle minute to AWS: the deployed code on the template's tables, metered."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import NamedTuple

from moto import mock_aws
from msgspec.structs import replace
from samtranslator.yaml_helper import yaml_parse

from autotag.adapters.aws.dynamodb.active_rules import DynamoActiveRules
from autotag.adapters.aws.dynamodb.api_limits import DynamoCircuitBreaker
from autotag.adapters.aws.dynamodb.audits import DynamoAuditLog
from autotag.adapters.aws.dynamodb.items import item_size
from autotag.adapters.aws.dynamodb.runs import DynamoRunStore
from autotag.adapters.aws.dynamodb.states import DynamoStateStore
from autotag.adapters.aws.eventbridge import EventBridge
from autotag.adapters.aws.sqs import SqsBulkQueue, SqsQueue
from autotag.adapters.aws.sqs_due import SqsDueQueue
from autotag.adapters.packaged_rules import PackagedRulesFile
from autotag.domain.model.messages import Message
from autotag.ports.rules import RuleStore
from autotag.service.context import Dependencies
from autotag.service.poller import run_minute
from autotag.service.rules.active import StoredRules
from autotag.service.runs.plan import Planner
from autotag.service.worker import handle
from bench.library.aws_meter import Meter
from bench.library.generated_assets import generated_states
from bench.workload import PROVIDER
from tests.fakes.context import Fakes
from tests.fakes.runtime import START, in_turn
from tests.fakes.samples import person, resource, upload
from tests.integration.adapters.conftest import TEMPLATE, Aws, Clients

IMAGES = 50
"""The number of images metered one after the other, since sizes differ."""
LABELS = 50
RULES = "[defaults]\nthreshold = 0.87\n"
"""Of fifty labels about a dozen become tags."""
_RETENTION = 365
_SHIPPED = Path(__file__).parents[2] / "src" / "autotag" / "default_rules.toml"


class LiveImages(NamedTuple):
    """Totals of all images: requests to AWS, calls to Cloudinary, the worker's metrics, and both tables' bytes then.

    ``tags`` were written.
    """

    images: int
    meter: Meter
    calls: int
    metrics: frozenset[str]
    state_bytes: int
    history_bytes: int
    tags: int


class MeteredService(NamedTuple):
    """The context of the service, with AWS as the template defines it and a fake Cloudinary."""

    fakes: Fakes
    deps: Dependencies
    queue: SqsQueue
    bulk: SqsBulkQueue
    clients: Clients
    meter: Meter

    def metered(self) -> AbstractContextManager[None]:
        """Count the requests to AWS while the block runs."""
        return self.meter.metering(self.clients.dynamodb, self.clients.sqs, self.clients.events)


@contextmanager
def metered_service(rules: str = RULES) -> Iterator[MeteredService]:
    """Compose the service on the template's tables and queues, in memory."""
    with mock_aws():
        clients, meter, fakes = Clients(), Meter(), Fakes(rules)
        aws = Aws(clients, yaml_parse(TEMPLATE.read_text("utf-8"))["Resources"])
        state, history = aws.table("StateTable"), aws.table("HistoryTable")
        queue, bulk = aws.queue("Queue"), aws.queue("BulkQueue")
        clients.events.create_event_bus(Name="bus")
        dynamodb = clients.dynamodb
        records = DynamoAuditLog(dynamodb, history, _RETENTION)
        rule_store = RuleStore(DynamoActiveRules(dynamodb, state), records, PackagedRulesFile(_SHIPPED))
        deps = replace(
            fakes.deps,
            store=DynamoStateStore(dynamodb, state),
            audits=records,
            bus=EventBridge(clients.events, "bus"),
            breaker=DynamoCircuitBreaker(dynamodb, state),
            rules=StoredRules(rule_store, fakes.clock, fakes.telemetry),
            runs=DynamoRunStore(dynamodb, state),
        )
        yield MeteredService(fakes, deps, SqsQueue(clients.sqs, queue), SqsBulkQueue(clients.sqs, bulk), clients, meter)


def live_images(images: int = IMAGES, labels: int = LABELS, rules: str = RULES) -> LiveImages:
    """Meter uploads with so many labels, complete at once, and the notifications of the service's own changes."""
    with metered_service(rules) as service:
        fakes, cloudinary = service.fakes, service.fakes.cloudinary
        deps = replace(service.deps, rules=fakes.rules)  # read once a minute, not once an image

        def deliver(message: Message) -> None:
            service.queue.send([message])
            handle(deps, message, fakes.remaining, received_before=False)

        written = 0
        for state in generated_states(range(images), labels):
            asset = state.asset
            found = {label.name: label.confidence for label in state.categorizations[PROVIDER].labels}
            cloudinary.assets[asset.asset_id] = resource(asset.asset_id, found, public_id=asset.public_id)
            with service.metered():
                deliver(upload(cloudinary.assets[asset.asset_id], START))
                added = tuple(cloudinary.tags(asset.asset_id))
                written += len(added)
                deliver(person(asset.asset_id, added=added, at=fakes.clock.now(), by=cloudinary.own_key))
        kept, audits = (_stored_bytes(service.clients, table) for table in ("StateTable", "HistoryTable"))
        metrics = frozenset(fakes.telemetry.counts)
        return LiveImages(images, service.meter, len(cloudinary.calls), metrics, kept, audits, written)


def idle_minute() -> Meter:
    """Meter a minute of the poller in which nothing is due, no rules were pushed and no run is in progress."""
    with metered_service() as service:
        deps = service.deps
        store, history = DynamoStateStore(service.clients.dynamodb, "StateTable"), deps.audits
        planner = Planner(deps.runs, store, history, service.bulk, deps.rules, deps.clock, deps.telemetry, in_turn)
        due = SqsDueQueue(service.clients.sqs, service.clients.sqs.get_queue_url(QueueName="Queue")["QueueUrl"])

        def minute() -> None:
            run_minute(deps, planner, due, in_turn, service.fakes.remaining)

        minute()  # the first minute of a process stores the deployed rules
        service.fakes.clock.advance(60)
        with service.metered():
            minute()
        return service.meter


def _stored_bytes(clients: Clients, table: str) -> int:
    return sum(item_size(item) for item in clients.dynamodb.scan(TableName=table)["Items"])
