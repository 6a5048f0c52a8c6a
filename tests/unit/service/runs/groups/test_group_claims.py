"""Which assets of a group are claimed, and which are left out, missed or counted as failed."""

import pytest
from msgspec.structs import replace

from autotag.domain.model.messages import ProcessRunGroup
from autotag.domain.state.item_size import ITEM
from autotag.service.worker import handle
from tests.unit.service.runs.groups.group_library import AFTER, THREE, carry, of, opened
from tests.unit.service.runs.run_library import GROUP, OLD, Library


@pytest.mark.parametrize(("seconds", "done", "missed"), [(15.0, 3, 0), (14.9, 0, 3)])
def test_what_there_is_no_time_for_is_not_begun_and_missed(
    library: Library, seconds: float, done: int, missed: int
) -> None:
    run = carry(library, seconds=seconds)

    assert (run.counts.done, run.counts.missed) == (done, missed)
    assert of(library).count(AFTER) == done and not any(s.intent for s in library.fakes.store.items.values())


def test_what_was_changed_while_it_was_claimed_is_missed_and_the_rest_is_done(library: Library) -> None:
    store = library.fakes.store

    def meanwhile() -> None:
        store.before_put = lambda: None
        for asset in THREE[1:]:
            store.items[asset] = replace(store.items[asset], rev=store.items[asset].rev + 1)

    store.before_put = meanwhile
    run = carry(library)

    assert (run.counts.done, run.counts.missed, run.status) == (1, 2, "running") and of(library, ("a0",)) == [AFTER]


def test_what_there_is_no_room_for_is_counted_as_failed_and_the_rest_is_done(library: Library) -> None:
    store = library.fakes.store
    for asset in THREE[:2]:
        known = store.items[asset]
        assert known.facts is not None
        store.items[asset] = replace(known, facts=replace(known.facts, tags=("press", "x" * (ITEM - 55_000))))
    store.measured = True
    run = carry(library)

    assert (run.counts.done, run.counts.failed, run.counts.missed) == (1, 2, 0) and of(library, ("a8",)) == [AFTER]
    assert (run.counts.too_large, run.counts.gone) == (2, 0)


def test_an_asset_that_is_not_known_any_more_is_left_out(library: Library) -> None:
    run = carry(library, ("nobody", *THREE))

    assert (run.counts.done, run.counts.missed, run.status) == (3, 0, "done") and of(library) == [AFTER] * 3


def test_assets_that_others_are_at_work_on_are_missed(library: Library) -> None:
    for asset in THREE[:2]:
        opened(library, asset, delay=600)
    run = carry(library)

    assert (run.counts.done, run.counts.missed) == (1, 2) and of(library, ("a8",)) == [AFTER]


def test_what_an_owner_left_behind_is_finished_before_the_run_decides(library: Library) -> None:
    opened(library, "a0", delay=60)
    library.fakes.clock.advance(600)
    run = carry(library)

    assert (run.counts.missed, run.status) == (0, "done") and of(library) == [AFTER] * 3
    kinds = [a.trigger.kind for a in library.fakes.audits.records.values() if a.asset.asset_id == "a0"]
    assert kinds == ["webhook", "webhook", "retag"]


@pytest.mark.parametrize("handled", [True, False], ids=["a group that was handled", "a run that there is not"])
def test_a_message_that_is_not_under_way_any_more_changes_nothing(library: Library, handled: bool) -> None:
    run_id, before = library.run(), library.tags()
    handle(library.fakes.deps, ProcessRunGroup(run_id if handled else "f" * 32, GROUP, THREE), library.fakes.remaining)

    assert library.tags() == before and library.fakes.telemetry.counts["Dropped"] == 1
    assert not any(state.intent for state in library.fakes.store.items.values())


def test_a_worker_that_has_not_heard_of_the_runs_rules_asks_for_them(library: Library) -> None:
    rules = library.fakes.rules
    run_id, newest = library.run(), rules.now
    library.under_way(run_id, GROUP)
    rules.use(OLD, 0)
    rules.newer = newest
    handle(library.fakes.deps, ProcessRunGroup(run_id, GROUP, THREE), library.fakes.remaining)

    assert of(library) == [AFTER] * 3


def test_while_the_breaker_is_open_a_group_is_missed_as_a_whole(library: Library) -> None:
    library.fakes.limits.open_until = library.fakes.clock.now() + 300_000
    run = carry(library)

    assert (run.counts.missed, run.groups, run.status) == (3, frozenset(), "running")
    assert library.fakes.cloudinary.joint_calls == []


def test_a_run_without_calls_left_is_paused_and_says_so_only_where_there_is_something_to_call(library: Library) -> None:
    runs = library.fakes.runs.items
    for assets, status in ((("a2",), "done"), (THREE, "paused")):  # nothing changes on the first
        run_id = library.run(max_calls=1)
        counts = replace(runs[run_id].counts, calls=5)
        runs[run_id] = replace(runs[run_id], counts=counts)
        library.under_way(run_id, GROUP)
        handle(library.fakes.deps, ProcessRunGroup(run_id, GROUP, assets), library.fakes.remaining)
        assert runs[run_id].status == status
    paused = [fields for event, fields in library.fakes.telemetry.lines if event == "run_paused"]
    assert paused == [{"run": run_id, "why": "all of its 1 calls are made"}] and runs[run_id].why == paused[0]["why"]
