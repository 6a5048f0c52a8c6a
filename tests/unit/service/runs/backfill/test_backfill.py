"""Assets that we were never told of: found, read within the budget, and decided once."""

from autotag.domain.errors import Permanent, Retryable
from autotag.domain.runs.run import BackfillSource
from autotag.service.worker import handle
from tests.fakes.samples import GUITARIST, person, resource
from tests.unit.service.runs.run_library import Library
from tests.unit.service.settle import check


def given(lost: int = 5, known: int = 4) -> Library:
    """A library with ``known`` assets, and ``lost`` ones whose notifications never came."""
    library = Library(known)
    for n in range(lost):
        body = resource(f"lost{n}", GUITARIST, tags=("press",), public_id=f"lost/{n}", version=300)
        library.fakes.cloudinary.assets[f"lost{n}"] = body
    library.fakes.cloudinary.list_page = 3
    return library


def test_what_was_never_seen_is_read_and_decided_and_what_is_known_is_not_read() -> None:
    library = given()
    run_id = library.run("backfill")
    run = library.finish(run_id)

    assert {asset: tags for asset, tags in library.tags().items() if asset.startswith("lost")} == {
        f"lost{n}": {"press", "People", "Guitar"} for n in range(5)
    }
    assert sorted(library.fakes.cloudinary.reads) == [f"lost{n}" for n in range(5)]
    assert (run.status, run.counts.seen, run.counts.planned, run.counts.done) == ("done", 9, 5, 5)
    assert run.counts.reads == 5 + 3  # pages of three
    audits = [a for a in library.fakes.audits.records.values() if a.trigger.kind == "backfill"]
    assert len(audits) == 5 and {audit.trigger.request_id for audit in audits} == {run_id}
    check(library.fakes)


def test_an_overwrite_that_we_were_not_told_of_is_decided() -> None:
    library = given(lost=0)
    body = resource("a0", {"Boat": 0.99}, version=400, tags=("press",), public_id="stage/0")
    library.fakes.cloudinary.assets["a0"] = body
    library.finish(library.run("backfill"))

    assert "Boat" in library.tags()["a0"] and library.fakes.cloudinary.reads == ["a0"]


def test_a_budget_that_is_used_up_makes_it_wait_and_not_fail() -> None:
    library = given(lost=6, known=0)
    library.fakes.limits.left = 3
    run_id = library.run("backfill")
    library.poll()
    assert library.fakes.limits.left == 0 and library.run_of(run_id).status == "running"
    assert library.run_of(run_id).due_at > library.fakes.clock.now() + 1_700_000  # until the next hour
    library.poll()  # and nobody asks before
    assert len(library.fakes.cloudinary.reads) == 2
    library.fakes.limits.left = 100
    library.fakes.clock.advance(1801)
    run = library.finish(run_id)

    assert run.status == "done" and len(library.fakes.cloudinary.reads) == 6
    check(library.fakes)


def test_it_leaves_a_part_of_the_budget_to_live_work() -> None:
    library = given(lost=6, known=0)
    library.fakes.limits.left, library.fakes.limits.kept = 10, 8
    library.run("backfill")
    library.poll()

    assert library.fakes.limits.left == 8


def test_without_labels_nothing_is_categorized_unless_asked_for() -> None:
    library = given(lost=0, known=0)
    library.fakes.cloudinary.assets["x"] = resource("x", status="none")
    library.finish(library.run("backfill"))

    assert library.fakes.cloudinary.categorized == [] and library.fakes.outcomes() == ["skipped"]


def test_asked_for_it_categorizes_what_has_no_labels_within_its_units() -> None:
    library = given(lost=2, known=0)
    library.fakes.cloudinary.knows = {"Boat": 0.9}
    for n in range(3):
        library.fakes.cloudinary.assets[f"x{n}"] = resource(f"x{n}", status="none")
    run = library.finish(library.run("backfill", listing=BackfillSource(categorize=True, max_units=2)))

    assert len(library.fakes.cloudinary.categorized) == run.counts.units == 2
    assert run.status == "paused" and "units" in run.why
    assert sum("Boat" in tags for tags in library.tags().values()) == 2
    check(library.fakes)


def test_trying_it_out_counts_and_reads_no_asset() -> None:
    library = given()
    run = library.finish(library.run("backfill", dry_run=True))

    assert (run.counts.seen, run.counts.planned, run.counts.done) == (9, 5, 0)
    assert library.fakes.cloudinary.reads == []


def test_only_what_begins_with_the_prefix_is_looked_at() -> None:
    library = given()
    run = library.finish(library.run("backfill", listing=BackfillSource(prefix="lost/1")))

    assert run.counts.seen == 1 and library.fakes.cloudinary.reads == ["lost1"]


def test_an_empty_page_of_cloudinarys_list_is_not_its_end_while_there_is_a_cursor() -> None:
    library = given()
    run = library.finish(library.run("backfill", listing=BackfillSource(prefix="lost/4")))

    assert (run.counts.seen, run.counts.done, library.fakes.cloudinary.reads) == (1, 1, ["lost4"])
    assert run.counts.reads == 1 + 3  # two pages of three hold nothing that begins so


def test_an_asset_that_was_deleted_since_it_was_listed_is_passed_over() -> None:
    library = given(lost=3, known=0)
    gone = library.fakes.cloudinary

    def delete() -> None:
        gone.assets.pop("lost1", None)

    gone.before_read = delete
    run = library.finish(library.run("backfill"))

    assert run.status == "done" and run.counts.done == 2
    check(library.fakes)


def test_what_a_person_removed_is_not_brought_back() -> None:
    library = given(lost=1, known=0)
    removed = person("lost0", removed=("Guitar",), at=library.fakes.clock.now())
    handle(library.fakes.deps, removed, library.fakes.remaining)
    library.finish(library.run("backfill"))

    assert library.tags()["lost0"] == {"press", "People"}


def test_cloudinary_being_down_makes_it_wait() -> None:
    library = given(lost=3, known=0)
    library.fakes.cloudinary.fails = [Retryable("503")]
    run_id = library.run("backfill")
    library.poll()
    assert library.run_of(run_id).status == "running"
    assert library.finish(run_id).counts.done == 3


def test_a_list_that_cannot_be_read_pauses_it_and_says_why() -> None:
    """A cursor that has expired, say: from then on every call would be wasted."""
    library = given(lost=3, known=0)
    library.fakes.cloudinary.fails = [Permanent("Cloudinary answered 400: Invalid cursor")]
    run_id = library.run("backfill")
    library.poll()
    run = library.run_of(run_id)
    assert run.status == "paused" and "Invalid cursor" in run.why
    assert library.fakes.runs.resume(run) and library.finish(run_id).counts.done == 3


def test_dying_anywhere_it_reads_and_decides_each_once() -> None:
    plain = given(lost=3, known=0)
    plain.finish(plain.run("backfill"))
    for number in range(plain.fakes.effects.done):
        for when in ("before", "after"):
            library = given(lost=3, known=0)
            run_id = library.run("backfill")
            library.fakes.effects.die_at = (number, when)
            run = library.finish(run_id)

            check(library.fakes)
            assert library.tags() == plain.tags() and run.status == "done", f"died {when} {number}"
            assert library.fakes.outcomes() == ["tagged"] * 3
