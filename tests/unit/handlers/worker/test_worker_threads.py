"""The assets of a batch are handled side by side: what that must not change."""

import json
from collections.abc import Callable
from threading import Barrier, Event
from typing import Any

import pytest
from msgspec.structs import replace

from autotag.adapters.threads import Threads
from autotag.domain.errors import Retryable
from autotag.domain.model.messages import FolderMoved, Message, MessageOrigin, RefetchAsset
from autotag.domain.state.asset_state import AssetState, Op
from autotag.telemetry import PowertoolsTelemetry, metrics
from handlers.batch import by_asset
from tests.fakes.assets import FakeStore
from tests.fakes.runtime import START
from tests.fakes.samples import GUITARIST, person, resource, upload
from tests.unit.handlers.worker.worker_batches import Worker, record

PATIENCE = 30
"""Seconds after which a thread that waits for others fails."""

ASSETS = [f"a{n}" for n in range(10)]


@pytest.fixture
def worker() -> Worker:
    return Worker(Threads())


def meet(worker: Worker, assets: int) -> None:
    """Have the tag calls of so many assets wait for each other: they pass only if all are made at the same time."""
    together = Barrier(assets)

    def change(_asset_id: str, _op: Op, _tags: tuple[str, ...]) -> None:
        together.wait(PATIENCE)

    worker.fakes.cloudinary.on_change = change


def test_the_ten_assets_of_a_batch_are_handled_at_the_same_time(worker: Worker) -> None:
    records = [record(name, worker.given_asset(name)) for name in ASSETS]
    meet(worker, len(ASSETS))
    assert worker.consume(*records) == []
    assert worker.fakes.outcomes() == ["tagged"] * len(ASSETS)


def test_records_of_one_asset_keep_their_order_beside_those_of_others(worker: Worker) -> None:
    records = []
    for name in ASSETS[:3]:
        older, newer = worker.given_asset(name), upload(resource(name, {"Cat": 0.99}, version=200), digest="d2")
        records += [record(f"{name}-{n}", message) for n, message in enumerate((older, newer, older))]
    by_turns = records[::3] + records[1::3] + records[2::3]
    meet(worker, 3)
    assert worker.consume(*by_turns) == []
    audits = worker.fakes.audits.records.values()
    for name in ASSETS[:3]:
        assert [audit.asset.version for audit in audits if audit.asset.asset_id == name] == [100, 200]
    assert worker.fakes.telemetry.counts["Stale"] == 3


def test_every_kind_of_message_about_an_asset_is_in_its_group_and_any_other_is_alone() -> None:
    seen = upload(resource("a1", GUITARIST))
    edit = replace(person("a1", added=("x",), at=START), asset=replace(seen.asset, public_id="another/name"))
    hint = RefetchAsset("a1", START, MessageOrigin("upload", "d3"))
    folder = FolderMoved("a", "b", START, MessageOrigin("move_or_rename_asset_folder", "d4"))
    messages: dict[str, str | Message] = {
        "m1": seen,
        "f1": folder,
        "m2": edit,
        "x": upload(resource("a2")),
        "m3": hint,
        "f2": folder,
        "bad": "{}",
    }
    groups = by_asset([record(name, message) for name, message in messages.items()])
    names = [[delivery.record["messageId"] for delivery in group] for group in groups]
    assert names == [["m1", "m2", "m3"], ["f1"], ["x"], ["f2"], ["bad"]]


class Refusing:
    """A store that is throttled for some assets."""

    def __init__(self, store: FakeStore, refused: set[str]) -> None:
        self._store, self._refused = store, refused

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def put(self, state: AssetState, *, expected: AssetState | None) -> AssetState | None:
        if state.asset.asset_id in self._refused:
            raise Retryable("DynamoDB: ThrottlingException")
        return self._store.put(state, expected=expected)


def test_each_record_fails_alone_and_is_named_in_the_order_of_the_batch(worker: Worker) -> None:
    records = [record(name, worker.given_asset(name)) for name in ASSETS]
    store = Refusing(worker.fakes.store, {"a9", "a2", "a5"})
    worker.worker = worker.worker._replace(deps=replace(worker.fakes.deps, store=store))
    assert worker.consume(*records) == ["a2", "a5", "a9"]
    assert worker.fakes.outcomes() == ["tagged"] * 7
    assert sorted(handle for _, handle, _ in worker.sqs.hidden) == ["handle-a2", "handle-a5", "handle-a9"]


def test_it_returns_only_when_every_thread_has_ended(worker: Worker) -> None:
    records = [record(name, worker.given_asset(name)) for name in ASSETS[:2]]
    first_is_done = Event()

    def change(asset_id: str, _op: Op, _tags: tuple[str, ...]) -> None:
        if asset_id == "a0":
            first_is_done.set()
        else:
            assert first_is_done.wait(PATIENCE)

    worker.fakes.cloudinary.on_change = change
    assert worker.consume(*records) == []
    assert worker.fakes.outcomes() == ["tagged"] * 2 and all(
        s.intent is None for s in worker.fakes.store.items.values()
    )


def test_an_error_that_was_not_foreseen_fails_its_record_alone(worker: Worker) -> None:
    records = [record(name, worker.given_asset(name)) for name in ASSETS]

    def change(asset_id: str, _op: Op, _tags: tuple[str, ...]) -> None:
        if asset_id == "a3":
            raise ZeroDivisionError("a mistake of ours")

    worker.fakes.cloudinary.on_change = change
    assert worker.consume(*records) == ["a3"]
    assert worker.fakes.outcomes() == ["tagged"] * 9
    assert worker.fakes.telemetry.counts["Unforeseen"] == 1 and worker.sqs.hidden == []


def test_a_log_line_names_the_asset_that_it_is_about_and_no_other(
    worker: Worker, logged: Callable[[], list[dict[str, Any]]]
) -> None:
    records = [record(name, worker.given_asset(name)) for name in ASSETS]
    folder = FolderMoved("a", "b", START, MessageOrigin("move_or_rename_asset_folder", "d4"))
    worker.worker = worker.worker._replace(deps=replace(worker.fakes.deps, telemetry=PowertoolsTelemetry()))
    meet(worker, len(ASSETS))
    assert worker.invoke(*records, record("folder", folder)) == []
    assert worker.invoke(*(record(name, "{}") for name in ASSETS)) == ASSETS
    lines = logged()
    decided = [line for line in lines if line.get("message") == "decided"]
    assert sorted(line["asset_id"] for line in decided) == ASSETS
    assert all(line["audit_id"].startswith(f"{line['asset_id']}.") for line in decided)
    returned = [line for line in lines if line.get("message") == "message_returned"]
    assert len(returned) == len(ASSETS)  # by the same threads
    assert all(line.keys().isdisjoint({"asset_id", "digest", "folder"}) for line in returned)


def test_counts_of_several_threads_are_all_there(capsys: pytest.CaptureFixture[str]) -> None:
    telemetry, start, each = PowertoolsTelemetry(), Threads(), 253
    together = Barrier(len(ASSETS))

    def count() -> None:
        together.wait(PATIENCE)
        for _ in range(each):
            telemetry.count("Decided")

    for wait in [start(count) for _ in ASSETS]:
        wait()
    metrics.flush_metrics()
    printed = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert sum(sum(line["Decided"]) for line in printed) == each * len(ASSETS)
