"""What people did before a deletion holds after the restoration, in whichever order it arrives."""

from itertools import permutations

import pytest

from autotag.domain.model.messages import Message, MessageOrigin, RefetchAsset
from autotag.service.worker import handle
from tests.fakes.context import Fakes
from tests.fakes.samples import GUITARIST, person, resource, upload
from tests.unit.service.settle import check, come_to_rest
from tests.unit.service.tagging.faults.test_meanwhile import MINUTE, deleted
from tests.unit.service.tagging.tagged_asset import given_tagged


@pytest.mark.parametrize("order", list(permutations(("read", "delete", "restore", "removal"))))
def test_a_persons_removal_that_is_told_holds_through_a_restoration_read_before_it_is_told(
    order: tuple[str, ...],
) -> None:
    fakes = given_tagged()
    now = fakes.clock.now()
    fakes.cloudinary.assets["a1"] = resource("a1", GUITARIST, tags=("People",))
    told: dict[str, Message] = {
        "removal": person(removed=("Guitar",), at=now - MINUTE),
        "delete": deleted(now - 3 * MINUTE),
        "restore": upload(resource("a1", GUITARIST, tags=("People", "Guitar")), now - 2 * MINUTE, "d2"),
        "read": RefetchAsset("a1", now, MessageOrigin("upload", "h")),
    }
    for what in order:
        handle(fakes.deps, told[what], fakes.remaining)
    come_to_rest(fakes)

    state = fakes.store.items["a1"]
    assert state.people["guitar"].want == "remove" and set(state.managed_tags) == {"People"} == fakes.cloudinary.tags(
        "a1"
    )
    check(fakes)


def test_a_removal_that_a_read_shows_before_the_asset_is_deleted_holds() -> None:
    fakes = given_tagged()
    fakes.cloudinary.assets["a1"]["tags"] = ["People"]
    handle(fakes.deps, RefetchAsset("a1", fakes.clock.now(), MessageOrigin("upload", "h")), fakes.remaining)
    fakes.clock.advance(600)
    gone = deleted(fakes.clock.now())
    fakes.clock.advance(5)
    back = upload(dict(fakes.cloudinary.assets["a1"]), fakes.clock.now(), "d2")
    for message in (gone, back):
        handle(fakes.deps, message, fakes.remaining)
    come_to_rest(fakes)

    assert fakes.store.items["a1"].people["guitar"].want == "remove"
    assert fakes.cloudinary.tags("a1") == {"People"}


@pytest.mark.parametrize("order", list(permutations(("delete", "add", "restore"))))
@pytest.mark.parametrize("seconds", [1, 20])
def test_what_a_person_added_before_a_deletion_is_theirs_in_any_order(order: tuple[str, ...], seconds: int) -> None:
    """One tag that was ours; the restoration shows the labels anew."""
    fakes = Fakes()
    fakes.cloudinary.assets["a1"] = resource("a1", {"Dog": 0.7})
    handle(fakes.deps, upload(dict(fakes.cloudinary.assets["a1"])), fakes.remaining)
    told: dict[str, Message] = {}
    for what in ("add", "delete", "restore"):
        fakes.clock.advance(seconds)
        now = fakes.clock.now()
        if what == "add":
            told[what] = person(added=("Dog",), at=now)
        else:
            told[what] = deleted(now) if what == "delete" else upload(dict(fakes.cloudinary.assets["a1"]), now, "d2")
    for what in order:
        handle(fakes.deps, told[what], fakes.remaining)
    come_to_rest(fakes)

    assert fakes.store.items["a1"].people["dog"].want == "add" and fakes.store.items["a1"].managed_tags == {}
