"""A dry run of ``backfill --categorize``: it counts the units that the run would use, and uses none."""

from autotag.domain.errors import Retryable
from autotag.domain.runs.run import BackfillSource, Run
from tests.unit.service.runs.backfill.backfill_library import categorize, mixed
from tests.unit.service.runs.run_library import Library


def test_a_dry_run_counts_exactly_the_units_that_the_run_would_use_and_uses_none() -> None:
    library, real = mixed(), mixed()
    states = library.fakes.store.items
    before = library.tags(), {key: state for key, state in states.items() if key != "waits"}

    tried = categorize(library, max_units=0, dry_run=True)
    done = categorize(real)

    assert (tried.status, tried.counts.done, library.fakes.cloudinary.categorized) == ("done", 0, [])
    assert tried.counts.units == done.counts.units == 4 + 1 + 3
    assert tried.counts.planned == done.counts.planned
    assert tried.counts.reads == 12 + 6  # each of those, and pages of three
    assert (library.tags(), {key: state for key, state in states.items() if key != "waits"}) == before


def test_a_dry_run_that_waits_for_the_budget_counts_no_unit_twice() -> None:
    library = mixed()
    library.fakes.limits.left = 3
    listing = BackfillSource(categorize=True, prefix="late/")
    library.fakes.cloudinary.list_page = 3
    run_id = library.run("backfill", listing=listing, dry_run=True)
    for _ in range(20):
        library.poll()
        library.fakes.clock.advance(1801)
        library.fakes.limits.left = 5

    run = library.run_of(run_id)
    assert (run.status, run.counts.units) == ("done", 4 + 1 + 3)


def dry_run(library: Library) -> Run:
    library.fakes.clock.advance(3600)
    return library.finish(
        library.run("backfill", listing=BackfillSource(categorize=True, prefix="late/"), dry_run=True)
    )


def test_a_dry_run_counts_no_unit_for_an_asset_that_is_deleted_meanwhile() -> None:
    library = mixed()

    def delete() -> None:
        if library.fakes.cloudinary.reads[-1] == "x1":
            library.fakes.cloudinary.assets.pop("x1", None)

    library.fakes.cloudinary.before_read = delete
    run = dry_run(library)

    assert (run.status, run.counts.units, "x1" in library.fakes.cloudinary.missed) == ("done", 3 + 1 + 3, True)


def test_a_dry_run_waits_where_cloudinary_is_down() -> None:
    library = mixed()
    library.fakes.cloudinary.fails = [Retryable("503")]
    run = dry_run(library)

    assert (run.status, run.counts.units) == ("done", 4 + 1 + 3)


def test_a_dry_run_leaves_a_part_of_the_budget_to_live_work() -> None:
    library = mixed()
    library.fakes.limits.left, library.fakes.limits.kept = 10, 6
    library.run("backfill", listing=BackfillSource(categorize=True, prefix="late/"), dry_run=True)
    library.poll()

    assert library.fakes.limits.left == 6
