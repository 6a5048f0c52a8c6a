"""A decision never rests on a state that was read before another process wrote."""

from collections.abc import Callable
from itertools import permutations

import pytest

from autotag.domain.decisions.evaluate import evaluate
from autotag.domain.errors import Missing
from autotag.domain.model.asset import AssetRef
from autotag.domain.model.audit import Trigger
from autotag.domain.model.messages import AssetDeleted, AssetRenamed, Message, MessageOrigin, RefetchAsset
from autotag.domain.state.claim import inputs_of
from autotag.service.context import rules_for
from autotag.service.tagging.decide import Attempt, conclude
from autotag.service.tagging.poll import poll
from autotag.service.worker import handle
from tests.fakes.context import Fakes
from tests.fakes.runtime import START
from tests.fakes.samples import GUITARIST, person, resource, upload
from tests.unit.service.runs.run_library import Library
from tests.unit.service.settle import check, come_to_rest
from tests.unit.service.tagging.tagged_asset import given_tagged

MINUTE = 60_000


def decide_again(fakes: Fakes, rules: str, seq: int) -> None:
    """Publish rules and decide on the asset again, as a run does."""
    fakes.rules.use(rules, seq)
    state = fakes.store.items["a1"]
    known = rules_for(fakes.deps, state)
    verdict = evaluate(inputs_of(state, known.ruleset), known.ruleset)
    trigger = Trigger("retag", "", "", f"run{seq}")
    conclude(fakes.deps, Attempt(state, state, known, trigger, fakes.remaining), verdict)


def once(act: Callable[[], None]) -> Callable[[], None]:
    """Return ``act``, which happens at its first call alone."""
    left = [act]
    return lambda: left.pop()() if left else None


def renamed(name: str, at: int, asset_id: str = "a1") -> AssetRenamed:
    return AssetRenamed(
        AssetRef(asset_id, name, "image", "upload", 0), name.split("/")[0], at, MessageOrigin("rename", f"r{name}")
    )


def test_a_tag_that_we_removed_while_the_asset_was_read_was_removed_by_no_person() -> None:
    fakes = given_tagged()
    fakes.cloudinary.before_read = once(lambda: decide_again(fakes, "[defaults]\nthreshold = 0.9\n", 1))
    handle(fakes.deps, RefetchAsset("a1", fakes.clock.now(), MessageOrigin("upload", "h")), fakes.remaining)

    assert fakes.store.items["a1"].people == {}
    decide_again(fakes, "[defaults]\nthreshold = 0.7\n", 2)
    assert fakes.cloudinary.tags("a1") == {"People", "Guitar"}


def test_a_tag_that_a_person_put_back_while_the_asset_was_read_is_not_put_down_as_removed() -> None:
    fakes = given_tagged()
    fakes.cloudinary.assets["a1"]["tags"].remove("Guitar")
    told = person(added=("Guitar",), at=fakes.clock.now() + 5 * MINUTE)
    fakes.cloudinary.before_read = once(lambda: handle(fakes.deps, told, fakes.remaining))
    handle(fakes.deps, RefetchAsset("a1", fakes.clock.now(), MessageOrigin("upload", "h")), fakes.remaining)

    assert fakes.store.items["a1"].people["guitar"].want == "add"


def at_turn(fakes: Fakes, number: int, act: Callable[[], None]) -> None:
    """Let ``act`` happen at the turn of that number, once; turns are before effects and around reads."""
    turns = iter(range(10**6))

    def turn() -> None:
        if next(turns) == number:
            act()

    fakes.effects.turn = turn


@pytest.mark.parametrize("number", range(2, 9))
@pytest.mark.parametrize("other_takes_the_name", [False, True])
def test_a_rename_at_any_moment_of_an_open_intent_survives_it(number: int, other_takes_the_name: bool) -> None:
    fakes = Fakes()
    fakes.cloudinary.assets["a1"] = resource("a1", GUITARIST)
    told = renamed("stage/new", START + 5000)
    met: list[int] = []

    def rename() -> None:
        met.append(len(fakes.cloudinary.calls))
        fakes.cloudinary.assets["a1"]["public_id"] = "stage/new"
        if other_takes_the_name:
            fakes.cloudinary.assets["b2"] = resource("b2", {}, public_id="stage/a1")
        handle(fakes.deps, told, fakes.remaining)

    at_turn(fakes, number, rename)
    handle(fakes.deps, upload(resource("a1", GUITARIST)), fakes.remaining)
    assert met, "there is no such moment"
    handle(fakes.deps, told, fakes.remaining)  # told once more
    come_to_rest(fakes)

    assert fakes.store.items["a1"].asset.public_id == "stage/new" and fakes.store.named("stage/new") == ["a1"]
    assert fakes.cloudinary.tags("a1") == {"People", "Guitar"} and fakes.store.items["a1"].people == {}
    assert all(tags for _, _, tags in fakes.cloudinary.calls)


@pytest.mark.parametrize("number", [2, 3])
def test_a_name_that_changed_since_the_claim_is_looked_up_and_the_wrong_asset_is_never_written(number: int) -> None:
    fakes = Fakes()
    fakes.cloudinary.assets["a1"] = resource("a1", GUITARIST)

    def rename() -> None:
        fakes.cloudinary.assets["a1"]["public_id"] = "stage/new"
        fakes.cloudinary.assets["b2"] = resource("b2", {}, public_id="stage/a1")
        handle(fakes.deps, renamed("stage/new", START + 5000), fakes.remaining)

    at_turn(fakes, number, rename)
    handle(fakes.deps, upload(resource("a1", GUITARIST)), fakes.remaining)
    come_to_rest(fakes)

    assert fakes.cloudinary.tags("a1") == {"People", "Guitar"} and fakes.cloudinary.tags("b2") == set()


@pytest.mark.parametrize("size", [24, 60])
def test_a_rename_between_the_claims_and_the_joint_call_of_a_run_survives_it(size: int) -> None:
    """Another asset has taken the old name by the time of the call."""
    library = Library(size)
    fakes = library.fakes
    fakes.rules.use('[defaults]\nthreshold = 0.7\n[labels.People]\ntag = "crowd"\n', 1)
    run_id = library.run()
    told = renamed("stage/new", fakes.clock.now() + 9 * MINUTE, "a0")
    met: list[int] = []

    def rename() -> None:
        claimed = [state for state in fakes.store.items.values() if state.intent is not None]
        if not met and "a0" in {state.asset.asset_id for state in claimed} and len(claimed) > 1:
            met.append(len(claimed))
            fakes.cloudinary.assets["a0"]["public_id"] = "stage/new"
            fakes.cloudinary.assets["z9"] = resource("z9", {}, tags=("People",), public_id="stage/0")
            handle(fakes.deps, told, fakes.remaining)

    fakes.effects.turn = rename
    library.finish(run_id)

    assert met and fakes.store.items["a0"].asset.public_id == "stage/new"
    assert fakes.cloudinary.tags("z9") == {"People"}
    assert fakes.cloudinary.tags("a0") == {"press", "crowd", "Guitar"}


def test_an_older_upload_told_late_does_not_bring_the_name_back_that_a_read_has_replaced() -> None:
    fakes = Fakes()
    handle(fakes.deps, upload(resource("a1", status="pending"), START), fakes.remaining)
    fakes.cloudinary.assets["a1"] = resource("a1", GUITARIST, public_id="zoo/new")
    fakes.clock.advance(120)
    poll(fakes.deps, "a1", fakes.remaining)
    handle(fakes.deps, upload(resource("a1", GUITARIST), START + 5, "d2"), fakes.remaining)

    assert fakes.store.items["a1"].asset.public_id == "zoo/new"


def test_a_rename_from_before_an_upload_does_not_bring_its_name_back() -> None:
    """The asset came back from a backup under a third name; the rename before that is told last."""
    fakes = given_tagged()
    now = fakes.clock.now()
    fakes.cloudinary.assets["a1"]["public_id"] = "stage/restored"
    back = upload(resource("a1", GUITARIST, public_id="stage/restored"), now + 2 * MINUTE, "d2")
    for message in (back, renamed("zoo/before", now + MINUTE)):
        handle(fakes.deps, message, fakes.remaining)

    assert fakes.store.items["a1"].asset.public_id == "stage/restored"


def deleted(at: int, version: int = 100) -> AssetDeleted:
    return AssetDeleted(AssetRef("a1", "stage/a1", "image", "upload", version), at, MessageOrigin("delete", f"x{at}"))


@pytest.mark.parametrize("order", list(permutations(range(3))))
@pytest.mark.parametrize("twice", [False, True])
@pytest.mark.parametrize("version", [100, 0])
def test_a_delete_a_restore_and_a_delete_end_gone_in_any_order(
    order: tuple[int, ...], twice: bool, version: int
) -> None:
    """A notification may tell the version, or 0 where it does not."""
    fakes = given_tagged()
    now = fakes.clock.now()
    back = upload(resource("a1", GUITARIST, tags=("People",)), now + 2 * MINUTE, "d2")
    messages: list[Message] = [deleted(now + MINUTE, version), back, deleted(now + 3 * MINUTE, version)]
    fakes.cloudinary.assets.clear()
    for n in (*order, *(order if twice else ())):
        handle(fakes.deps, messages[n], fakes.remaining)
    fakes.clock.advance(10 * 60)
    come_to_rest(fakes)

    state = fakes.store.items["a1"]
    assert (state.status, state.deleted_at, state.poll) == ("gone", now + 3 * MINUTE, None)
    check(fakes)


@pytest.mark.parametrize("order", list(permutations(range(2))))
def test_a_restore_that_is_handled_after_its_delete_late_is_decided_on(order: tuple[int, ...]) -> None:
    fakes = given_tagged()
    now = fakes.clock.now()
    fakes.cloudinary.assets["a1"] = resource("a1", GUITARIST)
    messages: list[Message] = [deleted(now + MINUTE), upload(resource("a1", GUITARIST), now + 2 * MINUTE, "d2")]
    fakes.clock.advance(3600)
    for n in order:
        handle(fakes.deps, messages[n], fakes.remaining)
    come_to_rest(fakes)

    assert fakes.store.items["a1"].status in ("tagged", "unchanged")
    assert fakes.cloudinary.tags("a1") == {"People", "Guitar"}


def test_a_restore_told_while_a_read_finds_the_asset_gone_is_not_closed_over() -> None:
    fakes = given_tagged()
    back = upload(resource("a1", GUITARIST, version=200), fakes.clock.now() + MINUTE, "d2")

    def restored() -> None:
        fakes.cloudinary.assets["a1"] = resource("a1", GUITARIST, version=200)
        handle(fakes.deps, back, fakes.remaining)
        fakes.cloudinary.fails = [Missing("the read began before that")]

    fakes.cloudinary.before_read = once(restored)
    handle(fakes.deps, RefetchAsset("a1", fakes.clock.now(), MessageOrigin("upload", "h")), fakes.remaining)
    come_to_rest(fakes)

    assert fakes.store.items["a1"].status in ("tagged", "unchanged")
    assert fakes.cloudinary.tags("a1") == {"People", "Guitar"}
