"""Tags that Cloudinary's auto_tagging assigned, and those that a person added at the same time."""

from typing import Any

import pytest

from autotag.domain.model.messages import TagsEdited
from autotag.service.worker import handle
from tests.fakes.context import Fakes
from tests.fakes.minute import a_minute
from tests.fakes.runtime import START
from tests.fakes.samples import person, resource, upload

KOALA = {"Animal": 0.98, "Koala": 0.97, "Mammal": 0.96, "Wildlife": 0.6}
ADOPT = '[defaults]\nauto_tagged = "adopt"\nthreshold = 0.97\n'
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
    a_minute(fakes)
    fakes.clock.advance(600)
    fakes.cloudinary.assets["a1"]["info"] = resource("a1", KOALA)["info"]
    a_minute(fakes)

    assert fakes.store.items["a1"].people["animal"].want == "add"
    assert set(fakes.store.items["a1"].managed_tags) == {"Koala", "Mammal"}
