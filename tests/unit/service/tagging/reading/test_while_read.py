"""What other processes do while an asset is being read is neither undone nor taken for a person's doing."""

from collections.abc import Callable

from autotag.domain.model.messages import MessageOrigin, RefetchAsset
from autotag.domain.state.due_entry import due_work
from autotag.service.worker import handle
from tests.fakes.context import Fakes
from tests.fakes.samples import person, resource, upload
from tests.unit.service.settle import check, come_to_rest
from tests.unit.service.tagging.faults.test_meanwhile import decide_again
from tests.unit.service.tagging.tagged_asset import given_tagged


def hint(fakes: Fakes, **said: tuple[str, ...]) -> RefetchAsset:
    return RefetchAsset("a1", fakes.clock.now(), MessageOrigin("resource_tags_changed", "h"), by="someone", **said)  # type: ignore[arg-type]


def once_it_was_read(fakes: Fakes, act: Callable[[], None]) -> None:
    """Let ``act`` happen after Cloudinary has answered the next read, and before its caller knows."""
    reads, turns = len(fakes.cloudinary.reads), iter(range(10**6))

    def turn() -> None:
        if len(fakes.cloudinary.reads) > reads and next(turns) == 1:
            act()

    fakes.effects.turn = turn


def test_a_tag_that_we_added_after_the_read_was_answered_was_removed_by_no_person() -> None:
    fakes = given_tagged("[defaults]\nthreshold = 0.9\n")
    once_it_was_read(fakes, lambda: decide_again(fakes, "[defaults]\nthreshold = 0.7\n", 1))
    handle(fakes.deps, hint(fakes), fakes.remaining)
    come_to_rest(fakes)

    assert fakes.store.items["a1"].people == {} and set(fakes.store.items["a1"].managed_tags) == {"People", "Guitar"}
    assert fakes.cloudinary.tags("a1") == {"People", "Guitar"}
    check(fakes)


def test_a_claim_that_a_read_could_not_settle_since_the_state_changed_is_settled_by_the_next() -> None:
    fakes = given_tagged("[defaults]\nthreshold = 0.7\n")
    fakes.cloudinary.assets["a1"]["tags"].append("press")
    other = person(added=("live",), at=fakes.clock.now(), digest="p2")
    once_it_was_read(fakes, lambda: handle(fakes.deps, other, fakes.remaining))
    handle(fakes.deps, hint(fakes, added=("press",)), fakes.remaining)
    assert fakes.store.items["a1"].claims
    come_to_rest(fakes)

    state = fakes.store.items["a1"]
    assert state.people["press"].want == "add" and not state.claims and due_work(state) is None


def test_tags_that_cloudinary_assigned_with_the_labels_that_were_awaited_end_no_persons_removal() -> None:
    fakes = Fakes()
    fakes.cloudinary.assets["a1"] = resource("a1", status="pending", tags=("Animal", "Koala"))
    handle(fakes.deps, upload(dict(fakes.cloudinary.assets["a1"])), fakes.remaining)
    handle(fakes.deps, person(removed=("Animal", "Koala"), at=fakes.clock.now(), digest="p1"), fakes.remaining)
    fakes.clock.advance(5)
    labels = {"Animal": 0.98, "Koala": 0.97, "Wildlife": 0.5}
    fakes.cloudinary.assets["a1"] = resource("a1", labels, tags=("Animal", "Koala"))
    handle(fakes.deps, hint(fakes, added=("Animal", "Koala")), fakes.remaining)
    come_to_rest(fakes)

    state = fakes.store.items["a1"]
    assert {key: preference.want for key, preference in state.people.items()} == {"animal": "remove", "koala": "remove"}
    assert not state.claims and set(state.assigned) == {"animal", "koala"}
    check(fakes)
