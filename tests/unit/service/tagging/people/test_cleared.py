"""An upload clears the tags of a picture: what was ours is not any more; who adds it again, the labels tell."""

import pytest
from msgspec.structs import replace

from autotag.domain.model.messages import LabelsObserved, Message, MessageOrigin
from autotag.service.worker import handle
from tests.fakes.context import Fakes
from tests.fakes.effects import Died
from tests.fakes.samples import person, resource, upload
from tests.unit.service.settle import check, come_to_rest
from tests.unit.service.tagging.faults.test_meanwhile import decide_again
from tests.unit.service.tagging.people.test_assigned_again import ANIMALS, KOALA


def overwritten(keeps: bool | None, *, status: str = "none") -> Fakes:
    """A picture that we tagged, overwritten in an account that clears tags; it is not categorized, or not yet."""
    fakes = Fakes()
    fakes.cloudinary.keeps = keeps
    fakes.cloudinary.assets["a1"] = resource("a1", KOALA)
    handle(fakes.deps, upload(dict(fakes.cloudinary.assets["a1"])), fakes.remaining)
    fakes.clock.advance(600)
    fakes.cloudinary.assets["a1"] = resource("a1", status=status, version=fakes.clock.now() // 1000)
    handle(fakes.deps, upload(dict(fakes.cloudinary.assets["a1"]), fakes.clock.now(), "d2"), fakes.remaining)
    fakes.clock.advance(60)
    return fakes


def labels_of(fakes: Fakes) -> LabelsObserved:
    """Return the notification of the labels that the asset has now: it lists no tags."""
    said = upload(dict(fakes.cloudinary.assets["a1"]), fakes.clock.now(), "i")
    return LabelsObserved(said.asset, said.categorizations, said.observed_at, MessageOrigin("info", "i"))


@pytest.mark.parametrize("keeps", [False, None])
def test_tags_that_an_upload_cleared_are_ours_no_more_though_nothing_was_decided_on_it(keeps: bool | None) -> None:
    fakes = overwritten(keeps)

    assert fakes.store.items["a1"].managed_tags == {} and fakes.store.items["a1"].status == "skipped"
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
        handle(fakes.deps, message, fakes.remaining)
    come_to_rest(fakes)

    state = fakes.store.items["a1"]
    assert (state.people, state.managed_tags) == ({}, {}) and fakes.cloudinary.tags("a1") == set(ANIMALS)
    assert not [audit for audit in fakes.audits.records.values() if audit.trigger.kind == "person"]


@pytest.mark.parametrize("keeps", [False, None])
def test_tags_that_a_person_adds_after_an_upload_has_cleared_ours_are_theirs(keeps: bool | None) -> None:
    fakes = overwritten(keeps)
    version = fakes.store.items["a1"].asset.version
    fakes.cloudinary.assets["a1"] = resource("a1", status="none", version=version, tags=("Koala", "Mammal"))
    handle(fakes.deps, person(added=("Koala", "Mammal"), at=fakes.clock.now()), fakes.remaining)
    fakes.clock.advance(3600)
    fakes.cloudinary.assets["a1"] = resource("a1", KOALA, version=version, tags=("Koala", "Mammal"))
    handle(fakes.deps, labels_of(fakes), fakes.remaining)
    come_to_rest(fakes)

    state = fakes.store.items["a1"]
    assert {key: preference.want for key, preference in state.people.items()} == {"koala": "add", "mammal": "add"}
    assert set(state.managed_tags) == {"Animal"}


def test_tags_are_kept_whatever_a_person_did_before_the_notification_of_the_overwrite_was_handled() -> None:
    for change in (person(added=("People",), at=0), person(removed=("Koala",), at=0)):
        fakes = Fakes()
        fakes.cloudinary.keeps = True
        fakes.cloudinary.assets["a1"] = resource("a1", KOALA)
        handle(fakes.deps, upload(dict(fakes.cloudinary.assets["a1"])), fakes.remaining)
        fakes.clock.advance(600)
        newer = resource("a1", {"Tree": 0.9}, version=fakes.clock.now() // 1000, tags=ANIMALS)
        told = upload(dict(newer), fakes.clock.now(), "d2")
        tags = ({*ANIMALS} | {*change.added}) - {*change.removed}
        fakes.cloudinary.assets["a1"] = newer | {"tags": sorted(tags)}
        handle(fakes.deps, replace(change, observed_at=fakes.clock.now() + 1), fakes.remaining)
        handle(fakes.deps, told, fakes.remaining)
        come_to_rest(fakes)

        assert fakes.cloudinary.tags("a1") == {"Tree", *change.added}
        assert set(fakes.store.items["a1"].people) == {tag.lower() for tag in (*change.added, *change.removed)}


def test_a_tag_that_cloudinary_or_a_person_added_stays_known_though_an_older_sighting_comes_again() -> None:
    """It was added while we were about to add it: it does not become ours."""
    fakes = Fakes()
    fakes.cloudinary.assets["a1"] = resource("a1", {"Dog": 0.9})
    first = upload(dict(fakes.cloudinary.assets["a1"]))
    fakes.effects.die_at = (0, "after")
    with pytest.raises(Died):
        handle(fakes.deps, first, fakes.remaining)
    fakes.effects.die_at = None
    fakes.cloudinary.assets["a1"]["tags"] = ["Dog"]
    handle(fakes.deps, person(added=("Dog",), at=fakes.clock.now() + 1000), fakes.remaining)
    handle(fakes.deps, first, fakes.remaining)
    come_to_rest(fakes)
    decide_again(fakes, "[defaults]\nthreshold = 0.7\n", 1)

    assert fakes.store.items["a1"].managed_tags == {} and fakes.cloudinary.tags("a1") == {"Dog"}


def test_one_tag_that_an_upload_sends_is_put_back_where_a_late_call_for_an_older_picture_took_it_off() -> None:
    fakes = Fakes()
    fakes.cloudinary.keeps = False
    at = fakes.clock.now()
    told = []
    for n, (labels, tags) in enumerate((({"Cat": 0.7}, ()), ({}, ()), ({"Cat": 0.3}, ("Cat",)))):
        body = resource("a1", labels, version=at // 1000 + 2 * n, tags=tags)
        told.append(upload(dict(body), at + 2000 * n, f"d{n}"))
        fakes.cloudinary.assets["a1"] = body
    fakes.clock.advance(60)
    for message in told:
        handle(fakes.deps, message, fakes.remaining)
    come_to_rest(fakes)

    assert [op for op, _, _ in fakes.cloudinary.calls[:2]] == ["add", "remove"]
    assert fakes.cloudinary.tags("a1") == {"Cat"} and fakes.store.items["a1"].managed_tags == {}
