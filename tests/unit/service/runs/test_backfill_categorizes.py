"""``backfill --categorize``: what lacks labels is found, known or not; what has or awaits them is never paid for."""

import pytest

from autotag.domain.errors import NotUnderstood, Permanent, Retryable
from autotag.domain.runs.run import BackfillSource, Run
from autotag.service.runs.backfill import backfill
from autotag.service.tagging.sweep import sweep
from autotag.service.worker import handle
from tests.fakes.samples import GUITARIST, resource, upload
from tests.unit.service.runs.run_library import OLD, Library
from tests.unit.service.settle import check

DAY = 86400


def announced(library: Library, asset_id: str, status: str, **labels: float) -> None:
    """Let an asset be uploaded while the service listens."""
    body = resource(asset_id, labels or None, status=status, public_id=f"late/{asset_id}")
    library.fakes.cloudinary.assets[asset_id] = body
    handle(library.fakes.deps, upload(dict(body), digest=f"d-{asset_id}"), library.fakes.remaining)


def categorize(library: Library, max_units: int = 100, *, dry_run: bool = False, page: int = 3) -> Run:
    """Run a backfill over what was announced, an hour later."""
    library.fakes.cloudinary.knows = {"Boat": 0.9}
    library.fakes.cloudinary.list_page = page
    library.fakes.clock.advance(3600)
    listing = BackfillSource(categorize=True, max_units=max_units, prefix="late/")
    return library.finish(library.run("backfill", listing=listing, dry_run=dry_run))


def boats(library: Library) -> list[str]:
    return sorted(asset_id for asset_id, tags in library.tags().items() if "Boat" in tags)


def test_assets_that_are_known_but_were_never_categorized_are_found() -> None:
    library = Library(2)
    for n in range(5):
        announced(library, f"x{n}", "none")
    run = categorize(library)

    assert (run.status, run.counts.planned, run.counts.done, run.counts.units) == ("done", 5, 5, 5)
    assert boats(library) == [f"x{n}" for n in range(5)]
    check(library.fakes)


def test_known_ones_are_taken_within_the_units_and_the_next_run_goes_on() -> None:
    library = Library(0)
    for n in range(5):
        announced(library, f"x{n}", "none")

    first = categorize(library, max_units=2, page=100)
    second = categorize(library)

    assert (first.status, first.counts.units, second.status, second.counts.units) == ("paused", 2, "done", 3)
    assert library.fakes.cloudinary.reads == ["x0", "x1", "x2", "x2", "x3", "x4"]  # none once the units are used
    assert sorted(library.fakes.cloudinary.categorized) == boats(library) == [f"x{n}" for n in range(5)]


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


def test_what_an_add_on_is_at_work_on_is_left_to_it() -> None:
    library = Library(0)
    announced(library, "waits", "pending")
    run = categorize(library)

    assert (run.counts.planned, run.counts.units, library.fakes.cloudinary.categorized) == (0, 0, [])


LEAVES_ALONE = f"""{OLD}
[[when]]
folder = "private/**"
skip = true
[[when]]
tags_any = ["rights unclear", "Boat"]
skip = true
"""


@pytest.mark.parametrize("tries", [True, False])
@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize(
    ("fields", "units"),
    [
        ({"asset_folder": "private/a"}, 0),
        ({"tags": ["rights unclear"]}, 0),
        ({"asset_folder": "public", "tags": ["mine"]}, 1),
    ],
    ids=["folder", "tag", "neither"],
)
def test_no_unit_is_spent_on_what_a_rule_leaves_alone(
    fields: dict[str, object], units: int, known: bool, tries: bool
) -> None:
    library = Library(0, LEAVES_ALONE)
    body = resource("x", status="none", public_id="late/x") | fields
    library.fakes.cloudinary.assets["x"] = body
    if known:
        handle(library.fakes.deps, upload(dict(body), digest="d"), library.fakes.remaining)
    run = categorize(library, dry_run=tries)

    assert (run.status, run.counts.units) == ("done", units)
    assert library.fakes.cloudinary.categorized == (["x"] if units and not tries else [])


def test_a_tag_of_ours_is_no_reason_to_leave_an_asset_alone() -> None:
    library = Library(0, LEAVES_ALONE)
    announced(library, "x", "complete", Boat=0.9)
    assert boats(library) == ["x"]
    body = library.fakes.cloudinary.assets["x"]
    library.fakes.cloudinary.assets["x"] = resource("x", status="none", version=900, public_id="late/x") | {
        "tags": body["tags"]
    }

    assert categorize(library).counts.units == 1


def test_labels_that_are_none_are_an_answer_and_not_asked_for_again() -> None:
    library = Library(0)
    announced(library, "plain", "complete")
    announced(library, "known", "complete", Dog=0.9)

    assert categorize(library).counts.units == 0
    assert library.fakes.cloudinary.reads == []


def test_what_failed_is_tried_again() -> None:
    library = Library(0)
    announced(library, "bad", "failed")
    run = categorize(library)

    assert (run.counts.units, boats(library)) == (1, ["bad"])
    check(library.fakes)


@pytest.mark.parametrize(("late", "units"), [("pending", 0), ("complete", 0), ("failed", 1), ("none", 1)])
def test_what_timed_out_is_read_again_and_paid_for_only_where_nothing_is_on_its_way(late: str, units: int) -> None:
    library = Library(0)
    announced(library, "slow", "pending")
    for _ in range(30):
        library.fakes.clock.advance(DAY / 20)
        sweep(library.fakes.deps, library.fakes.remaining)
    assert library.fakes.store.items["slow"].status == "timed_out"
    library.fakes.cloudinary.assets["slow"] = resource("slow", {"Boat": 0.95}, status=late, public_id="late/slow")

    run = categorize(library)

    assert (run.counts.planned, run.counts.units) == (1, units)
    assert boats(library) == ([] if late == "pending" else ["slow"])


def test_labels_that_came_without_a_notification_are_decided_on_at_no_unit() -> None:
    """As after ``autotag update koala5 --categorization aws_rek_tagging`` on an account without a trigger."""
    library = Library(0)
    announced(library, "koala5", "none")
    library.fakes.cloudinary.assets["koala5"] = resource("koala5", {"Boat": 0.95}, public_id="late/koala5")
    run = categorize(library)

    assert (run.counts.units, boats(library), library.fakes.cloudinary.categorized) == (0, ["koala5"], [])


def test_labels_of_an_add_on_that_the_rules_use_no_more_do_not_count() -> None:
    library = Library(0)
    announced(library, "x", "complete", Dog=0.9)
    library.fakes.rules.use(f'{OLD}providers = ["google_tagging"]\n', 1)
    run = categorize(library)

    assert (run.counts.units, boats(library)) == (1, ["x"])


def test_labels_of_one_of_several_add_ons_are_enough() -> None:
    library = Library(0, f'{OLD}providers = ["google_tagging", "aws_rek_tagging"]\n')
    announced(library, "x", "complete", Dog=0.9)
    never_seen = resource("lost", {"Dog": 0.9}, public_id="late/lost")
    library.fakes.cloudinary.assets["lost"] = never_seen

    assert categorize(library).counts.units == 0
    assert library.fakes.cloudinary.reads == ["lost"]


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


def test_without_being_asked_for_known_assets_are_neither_read_nor_paid_for() -> None:
    library = Library(0)
    announced(library, "x", "none")
    library.finish(library.run("backfill"))

    assert (library.fakes.cloudinary.reads, library.fakes.cloudinary.categorized) == ([], [])


def mixed() -> Library:
    library = Library(2)
    for n in range(4):
        announced(library, f"x{n}", "none")
    announced(library, "waits", "pending")
    announced(library, "known", "complete", Dog=0.9)
    announced(library, "bad", "failed")
    announced(library, "came", "none")
    assets = library.fakes.cloudinary.assets
    assets["came"] = resource("came", {"Boat": 0.95}, public_id="late/came")
    for n in range(3):
        assets[f"lost{n}"] = resource(f"lost{n}", GUITARIST, public_id=f"late/lost{n}")
        assets[f"bare{n}"] = resource(f"bare{n}", status="none", public_id=f"late/bare{n}")
    return library


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

    run = library.fakes.runs.items[run_id]
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
    run = library.fakes.runs.items[run_id]

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
@pytest.mark.parametrize(
    ("providers", "units"),
    [(["aws_rek_tagging"], 0), (["aws_rek_tagging", "google_video_tagging"], 1), (["azure_video_indexer"], 1)],
)
def test_no_unit_is_spent_on_what_the_add_on_does_not_look_at(providers: list[str], units: int, tries: bool) -> None:
    library = Library(0, f"{OLD}providers = {providers}\n")
    library.fakes.cloudinary.assets["x"] = resource("x", status="none", public_id="late/x") | {"resource_type": "video"}
    run = categorize(library, dry_run=tries)

    assert (run.status, run.counts.units) == ("done", units)
    assert len(library.fakes.cloudinary.categorized) == (0 if tries else units)


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
