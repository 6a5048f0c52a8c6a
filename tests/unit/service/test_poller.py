"""The poller's minute, once single assets are looked after: no run keeps another waiting, and no asset keeps runs."""

from collections.abc import Callable
from contextlib import suppress

import pytest
from msgspec.structs import replace

from autotag.domain.errors import Retryable
from autotag.domain.rules.compiled.ruleset import ActiveRules, Ruleset
from autotag.domain.runs.run import BackfillSource, Run
from autotag.domain.state.asset_state import AssetState
from autotag.service.context import Remaining
from autotag.service.poller import run_minute
from autotag.service.worker import handle
from tests.fakes.runtime import in_turn
from tests.fakes.samples import resource, upload
from tests.unit.service.runs.run_library import NEW, Library, is_planned, pages_of


class Pages:
    """The pages of a library, of which one fails."""

    def __init__(self, library: Library, fails: Exception) -> None:
        self.library, self.fails = library, fails
        self.left = 1

    def page(self, segment: int, segments: int, cursor: str, limit: int) -> tuple[list[AssetState], str | None]:
        if self.left:
            self.left -= 1
            raise self.fails
        return self.library.fakes.store.page(segment, segments, cursor, limit)


@pytest.fixture
def library() -> Library:
    """Eight assets that other rules now hold for."""
    library = Library(8)
    library.fakes.clock.advance(3600)
    library.fakes.rules.use(NEW, 1)
    return library


def minute(library: Library, fails: Exception | None = None, remaining: Remaining | None = None) -> None:
    planner = library.planner if fails is None else replace(library.planner, pages=Pages(library, fails))
    fakes = library.fakes
    run_minute(fakes.deps, planner, fakes.due_queue, in_turn, remaining or fakes.remaining)


def run_of(library: Library, run_id: str) -> Run:
    return library.run_of(run_id)


def pending(library: Library) -> None:
    """Let an asset be pending and due to be read."""
    handle(library.fakes.deps, upload(resource("b1", status="pending"), digest="b"), library.fakes.remaining)
    library.fakes.cloudinary.assets["b1"] = resource("b1", {"Cat": 0.99})
    library.fakes.clock.advance(3600)


def test_a_minute_looks_after_single_assets_and_then_goes_on_with_runs(library: Library) -> None:
    pending(library)
    run_id = library.run()
    minute(library)
    assert library.tags()["b1"] == {"Cat"}
    assert is_planned(run_of(library, run_id)) and library.bulk.messages


def test_a_mistake_about_an_asset_does_not_stop_the_runs_and_is_raised_all_the_same(library: Library) -> None:
    pending(library)
    library.fakes.cloudinary.fails.append(ZeroDivisionError("a mistake of ours"))
    run_id = library.run()
    with pytest.raises(ExceptionGroup) as raised:
        minute(library)
    assert raised.group_contains(ZeroDivisionError)
    assert is_planned(run_of(library, run_id)) and library.bulk.messages


def test_a_run_that_cannot_go_on_keeps_no_other_waiting(library: Library) -> None:
    first, second = library.run(), library.run()
    minute(library, Retryable("DynamoDB: InternalServerError"))
    assert not is_planned(run_of(library, first)) and is_planned(run_of(library, second))
    assert [fields["run"] for event, fields in library.fakes.telemetry.lines if event == "run_retry_scheduled"] == [
        first
    ]
    minute(library)
    assert is_planned(run_of(library, first))


def test_a_mistake_about_a_run_keeps_no_other_waiting_and_is_raised_all_the_same(library: Library) -> None:
    first, second = library.run(), library.run()
    with pytest.raises(ExceptionGroup) as raised:
        minute(library, KeyError("a mistake of ours"))
    assert raised.group_contains(KeyError)
    assert not is_planned(run_of(library, first)) and is_planned(run_of(library, second))


@pytest.mark.parametrize("fails", [Retryable("DynamoDB: InternalServerError"), KeyError("a mistake of ours")])
def test_a_segment_that_cannot_go_on_keeps_no_other_waiting(library: Library, fails: Exception) -> None:
    run_id = library.run()
    with suppress(ExceptionGroup):
        minute(library, fails)
    planned = {name: segment.cursor is None for name, segment in run_of(library, run_id).segments.items()}
    assert planned == {"0": False, "1": True, "2": True, "3": True}
    minute(library)
    library.work()
    assert run_of(library, run_id).status == "done"


def test_runs_wait_where_single_assets_took_the_time(library: Library) -> None:
    run_id = library.run()
    minute(library, remaining=lambda: 19.0)
    assert pages_of(run_of(library, run_id)) == 0
    minute(library)
    assert is_planned(run_of(library, run_id))


@pytest.mark.parametrize("status", ["paused", "cancelled"])
def test_a_stopped_run_is_left_alone(library: Library, status: str) -> None:
    run_id = library.run()
    library.fakes.runs.stop(run_id, status, "by ada", 1)  # type: ignore[arg-type]
    before = run_of(library, run_id)
    minute(library)
    assert run_of(library, run_id) == before


def backfilled(library: Library) -> None:
    library.fakes.cloudinary.assets["n1"] = resource("n1", {"Cat": 0.99}, public_id="new/n1")


def test_a_backfill_lists_reads_and_decides_in_the_same_minute(library: Library) -> None:
    backfilled(library)
    run_id = library.run("backfill", listing=BackfillSource(prefix="new/"))
    minute(library)
    assert library.tags()["n1"] == {"Cat"}
    assert (run_of(library, run_id).status, run_of(library, run_id).counts.done) == ("done", 1)


FALLING: list[tuple[Callable[[Library], None], int]] = [
    (lambda library: setattr(library.fakes.limits, "left", 0), 1800),
    (lambda library: library.fakes.limits.trip(library.fakes.clock.now(), "401"), 299),
]


@pytest.mark.parametrize(("falls", "seconds"), FALLING, ids=["the budget is used", "the breaker is open"])
def test_a_backfill_waits_as_long_as_it_must_and_then_goes_on(
    library: Library, falls: Callable[[Library], None], seconds: int
) -> None:
    backfilled(library)
    run_id = library.run("backfill", listing=BackfillSource(prefix="new/"))
    falls(library)
    minute(library)
    library.fakes.limits.left = 10
    reads = len(library.fakes.cloudinary.reads)
    library.fakes.clock.advance(seconds - 5)
    minute(library)
    assert run_of(library, run_id).status == "running" and len(library.fakes.cloudinary.reads) == reads
    library.fakes.clock.advance(10)
    minute(library)
    assert run_of(library, run_id).status == "done" and library.tags()["n1"] == {"Cat"}


def test_the_poller_looks_at_the_rules_even_where_nothing_is_due(library: Library) -> None:
    looked: list[int] = []

    class Counting:
        def active(self, *, at_least: int = 0) -> ActiveRules:
            looked.append(at_least)
            raise Retryable("DynamoDB: InternalServerError")

        def of_version(self, version: str) -> Ruleset | None:
            raise AssertionError(f"nobody judges a tag under {version}")

    fakes = library.fakes
    run_minute(replace(fakes.deps, rules=Counting()), library.planner, fakes.due_queue, in_turn, fakes.remaining)
    assert looked == [0]
    assert ("rules_unavailable", {"fault": "DynamoDB: InternalServerError"}) in fakes.telemetry.lines
