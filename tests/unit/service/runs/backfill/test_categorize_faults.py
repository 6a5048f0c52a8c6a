"""``backfill --categorize`` through deaths, two pollers, refusals and too little time: no unit is paid twice."""

import pytest

from autotag.domain.errors import NotUnderstood, Permanent
from autotag.domain.runs.run import BackfillSource
from autotag.service.runs.backfill import backfill
from tests.fakes.samples import resource
from tests.unit.service.runs.backfill.backfill_library import announced, boats, categorize, mixed
from tests.unit.service.runs.run_library import Library


def test_two_pollers_at_once_neither_pay_for_an_asset_twice_nor_count_it_twice() -> None:
    library = Library(0)
    for n in range(4):
        announced(library, f"x{n}", "none")
    cloudinary = library.fakes.cloudinary

    def begin_another() -> None:
        if len(cloudinary.reads) == 1:
            library.poll()

    cloudinary.before_read = begin_another
    run = categorize(library)

    assert (run.status, run.counts.planned, run.counts.done, run.counts.units) == ("done", 4, 4, 4)
    assert sorted(library.fakes.cloudinary.categorized) == boats(library) == [f"x{n}" for n in range(4)]


def test_an_asset_that_cloudinary_refuses_is_counted_as_failed_and_the_others_are_done() -> None:
    library = Library(0)
    for n in range(3):
        announced(library, f"x{n}", "none")
    refused = Permanent("Cloudinary answered 400: too large")

    def refuse_the_second() -> None:
        if library.fakes.cloudinary.reads == ["x0", "x1"]:
            library.fakes.cloudinary.fails = [refused]

    library.fakes.cloudinary.before_read = refuse_the_second
    run = categorize(library)

    assert (run.status, run.counts.planned, run.counts.done, run.counts.failed) == ("done", 3, 2, 1)
    assert boats(library) == ["x0", "x2"]


@pytest.mark.parametrize(("categorizes", "tries", "pages"), [(True, True, 3), (True, False, 1), (False, True, 1)])
def test_where_each_asset_is_only_read_the_pages_are_short_so_that_each_ends_in_time(
    categorizes: bool, tries: bool, pages: int
) -> None:
    library = Library(0)
    library.fakes.cloudinary.list_page = 10_000
    for n in range(50):
        announced(library, f"x{n}", "none")
    library.fakes.clock.advance(3600)
    listing = BackfillSource(categorize=categorizes, max_units=100)
    run = library.finish(library.run("backfill", listing=listing, dry_run=tries))

    assert run.status == "done"
    assert run.counts.reads - len(library.fakes.cloudinary.reads) == pages


@pytest.mark.parametrize("tries", [True, False])
def test_where_the_time_is_up_within_a_page_the_next_minute_goes_on_and_counts_nothing_twice(tries: bool) -> None:
    library, plain = mixed(), mixed()
    run_id = library.run(
        "backfill", listing=BackfillSource(categorize=True, max_units=50, prefix="late/"), dry_run=tries
    )
    library.fakes.cloudinary.list_page, library.fakes.cloudinary.knows = 3, {"Boat": 0.9}
    for _ in range(30):
        left = iter([60.0] * 9)  # as many looks at the clock as a page of three may take, and a few more
        backfill(library.fakes.deps, run_id, lambda left=left: next(left, 0.0))  # type: ignore[misc]
        library.fakes.clock.advance(60)
    run = library.run_of(run_id)

    assert (run.status, run.counts.seen) == ("done", 14)
    assert run.counts.planned == categorize(plain, dry_run=tries).counts.planned
    assert len(library.fakes.cloudinary.categorized) == len(set(library.fakes.cloudinary.categorized))
    if tries:  # a real one may count a unit for a call that there was no time for
        assert run.counts.units == 8


def few() -> Library:
    """One asset of each kind that is to be categorized, and one that is not."""
    library = Library(0)
    announced(library, "x", "none")
    announced(library, "bad", "failed")
    announced(library, "known", "complete", Dog=0.9)
    library.fakes.cloudinary.assets["bare"] = resource("bare", status="none", public_id="late/bare")
    return library


def test_dying_anywhere_each_is_categorized_once() -> None:
    plain = few()
    categorize(plain)
    wanted = sorted(plain.fakes.cloudinary.categorized)
    counted = few()
    for number in range(counted.fakes.effects.done, plain.fakes.effects.done):
        for when in ("before", "after"):
            library = few()
            library.fakes.effects.die_at = (number, when)
            run = categorize(library)

            paid = sorted(library.fakes.cloudinary.categorized)
            assert (run.status, paid) == ("done", wanted), f"died {when} {number}"
            assert library.tags() == plain.tags()


@pytest.mark.parametrize("tries", [True, False])
def test_an_asset_whose_answer_is_not_understood_does_not_keep_the_others_waiting(tries: bool) -> None:
    library = Library(0)
    for n in range(3):
        announced(library, f"x{n}", "none")

    def be_odd() -> None:
        if library.fakes.cloudinary.reads[-1] == "x1":
            library.fakes.cloudinary.fails = [NotUnderstood("no asset")]

    library.fakes.cloudinary.before_read = be_odd
    run = categorize(library, dry_run=tries)

    assert (run.status, run.counts.seen, run.counts.units) == ("done", 3, 2)
    assert run.counts.failed == (0 if tries else 1)
