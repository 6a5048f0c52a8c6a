"""``backfill --categorize``: what lacks labels is found, known or not; what has or awaits them is never paid for."""

import pytest

from autotag.service.worker import handle
from tests.fakes.minute import a_minute
from tests.fakes.samples import resource, upload
from tests.unit.service.runs.backfill.backfill_library import announced, boats, categorize
from tests.unit.service.runs.run_library import OLD, Library
from tests.unit.service.settle import check

DAY = 86400


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
        a_minute(library.fakes)
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


def test_without_being_asked_for_known_assets_are_neither_read_nor_paid_for() -> None:
    library = Library(0)
    announced(library, "x", "none")
    library.finish(library.run("backfill"))

    assert (library.fakes.cloudinary.reads, library.fakes.cloudinary.categorized) == ([], [])


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
