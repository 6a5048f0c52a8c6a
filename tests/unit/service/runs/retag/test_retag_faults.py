"""A retag through calls that fail, outages, and a death at any effect."""

import pytest

from autotag.domain.errors import Permanent, Retryable
from tests.fakes.effects import Died
from tests.unit.service.runs.retag.retag_library import expected, given
from tests.unit.service.runs.run_library import Library
from tests.unit.service.settle import check


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
    assert library.run_of(run_id).status == plain_run.status == "done"
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
