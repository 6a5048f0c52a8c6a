"""An export: every asset is in one file, whatever comes twice or dies, and the manifest says when it is whole."""

import random
from itertools import count

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from autotag.domain.errors import Retryable
from autotag.domain.model.exports import MANIFEST, ExportFile, Manifest, Written, first_tasks, folder_of
from autotag.service.exports.exported_asset import exported
from autotag.service.exports.write_file import ExportDependencies, write_file
from tests.fakes.exports import Died, FakeExports, FakeTable
from tests.fakes.runtime import FakeTelemetry
from tests.unit.autotag_cli.made_up_history import unjudged

AT = "2026-11-29T08:00:00Z"
FOLDER = folder_of("prod", AT)
NAMES = [f"a{number:02}" for number in range(40)]


def library() -> FakeTable:
    return FakeTable({name: unjudged(name, "Dog", 0.5) for name in NAMES})


def dependencies(store: FakeExports, table: FakeTable) -> ExportDependencies:
    return ExportDependencies("prod", table, store, store, FakeTelemetry())


def long() -> float:
    return 300.0


def run(store: FakeExports, table: FakeTable, dice: random.Random, *, twice: float = 0, dies: float = 0) -> None:
    """Handle messages in any order until none is left; some come twice, and some processes die in the middle."""
    deps = dependencies(store, table)
    for _ in range(3000):
        if not store.queued:
            return
        task = store.queued.pop(dice.randrange(len(store.queued)))
        if dice.random() < twice:
            store.queued.append(task)
        store.dies_before = store.dies_after = -1
        if dice.random() < dies:
            effect = store.effects + dice.randrange(1, 3)
            store.dies_before, store.dies_after = (effect, -1) if dice.random() < 0.5 else (-1, effect)
        try:
            write_file(deps, task, long)
        except Died:
            store.queued.append(task)  # its message comes again
    raise AssertionError("it does not end")


def manifest(store: FakeExports) -> Manifest:
    return msgspec.json.decode(store.objects[FOLDER + MANIFEST], type=Manifest)


def assets_in(store: FakeExports) -> list[str]:
    lines = b"".join(store.objects[FOLDER + file.key] for file in manifest(store).files)
    return [str(msgspec.json.decode(line)["asset"]["asset_id"]) for line in lines.splitlines()]


@pytest.mark.parametrize(("segments", "assets"), [(1, 1), (1, 100), (3, 7), (16, 2)])
def test_every_asset_is_in_one_file_of_at_most_so_many(segments: int, assets: int) -> None:
    store, table = FakeExports(queued=first_tasks(AT, segments, assets)), library()
    run(store, table, random.Random(1))

    assert sorted(assets_in(store)) == NAMES
    found = manifest(store)
    assert (found.stack, found.at, found.segments, found.assets) == ("prod", AT, segments, len(NAMES))
    assert max(file.assets for file in found.files) <= assets
    assert found.bytes == sum(file.bytes for file in found.files)
    assert {key.removeprefix(FOLDER) for key in store.written_files} == {file.key for file in found.files}


@given(seed=st.integers(0, 10_000), segments=st.integers(1, 5), assets=st.integers(1, 9))
def test_messages_that_come_twice_and_processes_that_die_lose_nothing_and_double_nothing(
    seed: int, segments: int, assets: int
) -> None:
    store, table = FakeExports(queued=first_tasks(AT, segments, assets)), library()
    run(store, table, random.Random(seed), twice=0.3, dies=0.4)

    assert sorted(assets_in(store)) == NAMES
    assert {key.removeprefix(FOLDER) for key in store.written_files} == {file.key for file in manifest(store).files}


def test_assets_that_come_and_go_meanwhile_are_in_it_at_most_once() -> None:
    dice, numbers = random.Random(7), count()
    store, table = FakeExports(queued=first_tasks(AT, 2, 3)), library()
    deps = dependencies(store, table)
    while store.queued:
        new = f"a{dice.randrange(40):02}-{next(numbers)}"
        table.states[new] = unjudged(new, "Dog", 0.5)
        gone = dice.choice(NAMES[30:])
        table.states[gone] = replace(table.states[gone], status="gone")
        task = store.queued.pop(0)
        write_file(deps, task, long)
        if dice.random() < 0.5 and len(store.queued) < 10:
            store.queued.append(task)
        if next(numbers) > 500:
            break
    found = assets_in(store)
    assert len(found) == len(set(found)) and set(NAMES[:30]) <= set(found)


def test_a_file_that_another_process_created_meanwhile_counts_and_the_next_one_begins_at_its_end() -> None:
    store, table = FakeExports(), library()
    key = f"{FOLDER}part=000/00000.parquet"
    overtaken = Overtaken(table, store, key)

    write_file(dependencies(store, overtaken), ExportFile(AT, 0, 1, 10), long)

    assert store.objects[key] == b"theirs"
    assert store.queued == [ExportFile(AT, 0, 1, 10, 1, "a04")]


class Overtaken(FakeTable):
    """A table; while it is read, another process creates the file."""

    def __init__(self, table: FakeTable, store: FakeExports, key: str) -> None:
        super().__init__(table.states)
        self._store, self._key = store, key

    def scan(self, segment: int, segments: int, cursor: str, limit: int):  # type: ignore[no-untyped-def]
        self._store.objects.setdefault(self._key, b"theirs")
        self._store.written_files.setdefault(self._key, Written(5, 6, "a04"))
        return super().scan(segment, segments, cursor, limit)


def test_a_message_that_comes_again_long_afterwards_starts_no_second_chain() -> None:
    store, table = FakeExports(queued=first_tasks(AT, 1, 5)), library()
    first = store.queued[0]
    deps = dependencies(store, table)
    write_file(deps, store.queued.pop(0), long)
    write_file(deps, store.queued.pop(0), long)
    under_way = list(store.queued)
    write_file(deps, first, long)
    assert store.queued == under_way


def test_a_file_ends_when_half_of_the_invocations_time_is_over() -> None:
    store, left = FakeExports(), iter([300.0, 200.0, 149.0])
    write_file(dependencies(store, library()), ExportFile(AT, 0, 1, 1000), lambda: next(left))

    assert store.written_files[f"{FOLDER}part=000/00000.parquet"].assets == 6  # two pages
    assert store.queued == [ExportFile(AT, 0, 1, 1000, 1, "a05")]


def test_the_manifest_comes_after_the_records_of_all_segments() -> None:
    store, table = FakeExports(queued=first_tasks(AT, 2, 1000)), library()
    deps = dependencies(store, table)
    first, second = store.queued
    write_file(deps, first, long)
    assert [key for key in store.objects if key.endswith(".json")] == [f"{FOLDER}_segments/000.json"]
    write_file(deps, second, long)
    assert list(store.objects)[-1] == FOLDER + MANIFEST


def test_a_segment_without_assets_has_one_empty_file() -> None:
    store = FakeExports()
    write_file(dependencies(store, FakeTable({})), ExportFile(AT, 0, 1, 10), long)
    assert [(file.key, file.assets) for file in manifest(store).files] == [("part=000/00000.parquet", 0)]


def test_an_asset_is_as_a_scan_returns_it() -> None:
    store, table = FakeExports(queued=first_tasks(AT, 1, 100)), library()
    run(store, table, random.Random(1))
    lines = store.objects[f"{FOLDER}part=000/00000.parquet"].splitlines()
    assert lines == [msgspec.json.encode(exported(table.states[name])) for name in NAMES]


def test_a_file_that_somebody_removed_fails_its_segment_instead_of_leaving_it_out() -> None:
    store, table = FakeExports(queued=first_tasks(AT, 1, 30)), library()
    deps = dependencies(store, table)
    write_file(deps, store.queued.pop(0), long)
    del store.written_files[f"{FOLDER}part=000/00000.parquet"]
    with pytest.raises(Retryable, match="was there, and is gone"):
        write_file(deps, store.queued.pop(0), long)
    assert FOLDER + MANIFEST not in store.objects
