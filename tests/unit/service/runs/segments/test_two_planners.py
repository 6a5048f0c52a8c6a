"""Two processes plan one run, the same segment or different ones, and may die: no asset twice, none left out."""

from collections import Counter
from collections.abc import Callable
from functools import partial
from itertools import cycle, islice

import pytest
from hypothesis import given as drawn
from hypothesis import settings
from hypothesis import strategies as st

from autotag.domain.runs.run import SEGMENTS
from autotag.service.runs.advance import advance, advance_segment
from tests.fakes.effects import Died
from tests.unit.service.runs.retag.retag_library import given
from tests.unit.service.runs.run_library import Library, is_planned
from tests.unit.service.settle import check
from tests.unit.service.tagging.faults.interleaving import Interleaving

SIZE = 24
Planning = Callable[[Library, str], None]


def whole(library: Library, run_id: str) -> None:
    advance(library.planner, run_id, library.fakes.remaining)


def segment(name: str) -> Planning:
    def plan(library: Library, run_id: str) -> None:
        advance_segment(library.planner, run_id, name, library.fakes.remaining)

    return plan


PAIRS: dict[str, tuple[Planning, Planning]] = {
    "the whole run, both": (whole, whole),
    "the same segment": (segment("0"), segment("0")),
    "different segments": (segment("0"), segment("1")),
    "the whole run and a segment": (whole, segment("2")),
}


def plan_together(library: Library, run_id: str, pair: tuple[Planning, Planning], schedule: list[int]) -> None:
    """Have both processes plan by turns; whoever is killed comes to nothing more."""
    processes = [partial(plan, library, run_id) for plan in pair]
    for error in Interleaving(library.fakes.effects, schedule).run(*processes):
        if error is not None and not isinstance(error, Died):
            raise error


def check_once(library: Library, run_id: str, expected: set[str]) -> None:
    """Check what was queued and planned so far, then let the run end, and that every asset was decided on once."""
    groups = {message.group: message.asset_ids for message in library.bulk.messages}
    queued = Counter(asset for assets in groups.values() for asset in assets)
    assert not queued or max(queued.values()) == 1  # a group may be queued twice, an asset is in one group
    run = library.finish(run_id)
    assert (run.status, run.counts.seen, run.counts.planned) == ("done", SIZE, len(expected))
    audits = Counter(a.asset.asset_id for a in library.fakes.audits.records.values() if a.trigger.kind == "retag")
    assert audits == dict.fromkeys(expected, 1)
    check(library.fakes)


def changing(library: Library, run_id: str) -> set[str]:
    return set(library.plan(run_id))


def effects_of(pair: tuple[Planning, Planning]) -> int:
    """Return how many effects two processes have that take turns."""
    library = given(SIZE)
    run_id = library.run()
    before = library.fakes.effects.done
    plan_together(library, run_id, pair, list(islice(cycle((0, 1)), 400)))
    return library.fakes.effects.done - before


DEATHS = [
    (name, number, when)
    for name, pair in PAIRS.items()
    for number in range(effects_of(pair))
    for when in ("before", "after")
]


@pytest.mark.parametrize(("name", "number", "when"), DEATHS)
def test_a_planner_that_dies_beside_another_leaves_no_asset_out_and_none_twice(
    name: str, number: int, when: str
) -> None:
    library = given(SIZE)
    run_id = library.run()
    expected = changing(library, run_id)
    library.fakes.effects.die_at = (library.fakes.effects.done + number, when)
    plan_together(library, run_id, PAIRS[name], list(islice(cycle((0, 1)), 400)))
    library.fakes.effects.die_at = None

    check_once(library, run_id, expected)


@settings(max_examples=60, deadline=None)
@drawn(
    name=st.sampled_from(list(PAIRS)),
    schedule=st.lists(st.integers(0, 1), max_size=60),
    number=st.integers(-20, 30),
    when=st.sampled_from(["before", "after"]),
)
def test_in_any_order_of_two_planners_no_asset_is_left_out_or_done_twice(
    name: str, schedule: list[int], number: int, when: str
) -> None:
    library = given(SIZE)
    run_id = library.run()
    expected = changing(library, run_id)
    library.fakes.effects.die_at = (library.fakes.effects.done + number, when) if number >= 0 else None
    plan_together(library, run_id, PAIRS[name], schedule)
    library.fakes.effects.die_at = None

    check_once(library, run_id, expected)


def test_two_planners_of_different_segments_both_get_on() -> None:
    library = given(SIZE)
    run_id = library.run()
    plan_together(library, run_id, (segment("0"), segment("1")), list(islice(cycle((0, 1)), 400)))

    planned = {name for name, each in library.run_of(run_id).segments.items() if each.cursor is None}
    assert planned == {"0", "1"} and not is_planned(library.run_of(run_id))


def test_dying_is_really_tried_at_every_write_of_planning() -> None:
    """Storing a page, taking its time, sending its groups and emptying its outbox, for every segment."""
    assert effects_of(PAIRS["the whole run, both"]) >= 4 * SEGMENTS
