"""An asset that was deleted comes back from a backup: what was left open then is settled, what we wrote is ours."""

import pytest

from autotag.domain.model.messages import AssetDeleted, MessageOrigin, RefetchAsset
from autotag.service.worker import handle
from tests.fakes.context import Fakes
from tests.fakes.effects import Died
from tests.fakes.runtime import START
from tests.fakes.samples import GUITARIST, person, resource, upload
from tests.unit.service.settle import check, come_to_rest
from tests.unit.service.tagging.faults.test_meanwhile import decide_again


def deleted(fakes: Fakes) -> None:
    """Delete the asset; Cloudinary notifies of it."""
    fakes.cloudinary.assets.pop("a1")
    ref = fakes.store.items["a1"].asset
    handle(fakes.deps, AssetDeleted(ref, fakes.clock.now(), MessageOrigin("delete", "x")), fakes.remaining)


def test_of_two_changes_of_one_time_a_read_of_the_asset_that_came_back_decides() -> None:
    fakes = Fakes()
    fakes.cloudinary.assets["a1"] = body = resource("a1", GUITARIST)
    handle(fakes.deps, upload(dict(body)), fakes.remaining)
    fakes.limits.left = 0  # they cannot be read before the asset is deleted
    handle(fakes.deps, person(added=("press",), at=START + 60_000, digest="p1"), fakes.remaining)
    handle(fakes.deps, person(removed=("press",), at=START + 60_000, digest="p2"), fakes.remaining)
    fakes.clock.advance(600)
    deleted(fakes)
    fakes.limits.left = 100
    come_to_rest(fakes)
    assert fakes.store.items["a1"].claims["press"].want == "either"
    fakes.cloudinary.assets["a1"] = body
    handle(fakes.deps, upload(dict(body), fakes.clock.now(), "d2"), fakes.remaining)
    come_to_rest(fakes)

    assert not fakes.store.items["a1"].claims and fakes.store.items["a1"].people["press"].want == "remove"
    check(fakes)


@pytest.mark.parametrize("dies", [2, 3])
def test_what_a_worker_wrote_that_died_before_the_asset_was_deleted_is_ours_when_a_backup_has_it(dies: int) -> None:
    """It died after its call, or after its record: the deletion is found out by who takes the intent over."""
    fakes = Fakes()
    fakes.cloudinary.assets["a1"] = body = resource("a1", {"Guitar": 0.7})
    fakes.effects.die_at = (dies, "before")
    with pytest.raises(Died):
        handle(fakes.deps, upload(dict(body)), fakes.remaining)
    fakes.effects.die_at = None
    assert body["tags"] == ["Guitar"]
    fakes.clock.advance(10)
    deleted(fakes)
    come_to_rest(fakes)
    assert fakes.store.items["a1"].status == "gone"
    fakes.cloudinary.assets["a1"] = body
    handle(fakes.deps, upload(dict(body), fakes.clock.now(), "d2"), fakes.remaining)
    decide_again(fakes, "[defaults]\nthreshold = 0.9\n", 1)
    come_to_rest(fakes)

    assert fakes.cloudinary.tags("a1") == set() and fakes.store.items["a1"].managed_tags == {}


def test_an_asset_that_came_back_is_decided_on_though_a_persons_change_is_repaired_first() -> None:
    """A hint's read shows it again, and confirms a removal that we had worked against."""
    fakes = Fakes()
    fakes.cloudinary.assets["a1"] = body = resource("a1", GUITARIST)
    handle(fakes.deps, upload(dict(body)), fakes.remaining)
    fakes.clock.advance(1)
    removed_at = fakes.clock.now()
    fakes.cloudinary.assets.clear()
    said = RefetchAsset(
        "a1", removed_at, MessageOrigin("resource_tags_changed", "h1"), by="someone", removed=("Guitar",)
    )
    handle(fakes.deps, said, fakes.remaining)
    gone = fakes.store.items["a1"]
    assert gone.status == "gone" and gone.claims
    fakes.clock.advance(3600)
    fakes.cloudinary.assets["a1"] = body | {"tags": ["People"]}
    handle(fakes.deps, RefetchAsset("a1", fakes.clock.now(), MessageOrigin("upload", "h2")), fakes.remaining)
    come_to_rest(fakes)

    state = fakes.store.items["a1"]
    assert state.status in ("tagged", "unchanged") and fakes.cloudinary.tags("a1") == {"People"}
    check(fakes)
