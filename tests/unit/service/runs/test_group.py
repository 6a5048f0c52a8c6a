"""A group of a run: what of it is claimed, carried out together or alone, missed, refused, and how that is counted."""

import pytest
from msgspec.structs import replace

from autotag.domain.errors import CredentialsRefused, Retryable
from autotag.domain.model.asset import AssetRef
from autotag.domain.model.messages import AssetRenamed, MessageOrigin, ProcessRunGroup
from autotag.domain.runs.run import Run
from autotag.domain.state.item_size import ITEM
from autotag.service.runs.batch_execute import calls_for
from autotag.service.worker import handle
from tests.fakes.samples import resource, upload
from tests.unit.service.runs.run_library import NEW, OLD, Library

THREE = ("a0", "a4", "a8")
"""Assets of which the same changes: People and Guitar go, crowd comes."""

AFTER = {"press", "crowd"}


@pytest.fixture
def library() -> Library:
    library = Library()
    library.fakes.clock.advance(3600)
    library.fakes.rules.use(NEW, 1)
    return library


def carry(library: Library, assets: tuple[str, ...] = THREE, seconds: float = 60.0) -> Run:
    """Carry out a group of a run that has planned it and nothing else; return the run."""
    run_id, runs = library.run(), library.fakes.runs.items
    runs[run_id] = replace(runs[run_id], cursors={}, groups=frozenset({"g"}))
    handle(library.fakes.deps, ProcessRunGroup(run_id, "g", assets), lambda: seconds)
    return runs[run_id]


def of(library: Library, assets: tuple[str, ...] = THREE) -> list[set[str]]:
    return [library.fakes.cloudinary.tags(asset) for asset in assets]


def opened(library: Library, asset: str, delay: int) -> None:
    """Let an upload leave an intent behind that is due in ``delay`` seconds."""
    fakes = library.fakes
    fakes.rules.use(OLD, 0)
    fakes.cloudinary.fails = [Retryable("503", delay=delay)]
    body = resource(asset, {"People": 0.99, "Drum": 0.8}, version=200, tags=("press",), public_id=f"stage/{asset[1:]}")
    fakes.cloudinary.assets[asset] = body
    handle(fakes.deps, upload(dict(body), fakes.clock.now(), f"live {asset}"), fakes.remaining)
    fakes.rules.use(NEW, 1)
    assert fakes.store.items[asset].intent is not None


@pytest.mark.parametrize(("seconds", "done", "missed"), [(15.0, 3, 0), (14.9, 0, 3)])
def test_what_there_is_no_time_for_is_not_begun_and_missed(
    library: Library, seconds: float, done: int, missed: int
) -> None:
    run = carry(library, seconds=seconds)

    assert (run.counts.done, run.counts.missed) == (done, missed)
    assert of(library).count(AFTER) == done and not any(s.intent for s in library.fakes.store.items.values())


def test_what_was_changed_while_it_was_claimed_is_missed_and_the_rest_is_done(library: Library) -> None:
    store = library.fakes.store

    def meanwhile() -> None:
        store.before_put = lambda: None
        for asset in THREE[1:]:
            store.items[asset] = replace(store.items[asset], rev=store.items[asset].rev + 1)

    store.before_put = meanwhile
    run = carry(library)

    assert (run.counts.done, run.counts.missed, run.status) == (1, 2, "running") and of(library, ("a0",)) == [AFTER]


def test_what_there_is_no_room_for_is_counted_as_failed_and_the_rest_is_done(library: Library) -> None:
    store = library.fakes.store
    for asset in THREE[:2]:
        known = store.items[asset]
        assert known.facts is not None
        store.items[asset] = replace(known, facts=replace(known.facts, tags=("press", "x" * (ITEM - 60_000))))
    store.measured = True
    run = carry(library)

    assert (run.counts.done, run.counts.failed, run.counts.missed) == (1, 2, 0) and of(library, ("a8",)) == [AFTER]


def test_an_asset_that_is_not_known_any_more_is_left_out(library: Library) -> None:
    run = carry(library, ("nobody", *THREE))

    assert (run.counts.done, run.counts.missed, run.status) == (3, 0, "done") and of(library) == [AFTER] * 3


def test_assets_that_others_are_at_work_on_are_missed(library: Library) -> None:
    for asset in THREE[:2]:
        opened(library, asset, delay=600)
    run = carry(library)

    assert (run.counts.done, run.counts.missed) == (1, 2) and of(library, ("a8",)) == [AFTER]


def test_what_an_owner_left_behind_is_finished_before_the_run_decides(library: Library) -> None:
    opened(library, "a0", delay=60)
    library.fakes.clock.advance(600)
    run = carry(library)

    assert (run.counts.missed, run.status) == (0, "done") and of(library) == [AFTER] * 3
    kinds = [a.trigger.kind for a in library.fakes.audits.records.values() if a.asset.asset_id == "a0"]
    assert kinds == ["webhook", "webhook", "retag"]


def test_a_call_for_more_than_a_thousand_is_two(library: Library) -> None:
    opened(library, "a0", delay=600)
    state = library.fakes.store.items["a0"]
    assert state.intent is not None and state.intent.add and state.intent.remove

    assert [calls_for([state] * count) for count in (0, 1, 1000, 1001, 2001)] == [0, 2, 2, 4, 6]


def test_where_cloudinary_says_later_every_intent_waits_as_long(library: Library) -> None:
    library.fakes.cloudinary.fails = [Retryable("420", delay=1800)]
    carry(library)

    intents = [library.fakes.store.items[asset].intent for asset in THREE]
    waits = [intent.due_at - library.fakes.clock.time for intent in intents if intent is not None]
    assert len(waits) == 3 and all(1_799_000 < wait <= 1_800_000 for wait in waits)


def test_calls_for_each_alone_are_counted_and_none_is_made_for_nobody(library: Library) -> None:
    library.fakes.cloudinary.silent = True  # no answer names an asset: each is done alone, and read
    run = carry(library)

    ops, alone = 2, 3 * 2
    assert run.counts.calls == ops + alone and of(library) == [AFTER] * 3
    assert [names for _, names, _ in library.fakes.cloudinary.joint_calls] == [("stage/0", "stage/4", "stage/8")]


def test_an_upload_that_came_during_the_call_is_decided_on_at_once(library: Library) -> None:
    fakes = library.fakes
    body = resource("a0", {"Boat": 0.99}, version=200, tags=("press",), public_id="stage/0")
    claims = len(THREE)

    def overwritten() -> None:
        fakes.cloudinary.assets["a0"] = body
        handle(fakes.deps, upload(dict(body), fakes.clock.now(), "live"), fakes.remaining)

    fakes.effects.meanwhile[fakes.effects.done + claims] = overwritten
    carry(library)

    assert of(library) == [{"press", "Boat"}, AFTER, AFTER] and fakes.store.items["a0"].dirty is None


def test_one_that_must_wait_alone_keeps_none_of_the_others(library: Library) -> None:
    fakes, claims = library.fakes, len(THREE)
    fakes.cloudinary.silent = True
    fakes.effects.meanwhile[fakes.effects.done + claims] = lambda: fakes.cloudinary.fails.append(Retryable("503"))
    run = carry(library)

    waiting = [asset for asset in THREE if fakes.store.items[asset].intent is not None]
    assert waiting == ["a0"] and of(library, ("a4", "a8")) == [AFTER] * 2 and run.counts.done == 3


def test_a_name_that_another_asset_has_is_in_no_call_for_several(library: Library) -> None:
    fakes = library.fakes
    del fakes.cloudinary.assets["a0"]
    fakes.cloudinary.assets["a3"]["public_id"] = "stage/0"
    before = fakes.cloudinary.tags("a3")
    name = AssetRef("a3", "stage/0", "image", "upload", 0)
    handle(fakes.deps, AssetRenamed(name, "stage", fakes.clock.now(), MessageOrigin("rename", "r")), fakes.remaining)
    run = carry(library)

    assert fakes.store.items["a0"].status == "gone" and fakes.cloudinary.tags("a3") == before
    assert (run.counts.done, run.counts.failed) == (2, 1) and of(library, ("a4", "a8")) == [AFTER] * 2


def test_a_name_that_changed_since_the_claim_is_in_no_call_for_several(library: Library) -> None:
    """Another asset, of which the service does not know yet, has the name by then."""
    fakes, claims = library.fakes, len(THREE)

    def renamed() -> None:
        fakes.cloudinary.assets["a0"]["public_id"] = "stage/moved"
        name = AssetRef("a0", "stage/moved", "image", "upload", 0)
        handle(
            fakes.deps, AssetRenamed(name, "stage", fakes.clock.now(), MessageOrigin("rename", "r")), fakes.remaining
        )
        fakes.cloudinary.assets["new"] = resource("new", tags=("press",), public_id="stage/0")

    fakes.effects.meanwhile[fakes.effects.done + claims - 1] = renamed
    carry(library)

    assert [names for _, names, _ in fakes.cloudinary.joint_calls] == [("stage/4", "stage/8")] * 2
    assert fakes.cloudinary.tags("new") == {"press"} and of(library) == [AFTER] * 3


def test_a_breaker_that_opens_after_the_claims_stops_the_call(library: Library) -> None:
    fakes, claims = library.fakes, len(THREE)
    until = fakes.clock.now() + 300_000
    fakes.effects.meanwhile[fakes.effects.done + claims - 1] = lambda: fakes.limits.trip(until - 300_000, "401")
    carry(library)

    assert fakes.cloudinary.joint_calls == [] and all(fakes.store.items[asset].intent for asset in THREE)


@pytest.mark.parametrize(("size", "begun"), [(49, 49), (50, 1)])
def test_of_many_one_goes_first_and_where_cloudinary_does_not_answer_the_rest_is_missed(size: int, begun: int) -> None:
    library = Library(4 * size)
    library.fakes.rules.use(NEW, 1)
    library.fakes.cloudinary.fails = [Retryable("503")]
    run = carry(library, tuple(f"a{4 * n}" for n in range(size)))

    assert sum(state.intent is not None for state in library.fakes.store.items.values()) == begun
    assert (run.counts.done, run.counts.missed) == (begun, size - begun)


def test_refused_credentials_stop_every_caller_and_lose_nothing(library: Library) -> None:
    fakes = library.fakes
    fakes.cloudinary.fails = [CredentialsRefused("Cloudinary answered 401")]
    carry(library)

    assert fakes.limits.open_until > fakes.clock.now() and all(fakes.store.items[asset].intent for asset in THREE)


@pytest.mark.parametrize("handled", [True, False], ids=["a group that was handled", "a run that there is not"])
def test_a_message_that_is_not_under_way_any_more_changes_nothing(library: Library, handled: bool) -> None:
    run_id, before = library.run(), library.tags()
    handle(library.fakes.deps, ProcessRunGroup(run_id if handled else "f" * 32, "g", THREE), library.fakes.remaining)

    assert library.tags() == before and library.fakes.telemetry.counts["Dropped"] == 1
    assert not any(state.intent for state in library.fakes.store.items.values())


def test_a_worker_that_has_not_heard_of_the_runs_rules_asks_for_them(library: Library) -> None:
    rules = library.fakes.rules
    run_id, newest = library.run(), rules.now
    library.fakes.runs.items[run_id] = replace(library.fakes.runs.items[run_id], groups=frozenset({"g"}))
    rules.use(OLD, 0)
    rules.newer = newest
    handle(library.fakes.deps, ProcessRunGroup(run_id, "g", THREE), library.fakes.remaining)

    assert of(library) == [AFTER] * 3


def test_while_the_breaker_is_open_a_group_is_missed_as_a_whole(library: Library) -> None:
    library.fakes.limits.open_until = library.fakes.clock.now() + 300_000
    run = carry(library)

    assert (run.counts.missed, run.groups, run.status) == (3, frozenset(), "running")
    assert library.fakes.cloudinary.joint_calls == []


def test_a_run_without_calls_left_is_paused_and_says_so_only_where_there_is_something_to_call(library: Library) -> None:
    runs = library.fakes.runs.items
    for assets, status in ((("a2",), "done"), (THREE, "paused")):  # nothing changes on the first
        run_id = library.run(max_calls=1)
        counts = replace(runs[run_id].counts, calls=5)
        runs[run_id] = replace(runs[run_id], cursors={}, groups=frozenset({"g"}), counts=counts)
        handle(library.fakes.deps, ProcessRunGroup(run_id, "g", assets), library.fakes.remaining)
        assert runs[run_id].status == status
    paused = [fields for event, fields in library.fakes.telemetry.lines if event == "run_paused"]
    assert paused == [{"run": run_id, "why": "all of its 1 calls are made"}] and runs[run_id].why == paused[0]["why"]
