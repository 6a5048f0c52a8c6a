"""Tags of this service after a deletion and a restoration, in whichever process each is handled: they stay its own."""

from itertools import permutations, product

import pytest

from autotag.domain.errors import Missing
from autotag.domain.model.messages import LabelsObserved, Message, MessageOrigin, RefetchAsset
from autotag.service.worker import handle
from tests.fakes.context import Fakes
from tests.fakes.effects import Died
from tests.fakes.samples import GUITARIST, person, resource, upload
from tests.unit.service.settle import check, come_to_rest
from tests.unit.service.tagging.faults.interleaving import Interleaving
from tests.unit.service.tagging.faults.test_meanwhile import MINUTE, at_turn, decide_again, deleted, once
from tests.unit.service.tagging.tagged_asset import given_tagged

STRICT = "[defaults]\nthreshold = 0.995\n"
OURS = {"People", "Guitar"}


def restored(fakes: Fakes, tags: tuple[str, ...], version: int = 100) -> LabelsObserved:
    """The asset comes back with ``tags``; return the notification of that, of a minute later than now."""
    fakes.cloudinary.assets["a1"] = resource("a1", GUITARIST, tags=tags, version=version)
    return upload(dict(fakes.cloudinary.assets["a1"]), fakes.clock.now() + MINUTE, "d2")


def assert_tags_of_ours_are_known_and_go(fakes: Fakes) -> None:
    """What this service added is its own still: it is there, and goes once no rule wants it."""
    come_to_rest(fakes)
    assert set(fakes.store.items["a1"].managed_tags) == OURS and fakes.store.items["a1"].people == {}
    assert fakes.cloudinary.tags("a1") == {*OURS, "press"}
    check(fakes)
    decide_again(fakes, STRICT, 1)
    come_to_rest(fakes)
    assert fakes.cloudinary.tags("a1") == {"press"}


BACKUPS = [("People", "Guitar", "press"), ("People", "press"), ("press",)]


@pytest.mark.parametrize("tags", BACKUPS)
@pytest.mark.parametrize("schedule", list(product(range(2), repeat=6)))
def test_a_restoration_beside_the_deletion_leaves_our_tags_ours(
    tags: tuple[str, ...], schedule: tuple[int, ...]
) -> None:
    fakes = given_tagged()
    gone = deleted(fakes.clock.now())
    back = restored(fakes, tags)
    fakes.clock.advance(300)

    raised = Interleaving(fakes.effects, schedule).run(
        lambda: handle(fakes.deps, gone, fakes.remaining), lambda: handle(fakes.deps, back, fakes.remaining)
    )

    assert raised == [None, None]
    assert_tags_of_ours_are_known_and_go(fakes)


@pytest.mark.parametrize("tags", BACKUPS)
@pytest.mark.parametrize("effect", range(4))
def test_a_restoration_after_the_deletions_worker_died_leaves_our_tags_ours(tags: tuple[str, ...], effect: int) -> None:
    fakes = given_tagged()
    gone = deleted(fakes.clock.now())
    back = restored(fakes, tags)
    fakes.clock.advance(10)
    fakes.effects.die_at = (fakes.effects.done + effect, "after")
    with pytest.raises(Died):
        handle(fakes.deps, gone, fakes.remaining)
    fakes.effects.die_at = None
    handle(fakes.deps, back, fakes.remaining)

    assert_tags_of_ours_are_known_and_go(fakes)


@pytest.mark.parametrize("tags", BACKUPS)
@pytest.mark.parametrize("turn", range(9, 12))
def test_a_restoration_told_while_a_read_that_found_nothing_is_concluded_leaves_our_tags_ours(
    tags: tuple[str, ...], turn: int
) -> None:
    fakes = given_tagged()
    back = restored(fakes, tags)
    fakes.cloudinary.before_read = once(lambda: fakes.cloudinary.fails.append(Missing("the read came before that")))
    met: list[bool] = []

    def told() -> None:
        met.append(fakes.store.items["a1"].intent is not None)
        handle(fakes.deps, back, fakes.remaining)

    at_turn(fakes, turn - 1, told)
    handle(fakes.deps, RefetchAsset("a1", fakes.clock.now(), MessageOrigin("upload", "h")), fakes.remaining)
    fakes.effects.turn = lambda: None

    assert met == [True], "there is no such moment of the intent"
    assert_tags_of_ours_are_known_and_go(fakes)


@pytest.mark.parametrize("tags", BACKUPS)
@pytest.mark.parametrize("turn", range(4, 10))
def test_a_deletion_and_a_restoration_told_while_tags_are_written_leave_our_tags_ours(
    tags: tuple[str, ...], turn: int
) -> None:
    """The backup may lack what was just written."""
    fakes = Fakes()
    fakes.cloudinary.assets["a1"] = resource("a1", GUITARIST, tags=("press",))
    fresh = upload(dict(fakes.cloudinary.assets["a1"]))

    met: list[bool] = []

    def interrupted() -> None:
        met.append("a1" in fakes.store.items)
        gone = deleted(fakes.clock.now() + 1000)
        back = restored(fakes, tags)
        handle(fakes.deps, gone, fakes.remaining)
        handle(fakes.deps, back, fakes.remaining)

    at_turn(fakes, turn - 1, interrupted)
    handle(fakes.deps, fresh, fakes.remaining)
    fakes.effects.turn = lambda: None

    assert met == [True], "there is no such moment of the intent"
    assert_tags_of_ours_are_known_and_go(fakes)


ABSENT = [(), ("People",)]


@pytest.mark.parametrize("shown", ABSENT)
@pytest.mark.parametrize("order", list(permutations(("read", "delete", "restore"))))
@pytest.mark.parametrize("version", [100, 0])
def test_tags_that_a_restoration_lacks_were_removed_by_no_person_whenever_it_is_read_and_told(
    shown: tuple[str, ...], order: tuple[str, ...], version: int
) -> None:
    fakes = given_tagged()
    now = fakes.clock.now()
    fakes.cloudinary.assets["a1"] = resource("a1", GUITARIST, tags=shown)
    told: dict[str, Message] = {
        "delete": deleted(now - 3 * MINUTE, version),
        "restore": upload(dict(fakes.cloudinary.assets["a1"]), now - 2 * MINUTE, "d2"),
        "read": RefetchAsset("a1", now, MessageOrigin("upload", "h")),
    }
    for what in order:
        handle(fakes.deps, told[what], fakes.remaining)
        fakes.clock.advance(5)
    come_to_rest(fakes)

    state = fakes.store.items["a1"]
    assert state.people == {} and set(state.managed_tags) == OURS == fakes.cloudinary.tags("a1")
    check(fakes)


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_a_tag_that_a_late_call_set_on_the_restored_picture_is_ours_in_any_order(order: tuple[int, ...]) -> None:
    """The picture that earned it was overwritten, deleted and restored before we had heard of any of that."""
    fakes = Fakes()
    fakes.cloudinary.keeps = False
    first = upload(resource("a1", {"People": 0.7}))
    fakes.clock.advance(60)
    version = fakes.clock.now() // 1000
    newer = upload(resource("a1", status="pending", version=version), fakes.clock.now(), "d2")
    fakes.clock.advance(60)
    gone = deleted(fakes.clock.now(), version)
    fakes.clock.advance(60)
    fakes.cloudinary.assets["a1"] = resource("a1", {}, version=version)
    messages: list[Message] = [first, newer, gone, upload(dict(fakes.cloudinary.assets["a1"]), fakes.clock.now(), "d3")]
    fakes.clock.advance(60)
    for n in order:
        handle(fakes.deps, messages[n], fakes.remaining)
    come_to_rest(fakes)

    assert fakes.cloudinary.tags("a1") == set() and fakes.store.items["a1"].managed_tags == {}
    check(fakes)


@pytest.mark.parametrize("order", list(permutations(("upload", "add", "delete", "restore"))))
def test_one_tag_added_before_we_wrote_it_is_not_ours_after_a_restoration(order: tuple[str, ...]) -> None:
    """A person or Cloudinary added it when its label was new, before our call; it stays in any order."""
    fakes = Fakes()
    now = fakes.clock.now()
    body = resource("a1", {"Dog": 0.7}, tags=("Dog",))
    fakes.cloudinary.assets["a1"] = body
    told: dict[str, Message] = {
        "upload": upload(resource("a1", {"Dog": 0.7}), now),
        "add": person(added=("Dog",), at=now + 1000),
        "delete": deleted(now + 2000),
        "restore": upload(dict(body), now + 3000, "d2"),
    }
    fakes.clock.advance(60)
    for what in order:
        handle(fakes.deps, told[what], fakes.remaining)
    come_to_rest(fakes)

    assert fakes.store.items["a1"].managed_tags == {} and fakes.cloudinary.tags("a1") == {"Dog"}
