"""An overwrite where tags are cleared, or where the account's setting is not known."""

from itertools import product

import pytest

from autotag.domain.model.messages import LabelsObserved, MessageOrigin, RefetchAsset
from autotag.service.worker import handle
from tests.fakes.context import Fakes
from tests.fakes.runtime import START
from tests.fakes.samples import resource, upload
from tests.unit.service.settle import check, come_to_rest
from tests.unit.service.tagging.people.overwritten_cat import CAT, DOG, overwrite, tagged_cat


@pytest.mark.parametrize("read", [False, True])
def test_where_tags_are_cleared_one_that_the_upload_brings_is_theirs(read: bool) -> None:
    fakes = tagged_cat(keeps=False)
    overwrite(fakes, ("mine", "Cat"), read=read)

    assert fakes.cloudinary.tags("a1") == {"Cat", "Dog", "mine"} and set(fakes.store.items["a1"].managed_tags) == {
        "Dog"
    }
    assert fakes.store.items["a1"].people["cat"].set_by_upload


@pytest.mark.parametrize("known_first", ["read", "upload"])
def test_what_a_read_shows_is_never_taken_for_what_the_upload_said(known_first: str) -> None:
    """Our call for the older picture met the newer one; a read cannot tell it from the upload's own tag."""
    fakes = Fakes()
    fakes.cloudinary.keeps = False
    fakes.cloudinary.assets["a1"] = resource("a1", DOG, version=START // 1000 + 10, tags=("Cat",))
    fakes.clock.advance(20)
    handle(fakes.deps, upload(resource("a1", CAT)), fakes.remaining)
    newer = upload(dict(fakes.cloudinary.assets["a1"], tags=["Cat"]), START + 10_000, "d2")
    if known_first == "read":
        handle(fakes.deps, RefetchAsset("a1", START, MessageOrigin("upload", "h")), fakes.remaining)
    handle(fakes.deps, newer, fakes.remaining)
    come_to_rest(fakes)

    assert fakes.cloudinary.tags("a1") == {"Cat", "Dog"} and set(fakes.store.items["a1"].managed_tags) == {"Dog"}
    assert fakes.store.items["a1"].people["cat"].set_by_upload
    check(fakes)


def test_where_the_account_is_not_known_an_upload_of_just_the_tags_of_before_kept_them() -> None:
    fakes = tagged_cat(keeps=None)
    overwrite(fakes, ("mine", "Cat"))
    assert fakes.cloudinary.tags("a1") == {"Dog", "mine"} and fakes.store.items["a1"].people == {}


def test_where_the_account_is_not_known_an_upload_of_other_tags_set_them_itself() -> None:
    fakes = tagged_cat(keeps=None)
    overwrite(fakes, ("Cat", "press"))
    assert (
        fakes.cloudinary.tags("a1") == {"Cat", "Dog", "press"} and fakes.store.items["a1"].people["cat"].set_by_upload
    )


@pytest.mark.parametrize("keeps", [True, False, None])
@pytest.mark.parametrize("sent", [("Cat", "press"), ("mine", "Cat"), ("mine", "Cat", "Dog"), ("press",), ()])
def test_whose_the_tags_of_an_overwrite_are_does_not_depend_on_what_tells_of_it_first(
    sent: tuple[str, ...], keeps: bool | None
) -> None:
    """Its labels are told apart, without tags; where there is no budget, nothing is read before both are told."""
    ends = []
    for labels_first, budget in product((False, True), (0, 10_000)):
        fakes = tagged_cat(keeps)
        version, now = fakes.clock.now() // 1000, fakes.clock.now()
        tags = sent or (("mine", "Cat") if keeps else ())
        fakes.cloudinary.assets["a1"] = resource("a1", DOG, version=version, tags=tags)
        told = upload(resource("a1", DOG, version=version, tags=sent), now, "d2")
        labels = LabelsObserved(told.asset, told.categorizations, now, MessageOrigin("info", "i"))
        fakes.limits.left = budget
        for message in (labels, told) if labels_first else (told, labels):
            handle(fakes.deps, message, fakes.remaining)
        fakes.limits.left = 10_000
        come_to_rest(fakes)
        state = fakes.store.items["a1"]
        ends.append((set(state.managed_tags), {*state.people}, fakes.cloudinary.tags("a1")))
        assert state.before == ()

    assert ends == [ends[0]] * 4


def test_where_the_account_is_not_known_what_auto_tagging_added_does_not_hide_that_tags_were_kept() -> None:
    fakes = tagged_cat(keeps=None)
    overwrite(fakes, ("mine", "Cat", "Dog"))
    assert fakes.cloudinary.tags("a1") == {"Dog", "mine"} and fakes.store.items["a1"].people == {}
