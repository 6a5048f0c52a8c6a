"""Deciding again from stored labels: what a plan says is what happens, once, whoever dies, and never against people."""

import pytest
from msgspec.structs import replace

from autotag.domain.errors import Permanent, Retryable
from autotag.domain.model.asset import AssetRef
from autotag.domain.model.messages import AssetRenamed, MessageOrigin, ProcessRunGroup
from autotag.domain.runs.pacing import AHEAD, STRETCH
from autotag.domain.runs.run import SEGMENTS, Filter
from autotag.service.worker import handle
from tests.fakes.effects import Died
from tests.fakes.samples import person, resource, upload
from tests.unit.service.runs.run_library import NEW, OLD, Library
from tests.unit.service.settle import check


def given(size: int = 12) -> Library:
    library = Library(size)
    library.fakes.clock.advance(3600)
    library.fakes.rules.use(NEW, 1)
    return library


def expected(library: Library, plan: dict[str, tuple[set[str], set[str]]]) -> dict[str, set[str]]:
    return {
        asset: (tags - plan.get(asset, (set(), set()))[1]) | plan.get(asset, (set(), set()))[0]
        for asset, tags in library.tags().items()
    }


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
    assert library.fakes.runs.items[run_id].counts.calls == len(library.fakes.cloudinary.joint_calls)


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


def test_a_live_upload_meanwhile_is_decided_and_the_run_leaves_it() -> None:
    library = given()
    run_id = library.run()
    library.poll()
    body = resource("a0", {"Boat": 0.99}, version=200, tags=("press",), public_id="stage/0")
    library.fakes.cloudinary.assets["a0"] = body
    handle(library.fakes.deps, upload(dict(body), library.fakes.clock.now(), "live"), library.fakes.remaining)
    assert library.tags()["a0"] == {"press", "Boat"}
    library.finish(run_id)

    assert library.tags()["a0"] == {"press", "Boat"}
    check(library.fakes)


def test_an_asset_that_somebody_is_at_work_on_is_done_afterwards() -> None:
    library = given()
    library.fakes.cloudinary.fails = [Retryable("503")]
    body = resource("a0", {"People": 0.99, "Boat": 0.8}, version=200, tags=("press",), public_id="stage/0")
    library.fakes.cloudinary.assets["a0"] = body
    library.fakes.rules.use(OLD, 0)
    handle(library.fakes.deps, upload(dict(body), library.fakes.clock.now(), "live"), library.fakes.remaining)
    library.fakes.rules.use(NEW, 1)
    assert library.fakes.store.items["a0"].intent is not None
    run = library.finish(library.run())

    assert run.status == "done" and library.tags()["a0"] == {"press", "crowd"}
    check(library.fakes)


def test_an_asset_whose_intent_stays_open_is_missed_and_looked_at_in_another_pass() -> None:
    library = given()
    run_id = library.run()
    wanted = expected(library, library.plan(run_id))
    library.poll()
    state = library.fakes.store.items["a0"]
    body = resource("a0", {"People": 0.99, "Guitar": 0.8}, version=200, tags=("press",), public_id="stage/0")
    library.fakes.cloudinary.assets["a0"] = body
    library.fakes.cloudinary.fails = [Retryable("503", delay=600)]
    handle(library.fakes.deps, upload(dict(body), library.fakes.clock.now(), "live"), library.fakes.remaining)
    library.work()
    run = library.fakes.runs.items[run_id]
    assert (run.status, run.counts.missed) == ("running", 1) and state.rules_seq == 0
    run = library.finish(run_id)

    assert (run.status, run.counts.missed) == ("done", 0) and run.epoch >= 1
    assert library.tags() == wanted
    check(library.fakes)


def test_a_call_that_fails_leaves_intents_that_the_poller_finishes() -> None:
    library = given()
    run_id = library.run()
    wanted = expected(library, library.plan(run_id))
    library.poll()
    library.fakes.cloudinary.fails = [Retryable("503")] * 3
    library.work()
    run = library.finish(run_id)

    assert library.tags() == wanted and run.status == "done"
    check(library.fakes)


def test_an_outage_costs_a_group_one_intent_and_the_rest_waits_for_another_pass() -> None:
    library = given(1000)
    run_id = library.run()
    library.poll()
    groups = list(library.bulk.messages)
    assert groups and all(len(message.asset_ids) >= 50 for message in groups)
    library.fakes.cloudinary.fails = [Retryable("503")] * 1000
    assert all(library.survives(message) for message in groups)
    library.bulk.messages.clear()
    assert sum(state.intent is not None for state in library.fakes.store.items.values()) == len(groups)
    library.fakes.cloudinary.fails = []
    run = library.finish(run_id)

    assert run.status == "done" and library.plan(library.run()) == {}
    check(library.fakes)


def test_while_cloudinary_refuses_the_credentials_nothing_is_begun() -> None:
    library = given()
    library.run()
    library.poll()
    library.fakes.limits.open_until = library.fakes.clock.now() + 300_000
    library.work()
    assert all(state.intent is None for state in library.fakes.store.items.values())
    assert library.fakes.cloudinary.joint_calls == []


def test_what_cloudinary_refuses_for_one_is_done_for_the_others() -> None:
    """A call for several is refused since one of them is full: each alone tells which."""
    library = given()
    run_id = library.run()
    library.poll()
    library.fakes.cloudinary.fails = [Permanent("Cloudinary answered 400: no")]
    library.work()
    wanted = {"a0": {"press", "crowd"}, "a4": {"press", "crowd"}, "a1": {"press", "crowd", "Cat"}}
    library.finish(run_id)

    assert {asset: tags for asset, tags in library.tags().items() if asset in wanted} == wanted
    check(library.fakes)


def test_an_asset_that_was_deleted_meanwhile_is_gone_and_the_rest_is_done() -> None:
    library = given()
    run_id = library.run()
    library.poll()
    del library.fakes.cloudinary.assets["a0"]
    run = library.finish(run_id)

    assert library.fakes.store.items["a0"].status == "gone"
    assert (run.status, run.counts.failed, run.counts.done) == ("done", 1, 8)


def test_a_paused_run_changes_nothing_until_it_goes_on() -> None:
    library = given()
    run_id = library.run()
    wanted = expected(library, library.plan(run_id))
    library.poll()
    before, runs = library.tags(), library.fakes.runs
    assert runs.stop(run_id, "paused", "by an operator", library.fakes.clock.now())
    library.work()
    library.poll()
    assert library.tags() == before and library.bulk.messages == []
    assert runs.resume(runs.items[run_id])
    run = library.finish(run_id)

    assert library.tags() == wanted and run.status == "done"


def test_a_cancelled_run_changes_nothing_more() -> None:
    library = given()
    run_id = library.run()
    library.poll()
    before = library.tags()
    assert library.fakes.runs.stop(run_id, "cancelled", "by an operator", library.fakes.clock.now())
    library.work()
    library.poll()

    assert library.tags() == before and not library.fakes.runs.resume(library.fakes.runs.items[run_id])


def test_no_more_calls_are_made_than_a_run_may_make() -> None:
    library = given(40)
    run_id = library.run(max_calls=3)
    run = library.finish(run_id)

    assert run.status == "paused" and "calls" in run.why and run.counts.calls <= 3
    assert len(library.fakes.cloudinary.joint_calls) <= 3
    check(library.fakes)


def test_a_run_takes_no_more_assets_a_second_than_it_may() -> None:
    library = given(40)
    run_id = library.run(rate=2)
    library.poll()
    runs, now = library.fakes.runs, library.fakes.clock.now()
    before = 0
    for wait, group in zip(library.bulk.delays, library.bulk.messages, strict=True):
        assert (before - 1) // 2 <= wait <= before // 2  # what comes first takes its time; the clock goes on
        before += len(group.asset_ids)
    assert before > 20 and now <= runs.items[run_id].free_at - before * 500 + 1000 <= now + 1000
    assert library.finish(run_id).status == "done"


def test_no_more_is_queued_than_a_run_can_take_in_the_next_minutes() -> None:
    library = given(1300)
    run_id = library.run(rate=1)
    library.poll()
    runs, clock = library.fakes.runs, library.fakes.clock
    queued = len(library.bulk.messages)
    assert runs.items[run_id].cursors and max(library.bulk.delays) <= AHEAD + STRETCH < 900
    clock.advance(60)
    library.poll()
    assert len(library.bulk.messages) == queued  # there is enough to do
    clock.advance(runs.items[run_id].free_at / 1000 - clock.now() / 1000)
    library.poll()
    assert len(library.bulk.messages) > queued and max(library.bulk.delays) <= AHEAD + STRETCH


def test_a_run_that_goes_on_after_a_pause_does_not_wait_for_what_was_dropped() -> None:
    library = given(400)
    run_id = library.run(rate=1)
    library.poll()
    runs = library.fakes.runs
    assert runs.stop(run_id, "paused", "by an operator", library.fakes.clock.now())
    library.work()
    library.bulk.delays.clear()
    assert runs.resume(runs.items[run_id])
    library.poll()
    assert library.bulk.delays[0] == 0


def test_a_run_whose_groups_became_dead_letters_is_paused_and_can_go_on() -> None:
    library = given()
    run_id = library.run()
    wanted = expected(library, library.plan(run_id))
    library.poll()
    lost = len(library.bulk.messages)
    library.bulk.messages.clear()
    library.fakes.clock.advance(2.5 * 3600)
    library.poll()
    runs = library.fakes.runs
    assert runs.items[run_id].status == "running"  # they may still come

    library.fakes.clock.advance(3600)
    library.poll()
    run = runs.items[run_id]
    assert (run.status, run.why) == (
        "paused",
        f"{lost} groups of assets were not handled in 3 hours: see the dead letters",
    )
    assert runs.resume(run)
    assert library.finish(run_id).status == "done" and library.tags() == wanted


def test_calls_that_each_asset_needs_alone_are_counted() -> None:
    library = given()
    run_id = library.run()
    library.poll()
    library.fakes.cloudinary.silent = True  # no answer names an asset: each is read
    library.work()

    joint, assets = len(library.fakes.cloudinary.joint_calls), 9
    assert library.fakes.runs.items[run_id].counts.calls >= joint + assets


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


def run_with_death(number: int, when: str) -> tuple[Library, str]:
    library = given(8)
    run_id = library.run()
    library.fakes.effects.done = 0
    library.fakes.effects.die_at = (number, when)
    library.finish(run_id)
    return library, run_id


def effects_of_a_run() -> int:
    library = given(8)
    run_id = library.run()
    library.fakes.effects.done = 0
    library.finish(run_id)
    return library.fakes.effects.done


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("number", range(effects_of_a_run()))
def test_a_death_at_any_effect_of_a_run_changes_nothing_in_the_end(number: int, when: str) -> None:
    """Planning, queueing, claims, calls, audits, events: the poller, or the message that comes again, goes on."""
    plain = given(8)
    plain_run = plain.finish(plain.run())
    library, run_id = run_with_death(number, when)

    check(library.fakes)
    assert library.tags() == plain.tags()
    assert library.fakes.runs.items[run_id].status == plain_run.status == "done"
    assert audited(library) == audited(plain)


def audited(library: Library) -> list[tuple[str, str, tuple[str, ...]]]:
    records = library.fakes.audits.records.values()
    return sorted((audit.asset.asset_id, audit.trigger.kind, audit.tags.added) for audit in records)


def test_dying_is_really_tried() -> None:
    library = given(8)
    library.fakes.effects.die_at = (library.fakes.effects.done, "before")
    with pytest.raises(Died):
        library.run()
        library.poll()


def test_an_asset_that_was_decided_under_later_rules_is_not_decided_by_older_ones() -> None:
    """Its worker had heard of a push of which the run's worker has not: the run comes back to it."""
    library = given()
    run_id = library.run()
    library.poll()
    library.fakes.rules.use('[defaults]\nthreshold = 0.7\n[labels.People]\ntag = "humans"\n', 2)
    newest = library.fakes.rules.now
    body = resource("a0", {"People": 0.99, "Guitar": 0.8}, version=200, tags=("press",), public_id="stage/0")
    library.fakes.cloudinary.assets["a0"] = body
    handle(library.fakes.deps, upload(dict(body), library.fakes.clock.now(), "live"), library.fakes.remaining)
    assert library.tags()["a0"] == {"press", "humans", "Guitar"}
    library.fakes.rules.use(NEW, 1)
    library.work()
    run = library.fakes.runs.items[run_id]
    assert library.tags()["a0"] == {"press", "humans", "Guitar"} and library.tags()["a4"] == {"press", "crowd"}
    assert (run.status, run.counts.missed) == ("running", 1)

    library.fakes.rules.newer = newest
    library.fakes.rules.now = newest
    assert library.finish(run_id).status == "done"
    assert library.tags()["a0"] == library.tags()["a4"] == {"press", "humans", "Guitar"}
    check(library.fakes)


def test_two_assets_of_one_name_are_not_both_taken_to_be_the_one_that_an_answer_names() -> None:
    """One was deleted, the other was renamed to its name, and the index of names does not show it yet."""
    library = given(12)
    fakes = library.fakes
    assets = ("a0", "a4", "a8")
    run_id = library.run(filter=Filter(assets=assets))
    fakes.runs.items[run_id] = replace(fakes.runs.items[run_id], cursors={}, groups=frozenset({"g"}))
    del fakes.cloudinary.assets["a0"]
    fakes.cloudinary.assets["a4"]["public_id"] = "stage/0"
    name = AssetRef("a4", "stage/0", "image", "upload", 0)
    handle(fakes.deps, AssetRenamed(name, "stage", fakes.clock.now(), MessageOrigin("rename", "r")), fakes.remaining)
    fakes.store.is_behind = lambda: not fakes.cloudinary.joint_calls
    handle(fakes.deps, ProcessRunGroup(run_id, "g", assets), fakes.remaining)
    assert library.finish(run_id).status == "done"

    assert [fakes.store.items[asset].status for asset in assets] == ["gone", "tagged", "tagged"]
    assert library.tags()["a4"] == library.tags()["a8"] == {"press", "crowd"}
    gone = [audit.outcome for audit in fakes.audits.records.values() if audit.asset.asset_id == "a0"]
    assert gone[-1] == "gone" and fakes.runs.items[run_id].counts.failed == 1
