"""An upload clears the tags of a picture: what was ours is not any more; who adds it again, the labels tell."""

import pytest

from autotag.domain.message import Labelled, Message, Source
from autotag.service.tag import handle
from tests.fakes import Fakes, person, resource, upload
from tests.unit.service.at_rest import check, come_to_rest

KOALA = {"Animal": 0.99, "Koala": 0.97, "Mammal": 0.95, "Tree": 0.6}
ANIMALS = ("Animal", "Koala", "Mammal")


def overwritten(keeps: bool | None, *, status: str = "none") -> Fakes:
    """A picture that we tagged, overwritten in an account that clears tags; it is not categorized, or not yet."""
    fakes = Fakes()
    fakes.cloudinary.keeps = keeps
    fakes.cloudinary.assets["a1"] = resource("a1", KOALA)
    handle(fakes.world, upload(dict(fakes.cloudinary.assets["a1"])), fakes.remaining)
    fakes.clock.advance(600)
    fakes.cloudinary.assets["a1"] = resource("a1", status=status, version=fakes.clock.now() // 1000)
    handle(fakes.world, upload(dict(fakes.cloudinary.assets["a1"]), fakes.clock.now(), "d2"), fakes.remaining)
    fakes.clock.advance(60)
    return fakes


def labels_of(fakes: Fakes) -> Labelled:
    """Return the notification of the labels that the asset has now: it lists no tags."""
    said = upload(dict(fakes.cloudinary.assets["a1"]), fakes.clock.now(), "i")
    return Labelled(said.asset, said.categorizations, said.observed_at, Source("info", "i"))


@pytest.mark.parametrize("keeps", [False, None])
def test_tags_that_an_upload_cleared_are_ours_no_more_though_nothing_was_decided_on_it(keeps: bool | None) -> None:
    fakes = overwritten(keeps)

    assert fakes.store.items["a1"].ours == {} and fakes.store.items["a1"].status == "skipped"
    check(fakes)


@pytest.mark.parametrize("keeps", [False, None])
@pytest.mark.parametrize("status", ["none", "pending"])
@pytest.mark.parametrize("tags_first", [True, False])
def test_tags_that_cloudinary_assigns_after_an_upload_has_cleared_ours_are_no_persons(
    keeps: bool | None, status: str, tags_first: bool
) -> None:
    fakes = overwritten(keeps, status=status)
    version = fakes.store.items["a1"].asset.version
    fakes.cloudinary.assets["a1"] = resource("a1", KOALA, version=version, tags=ANIMALS)
    told: list[Message] = [person(added=ANIMALS, at=fakes.clock.now()), labels_of(fakes)]
    for message in told if tags_first else reversed(told):
        handle(fakes.world, message, fakes.remaining)
    come_to_rest(fakes)

    state = fakes.store.items["a1"]
    assert (state.people, state.ours) == ({}, {}) and fakes.cloudinary.tags("a1") == set(ANIMALS)
    assert not [audit for audit in fakes.audits.records.values() if audit.trigger.kind == "person"]


@pytest.mark.parametrize("keeps", [False, None])
def test_tags_that_a_person_adds_after_an_upload_has_cleared_ours_are_theirs(keeps: bool | None) -> None:
    fakes = overwritten(keeps)
    version = fakes.store.items["a1"].asset.version
    fakes.cloudinary.assets["a1"] = resource("a1", status="none", version=version, tags=("Koala", "Mammal"))
    handle(fakes.world, person(added=("Koala", "Mammal"), at=fakes.clock.now()), fakes.remaining)
    fakes.clock.advance(3600)
    fakes.cloudinary.assets["a1"] = resource("a1", KOALA, version=version, tags=("Koala", "Mammal"))
    handle(fakes.world, labels_of(fakes), fakes.remaining)
    come_to_rest(fakes)

    state = fakes.store.items["a1"]
    assert {key: wish.want for key, wish in state.people.items()} == {"koala": "add", "mammal": "add"}
    assert set(state.ours) == {"Animal"}
