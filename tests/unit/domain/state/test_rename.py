"""A rename gives an asset its youngest name, in whichever order the messages come."""

import pytest
from msgspec.structs import replace

from autotag.domain.model.asset import AssetRef
from autotag.domain.model.messages import AssetRenamed, MessageOrigin
from autotag.domain.state.asset_state import AssetState
from autotag.domain.state.merge import rename
from tests.unit.domain.state.state_builders import REF, T0, facts, state


def renamed(name: str = "zoo/b", *, at: int = T0, resource_type: str = "image", type_: str = "upload") -> AssetRenamed:
    """Return the message that the asset has another name since ``at``."""
    ref = AssetRef("a1", name, resource_type, type_, 0)
    return AssetRenamed(ref, "zoo", at, MessageOrigin("rename", "f" * 64))


def test_a_rename_gives_the_name_and_the_folder_and_nothing_else() -> None:
    known = state(facts=facts("press"))
    assert rename(known, renamed()) == replace(
        known, asset=replace(REF, public_id="zoo/b"), facts=facts("press", folder="zoo"), named_at=T0, moved_at=T0
    )
    same = state(facts=facts("press", folder="zoo"))
    assert rename(same, renamed()) == replace(same, asset=replace(REF, public_id="zoo/b"), named_at=T0)
    bare = state(facts=None)
    assert rename(bare, renamed()) == replace(bare, asset=replace(REF, public_id="zoo/b"), named_at=T0)


def test_a_rename_from_before_the_last_move_or_sighting_leaves_the_folder() -> None:
    for known in (state(moved_at=T0 + 1), state(facts=replace(facts(), observed_at=T0 + 1))):
        found = rename(known, renamed())
        assert found is not None and found.facts == known.facts and found.asset.public_id == "zoo/b"


def test_of_an_unknown_asset_the_name_is_remembered() -> None:
    assert rename(None, renamed()) == AssetState(renamed().asset, "skipped", named_at=T0)


def test_types_that_a_rename_does_not_tell_are_kept_and_others_are_believed() -> None:
    kept = rename(state(), renamed(resource_type="", type_=""))
    assert kept is not None and kept.asset == replace(REF, public_id="zoo/b")
    told = rename(state(), renamed(resource_type="video", type_="private"))
    assert told is not None and told.asset == AssetRef("a1", "zoo/b", "video", "private", REF.version)


@pytest.mark.parametrize(("at", "stale"), [(T0 - 1, True), (T0, False), (T0 + 1, False)])
def test_a_rename_from_before_an_upload_is_stale(at: int, stale: bool) -> None:
    assert (rename(state(notified_at=T0), renamed(at=at)) is None) is stale


@pytest.mark.parametrize(
    ("name", "at", "stale"),
    [
        ("zoo/z", T0 - 1, True),
        ("zoo/a", T0, True),
        ("zoo/b", T0, True),  # the same again
        ("zoo/c", T0, False),  # of two at one time always the same one counts
        ("zoo/a", T0 + 1, False),
    ],
)
def test_a_rename_that_is_older_than_the_last_is_stale(name: str, at: int, stale: bool) -> None:
    known = state(asset=replace(REF, public_id="zoo/b"), named_at=T0)
    assert (rename(known, renamed(name, at=at)) is None) is stale


def test_the_first_rename_counts_whatever_the_name_was() -> None:
    assert rename(state(asset=replace(REF, public_id="zoo/z")), renamed("zoo/a", at=0)) is not None
