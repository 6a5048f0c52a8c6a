"""The export function: one message is one file, and one that fails comes back after a back-off."""

import json
from typing import Any

import pytest

from autotag import bootstrap
from autotag.domain.errors import Retryable
from autotag.domain.model.exports import ExportFile, encode
from handlers.export import consume
from tests.fakes.exports import FakeExports, FakeTable
from tests.fakes.runtime import FakeClock, FakeTelemetry
from tests.unit.autotag_cli.made_up_history import unjudged

AT = "2026-11-29T08:00:00Z"
TASK = ExportFile(AT, 0, 1, 2)


class Returns:
    """Notes what is hidden for how long."""

    def __init__(self, *, fails: bool = False) -> None:
        self.hidden: list[tuple[str, str, int]] = []
        self._fails = fails

    def later(self, queue_arn: str, receipt_handle: str, seconds: int) -> None:
        if self._fails:
            raise Retryable("SQS: down")
        self.hidden.append((queue_arn, receipt_handle, seconds))


class Context:
    def get_remaining_time_in_millis(self) -> int:
        return 300_000


class Broken(FakeTable):
    """A table whose reads fail."""

    def __init__(self, error: Exception) -> None:
        super().__init__({})
        self._error = error

    def scan(self, *_: Any) -> Any:
        raise self._error


def record(body: str, receives: int = 1) -> dict[str, Any]:
    return {
        "messageId": "m1",
        "body": body,
        "receiptHandle": "r1",
        "eventSourceARN": "arn:aws:sqs:eu-west-1:1:exports",
        "attributes": {"ApproximateReceiveCount": str(receives)},
    }


def handled(table: FakeTable, returns: Returns, **message: Any) -> tuple[list[Any], FakeExports, FakeTelemetry]:
    store, telemetry = FakeExports(), FakeTelemetry()
    function = bootstrap.export(
        stack="prod", states=table, store=store, queue=store, returns=returns, clock=FakeClock(), telemetry=telemetry
    )
    answer = consume({"Records": [record(**message)]}, Context(), function)  # type: ignore[arg-type]
    return answer["batchItemFailures"], store, telemetry


def test_a_message_is_a_file_and_the_message_of_the_next_one() -> None:
    table = FakeTable({name: unjudged(name, "Dog", 0.5) for name in ("a", "b", "c")})
    failed, store, _ = handled(table, Returns(), body=encode(TASK))
    assert failed == [] and store.queued == [ExportFile(AT, 0, 1, 2, 1, "b")]
    assert list(store.written_files) == ["exports/stack=prod/at=20261129T080000Z/part=000/00000.parquet"]


@pytest.mark.parametrize(
    ("error", "counted"), [(Retryable("DynamoDB: down"), "Retried"), (ValueError("a bug"), "Unforeseen")]
)
@pytest.mark.parametrize(("receives", "seconds"), [(1, 10), (3, 40), (14, 900)])
def test_what_fails_is_counted_and_comes_back_later_each_time(
    error: Exception, counted: str, receives: int, seconds: int
) -> None:
    returns = Returns()
    failed, store, telemetry = handled(Broken(error), returns, body=encode(TASK), receives=receives)
    assert failed == [{"itemIdentifier": "m1"}] and store.queued == []
    assert telemetry.counts == {counted: 1}
    assert returns.hidden == [("arn:aws:sqs:eu-west-1:1:exports", "r1", seconds)]


def test_a_message_whose_delay_cannot_be_set_still_comes_back() -> None:
    failed, _, telemetry = handled(Broken(Retryable("DynamoDB: down")), Returns(fails=True), body=encode(TASK))
    assert failed == [{"itemIdentifier": "m1"}]
    assert [event for event, _ in telemetry.lines] == ["message_returned", "message_not_delayed"]


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"segment": 5}, "segment: expected 0 to 0"),
        ({"assets": 0}, "assets"),
        ({"at": "today"}, "at"),
        ({"type": "another"}, "another"),
    ],
)
def test_a_message_that_is_none_of_an_export_is_returned_with_its_fault(change: dict[str, Any], fault: str) -> None:
    body = json.dumps(json.loads(encode(TASK)) | change)
    failed, _, telemetry = handled(FakeTable({}), Returns(), body=body)
    assert failed and fault in str(telemetry.lines[0][1]["fault"])
