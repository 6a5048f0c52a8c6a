"""The calls of a group: made for all together or for one alone, delayed or refused, and how they are counted."""

import pytest

from autotag.domain.errors import CredentialsRefused, Retryable
from autotag.domain.model.asset import AssetRef
from autotag.domain.model.messages import AssetRenamed, MessageOrigin
from autotag.service.runs.batch_execute import calls_for
from autotag.service.worker import handle
from tests.fakes.samples import resource, upload
from tests.unit.service.runs.groups.group_library import AFTER, THREE, carry, of, opened
from tests.unit.service.runs.run_library import NEW, Library


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
    assert (run.counts.too_large, run.counts.gone) == (0, 1)


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


def unlike(assets: int, changes: int) -> tuple[Library, tuple[str, ...]]:
    """Return a library and assets of it that need so many different changes, each of a tag less and a tag more."""
    library = Library(0)
    names = tuple(f"u{n}" for n in range(assets))
    for n, name in enumerate(names):
        body = resource(name, {"People": 0.99, f"Label {n % changes}": 0.8}, public_id=f"unlike/{n}")
        library.fakes.cloudinary.assets[name] = body
        handle(library.fakes.deps, upload(dict(body), digest=f"d{n}"), library.fakes.remaining)
    library.fakes.rules.use(NEW, 1)
    return library, names


@pytest.mark.parametrize(("assets", "changes"), [(250, 50), (50, 50), (250, 49), (250, 1), (249, 41), (60, 3)])
def test_a_group_makes_at_most_a_hundred_calls_and_all_are_counted(assets: int, changes: int) -> None:
    library, names = unlike(assets, changes)
    run = carry(library, names)

    assert (run.counts.done, run.counts.missed) == (assets, 0)
    assert run.counts.calls == len(library.fakes.cloudinary.joint_calls) <= 100
    assert run.counts.calls <= 2 * changes + 2


def test_a_group_that_needs_more_calls_by_now_makes_a_hundred_and_another_pass_the_rest() -> None:
    """Its plan was made under other rules, under which fewer changes were different."""
    library, names = unlike(250, 120)
    run = carry(library, names)

    assert run.counts.calls == len(library.fakes.cloudinary.joint_calls) <= 100
    assert run.counts.missed == 250 - run.counts.done > 0 and run.status == "running"
    run = library.finish(run.id)
    assert (run.status, run.counts.missed, run.counts.done) == ("done", 0, 250)


@pytest.mark.parametrize(("assets", "changes", "begun"), [(250, 50, 5), (150, 50, 3), (60, 50, 1), (250, 10, 1)])
def test_where_cloudinary_does_not_answer_few_of_a_group_are_begun(assets: int, changes: int, begun: int) -> None:
    library, names = unlike(assets, changes)
    library.fakes.cloudinary.fails = [Retryable("503")]
    run = carry(library, names)

    assert sum(state.intent is not None for state in library.fakes.store.items.values()) == begun
    assert (run.counts.done, run.counts.missed) == (begun, assets - begun)


def test_a_run_that_may_make_fewer_calls_than_a_group_needs_carries_out_the_changes_that_they_are_enough_for() -> None:
    """Two operations on each of fifty changes are a hundred calls."""
    for allowed, calls in ((99, 98), (100, 100)):
        library, names = unlike(100, 50)
        run = carry(library, names, max_calls=allowed)
        assert run.counts.calls == len(library.fakes.cloudinary.joint_calls) == calls
        assert run.status == ("done" if calls == 100 else "paused")


def test_refused_credentials_stop_every_caller_and_lose_nothing(library: Library) -> None:
    fakes = library.fakes
    fakes.cloudinary.fails = [CredentialsRefused("Cloudinary answered 401")]
    carry(library)

    assert fakes.limits.open_until > fakes.clock.now() and all(fakes.store.items[asset].intent for asset in THREE)
