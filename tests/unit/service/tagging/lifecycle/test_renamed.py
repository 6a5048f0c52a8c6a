"""What a rename costs, and when the asset is read for it."""

import pytest
from msgspec.structs import replace

from autotag.domain.errors import Retryable
from autotag.domain.model.asset import AssetRef
from autotag.domain.model.messages import AssetDeleted, AssetRenamed, Message, MessageOrigin
from autotag.domain.state.asset_state import Poll
from autotag.service.worker import handle
from tests.fakes.context import Fakes
from tests.fakes.runtime import START
from tests.fakes.samples import GUITARIST, person, resource, upload
from tests.unit.service.tagging.lifecycle.test_lifecycle import MINUTE, deleted, renamed
from tests.unit.service.tagging.reading.hinted_asset import hint
from tests.unit.service.tagging.tagged_asset import given_tagged


@pytest.mark.parametrize("names", [("b", "c"), ("c", "b")])
def test_two_renames_of_one_time_have_the_asset_read_at_once(names: tuple[str, str]) -> None:
    fakes = given_tagged()
    at = fakes.clock.now()
    fakes.cloudinary.assets["a1"]["public_id"] = "b"
    for name in names:
        assert fakes.cloudinary.reads == []
        handle(fakes.deps, renamed(name, at=at), fakes.remaining)

    assert fakes.cloudinary.reads == ["a1"] and fakes.store.items["a1"].asset.public_id == "b"


def given_read_as_spare() -> tuple[Fakes, int]:
    """Return an asset that a read has shown under the name spare, and a time before that read."""
    fakes = given_tagged()
    at = fakes.clock.now()
    fakes.cloudinary.assets["a1"]["public_id"] = "spare"
    fakes.clock.advance(60)
    handle(fakes.deps, hint(digest="h1"), fakes.remaining)
    assert fakes.store.items["a1"].asset.public_id == "spare"
    return fakes, at


def test_a_rename_that_is_told_after_a_read_that_shows_another_name_has_the_asset_read() -> None:
    """It was restored since, under a name that was free by then; that notification is still to come."""
    fakes, at = given_read_as_spare()
    handle(fakes.deps, renamed("zoo/c", at=at), fakes.remaining)

    assert fakes.store.items["a1"].asset.public_id == "spare" and fakes.cloudinary.reads == ["a1", "a1"]


def test_a_rename_of_the_time_of_a_read_counts() -> None:
    fakes = given_tagged()
    handle(fakes.deps, hint(digest="h1"), fakes.remaining)
    seen = fakes.store.items["a1"].facts
    assert seen is not None
    handle(fakes.deps, renamed("zoo/c", at=seen.observed_at), fakes.remaining)

    assert fakes.store.items["a1"].asset.public_id == "zoo/c" and fakes.cloudinary.reads == ["a1"]


def test_a_rename_told_after_a_read_costs_no_read_of_an_asset_that_was_deleted_since() -> None:
    fakes = given_tagged()
    at = fakes.clock.now()
    fakes.clock.advance(60)
    handle(fakes.deps, hint(digest="h1"), fakes.remaining)
    del fakes.cloudinary.assets["a1"]
    handle(fakes.deps, deleted(at=fakes.clock.now()), fakes.remaining)
    handle(fakes.deps, renamed("zoo/c", at=at), fakes.remaining)

    assert fakes.cloudinary.reads == ["a1"] and fakes.cloudinary.missed == []
    assert fakes.store.items["a1"].status == "gone" and fakes.store.items["a1"].poll is None


def test_a_rename_that_a_read_has_shown_already_costs_no_read() -> None:
    fakes, at = given_read_as_spare()
    handle(fakes.deps, renamed("spare", at=at), fakes.remaining)

    assert fakes.store.items["a1"].asset.public_id == "spare" and fakes.cloudinary.reads == ["a1"]


def test_a_rename_that_comes_twice_costs_no_read() -> None:
    fakes = given_tagged()
    at = fakes.clock.now()
    for _ in range(2):
        handle(fakes.deps, renamed("b", at=at), fakes.remaining)

    assert fakes.cloudinary.reads == []
    assert fakes.telemetry.counts["Renamed"] == 1 and fakes.telemetry.counts["Stale"] == 1


def test_two_renames_of_one_time_of_an_asset_that_is_deleted_cost_no_read() -> None:
    fakes = given_tagged()
    at = fakes.clock.now()
    for message in (renamed("b", at=at), deleted(at=at + MINUTE), renamed("c", at=at)):
        handle(fakes.deps, message, fakes.remaining)

    assert fakes.cloudinary.reads == [] and fakes.store.items["a1"].status == "gone"


@pytest.mark.parametrize(("name_at", "reads"), [(START - MINUTE, 0), (START + MINUTE, 1)])
def test_an_older_name_has_nothing_read_and_a_newer_one_an_asset_whose_read_was_put_off(
    name_at: int, reads: int
) -> None:
    """A poll that was made due again has not been tried yet."""
    fakes = Fakes()
    fakes.cloudinary.assets["a1"] = resource("a1", GUITARIST)
    handle(fakes.deps, upload(resource("a1", status="pending")), fakes.remaining)
    fakes.clock.advance(600)
    handle(fakes.deps, renamed("b", at=name_at), fakes.remaining)

    assert len(fakes.cloudinary.reads) == reads


def test_a_rename_before_the_next_try_of_a_read_that_failed_does_not_try_again() -> None:
    fakes = Fakes()
    handle(fakes.deps, upload(resource("a1", status="pending")), fakes.remaining)
    tried = Poll(fakes.clock.time, 1, fakes.clock.time + MINUTE * 60)
    fakes.store.items["a1"] = replace(fakes.store.items["a1"], poll=tried)
    fakes.clock.advance(60)
    handle(fakes.deps, renamed("b", at=fakes.clock.now()), fakes.remaining)

    assert fakes.cloudinary.reads == [] and fakes.store.items["a1"].poll == tried


BUSY: list[Message] = [
    AssetRenamed(AssetRef("a1", "b", "image", "upload", 0), "", START + MINUTE, MessageOrigin("rename", "r")),
    AssetDeleted(
        AssetRef("a1", "stage/a1", "image", "upload", 100), START + 120 * MINUTE, MessageOrigin("delete", "x")
    ),
    upload(resource("a1", {"Cat": 0.9}, version=200), START + 2 * MINUTE, "d2"),
    person(added=("Dog",), at=START + MINUTE),
]


@pytest.mark.parametrize("message", BUSY, ids=lambda message: type(message).__name__)
def test_a_message_about_an_asset_that_others_write_all_the_time_comes_again_in_five_seconds(message: Message) -> None:
    fakes = given_tagged()

    def written() -> None:
        state = fakes.store.items["a1"]
        fakes.store.items["a1"] = replace(state, rev=state.rev + 1)

    fakes.store.before_put = written
    with pytest.raises(Retryable, match="a1 is too busy") as raised:
        handle(fakes.deps, message, fakes.remaining)
    assert raised.value.delay == 5
