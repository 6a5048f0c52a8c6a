"""A name that arrives under an open intent is the younger one: no end of an intent puts an older one in its place."""

import pytest
from msgspec.structs import replace

from autotag.domain.errors import Permanent
from autotag.service.worker import handle
from tests.fakes.context import Fakes
from tests.fakes.runtime import START
from tests.fakes.samples import GUITARIST, resource, upload
from tests.unit.service.runs.run_library import Library
from tests.unit.service.settle import check, come_to_rest
from tests.unit.service.tagging.faults.test_meanwhile import MINUTE, at_turn, renamed


@pytest.mark.parametrize("number", range(2, 6))
def test_a_rename_at_any_moment_of_an_intent_that_makes_no_call_survives_it(number: int) -> None:
    fakes = Fakes("[defaults]\nthreshold = 0.999\n")
    fakes.cloudinary.assets["a1"] = resource("a1", GUITARIST)
    met: list[int] = []

    def rename() -> None:
        met.append(1)
        fakes.cloudinary.assets["a1"]["public_id"] = "stage/new"
        handle(fakes.deps, renamed("stage/new", START + 5000), fakes.remaining)

    at_turn(fakes, number, rename)
    handle(fakes.deps, upload(resource("a1", GUITARIST)), fakes.remaining)
    come_to_rest(fakes)

    assert met and fakes.cloudinary.calls == []
    assert fakes.store.items["a1"].asset.public_id == "stage/new"
    check(fakes)


def test_a_rename_after_its_name_was_looked_up_survives_calls_that_are_refused() -> None:
    """Another asset has the name of the claim, so a read tells which it is; then it is renamed again."""
    fakes = Fakes()
    fakes.cloudinary.assets["b2"] = resource("b2", status="none", public_id="stage/a1")
    handle(fakes.deps, upload(dict(fakes.cloudinary.assets["b2"])), fakes.remaining)
    fakes.cloudinary.assets["a1"] = resource("a1", GUITARIST, public_id="stage/between")
    refusals: list[Permanent] = []

    def refuse() -> None:
        if fakes.cloudinary.reads and not refusals and fakes.store.items["a1"].asset.public_id == "stage/a1":
            if "a1" in fakes.cloudinary.missed or len(turns) < 2:
                turns.append(1)
                return
            refusals.append(Permanent("400"))
            handle(fakes.deps, renamed("stage/new", START + 5000), fakes.remaining)

    turns: list[int] = []
    fakes.effects.turn = refuse
    fakes.cloudinary.most_tags = 1
    handle(fakes.deps, upload(resource("a1", GUITARIST)), fakes.remaining)
    fakes.effects.turn = lambda: None
    fakes.cloudinary.assets["a1"]["public_id"] = "stage/new"
    come_to_rest(fakes)

    assert refusals and fakes.outcomes()[-1] == "failed"
    assert fakes.store.items["a1"].asset.public_id == "stage/new"


def test_a_rename_told_after_the_joint_call_of_a_run_has_its_calls_made_again() -> None:
    """In Cloudinary it had happened before the call, which met the asset that took the name."""
    library = Library(24)
    fakes = library.fakes
    fakes.rules.use('[defaults]\nthreshold = 0.7\n[labels.People]\ntag = "crowd"\n', 1)
    run_id = library.run()
    told = renamed("stage/new", fakes.clock.now() + 9 * MINUTE, "a0")
    swapped: list[int] = []
    heard: list[int] = []

    def turn() -> None:
        claimed = {state.asset.asset_id for state in fakes.store.items.values() if state.intent is not None}
        if not swapped and "a0" in claimed and len(claimed) > 1:
            swapped.append(len(claimed))
            fakes.cloudinary.assets["a0"]["public_id"] = "stage/new"
            fakes.cloudinary.assets["z9"] = resource("z9", {}, public_id="stage/0")
        calls = [ids for op, ids, _ in fakes.cloudinary.joint_calls if op == "add" and "stage/0" in ids]
        if calls and not heard:
            heard.append(1)
            handle(fakes.deps, told, fakes.remaining)

    fakes.effects.turn = turn
    library.finish(run_id)

    assert swapped and heard and fakes.store.items["a0"].asset.public_id == "stage/new"
    assert fakes.cloudinary.tags("a0") == {"press", "crowd", "Guitar"}


@pytest.mark.parametrize("unknown", ["public_id", "resource_type", "type"])
def test_an_asset_whose_name_is_not_known_whole_is_looked_up_before_the_first_call(unknown: str) -> None:
    fakes = Fakes()
    fakes.cloudinary.assets["a1"] = resource("a1", GUITARIST)
    seen = upload(resource("a1", GUITARIST))
    handle(fakes.deps, replace(seen, asset=replace(seen.asset, **{unknown: ""})), fakes.remaining)

    assert fakes.cloudinary.reads == ["a1"] and fakes.cloudinary.tags("a1") == {"People", "Guitar"}
    assert [name for _, name, _ in fakes.cloudinary.calls] == ["stage/a1"]


def test_an_asset_that_is_renamed_again_and_again_is_called_three_times_and_its_intent_waits() -> None:
    fakes = Fakes()
    fakes.cloudinary.assets["a1"] = resource("a1", GUITARIST)
    names = iter(range(1000))

    def renamed() -> None:
        fakes.cloudinary.assets["a1"]["public_id"] = f"name/{next(names)}"

    fakes.effects.turn = renamed
    handle(fakes.deps, upload(resource("a1", GUITARIST)), fakes.remaining)

    assert len(fakes.cloudinary.calls) == 3 and fakes.store.items["a1"].intent is not None
    fakes.effects.turn = lambda: None
    come_to_rest(fakes)
    assert fakes.cloudinary.tags("a1") == {"People", "Guitar"}
