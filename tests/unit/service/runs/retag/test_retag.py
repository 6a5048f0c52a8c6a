"""Deciding again from stored labels: what a plan says is what happens, once, and never against people."""

import pytest
from msgspec.structs import replace

from autotag.domain.runs.run import SEGMENTS, Filter
from autotag.service.worker import handle
from tests.fakes.samples import person
from tests.unit.service.runs.retag.retag_library import expected, given
from tests.unit.service.runs.run_library import OLD, Library
from tests.unit.service.settle import check


def test_a_retag_does_exactly_what_its_plan_said() -> None:
    library = given()
    run_id = library.run()
    plan = library.plan(run_id)
    wanted = expected(library, plan)
    run = library.finish(run_id)

    assert library.tags() == wanted and len(plan) == 9
    assert (run.status, run.counts.seen, run.counts.planned, run.counts.done) == ("done", 12, 9, 9)
    check(library.fakes)
    assert library.plan(library.run()) == {}


def test_planning_changes_nothing() -> None:
    library = given()
    before, effects = library.tags(), library.fakes.effects.done
    library.plan(library.run())

    assert library.tags() == before and library.fakes.effects.done == effects


def test_assets_of_which_the_same_changes_are_written_with_one_call_each_with_an_audit_of_its_own() -> None:
    library = given(160)
    run_id = library.run()
    library.finish(run_id)

    kinds_that_change, ops = 3, 2
    assert len(library.fakes.cloudinary.joint_calls) <= kinds_that_change * ops * SEGMENTS
    retagged = [a for a in library.fakes.audits.records.values() if a.trigger.kind == "retag"]
    assert len(retagged) == len({audit.asset.asset_id for audit in retagged}) == 120
    assert {audit.trigger.request_id for audit in retagged} == {run_id}
    assert {audit.rules.version for audit in retagged} == {library.fakes.rules.now[0].version}
    assert library.run_of(run_id).counts.calls == len(library.fakes.cloudinary.joint_calls)


def test_a_tag_that_a_person_removed_does_not_come_back() -> None:
    library = given()
    library.fakes.cloudinary.assets["a0"]["tags"].remove("People")
    handle(library.fakes.deps, person("a0", removed=("People",), at=library.fakes.clock.now()), library.fakes.remaining)
    library.finish(library.run())

    assert library.tags()["a0"] == {"press"}  # nor under the name that the new rules give it
    check(library.fakes)


def test_human_tags_are_left_alone() -> None:
    library = given()
    for body in library.fakes.cloudinary.assets.values():
        body["tags"].append("mine")
    library.finish(library.run())

    assert all({"press", "mine"} <= tags for tags in library.tags().values())


@pytest.mark.parametrize(
    ("filter_", "meant"),
    [
        (Filter(assets=("a0", "stage/5")), {"a0", "a5"}),
        (Filter(public_id="stage/1*"), {"a1", "a11"}),
        (Filter(folder="stage"), {f"a{n}" for n in range(12) if n % 4 != 2}),
        (Filter(folder="zoo/**"), set()),
        (Filter(tag="Cat"), {f"a{n}" for n in range(12) if n % 4 in (1, 3)}),
        (Filter(statuses=("gone",)), set()),
        (Filter(rules_before=1), {f"a{n}" for n in range(12) if n % 4 != 2}),
        (Filter(since=2_000_000_000_000), set()),
        (Filter(until=1), set()),
    ],
)
def test_a_filter_says_which_assets_are_meant(filter_: Filter, meant: set[str]) -> None:
    library = given()
    assert set(library.plan(library.run(filter=filter_))) == meant - {f"a{n}" for n in range(12) if n % 4 == 2}


def test_calls_that_each_asset_needs_alone_are_counted() -> None:
    library = given()
    run_id = library.run()
    library.poll()
    library.fakes.cloudinary.silent = True  # no answer names an asset: each is read
    library.work()

    joint, assets = len(library.fakes.cloudinary.joint_calls), 9
    assert library.run_of(run_id).counts.calls >= joint + assets


def test_rules_that_are_only_tried_out_write_nothing() -> None:
    library = given()
    library.fakes.rules.use('[defaults]\nmode = "dry_run"\nthreshold = 0.99\n', 2)
    assert library.plan(library.run()) == {}


def test_a_run_never_goes_back_to_older_rules() -> None:
    library = given()
    library.run()
    library.poll()
    library.fakes.rules.use(OLD, 0)  # a worker that has not heard of the push yet
    message = library.bulk.messages[0]
    before = library.tags()

    assert not library.survives(message) and library.tags() == before


def test_questions_of_an_earlier_release_get_their_confidence_once() -> None:
    library = Library(rules="[defaults]\nthreshold = 0.97\nreview = 0.9\n")
    store = library.fakes.store.items
    asked = {name: state.ask for name, state in store.items() if state.review}
    assert asked["a1"] == {"people": 9500, "cat": 9200}
    for name in asked:
        store[name] = replace(store[name], ask={})
    library.finish(library.run())

    assert {name: state.ask for name, state in store.items() if state.review} == asked
    assert library.plan(library.run()) == {}
