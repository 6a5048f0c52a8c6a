"""Bulk runs in DynamoDB, and the fake that stands for them: one suite, so that the two cannot differ."""

import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import pytest
from botocore.stub import Stubber
from moto.dynamodb.parsing.reserved_keywords import ReservedKeywords
from msgspec.structs import replace

from autotag.adapters.aws.dynamodb.runs import DynamoRunStore
from autotag.adapters.aws.dynamodb.states import DynamoStateStore
from autotag.domain.errors import Invalid, Retryable
from autotag.domain.model.asset import AssetRef
from autotag.domain.runs.run import (
    Action,
    BackfillSource,
    Counts,
    Filter,
    Group,
    RevertSelection,
    Run,
    RunStatus,
    initial_cursors,
)
from autotag.domain.state.asset_state import AssetState
from autotag.ports.runs import RunStore
from tests.fakes.effects import Effects
from tests.fakes.runs import FakeRuns
from tests.integration.adapters.conftest import Aws
from tests.integration.adapters.instrumented_clients import LosesAnswers

T0 = 1_791_460_800_000
ID = "0123456789abcdef" * 2
TWO = (Group("0.0.0", ("a1", "a2")), Group("0.0.1", ("a3",)))


def fresh(run_id: str = ID, action: Action = "retag", **more: Any) -> Run:
    return Run(id=run_id, action=action, by="ada", created_at=T0, due_at=T0, cursors=initial_cursors(action), **more)


FULL = fresh(
    filter=Filter("Bühne/**", "*🎸*", "Gitarre 🎸", 1, 2, 3, ("tagged", "unchanged"), ("a1", "stage/ü")),
    undo=RevertSelection("f" * 32, "a" * 64, 1, 2, "Zoë"),
    listing=BackfillSource("video", "private", "Bühne/", categorize=True, max_units=7),
    rules_seq=9,
    max_calls=11,
    rate=3,
    dry_run=True,
)


@pytest.fixture
def dynamo(aws: Aws) -> DynamoRunStore:
    return DynamoRunStore(aws.clients.dynamodb, aws.table("StateTable"))


@pytest.fixture(params=["dynamodb", "fake"])
def runs(request: pytest.FixtureRequest) -> RunStore:
    found: RunStore = FakeRuns(Effects()) if request.param == "fake" else request.getfixturevalue("dynamo")
    return found


def stored(runs: RunStore, run_id: str = ID) -> Run:
    found = runs.load(run_id)
    assert found is not None
    return found


def begun(runs: RunStore, run: Run | None = None) -> Run:
    runs.create(run or fresh())
    return stored(runs)


def through(runs: RunStore, groups: tuple[Group, ...] = TWO) -> Run:
    """Look at one page of each segment, the first of which gives ``groups``, and queue them."""
    run = begun(runs)
    for segment in sorted(run.cursors):
        assert runs.planned(run, segment, None, groups if segment == "0" else (), Counts(seen=3, planned=2))
        if segment == "0":
            runs.queued(stored(runs), "0", 0)
        run = stored(runs)
    return run


@pytest.mark.parametrize(
    "run",
    [fresh(), FULL, fresh(action="backfill"), fresh(filter=Filter(assets=("",)), undo=RevertSelection(tag="a,b"))],
    ids=["empty", "full", "backfill", "odd texts"],
)
def test_a_run_comes_back_as_it_was_and_is_due_at_once(runs: RunStore, run: Run) -> None:
    runs.create(run)
    assert runs.load(run.id) == run
    assert runs.recent() == [run] and runs.due(T0) == [run.id] and runs.due(T0 - 1) == []


def test_a_new_run_is_due_from_when_it_was_created(runs: RunStore) -> None:
    runs.create(replace(fresh(), due_at=0))
    assert stored(runs).due_at == T0 and runs.due(T0 - 1) == []


def test_what_was_never_stored_is_nothing_and_cannot_be_changed(runs: RunStore) -> None:
    nobody = fresh()
    runs.postpone(ID, T0)
    runs.queued(replace(nobody, outbox={"0": TWO}), "0", 0)
    runs.handled(ID, "0.0.0", Counts(done=1))
    runs.count(ID, Counts(seen=1))
    assert not runs.restart_pass(nobody, T0)
    assert not runs.planned(nobody, "0", "x", TWO, Counts())
    assert not runs.spend(nobody, 1) and not runs.end(ID, T0) and not runs.resume(nobody)
    assert not runs.stop(ID, "paused", "by ada", T0)
    assert runs.load(ID) is None and runs.recent() == [] and runs.due(T0) == []


def test_a_page_is_stored_with_the_place_where_its_segment_goes_on(runs: RunStore) -> None:
    run = begun(runs)
    assert runs.planned(run, "3", "ASSET#ü", TWO, Counts(seen=500, planned=3, units=2))
    assert stored(runs) == replace(
        run,
        cursors=run.cursors | {"3": "ASSET#ü"},
        pages=1,
        outbox={"3": TWO},
        groups=frozenset({"0.0.0", "0.0.1"}),
        counts=Counts(seen=500, planned=3, units=2),
    )


def test_a_page_that_changes_nothing_leaves_nothing_to_queue(runs: RunStore) -> None:
    run = begun(runs)
    assert runs.planned(run, "0", "ASSET#a", (), Counts(seen=500))
    assert stored(runs) == replace(run, cursors=run.cursors | {"0": "ASSET#a"}, pages=1, counts=Counts(seen=500))


def test_the_last_page_ends_its_segment(runs: RunStore) -> None:
    run = begun(runs)
    assert runs.planned(run, "2", None, TWO, Counts())
    assert stored(runs).cursors == {segment: "" for segment in run.cursors if segment != "2"}


def test_of_two_that_look_at_pages_at_once_one_wins(runs: RunStore) -> None:
    """Whether at the same segment or at another: only one page is in hand, and the other planner reads anew."""
    run = begun(runs)
    assert runs.planned(run, "0", "ASSET#b", TWO, Counts(seen=5, planned=3))
    won = stored(runs)
    assert not runs.planned(run, "0", "ASSET#b", TWO, Counts(seen=5, planned=3))
    assert not runs.planned(run, "1", None, (Group("0.0.9", ("a9",)),), Counts(seen=5, planned=1))
    assert stored(runs) == won


def test_a_segment_that_stands_elsewhere_is_not_moved(runs: RunStore) -> None:
    run = begun(runs)
    assert not runs.planned(replace(run, cursors={"0": "ASSET#x"}), "0", None, (), Counts())
    assert not runs.planned(replace(run, epoch=1), "0", None, (), Counts())
    assert stored(runs) == run


@pytest.mark.parametrize("status", ["paused", "cancelled", "done"])
def test_nothing_is_planned_for_a_run_that_does_not_run(runs: RunStore, status: RunStatus) -> None:
    run = begun(runs)
    put_to(runs, status)
    assert not runs.planned(run, "0", None, TWO, Counts(seen=1))
    assert stored(runs).outbox == {} and stored(runs).groups == frozenset() and stored(runs).counts == run.counts


def put_to(runs: RunStore, status: RunStatus) -> None:
    """Bring a run to ``status``; for ``done``, its segments are first gone through."""
    if status != "done":
        assert runs.stop(ID, status, "by ada", T0 + 1)
        return
    for segment in sorted(stored(runs).cursors):
        assert runs.planned(stored(runs), segment, None, (), Counts())
    assert runs.end(ID, T0 + 1)


def test_what_was_queued_is_forgotten_and_only_by_who_knows_the_page(runs: RunStore) -> None:
    run = begun(runs)
    runs.planned(run, "0", "ASSET#b", TWO, Counts())
    first = stored(runs)
    runs.queued(first, "0", T0 + 7)
    assert stored(runs) == replace(first, outbox={}, free_at=T0 + 7)
    runs.queued(first, "0", 0)  # another one had queued the same
    runs.planned(stored(runs), "0", None, (Group("0.1.0", ("a4",)),), Counts())
    late = stored(runs)
    runs.queued(first, "0", T0 + 9)
    assert stored(runs) == late and late.outbox == {"0": (Group("0.1.0", ("a4",)),)}


def test_an_outbox_of_before_a_stop_empties_none_of_after_it(runs: RunStore) -> None:
    runs.planned(begun(runs), "0", "ASSET#b", TWO, Counts())
    before = stored(runs)
    runs.stop(ID, "paused", "by ada", T0)
    assert runs.resume(stored(runs))
    runs.planned(stored(runs), "0", "ASSET#b", TWO, Counts())
    after = stored(runs)
    runs.queued(before, "0", 0)
    assert stored(runs) == after and after.outbox == {"0": TWO}


def test_what_was_queued_before_a_stop_makes_nothing_wait_after_it(runs: RunStore) -> None:
    runs.planned(begun(runs), "0", "ASSET#b", TWO, Counts())
    before = stored(runs)
    runs.stop(ID, "paused", "by ada", T0)
    assert runs.resume(stored(runs))
    after = stored(runs)
    runs.queued(before, "0", T0 + 9)
    assert stored(runs) == after and after.free_at == 0


def test_a_group_is_taken_off_and_counted_once_and_nothing_else(runs: RunStore) -> None:
    run = through(runs)
    assert run.groups == {"0.0.0", "0.0.1"}
    counts = Counts(run.counts.seen, run.counts.planned, done=2, failed=1, calls=3)
    for _ in range(2):
        runs.handled(ID, "0.0.0", Counts(done=2, failed=1, calls=3))
        assert stored(runs) == replace(run, groups=frozenset({"0.0.1"}), counts=counts)
    for nobody in ("9.9.9", "0.0", ""):
        runs.handled(ID, nobody, Counts(done=1))
    assert stored(runs) == replace(run, groups=frozenset({"0.0.1"}), counts=counts)
    runs.handled(ID, "0.0.1", Counts())
    assert stored(runs) == replace(run, groups=frozenset(), counts=counts)


def test_a_run_is_done_once_no_segment_outbox_or_group_is_left(runs: RunStore) -> None:
    run = begun(runs)
    segments = sorted(run.cursors)
    for segment in segments[:-1]:
        runs.planned(stored(runs), segment, None, (), Counts())
    assert not runs.end(ID, T0 + 5)  # a segment is left
    runs.planned(stored(runs), segments[-1], None, TWO, Counts())
    for group in TWO:
        runs.handled(ID, group.id, Counts(done=1))
    assert stored(runs).groups == frozenset() and not runs.end(ID, T0 + 5)  # its outbox is left
    runs.queued(stored(runs), segments[-1], 0)
    assert runs.end(ID, T0 + 5)
    assert (stored(runs).status, stored(runs).ended_at) == ("done", T0 + 5)
    assert not runs.end(ID, T0 + 9) and stored(runs).ended_at == T0 + 5


def test_a_run_waits_for_every_group(runs: RunStore) -> None:
    through(runs)
    for group in TWO:
        assert not runs.end(ID, T0 + 5)
        runs.handled(ID, group.id, Counts(done=1))
    assert runs.end(ID, T0 + 5)


def missing_one(runs: RunStore) -> Run:
    """Handle both groups, and miss an asset of one."""
    through(runs)
    runs.handled(ID, "0.0.0", Counts(done=1, missed=1))
    runs.handled(ID, "0.0.1", Counts(done=1))
    return stored(runs)


def test_what_was_missed_is_gone_through_once_more_when_it_is_due(runs: RunStore) -> None:
    run = missing_one(runs)
    assert not runs.end(ID, T0 + 5)
    assert runs.restart_pass(run, T0 + 300_000)
    counts = replace(run.counts, missed=0)
    assert stored(runs) == replace(run, epoch=1, cursors=initial_cursors("retag"), counts=counts, due_at=T0 + 300_000)
    assert runs.due(T0 + 299_999) == [] and runs.due(T0 + 300_000) == [ID]
    assert not runs.end(ID, T0 + 5)
    for segment in sorted(run.cursors | initial_cursors("retag")):
        assert runs.planned(stored(runs), segment, None, (), Counts())
    assert runs.end(ID, T0 + 6)


def test_of_two_that_go_through_it_once_more_one_wins(runs: RunStore) -> None:
    run = missing_one(runs)
    assert runs.restart_pass(run, T0) and not runs.restart_pass(run, T0 + 9) and stored(runs).epoch == 1


def test_who_is_late_does_not_go_through_it_once_more_again(runs: RunStore) -> None:
    run = missing_one(runs)
    assert runs.restart_pass(run, T0)
    for segment in initial_cursors("retag"):
        assert runs.planned(stored(runs), segment, None, (), Counts())
    through_twice = stored(runs)
    assert not runs.restart_pass(run, T0 + 9) and stored(runs) == through_twice


def test_nothing_is_gone_through_once_more_while_something_is_left(runs: RunStore) -> None:
    run = begun(runs)
    assert not runs.restart_pass(run, T0)  # segments are left
    for segment in sorted(run.cursors):
        runs.planned(stored(runs), segment, None, TWO if segment == "0" else (), Counts())
    for group in TWO:
        assert not runs.restart_pass(stored(runs), T0)
        runs.handled(ID, group.id, Counts(missed=1))
    assert not runs.restart_pass(stored(runs), T0)  # its outbox is left


@pytest.mark.parametrize("status", ["paused", "cancelled"])
def test_a_stopped_run_does_not_begin_anew(runs: RunStore, status: RunStatus) -> None:
    missing_one(runs)
    runs.stop(ID, status, "by ada", T0)
    stopped = stored(runs)
    assert not runs.restart_pass(stopped, T0) and stored(runs) == stopped


def test_a_run_that_went_on_has_missed_nothing_yet(runs: RunStore) -> None:
    missing_one(runs)
    runs.stop(ID, "paused", "by ada", T0)
    assert runs.resume(stored(runs)) and stored(runs).counts.missed == 0


@pytest.mark.parametrize("status", ["paused", "cancelled"])
def test_a_stopped_run_is_not_done_though_nothing_is_left(runs: RunStore, status: RunStatus) -> None:
    through(runs, ())
    runs.stop(ID, status, "by ada", T0)
    assert not runs.end(ID, T0 + 5) and stored(runs).status == status


def test_counts_add_up(runs: RunStore) -> None:
    begun(runs)
    runs.count(ID, Counts())
    runs.count(ID, Counts(1, 2, 3, 4, 5, 6, 7, 8))
    runs.count(ID, Counts(done=250, failed=1))
    assert stored(runs).counts == Counts(1, 2, 253, 5, 5, 6, 7, 8)


def test_no_more_calls_are_granted_than_a_run_may_make(runs: RunStore) -> None:
    run = begun(runs, fresh(max_calls=5))
    assert not runs.spend(run, 6)
    assert runs.spend(run, 3) and not runs.spend(run, 3) and runs.spend(run, 2) and not runs.spend(run, 1)
    assert runs.spend(run, 0)
    assert stored(runs).counts == Counts(calls=5)


def test_all_that_a_run_may_use_may_be_used_at_once(runs: RunStore) -> None:
    run = begun(runs, fresh(action="backfill", listing=BackfillSource(categorize=True, max_units=2), max_calls=5))
    assert runs.spend(run, 5, 2)
    assert stored(runs).counts == Counts(calls=5, units=2)


def test_calls_without_a_limit_are_counted_all_the_same(runs: RunStore) -> None:
    run = begun(runs)
    assert runs.spend(run, 1_000_000) and runs.spend(run, 1)
    assert stored(runs).counts == Counts(calls=1_000_001)


def test_no_more_units_are_granted_than_a_backfill_may_use(runs: RunStore) -> None:
    run = begun(runs, fresh(action="backfill", listing=BackfillSource(categorize=True, max_units=2), max_calls=9))
    assert not runs.spend(run, 1, 3)
    assert runs.spend(run, 1, 1) and runs.spend(run, 1, 1) and not runs.spend(run, 1, 1)
    assert runs.spend(run, 7) and not runs.spend(run, 1)
    assert stored(runs).counts == Counts(calls=9, units=2)


def test_a_run_that_may_use_no_unit_uses_none(runs: RunStore) -> None:
    assert not runs.spend(begun(runs), 1, 1)
    assert stored(runs).counts == Counts()


@pytest.mark.parametrize("status", ["paused", "cancelled"])
def test_a_stop_says_why_and_takes_the_run_off_what_is_due(runs: RunStore, status: RunStatus) -> None:
    run = begun(runs)
    assert runs.stop(ID, status, "by Zoë", T0 + 7)
    assert stored(runs) == replace(run, status=status, why="by Zoë", ended_at=T0 + 7, due_at=0)
    runs.postpone(ID, 0)
    assert runs.due(T0 * 2) == []


def test_a_paused_run_may_still_be_cancelled_and_what_is_over_stays_so(runs: RunStore) -> None:
    begun(runs)
    assert runs.stop(ID, "paused", "by ada", T0 + 1) and runs.stop(ID, "cancelled", "by bob", T0 + 2)
    expected = stored(runs)
    assert not runs.stop(ID, "paused", "by eve", T0 + 3) and not runs.resume(expected)
    assert stored(runs) == expected and expected.status == "cancelled"


def test_what_is_done_cannot_be_stopped_or_gone_on_with(runs: RunStore) -> None:
    through(runs, ())
    runs.end(ID, T0 + 5)
    expected = stored(runs)
    assert not runs.stop(ID, "cancelled", "by ada", T0 + 6) and not runs.resume(expected)
    assert stored(runs) == expected and runs.due(T0 * 2) == []


def test_going_on_begins_every_segment_again_and_forgets_what_was_under_way(runs: RunStore) -> None:
    through(runs)
    runs.count(ID, Counts(done=2, calls=1))
    runs.stop(ID, "paused", "by ada", T0 + 1)
    paused = stored(runs)
    assert runs.resume(paused)
    assert stored(runs) == replace(
        paused,
        status="running",
        why="",
        epoch=1,
        cursors=initial_cursors("retag"),
        outbox={},
        groups=frozenset(),
        ended_at=0,
    )
    assert runs.due(T0) == [ID]


def test_of_two_that_go_on_with_it_one_wins_and_a_running_run_is_left(runs: RunStore) -> None:
    run = begun(runs)
    assert not runs.resume(run)
    runs.stop(ID, "paused", "by ada", T0 + 1)
    paused = stored(runs)
    assert runs.resume(paused) and not runs.resume(paused)
    runs.stop(ID, "paused", "by ada", T0 + 1)
    assert not runs.resume(paused) and stored(runs).status == "paused"


def test_a_run_waits_until_it_is_due_and_the_longest_due_comes_first(runs: RunStore) -> None:
    begun(runs)
    runs.create(replace(fresh("1" * 32), created_at=T0 + 5))
    runs.postpone(ID, T0 + 60_000)
    assert stored(runs).due_at == T0 + 60_000
    assert runs.due(T0 + 59_999) == ["1" * 32]
    assert runs.due(T0 + 60_000) == ["1" * 32, ID]


def test_the_last_fifty_runs_are_listed_the_youngest_first(runs: RunStore) -> None:
    names = [f"{n:032x}" for n in range(53)]
    for name in names:
        runs.create(fresh(name))
    assert [run.id for run in runs.recent()] == names[:2:-1]
    assert runs.load(names[0]) is not None


def test_a_run_whose_item_is_gone_is_left_out_of_the_list(aws: Aws, dynamo: DynamoRunStore) -> None:
    dynamo.create(fresh())
    dynamo.create(fresh("1" * 32))
    aws.clients.dynamodb.delete_item(TableName="StateTable", Key={"pk": {"S": f"RUN#{ID}"}})
    assert [run.id for run in dynamo.recent()] == ["1" * 32]


def test_runs_and_their_list_are_no_assets(aws: Aws, dynamo: DynamoRunStore) -> None:
    store = DynamoStateStore(aws.clients.dynamodb, "StateTable")
    state = store.put(AssetState(AssetRef("a1", "stage/a1", "image", "upload", 1), "tagged"), expected=None)
    dynamo.create(fresh())
    assert store.page(0, 1, "", 100) == ([state], None)
    assert not [asset for kind in ("INTENT", "POLL") for n in range(16) for asset in store.due(kind, n, T0 * 2)]


def test_what_is_too_much_for_an_item_is_refused_and_nothing_is_begun(dynamo: DynamoRunStore) -> None:
    with pytest.raises(Invalid, match=r"filter: is .* bytes"):
        dynamo.create(fresh(filter=Filter(assets=tuple(f"{n * 7919**9:x}"[-40:] for n in range(9000)))))
    assert dynamo.recent() == [] and dynamo.due(T0) == []


def test_a_run_that_cannot_be_stored_is_not_begun(aws: Aws, dynamo: DynamoRunStore) -> None:
    with Stubber(aws.clients.dynamodb) as stub:
        stub.add_response("update_item", {})
        stub.add_response("update_item", {})
        stub.add_client_error("put_item", "ThrottlingException")
        with pytest.raises(Retryable, match="DynamoDB: ThrottlingException"):
            dynamo.create(fresh())
    assert dynamo.due(T0) == []
    with Stubber(aws.clients.dynamodb) as stub:
        stub.add_client_error("update_item", "InternalServerError")
        with pytest.raises(Retryable):
            dynamo.create(fresh())
    assert dynamo.due(T0) == [] and dynamo.load(ID) is None


CALLS: dict[str, tuple[str, Callable[[DynamoRunStore], object]]] = {
    "load": ("get_item", lambda runs: runs.load(ID)),
    "recent": ("get_item", lambda runs: runs.recent()),
    "due": ("query", lambda runs: runs.due(T0)),
    "postpone": ("update_item", lambda runs: runs.postpone(ID, T0)),
    "planned": ("update_item", lambda runs: runs.planned(fresh(), "0", None, TWO, Counts())),
    "queued": ("update_item", lambda runs: runs.queued(replace(fresh(), outbox={"0": TWO}), "0", 0)),
    "handled": ("update_item", lambda runs: runs.handled(ID, "0.0.0", Counts(done=1))),
    "count": ("update_item", lambda runs: runs.count(ID, Counts(seen=1))),
    "spend": ("update_item", lambda runs: runs.spend(fresh(), 1)),
    "end": ("update_item", lambda runs: runs.end(ID, T0)),
    "again": ("update_item", lambda runs: runs.restart_pass(fresh(), T0)),
    "stop": ("update_item", lambda runs: runs.stop(ID, "paused", "by ada", T0)),
    "resume": ("update_item", lambda runs: runs.resume(fresh())),
}


@pytest.mark.parametrize("name", CALLS)
def test_a_table_that_does_not_answer_is_no_answer(aws: Aws, dynamo: DynamoRunStore, name: str) -> None:
    operation, call = CALLS[name]
    with Stubber(aws.clients.dynamodb) as stub:
        stub.add_client_error(operation, "InternalServerError")
        with pytest.raises(Retryable, match="DynamoDB: InternalServerError"):
            call(dynamo)


def test_writes_whose_answers_are_lost_take_effect_once_where_it_matters(aws: Aws, dynamo: DynamoRunStore) -> None:
    """The client sends the same again: pages, outboxes, groups and ends are what they were; only counts may be more."""
    unlucky = DynamoRunStore(LosesAnswers(aws.clients.dynamodb), "StateTable")
    unlucky.create(fresh())
    assert [run.id for run in unlucky.recent()] == [ID]
    for segment in sorted(stored(unlucky).cursors):
        before = stored(unlucky)
        unlucky.planned(before, segment, None, TWO if segment == "0" else (), Counts(seen=1))
        after = stored(unlucky)
        assert (after.pages, after.counts.seen) == (before.pages + 1, before.counts.seen + 1)
        if segment == "0":
            assert after.outbox == {"0": TWO}
            unlucky.queued(after, "0", 0)
    assert stored(unlucky).groups == {"0.0.0", "0.0.1"}
    for group in TWO:
        unlucky.handled(ID, group.id, Counts(done=1))
    assert stored(unlucky).counts.done == len(TWO)
    unlucky.stop(ID, "paused", "by ada", T0)
    unlucky.resume(stored(unlucky))
    assert (stored(unlucky).status, stored(unlucky).epoch) == ("running", 1)


class Asked(NamedTuple):
    """One request to DynamoDB."""

    operation: str
    params: dict[str, Any]


@pytest.fixture
def asked(aws: Aws) -> Iterator[list[Asked]]:
    """Every request to DynamoDB meanwhile."""
    seen: list[Asked] = []

    def note(params: dict[str, Any], model: Any, **_: Any) -> None:
        seen.append(Asked(model.name, params))

    events = aws.clients.dynamodb.meta.events
    events.register("provide-client-params.dynamodb", note)
    yield seen
    events.unregister("provide-client-params.dynamodb", note)


def test_a_run_and_the_list_of_runs_are_read_as_they_were_written_last(
    asked: list[Asked], dynamo: DynamoRunStore
) -> None:
    begun(dynamo)
    dynamo.recent()
    reads = [params for operation, params in asked if operation == "GetItem"]
    assert len(reads) == 3 and all(params["ConsistentRead"] for params in reads)


def test_expressions_use_no_reserved_word_and_exactly_what_they_are_given(
    aws: Aws, asked: list[Asked], dynamo: DynamoRunStore
) -> None:
    """DynamoDB refuses a reserved word as a name, an undefined placeholder, one that is not used, and empty values."""
    run = begun(dynamo, FULL)
    for segment, cursor in (("0", "ASSET#a"), ("1", None)):
        dynamo.planned(stored(dynamo), segment, cursor, TWO, Counts(seen=1))
        dynamo.queued(stored(dynamo), segment, 0)
    for _, call in CALLS.values():
        call(dynamo)
    dynamo.spend(run, 1, 1)
    DynamoStateStore(aws.clients.dynamodb, "StateTable").page(0, 8, "", 10)

    reserved = {word.upper() for word in ReservedKeywords.get_reserved_keywords()}
    own = {"SET", "ADD", "REMOVE", "DELETE", "AND", "OR", "NOT", "IN", "SIZE", "BETWEEN"}
    checked = 0
    for operation, params in asked:
        texts = [text for name, text in params.items() if name.endswith("Expression")]
        if not texts:
            continue
        checked += 1
        whole = " ".join(texts)
        words = set(re.findall(r"(?<![:#\w])[A-Za-z_]\w*(?!\w*\()", whole))
        assert not {word for word in words if word.upper() in reserved - own}, (operation, whole)
        assert set(re.findall(r":\w+", whole)) == set(params.get("ExpressionAttributeValues", {})), (operation, whole)
        assert set(re.findall(r"#\w+", whole)) == set(params.get("ExpressionAttributeNames", {})), (operation, whole)
        assert params.get("ExpressionAttributeNames") != {} and "ExclusiveStartKey" not in params, operation
    assert checked >= 15


def test_one_alone_holds_a_run_until_it_lets_go_or_its_time_is_up(runs: RunStore) -> None:
    begun(runs)
    assert runs.hold(ID, T0, T0 + 60_000) and not runs.hold(ID, T0 + 59_999, T0 + 120_000)
    assert stored(runs).held_until == T0 + 60_000

    assert runs.hold(ID, T0 + 60_000, T0 + 120_000)
    runs.release(ID, T0 + 60_000)  # by whom it was held before
    assert not runs.hold(ID, T0 + 61_000, T0 + 121_000)
    runs.release(ID, T0 + 120_000)
    assert runs.hold(ID, T0 + 61_000, T0 + 121_000)


def test_nobody_holds_a_run_that_is_not_running_or_not_there(runs: RunStore) -> None:
    begun(runs)
    runs.stop(ID, "paused", "by hand", T0)

    assert not runs.hold(ID, T0, T0 + 1) and not runs.hold("0" * 32, T0, T0 + 1)
    assert stored(runs).held_until == 0


def test_a_run_whose_creation_is_sent_once_more_goes_on_from_where_it_is(runs: RunStore) -> None:
    run = begun(runs)
    assert runs.planned(run, "0", None, TWO, Counts(seen=3, planned=2))
    before = stored(runs)
    runs.create(fresh())

    assert stored(runs) == before and runs.recent() == [before]


def test_a_run_of_before_folders_could_be_followed_is_read(aws: Aws, dynamo: DynamoRunStore) -> None:
    run = begun(dynamo)
    key = {"pk": {"S": f"RUN#{ID}"}}
    update = "REMOVE moves, held_until, refresh"
    aws.clients.dynamodb.update_item(TableName="StateTable", Key=key, UpdateExpression=update)

    assert stored(dynamo) == run
