"""Who set a tag: where an overwrite keeps tags, and where Cloudinary's auto_tagging assigns them."""

from collections.abc import Iterable
from itertools import product
from typing import Any

import pytest
from msgspec.structs import replace

from autotag.domain.model.messages import (
    AssetDeleted,
    ContextChanged,
    LabelsObserved,
    MessageOrigin,
    RefetchAsset,
    TagsEdited,
)
from autotag.service.tagging.sweep import sweep
from autotag.service.worker import handle
from tests.fakes.context import Fakes
from tests.fakes.effects import Died
from tests.fakes.runtime import START
from tests.fakes.samples import person, resource, upload
from tests.unit.service.settle import check, come_to_rest

CAT, DOG = {"Cat": 0.9}, {"Dog": 0.9}
KOALA = {"Animal": 0.98, "Koala": 0.97, "Mammal": 0.96, "Wildlife": 0.6}
ADOPT = '[defaults]\nauto_tagged = "adopt"\nthreshold = 0.97\n'


def tagged_cat(keeps: bool | None, tags: tuple[str, ...] = ("mine",), rules: str = "") -> Fakes:
    """A picture of a cat that we tagged Cat, in an account that keeps tags on overwrite, or clears them, or either."""
    fakes = Fakes(rules) if rules else Fakes()
    fakes.cloudinary.keeps = keeps
    fakes.cloudinary.assets["a1"] = resource("a1", CAT, tags=tags)
    handle(fakes.deps, upload(dict(fakes.cloudinary.assets["a1"])), fakes.remaining)
    fakes.clock.advance(600)
    return fakes


def overwrite(fakes: Fakes, tags: Iterable[str], *, listed: Iterable[str] | None = None, read: bool = False) -> None:
    """A picture of a dog comes in its place; ``listed`` are the tags in the notification, where they are not all.

    ``read``: there is no notification but of pending labels without facts, so that a read learns of the overwrite.
    """
    version = fakes.clock.now() // 1000
    fakes.cloudinary.assets["a1"] = resource("a1", DOG, version=version, tags=tuple(sorted(tags)))
    told = resource("a1", DOG, version=version, tags=tuple(sorted(tags if listed is None else listed)))
    message = upload(told, fakes.clock.now(), f"d{version}")
    if read:
        message = replace(message, facts=None)
    handle(fakes.deps, message, fakes.remaining)
    come_to_rest(fakes)


@pytest.mark.parametrize("read", [False, True])
@pytest.mark.parametrize("all_listed", [False, True])
def test_where_tags_are_kept_ours_stay_ours_and_go_when_the_new_picture_does_not_earn_them(
    read: bool, all_listed: bool
) -> None:
    fakes = tagged_cat(keeps=True)
    overwrite(fakes, ("mine", "Cat"), listed=None if all_listed else (), read=read)

    state = fakes.store.items["a1"]
    assert fakes.cloudinary.tags("a1") == {"Dog", "mine"}
    assert set(state.managed_tags) == {"Dog"} and state.people == {}
    check(fakes)


@pytest.mark.parametrize("read_first", [False, True])
def test_where_tags_are_kept_a_decision_before_the_overwrite_is_told_takes_none_of_ours_from_us(
    read_first: bool,
) -> None:
    """The older picture is decided on once more, by a changed context, after the newer one came."""
    free = '[[when]]\ncontext = { licence = "free" }\nadd = ["licensed"]\n'
    fakes = tagged_cat(keeps=True, rules=f"[defaults]\nthreshold = 0.7\n{free}")
    body = resource("a1", DOG, version=fakes.clock.now() // 1000, tags=("Cat", "mine"))
    fakes.cloudinary.assets["a1"] = body
    told = upload(dict(body), fakes.clock.now(), "d2")
    fakes.clock.advance(60)
    fakes.cloudinary.assets["a1"] |= {"context": {"custom": {"licence": "free"}}}
    source = MessageOrigin("resource_context_changed", "d3")
    changed = ContextChanged(told.asset, fakes.clock.now(), source, {"licence": "free"})
    handle(fakes.deps, changed, fakes.remaining)
    assert fakes.cloudinary.tags("a1") == {"Cat", "mine", "licensed"}

    if read_first:
        fakes.clock.advance(60)
        handle(fakes.deps, RefetchAsset("a1", fakes.clock.now(), MessageOrigin("upload", "d4")), fakes.remaining)
    handle(fakes.deps, told, fakes.remaining)
    come_to_rest(fakes)
    assert fakes.cloudinary.tags("a1") == {"Dog", "mine", "licensed"}
    assert set(fakes.store.items["a1"].managed_tags) == {"Dog", "licensed"}
    check(fakes)


@pytest.mark.parametrize("effect", range(4))
@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("mine", [(), ("mine",)])
def test_where_tags_are_kept_those_of_an_owner_that_died_are_ours(
    effect: int, when: str, mine: tuple[str, ...]
) -> None:
    """The worker of the older picture dies at any effect, and the newer picture comes before its intent is due."""
    fakes = Fakes()
    fakes.cloudinary.keeps = True
    fakes.cloudinary.assets["a1"] = resource("a1", CAT, tags=mine)
    fakes.effects.die_at = (effect, when)
    with pytest.raises(Died):
        handle(fakes.deps, upload(dict(fakes.cloudinary.assets["a1"])), fakes.remaining)
    fakes.effects.die_at = None
    fakes.clock.advance(2)
    tags = sorted(fakes.cloudinary.tags("a1"))
    fakes.clock.advance(2)
    overwrite(fakes, tags)
    assert fakes.cloudinary.tags("a1") == {"Dog", *mine}
    assert set(fakes.store.items["a1"].managed_tags) == {"Dog"}
    check(fakes)


def test_where_tags_are_kept_one_that_the_new_picture_earns_stays_without_a_call() -> None:
    fakes = tagged_cat(keeps=True)
    calls = len(fakes.cloudinary.calls)
    version = fakes.clock.now() // 1000
    fakes.cloudinary.assets["a1"] = resource("a1", CAT, version=version, tags=("mine", "Cat"))
    handle(fakes.deps, upload(dict(fakes.cloudinary.assets["a1"]), fakes.clock.now(), "d2"), fakes.remaining)

    assert fakes.cloudinary.tags("a1") == {"Cat", "mine"} and len(fakes.cloudinary.calls) == calls
    assert set(fakes.store.items["a1"].managed_tags) == {"Cat"}


def test_where_tags_are_kept_ours_stay_ours_though_a_deletion_is_told_before_the_overwrite() -> None:
    """Overwritten, deleted and restored; the deletion arrives first, and the overwrite is stale by then."""
    fakes = tagged_cat(keeps=True)
    version = fakes.clock.now() // 1000
    fakes.cloudinary.assets["a1"] = resource("a1", DOG, version=version, tags=("Cat", "mine"))
    ref = replace(fakes.store.items["a1"].asset, version=version)
    at = fakes.clock.now() + 5000
    handle(fakes.deps, AssetDeleted(ref, at, MessageOrigin("delete", "x")), fakes.remaining)
    handle(fakes.deps, upload(dict(fakes.cloudinary.assets["a1"]), at + 5000, "d3"), fakes.remaining)
    come_to_rest(fakes)

    assert fakes.cloudinary.tags("a1") == {"Dog", "mine"} and set(fakes.store.items["a1"].managed_tags) == {"Dog"}


@pytest.mark.parametrize("all_listed", [False, True])
def test_where_tags_are_kept_what_a_person_added_to_the_older_picture_stays_theirs(all_listed: bool) -> None:
    fakes = tagged_cat(keeps=True)
    handle(fakes.deps, person(added=("Cat",), at=fakes.clock.now()), fakes.remaining)
    fakes.clock.advance(60)
    overwrite(fakes, ("mine", "Cat"), listed=None if all_listed else ())

    assert fakes.cloudinary.tags("a1") == {"Cat", "Dog", "mine"} and set(fakes.store.items["a1"].managed_tags) == {
        "Dog"
    }


def test_where_tags_are_kept_those_that_the_upload_sends_stand_in_their_place_and_are_theirs() -> None:
    fakes = tagged_cat(keeps=True)
    overwrite(fakes, ("Cat", "press"))

    assert fakes.cloudinary.tags("a1") == {"Cat", "Dog", "press"} and set(fakes.store.items["a1"].managed_tags) == {
        "Dog"
    }
    assert fakes.store.items["a1"].people["cat"].set_by_upload


def test_where_tags_are_kept_one_that_we_had_taken_away_was_set_by_the_upload() -> None:
    fakes = tagged_cat(keeps=True)
    overwrite(fakes, ("mine", "Cat"))
    fakes.clock.advance(600)
    overwrite(fakes, ("mine", "Dog", "Cat"))

    assert fakes.store.items["a1"].people["cat"].set_by_upload
    assert fakes.cloudinary.tags("a1") == {"Cat", "Dog", "mine"}


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


ANIMALS = ("Animal", "Koala", "Mammal")


def auto_tagged(rules: str, *, added: tuple[str, ...] = ANIMALS, told_first: bool = True) -> Fakes:
    """An asset without labels that an Admin update categorizes and tags; Cloudinary notifies of the tags."""
    fakes = Fakes(rules) if rules else Fakes()
    fakes.cloudinary.assets["a1"] = resource("a1", status="none", tags=("press",))
    handle(fakes.deps, upload(dict(fakes.cloudinary.assets["a1"])), fakes.remaining)
    fakes.clock.advance(600)
    fakes.cloudinary.assets["a1"] = resource("a1", KOALA, tags=("press", *added))
    labels = upload(dict(fakes.cloudinary.assets["a1"]), fakes.clock.now(), "d2")
    change = person(added=added, at=fakes.clock.now(), by="111")
    for message in (change, labels) if told_first else (labels, change):
        handle(fakes.deps, message, fakes.remaining)
    return fakes


@pytest.mark.parametrize("told_first", [True, False])
def test_tags_that_an_update_assigned_are_no_persons_and_are_left_alone(told_first: bool) -> None:
    fakes = auto_tagged("", told_first=told_first)

    state = fakes.store.items["a1"]
    assert state.people == {} and state.managed_tags == {}
    assert fakes.cloudinary.tags("a1") == {"press", "Animal", "Koala", "Mammal"}
    last = list(fakes.audits.records.values())[-1]
    assert {o.label: o.outcome for o in last.labels if o.label != "Wildlife"} == dict.fromkeys(
        ("Animal", "Koala", "Mammal"), "present"
    )


def test_tags_that_an_update_assigned_are_adopted_where_the_rules_say_so() -> None:
    fakes = auto_tagged(ADOPT)

    assert fakes.store.items["a1"].people == {} and set(fakes.store.items["a1"].managed_tags) == {"Animal", "Koala"}
    assert fakes.cloudinary.tags("a1") == {"press", "Animal", "Koala"}


def test_labels_are_heard_of_though_only_changed_tags_are_told() -> None:
    fakes = Fakes()
    fakes.cloudinary.assets["a1"] = resource("a1", KOALA, tags=("animal", "koala", "mammal"))
    handle(fakes.deps, person(added=("animal", "koala", "mammal"), at=START), fakes.remaining)

    state = fakes.store.items["a1"]
    assert state.people == {} and state.categorizations["aws_rek_tagging"].status == "complete"


def test_one_tag_that_cloudinary_or_a_person_added_is_no_persons_and_is_never_adopted() -> None:
    fakes = auto_tagged(ADOPT.replace("0.97", "0.99"), added=("Animal",))

    assert fakes.store.items["a1"].people == {} and fakes.store.items["a1"].managed_tags == {}
    assert fakes.cloudinary.tags("a1") == {"press", "Animal"}


def known_koala() -> Fakes:
    """An asset whose labels have been known for a while."""
    fakes = Fakes("[defaults]\nthreshold = 0.99\n")
    fakes.cloudinary.assets["a1"] = resource("a1", KOALA)
    handle(fakes.deps, upload(dict(fakes.cloudinary.assets["a1"])), fakes.remaining)
    fakes.clock.advance(600)
    return fakes


def test_labels_that_are_given_again_with_their_tags_are_cloudinarys() -> None:
    fakes = known_koala()
    handle(fakes.deps, person(added=("Animal", "Koala"), at=fakes.clock.now()), fakes.remaining)

    assert fakes.store.items["a1"].people == {}


@pytest.mark.parametrize(
    "change",
    [
        {"added": ("Koala",)},  # one alone, of a label that was known
        {"added": ("Koala", "Mammal")},  # Animal is surer: a bar would have assigned it, too
        {"added": ("press", "cute")},
        {"removed": ("Animal", "Koala")},
    ],
)
def test_what_no_bar_explains_is_a_persons(change: dict[str, Any]) -> None:
    fakes = known_koala()
    handle(fakes.deps, person(**change, at=fakes.clock.now()), fakes.remaining)

    assert len(fakes.store.items["a1"].people) == len(change.get("added", ()) or change["removed"])


def test_what_was_done_in_the_console_is_a_persons_whatever_the_labels_say() -> None:
    fakes = known_koala()
    told = person(added=("Animal", "Koala"), at=fakes.clock.now())
    by_hand = TagsEdited(told.asset, told.observed_at, told.by, told.source, told.added, told.removed, by_hand=True)
    handle(fakes.deps, by_hand, fakes.remaining)

    assert {preference.want for preference in fakes.store.items["a1"].people.values()} == {"add"}
    assert set(fakes.store.items["a1"].people) == {"animal", "koala"}


def test_two_tags_of_ours_that_a_person_adds_become_theirs() -> None:
    fakes = Fakes()
    fakes.cloudinary.assets["a1"] = resource("a1", KOALA)
    handle(fakes.deps, upload(dict(fakes.cloudinary.assets["a1"])), fakes.remaining)
    handle(fakes.deps, person(added=("Koala", "Mammal"), at=fakes.clock.now()), fakes.remaining)

    state = fakes.store.items["a1"]
    assert set(state.managed_tags) == {"Animal"} and set(state.people) == {"koala", "mammal"}


def test_tags_that_an_overwriting_upload_had_assigned_are_no_persons() -> None:
    fakes = Fakes()
    fakes.cloudinary.keeps = False
    fakes.cloudinary.assets["a1"] = resource("a1", KOALA)
    handle(fakes.deps, upload(dict(fakes.cloudinary.assets["a1"])), fakes.remaining)
    fakes.clock.advance(600)
    version = fakes.clock.now() // 1000
    fakes.cloudinary.assets["a1"] = resource("a1", KOALA, version=version, tags=("Animal", "Koala"))
    handle(fakes.deps, upload(dict(fakes.cloudinary.assets["a1"]), fakes.clock.now(), "d2"), fakes.remaining)

    assert fakes.store.items["a1"].people == {}
    assert fakes.cloudinary.tags("a1") == {"Animal", "Koala", "Mammal"}
    assert set(fakes.store.items["a1"].managed_tags) == {"Mammal"}


def test_a_person_who_adds_a_tag_before_its_labels_are_there_keeps_it_under_any_rules() -> None:
    """The categorization was seen to be pending after their change: it cannot have assigned the tag."""
    fakes = Fakes()
    fakes.cloudinary.assets["a1"] = resource("a1", status="pending")
    handle(fakes.deps, upload(resource("a1", status="pending")), fakes.remaining)
    fakes.cloudinary.assets["a1"]["tags"] = ["Animal"]
    handle(fakes.deps, person(added=("Animal",), at=fakes.clock.now()), fakes.remaining)
    fakes.clock.advance(120)
    sweep(fakes.deps, fakes.remaining)
    fakes.clock.advance(600)
    fakes.cloudinary.assets["a1"]["info"] = resource("a1", KOALA)["info"]
    sweep(fakes.deps, fakes.remaining)

    assert fakes.store.items["a1"].people["animal"].want == "add"
    assert set(fakes.store.items["a1"].managed_tags) == {"Koala", "Mammal"}
