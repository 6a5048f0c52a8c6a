"""Reading the service's own health from DynamoDB and SQS, and noting the youngest audit."""

from typing import Any

import pytest
from botocore.stub import Stubber
from msgspec.structs import replace

from autotag.adapters.aws.dynamodb.api_limits import AdminBudget, DynamoCircuitBreaker
from autotag.adapters.aws.dynamodb.audits import DynamoAuditLog
from autotag.adapters.aws.dynamodb.indexes import DueIndex
from autotag.adapters.aws.dynamodb.items import shard_of
from autotag.adapters.aws.dynamodb.latest_audit import AuditLogWithLatest, DynamoLatestAudit
from autotag.adapters.aws.dynamodb.states import DynamoStateStore
from autotag.adapters.aws.sqs_depths import SqsDepths
from autotag.domain.errors import Invalid, Retryable
from autotag.domain.model.audit import Audit, audit_id, iso
from autotag.domain.model.health import Depth, DueAsset, HourBudget, LastAudit, Opened, RateLimit
from autotag.domain.state.asset_state import Poll
from tests.fakes.runtime import START, FakeClock, FakeTelemetry
from tests.integration.adapters.conftest import Aws
from tests.integration.adapters.instrumented_clients import recorded_calls
from tests.unit.domain.state.state_builders import T0, audit_of, claimed, complete, state

HOUR = 3600
ON_THE_HOUR = 1_791_460_800


def record(at: int, asset_id: str = "a1") -> Audit:
    audit = audit_of(claimed(state(complete({"Cat": 0.9}))))
    return replace(audit, audit_id=audit_id(asset_id, at, "unique"), at=iso(at))


class Pulsed:
    """One process that writes audits."""

    def __init__(self, aws: Aws, table: str) -> None:
        self.client, self.clock, self.telemetry = aws.clients.dynamodb, FakeClock(), FakeTelemetry()
        self.history, self.pulse = DynamoAuditLog(self.client, table), DynamoLatestAudit(self.client, table)
        self.cloud: str | Exception = "demo"
        self.audits = AuditLogWithLatest(self.history, self.pulse, self.cloud_name, self.clock, self.telemetry)

    def cloud_name(self) -> str:
        if isinstance(self.cloud, Exception):
            raise self.cloud
        return self.cloud


@pytest.fixture
def table(aws: Aws) -> str:
    return aws.table("HistoryTable")


def test_the_youngest_audit_is_noted_and_read_back(aws: Aws, table: str) -> None:
    process = Pulsed(aws, table)
    assert process.pulse.last() is None
    audit = record(T0)
    process.audits.put(audit)
    assert process.pulse.last() == LastAudit(audit.audit_id, audit.at, audit.outcome)
    assert process.audits.get(audit.audit_id) == audit


def test_a_process_notes_one_audit_a_minute(aws: Aws, table: str) -> None:
    process = Pulsed(aws, table)
    with recorded_calls(process.client, "PutItem") as seen:
        for n in range(20):
            process.audits.put(record(T0 + n, f"a{n}"))
    assert len(seen) == 21
    process.clock.advance(60)
    process.audits.put(record(T0 + 60_000))
    assert process.pulse.last() == LastAudit(record(T0 + 60_000).audit_id, iso(T0 + 60_000), "tagged")


def test_a_process_that_is_late_does_not_make_it_older(aws: Aws, table: str) -> None:
    one, two = Pulsed(aws, table), Pulsed(aws, table)
    one.audits.put(record(T0 + 1000, "young"))
    two.audits.put(record(T0, "old"))
    last = two.pulse.last()
    assert last is not None and last.at == iso(T0 + 1000)


def test_a_note_that_fails_is_logged_and_the_audit_stays(aws: Aws, table: str) -> None:
    process, audit = Pulsed(aws, table), record(T0)
    nowhere = DynamoLatestAudit(process.client, "nowhere")
    process.audits = AuditLogWithLatest(process.history, nowhere, process.cloud_name, process.clock, process.telemetry)
    process.audits.put(audit)
    assert process.history.get(audit.audit_id) == audit
    ((event, fields),) = process.telemetry.lines
    assert event == "latest_audit_not_stored" and "ResourceNotFound" in str(fields["fault"])


def test_the_cloud_is_known_from_the_first_audit_on(aws: Aws, table: str) -> None:
    process = Pulsed(aws, table)
    assert process.pulse.cloud_name() == ""
    process.audits.put(record(T0))
    assert process.pulse.cloud_name() == "demo"


def test_a_secret_that_cannot_be_read_hides_neither_the_audit_nor_the_cloud(aws: Aws, table: str) -> None:
    process = Pulsed(aws, table)
    process.audits.put(record(T0))
    process.clock.advance(60)
    process.cloud = Retryable("Secrets Manager: InternalServiceError")
    process.audits.put(record(T0 + 60_000))
    last = process.pulse.last()
    assert last is not None and (last.at, process.pulse.cloud_name()) == (iso(T0 + 60_000), "demo")
    assert [event for event, _ in process.telemetry.lines] == ["cloud_name_not_read"]


def test_an_audit_that_fails_is_a_failure_and_no_note(aws: Aws, table: str) -> None:
    process = Pulsed(aws, table)
    with Stubber(process.client) as stub:
        stub.add_client_error("put_item", "ProvisionedThroughputExceededException")
        with pytest.raises(Retryable):
            process.audits.put(record(T0))
    assert process.pulse.last() is None


def test_a_damaged_note_is_told(aws: Aws, table: str) -> None:
    aws.clients.dynamodb.put_item(TableName=table, Item={"pk": {"S": "PULSE"}, "sk": {"S": "AUDIT"}})
    with pytest.raises(Invalid, match="PULSE: the item cannot be read"):
        DynamoLatestAudit(aws.clients.dynamodb, table).last()


def test_what_is_due_first_of_a_partition(aws: Aws) -> None:
    client, states = aws.clients.dynamodb, aws.table("StateTable")
    store, index = DynamoStateStore(client, states), DueIndex(client, states)
    mine = [f"a{n}" for n in range(200) if shard_of(f"a{n}") == 3][:3]
    for n, asset_id in enumerate(mine):
        known = state(complete({"Cat": 0.9}))
        asset = replace(known.asset, asset_id=asset_id)
        store.put(replace(known, asset=asset, poll=Poll(START + 1000 * (3 - n), 0, START + 99_000)), expected=None)
    with recorded_calls(client, "Query") as seen:
        assert index.oldest("POLL", 3) == DueAsset(mine[-1], START + 1000)
    assert [query["Limit"] for query in seen] == [1]
    assert index.oldest("INTENT", 3) is None and index.oldest("POLL", 4) is None


def test_queues_are_measured_by_their_names(aws: Aws) -> None:
    sqs, url = aws.clients.sqs, aws.queue("Queue")
    for n in range(3):
        sqs.send_message(QueueUrl=url, MessageBody=str(n))
    sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=1)
    assert SqsDepths(sqs, {"live": url}).depth("live") == Depth(2, 1)


def test_a_queue_that_cannot_be_measured_is_told(aws: Aws) -> None:
    url = aws.queue("Queue").replace("/Queue", "/Nobody")
    with pytest.raises(Retryable, match="SQS: "):
        SqsDepths(aws.clients.sqs, {"live": url}).depth("live")


def test_what_is_spent_of_an_hour(aws: Aws) -> None:
    budget = AdminBudget(aws.clients.dynamodb, aws.table("StateTable"), 20)
    now = (ON_THE_HOUR + 600) * 1000
    assert budget.spent(now) == HourBudget(0, closed=False)
    budget.reserve(now)
    budget.reserve(now)
    assert budget.spent(now) == HourBudget(2, closed=False)
    budget.observe(RateLimit(10, 0, ON_THE_HOUR + HOUR))
    assert budget.spent(now) == HourBudget(2, closed=True)
    assert budget.spent(now + HOUR * 1000) == HourBudget(0, closed=False)


@pytest.mark.parametrize(
    ("later", "opened"),
    [(0, True), (299_999, True), (300_000, False), (-86_400_000, False)],
    ids=["at once", "to its end", "afterwards", "a clock set back"],
)
def test_an_open_breaker_says_until_when_and_why(aws: Aws, later: int, opened: bool) -> None:
    breaker = DynamoCircuitBreaker(aws.clients.dynamodb, aws.table("StateTable"))
    assert breaker.opened(START) is None
    breaker.trip(START, "Cloudinary answered 401: no")
    told: Any = Opened(START + 300_000, "Cloudinary answered 401: no") if opened else None
    assert breaker.opened(START + later) == told
