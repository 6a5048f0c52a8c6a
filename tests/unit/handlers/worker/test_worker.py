"""The consumer of the queues: what fails comes back alone, and when."""

import pytest

from autotag.domain.errors import AutotagError, Permanent, Retryable
from autotag.domain.model.messages import MessageOrigin, RefetchAsset
from autotag.domain.state.person_edits import record_id
from tests.fakes.runtime import START
from tests.fakes.samples import person, resource, upload
from tests.unit.handlers.worker.worker_batches import URL, Down, Worker, record


@pytest.fixture
def worker() -> Worker:
    return Worker()


def test_a_batch_that_succeeds_reports_nothing(worker: Worker) -> None:
    records = [record(name, worker.given_asset(name)) for name in ("a1", "a2", "a3")]
    assert worker.consume(*records) == []
    assert [call[1] for call in worker.fakes.cloudinary.calls] == ["stage/a1", "stage/a2", "stage/a3"]
    assert worker.fakes.outcomes() == ["tagged"] * 3
    assert worker.sqs.hidden == []


def test_a_poison_message_comes_back_alone_and_nine_are_done(worker: Worker) -> None:
    records = [record(f"m{i}", worker.given_asset(f"a{i}")) for i in range(9)]
    records.insert(4, record("poison", '{"kind":"unknown"}'))
    assert worker.consume(*records) == ["poison"]
    assert worker.fakes.outcomes() == ["tagged"] * 9
    assert worker.sqs.hidden == []  # the queue's own timeout, then its dead-letter queue
    ((_, fields),) = [line for line in worker.fakes.telemetry.lines if line[0] == "message_returned"]
    assert fields["message_id"] == "poison" and "queue message" in str(fields["fault"])


@pytest.mark.parametrize("body", ["", "nonsense", "[]", "\ud800", '{"kind":"labels"}', '{"x":' + "[" * 9999])
def test_whatever_stands_in_a_message_the_batch_goes_on(worker: Worker, body: str) -> None:
    assert worker.consume(record("bad", body), record("good", worker.given_asset("a1"))) == ["bad"]
    assert worker.fakes.outcomes() == ["tagged"]


def test_a_batch_that_fails_as_a_whole_is_reported_not_raised(worker: Worker) -> None:
    assert worker.consume(record("a", ""), record("b", "x"), record("c", "{}")) == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("received", "delay", "seconds"),
    [(1, None, 10), (2, None, 20), (5, None, 160), (9, None, 900), (400, None, 900), (1, 30.0, 30), (1, 3600.0, 900)],
)
def test_a_message_to_retry_is_hidden_longer_each_time(
    worker: Worker, received: int, delay: float | None, seconds: int
) -> None:
    worker.fakes.store.before_put = Down(delay)
    assert worker.consume(record("m", worker.given_asset("a1"), received=received)) == ["m"]
    assert worker.sqs.hidden == [(f"{URL}live", "handle-m", seconds)]
    assert worker.fakes.telemetry.counts["Retried"] == 1


def test_a_message_returns_to_the_queue_that_it_came_from(worker: Worker) -> None:
    worker.fakes.store.before_put = Down(None)
    message = worker.given_asset("a1")
    worker.consume(record("l", message, queue="live"), record("b", message, queue="bulk"))
    assert [(url, handle) for url, handle, _ in worker.sqs.hidden] == [
        (f"{URL}live", "handle-l"),
        (f"{URL}bulk", "handle-b"),
    ]


def test_without_time_nothing_is_begun_and_everything_comes_back(worker: Worker) -> None:
    records = [record(name, worker.given_asset(name)) for name in ("a1", "a2")]
    assert worker.consume(*records, left=9_000) == ["a1", "a2"]
    assert worker.fakes.store.items == {} and worker.fakes.cloudinary.calls == []
    assert [seconds for *_, seconds in worker.sqs.hidden] == [10, 10]


def test_records_of_one_asset_run_one_after_another_in_their_order(worker: Worker) -> None:
    older = worker.given_asset("a1")
    newer = upload(resource("a1", {"Cat": 0.99}, version=200))
    assert worker.consume(record("m1", older), record("m2", newer), record("m3", older)) == []
    assert [audit.asset.version for audit in worker.fakes.audits.records.values()] == [100, 200]
    assert worker.fakes.telemetry.counts["Stale"] == 1


def test_the_same_message_ten_times_in_a_batch_is_one_call_and_one_audit(worker: Worker) -> None:
    message = worker.given_asset("a1")
    assert worker.consume(*(record(f"m{i}", message) for i in range(10))) == []
    assert len(worker.fakes.cloudinary.calls) == 1 and worker.fakes.outcomes() == ["tagged"]


def test_a_queue_that_takes_nothing_back_still_gets_the_failure_reported(worker: Worker) -> None:
    worker.fakes.store.before_put = Down(None)
    worker.sqs.fails = True
    assert worker.consume(record("m", worker.given_asset("a1"))) == ["m"]


def test_an_error_that_nobody_foresaw_comes_back_alone_and_is_logged(
    worker: Worker, caplog: pytest.LogCaptureFixture
) -> None:
    def broken() -> None:
        raise ZeroDivisionError("a mistake of ours")

    worker.fakes.store.before_put = broken
    failed = record("bad", worker.given_asset("a1"))
    assert worker.consume(failed) == ["bad"]
    assert "a mistake of ours" in caplog.text + repr(worker.fakes.telemetry.lines)


@pytest.mark.parametrize(
    ("error", "waits"), [(Retryable("Cloudinary answered 500"), True), (Permanent("Cloudinary answered 400"), False)]
)
def test_a_hint_whose_asset_cannot_be_read_is_left_to_the_poller_or_ends_where_it_is_refused(
    worker: Worker, error: AutotagError, waits: bool
) -> None:
    worker.fakes.cloudinary.fails.append(error)
    hint = RefetchAsset("a1", START, MessageOrigin("upload", "d1"))
    assert worker.consume(record("m", hint)) == []
    assert (worker.fakes.store.items["a1"].poll is not None) is waits


@pytest.mark.parametrize("received", [1, 2, 3])
def test_only_an_echo_that_was_received_before_looks_for_an_audit(worker: Worker, received: int) -> None:
    worker.consume(record("m1", worker.given_asset("a1")))
    worker.fakes.audits.read.clear()
    echo = person("a1", added=("People", "Guitar"), at=worker.fakes.clock.now(), by=worker.fakes.cloudinary.own_key)
    assert worker.consume(record("m2", echo, received=received)) == []
    assert worker.fakes.audits.read == ([] if received == 1 else [record_id(echo)])
