"""Tags that Cloudinary assigns where this service or a person has had their say on them are never a person's."""

from collections.abc import Sequence
from itertools import permutations

import pytest

from autotag.domain.model.messages import LabelsObserved, MessageOrigin, RefetchAsset, TagsEdited
from autotag.service.worker import handle
from tests.fakes.context import Fakes
from tests.fakes.samples import person, resource, upload
from tests.unit.service.settle import check, come_to_rest
from tests.unit.service.tagging.faults.test_meanwhile import decide_again

KOALA = {"Animal": 0.99, "Koala": 0.97, "Mammal": 0.95, "Tree": 0.6}
ANIMALS = ("Animal", "Koala", "Mammal")


def tagged_koala(keeps: bool | None = False) -> Fakes:
    fakes = Fakes()
    fakes.cloudinary.keeps = keeps
    fakes.cloudinary.assets["a1"] = resource("a1", KOALA, tags=("press",))
    handle(fakes.deps, upload(dict(fakes.cloudinary.assets["a1"])), fakes.remaining)
    fakes.clock.advance(600)
    return fakes


def overwrite(fakes: Fakes, status: str, tags: tuple[str, ...] = ()) -> None:
    version = fakes.clock.now() // 1000
    fakes.cloudinary.assets["a1"] = resource("a1", status=status, version=version, tags=tags)
    handle(fakes.deps, upload(dict(fakes.cloudinary.assets["a1"]), fakes.clock.now(), "d2"), fakes.remaining)
    fakes.clock.advance(600)


def assign(fakes: Fakes, added: tuple[str, ...] = ANIMALS) -> dict[str, LabelsObserved | TagsEdited | RefetchAsset]:
    """Cloudinary categorizes the picture and assigns ``added`` besides its tags; return all that may tell of it."""
    known = fakes.cloudinary.assets["a1"]
    tags = tuple(dict.fromkeys((*known["tags"], *added)))
    now = fakes.clock.now()
    body = resource("a1", KOALA, version=known["version"], tags=tags)
    fakes.cloudinary.assets["a1"] = body
    labels = upload(dict(body), now, "d3")
    return {
        "tags": person(added=added, at=now, by="111"),
        "labels": LabelsObserved(labels.asset, labels.categorizations, now, MessageOrigin("info", "i")),
        "hint": RefetchAsset("a1", now, MessageOrigin("upload", "h")),
        "claim": RefetchAsset("a1", now, MessageOrigin("resource_tags_changed", "c"), by="111", added=added),
    }


WHAT = ("tags", "labels", "hint", "claim")
ORDERS = [order for n in (1, 2, 3) for order in permutations(WHAT, n) if {"tags", "claim"} & {*order}]


def tell(fakes: Fakes, told: dict[str, LabelsObserved | TagsEdited | RefetchAsset], order: Sequence[str]) -> None:
    for what in order:
        handle(fakes.deps, told[what], fakes.remaining)
    come_to_rest(fakes)


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("status", ["none", "pending"])
@pytest.mark.parametrize("added", [ANIMALS, ("Animal",), ("animal", "koala")])
@pytest.mark.parametrize("keeps", [False, None])
def test_what_is_assigned_to_a_picture_whose_upload_cleared_our_tags_is_no_persons(
    keeps: bool | None, added: tuple[str, ...], status: str, order: tuple[str, ...]
) -> None:
    fakes = tagged_koala(keeps)
    overwrite(fakes, status)
    tell(fakes, assign(fakes, added), order)

    state = fakes.store.items["a1"]
    assert state.people == {} and frozenset(state.managed_tags).isdisjoint(added)
    assert not [audit for audit in fakes.audits.records.values() if audit.trigger.kind == "person"]
    check(fakes)


@pytest.mark.parametrize("keeps", [False, None])
def test_what_we_removed_from_the_older_picture_may_be_assigned_to_the_newer_one(keeps: bool | None) -> None:
    fakes = tagged_koala(keeps)
    decide_again(fakes, "[defaults]\nthreshold = 0.98\n", 1)
    fakes.clock.advance(600)
    overwrite(fakes, "none")
    tell(fakes, assign(fakes), ("tags", "labels"))

    assert fakes.store.items["a1"].people == {} and fakes.cloudinary.tags("a1") == {*ANIMALS}
    check(fakes)


@pytest.mark.parametrize("status", ["none", "pending"])
@pytest.mark.parametrize("keeps", [False, None])
def test_what_a_person_adds_again_after_an_upload_cleared_our_tags_is_theirs(keeps: bool | None, status: str) -> None:
    fakes = tagged_koala(keeps)
    overwrite(fakes, status)
    fakes.cloudinary.assets["a1"]["tags"] = ["Koala", "Mammal"]
    handle(fakes.deps, person(added=("Koala", "Mammal"), at=fakes.clock.now()), fakes.remaining)
    fakes.clock.advance(3600)
    handle(fakes.deps, assign(fakes, ())["labels"], fakes.remaining)
    come_to_rest(fakes)

    state = fakes.store.items["a1"]
    assert {key: preference.want for key, preference in state.people.items()} == {"koala": "add", "mammal": "add"}
    assert set(state.managed_tags) == {"Animal"}


@pytest.mark.parametrize("keeps", [False, None])
def test_tags_of_ours_that_an_overwrite_without_labels_cleared_are_ours_no_more(keeps: bool | None) -> None:
    fakes = tagged_koala(keeps)
    overwrite(fakes, "none")
    come_to_rest(fakes)

    assert fakes.store.items["a1"].status == "skipped" and fakes.store.items["a1"].managed_tags == {}
    check(fakes)


@pytest.mark.parametrize("keeps", [True, None])
def test_tags_of_ours_that_an_overwrite_without_labels_kept_stay_ours(keeps: bool | None) -> None:
    fakes = tagged_koala(keeps)
    overwrite(fakes, "none", ("press", *ANIMALS))
    come_to_rest(fakes)

    assert fakes.store.items["a1"].status == "skipped" and set(fakes.store.items["a1"].managed_tags) == {*ANIMALS}
    assert fakes.store.items["a1"].people == {}


@pytest.mark.parametrize("order", ORDERS)
def test_what_is_assigned_again_after_a_person_removed_it_is_no_persons_and_stays_removed_for_us(
    order: tuple[str, ...],
) -> None:
    fakes = tagged_koala()
    fakes.cloudinary.assets["a1"]["tags"] = ["press", "Animal"]
    handle(fakes.deps, person(removed=("Koala", "Mammal"), at=fakes.clock.now()), fakes.remaining)
    fakes.clock.advance(600)
    tell(fakes, assign(fakes), order)

    state = fakes.store.items["a1"]
    assert {key: preference.want for key, preference in state.people.items()} == {"koala": "remove", "mammal": "remove"}
    assert set(state.managed_tags) == {"Animal"} and fakes.cloudinary.tags("a1") == {"press", *ANIMALS}
    check(fakes)


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("added", [ANIMALS, ("Animal", "Koala"), (*ANIMALS, "Tree")])
def test_what_is_assigned_again_though_it_is_ours_stays_ours(added: tuple[str, ...], order: tuple[str, ...]) -> None:
    fakes = tagged_koala()
    tell(fakes, assign(fakes, added), order)

    assert fakes.store.items["a1"].people == {} and set(fakes.store.items["a1"].managed_tags) == {*ANIMALS}
    decide_again(fakes, "[defaults]\nthreshold = 0.98\n", 1)
    assert fakes.cloudinary.tags("a1") == {"press", "Animal"} | ({"Tree"} & {*added})
