"""An overwrite in an account that keeps tags: whose the kept ones are, and which the new picture earns."""

import pytest
from msgspec.structs import replace

from autotag.domain.model.messages import AssetDeleted, ContextChanged, MessageOrigin, RefetchAsset
from autotag.service.worker import handle
from tests.fakes.context import Fakes
from tests.fakes.effects import Died
from tests.fakes.samples import person, resource, upload
from tests.unit.service.settle import check, come_to_rest
from tests.unit.service.tagging.people.overwritten_cat import CAT, DOG, overwrite, tagged_cat


@pytest.mark.parametrize("read", [False, True])
@pytest.mark.parametrize("all_listed", [False, True])
def test_where_tags_are_kept_ours_stay_ours_and_go_when_the_new_picture_does_not_earn_them(
    read: bool, all_listed: bool
) -> None:
    fakes = tagged_cat(keeps=True)
    overwrite(fakes, ("mine", "Cat"), listed=None if all_listed else (), read=read)

    state = fakes.store.items["a1"]
    assert fakes.cloudinary.tags("a1") == {"Dog", "mine"}
    assert set(state.managed_tags) == {"Dog"} and state.people == {}
    check(fakes)


@pytest.mark.parametrize("read_first", [False, True])
def test_where_tags_are_kept_a_decision_before_the_overwrite_is_told_takes_none_of_ours_from_us(
    read_first: bool,
) -> None:
    """The older picture is decided on once more, by a changed context, after the newer one came."""
    free = '[[when]]\ncontext = { license = "free" }\nadd = ["licensed"]\n'
    fakes = tagged_cat(keeps=True, rules=f"[defaults]\nthreshold = 0.7\n{free}")
    body = resource("a1", DOG, version=fakes.clock.now() // 1000, tags=("Cat", "mine"))
    fakes.cloudinary.assets["a1"] = body
    told = upload(dict(body), fakes.clock.now(), "d2")
    fakes.clock.advance(60)
    fakes.cloudinary.assets["a1"] |= {"context": {"custom": {"license": "free"}}}
    source = MessageOrigin("resource_context_changed", "d3")
    changed = ContextChanged(told.asset, fakes.clock.now(), source, {"license": "free"})
    handle(fakes.deps, changed, fakes.remaining)
    assert fakes.cloudinary.tags("a1") == {"Cat", "mine", "licensed"}

    if read_first:
        fakes.clock.advance(60)
        handle(fakes.deps, RefetchAsset("a1", fakes.clock.now(), MessageOrigin("upload", "d4")), fakes.remaining)
    handle(fakes.deps, told, fakes.remaining)
    come_to_rest(fakes)
    assert fakes.cloudinary.tags("a1") == {"Dog", "mine", "licensed"}
    assert set(fakes.store.items["a1"].managed_tags) == {"Dog", "licensed"}
    check(fakes)


@pytest.mark.parametrize("effect", range(4))
@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("mine", [(), ("mine",)])
def test_where_tags_are_kept_those_of_an_owner_that_died_are_ours(
    effect: int, when: str, mine: tuple[str, ...]
) -> None:
    """The worker of the older picture dies at any effect, and the newer picture comes before its intent is due."""
    fakes = Fakes()
    fakes.cloudinary.keeps = True
    fakes.cloudinary.assets["a1"] = resource("a1", CAT, tags=mine)
    fakes.effects.die_at = (effect, when)
    with pytest.raises(Died):
        handle(fakes.deps, upload(dict(fakes.cloudinary.assets["a1"])), fakes.remaining)
    fakes.effects.die_at = None
    fakes.clock.advance(2)
    tags = sorted(fakes.cloudinary.tags("a1"))
    fakes.clock.advance(2)
    overwrite(fakes, tags)
    assert fakes.cloudinary.tags("a1") == {"Dog", *mine}
    assert set(fakes.store.items["a1"].managed_tags) == {"Dog"}
    check(fakes)


def test_where_tags_are_kept_one_that_the_new_picture_earns_stays_without_a_call() -> None:
    fakes = tagged_cat(keeps=True)
    calls = len(fakes.cloudinary.calls)
    version = fakes.clock.now() // 1000
    fakes.cloudinary.assets["a1"] = resource("a1", CAT, version=version, tags=("mine", "Cat"))
    handle(fakes.deps, upload(dict(fakes.cloudinary.assets["a1"]), fakes.clock.now(), "d2"), fakes.remaining)

    assert fakes.cloudinary.tags("a1") == {"Cat", "mine"} and len(fakes.cloudinary.calls) == calls
    assert set(fakes.store.items["a1"].managed_tags) == {"Cat"}


def test_where_tags_are_kept_ours_stay_ours_though_a_deletion_is_told_before_the_overwrite() -> None:
    """Overwritten, deleted and restored; the deletion arrives first, and the overwrite is stale by then."""
    fakes = tagged_cat(keeps=True)
    version = fakes.clock.now() // 1000
    fakes.cloudinary.assets["a1"] = resource("a1", DOG, version=version, tags=("Cat", "mine"))
    ref = replace(fakes.store.items["a1"].asset, version=version)
    at = fakes.clock.now() + 5000
    handle(fakes.deps, AssetDeleted(ref, at, MessageOrigin("delete", "x")), fakes.remaining)
    handle(fakes.deps, upload(dict(fakes.cloudinary.assets["a1"]), at + 5000, "d3"), fakes.remaining)
    come_to_rest(fakes)

    assert fakes.cloudinary.tags("a1") == {"Dog", "mine"} and set(fakes.store.items["a1"].managed_tags) == {"Dog"}


@pytest.mark.parametrize("all_listed", [False, True])
def test_where_tags_are_kept_what_a_person_added_to_the_older_picture_stays_theirs(all_listed: bool) -> None:
    fakes = tagged_cat(keeps=True)
    handle(fakes.deps, person(added=("Cat",), at=fakes.clock.now()), fakes.remaining)
    fakes.clock.advance(60)
    overwrite(fakes, ("mine", "Cat"), listed=None if all_listed else ())

    assert fakes.cloudinary.tags("a1") == {"Cat", "Dog", "mine"} and set(fakes.store.items["a1"].managed_tags) == {
        "Dog"
    }


def test_where_tags_are_kept_those_that_the_upload_sends_stand_in_their_place_and_are_theirs() -> None:
    fakes = tagged_cat(keeps=True)
    overwrite(fakes, ("Cat", "press"))

    assert fakes.cloudinary.tags("a1") == {"Cat", "Dog", "press"} and set(fakes.store.items["a1"].managed_tags) == {
        "Dog"
    }
    assert fakes.store.items["a1"].people["cat"].set_by_upload


def test_where_tags_are_kept_one_that_we_had_taken_away_was_set_by_the_upload() -> None:
    fakes = tagged_cat(keeps=True)
    overwrite(fakes, ("mine", "Cat"))
    fakes.clock.advance(600)
    overwrite(fakes, ("mine", "Dog", "Cat"))

    assert fakes.store.items["a1"].people["cat"].set_by_upload
    assert fakes.cloudinary.tags("a1") == {"Cat", "Dog", "mine"}
