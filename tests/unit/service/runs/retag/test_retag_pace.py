"""How fast a retag goes, how much it may use, and how it is stopped and goes on."""

from autotag.domain.runs.pacing import AHEAD, STRETCH
from tests.unit.service.runs.retag.retag_library import expected, given
from tests.unit.service.runs.run_library import is_planned
from tests.unit.service.settle import check


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
    assert runs.resume(library.run_of(run_id))
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

    assert library.tags() == before and not library.fakes.runs.resume(library.run_of(run_id))


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
    now = library.fakes.clock.now()
    before = 0
    for wait, group in zip(library.bulk.delays, library.bulk.messages, strict=True):
        assert (before - 1) // 2 <= wait <= before // 2  # what comes first takes its time; the clock goes on
        before += len(group.asset_ids)
    assert before > 20 and now <= library.run_of(run_id).free_at - before * 500 + 1000 <= now + 1000
    assert library.finish(run_id).status == "done"


def test_no_more_is_queued_than_a_run_can_take_in_the_next_minutes() -> None:
    library = given(1300)
    run_id = library.run(rate=1)
    library.poll()
    clock = library.fakes.clock
    queued = len(library.bulk.messages)
    assert not is_planned(library.run_of(run_id)) and max(library.bulk.delays) <= AHEAD + STRETCH < 900
    library.poll()
    assert len(library.bulk.messages) == queued  # there is enough to do
    clock.advance(library.run_of(run_id).free_at / 1000 - clock.now() / 1000)
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
    assert runs.resume(library.run_of(run_id))
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
    assert library.run_of(run_id).status == "running"  # they may still come

    library.fakes.clock.advance(3600)
    library.poll()
    run = library.run_of(run_id)
    assert (run.status, run.why) == (
        "paused",
        f"{lost} groups of assets were not handled in 3 hours: see the dead letters",
    )
    assert runs.resume(run)
    assert library.finish(run_id).status == "done" and library.tags() == wanted
