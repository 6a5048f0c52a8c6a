"""A message about due work never returns to its queue: the poller sends another one, so no receive is used up."""

from typing import Any

import pytest
from msgspec.structs import replace

from autotag.domain.errors import AutotagError, CredentialsRefused, Retryable, Unavailable
from autotag.domain.model.messages import FinishDue
from handlers.batch import by_asset
from tests.fakes.assets import FakeStore
from tests.fakes.samples import GUITARIST, resource, upload
from tests.unit.handlers.worker.worker_batches import Worker, record
from tests.unit.service.tagging.due_work.left_intents import leave_intents


class Failing:
    """A store whose reads fail."""

    def __init__(self, store: FakeStore, error: Exception) -> None:
        self._store, self._error = store, error

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def load(self, _asset_id: str) -> None:
        raise self._error


@pytest.fixture
def worker() -> Worker:
    worker = Worker()
    leave_intents(worker.fakes, 2)
    return worker


def test_the_worker_finishes_what_is_due(worker: Worker) -> None:
    assert worker.consume(record("m0", FinishDue("intent0")), record("m1", FinishDue("intent1"))) == []
    assert worker.fakes.outcomes() == ["tagged"] * 2


@pytest.mark.parametrize(
    "error", [Retryable("DynamoDB: ThrottlingException"), Unavailable("no answer"), CredentialsRefused("401")], ids=str
)
def test_a_message_that_fails_does_not_return(worker: Worker, error: AutotagError) -> None:
    store: Any = Failing(worker.fakes.store, error)
    worker.worker = worker.worker._replace(deps=replace(worker.fakes.deps, store=store))
    assert worker.consume(record("m0", FinishDue("intent0")), record("m1", upload(resource("a1")))) == ["m1"]
    assert [handle for _, handle, _ in worker.sqs.hidden] == ["handle-m1"]
    assert worker.fakes.telemetry.counts["Retried"] == 2


def test_a_message_for_which_no_time_is_left_does_not_return(worker: Worker) -> None:
    assert worker.consume(record("m0", FinishDue("intent0")), left=9_000) == [] == worker.sqs.hidden
    assert worker.fakes.outcomes() == []


def test_a_bug_that_it_hits_is_counted_and_it_does_not_return(worker: Worker) -> None:
    store: Any = Failing(worker.fakes.store, ZeroDivisionError("a mistake of ours"))
    worker.worker = worker.worker._replace(deps=replace(worker.fakes.deps, store=store))
    assert worker.consume(record("m0", FinishDue("intent0"))) == []
    assert worker.fakes.telemetry.counts["Unforeseen"] == 1


def test_it_is_handled_in_turn_with_other_messages_about_its_asset() -> None:
    seen = upload(resource("a1", GUITARIST))
    groups = by_asset([record("m0", seen), record("m1", FinishDue("a2")), record("m2", FinishDue("a1"))])
    assert [[each.record["messageId"] for each in group] for group in groups] == [["m0", "m2"], ["m1"]]
