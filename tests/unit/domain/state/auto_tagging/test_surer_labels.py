"""Which of the tags that came together Cloudinary may have assigned: with a label come those that are surer."""

import pytest
from msgspec.structs import replace

from autotag.domain.model.labels import Categorization, Label
from autotag.domain.state.auto_tagging import MOMENT, assigned
from tests.unit.domain.state.auto_tagging.koala_labels import KOALA
from tests.unit.domain.state.state_builders import REKOGNITION, T0, complete, failed, pending


def keys(*added: str, there: tuple[str, ...] = (), at: int = T0, found: Categorization | None = None) -> set[str]:
    return set(assigned(added, there, {REKOGNITION: found or complete(KOALA)}, at))


@pytest.mark.parametrize(
    ("added", "there", "expected"),
    [
        (("Animal", "KOALA"), (), {"animal", "koala"}),
        (("Animal", "Koala", "press"), (), {"animal", "koala"}),
        (("Koala", "Mammal"), (), set()),  # Animal, which is surer, would have come too
        (("Koala", "Mammal"), ("animal",), {"koala", "mammal"}),
        (("Animal", "Wildlife"), ("Koala",), set()),
        (("press", "stage"), (), set()),
        ((), (), set()),
    ],
)
def test_with_a_label_come_those_that_are_surer(
    added: tuple[str, ...], there: tuple[str, ...], expected: set[str]
) -> None:
    assert keys(*added, there=there) == expected


@pytest.mark.parametrize(
    ("added", "late", "managed_tags"),
    [
        (("Animal",), 0, True),
        (("Animal",), MOMENT, True),
        (("Animal",), MOMENT + 1, False),
        (("Animal", "Koala"), MOMENT + 1, True),
        (("Animal", "press"), MOMENT + 1, False),
    ],
)
def test_one_tag_alone_is_a_persons_once_its_label_was_known(
    added: tuple[str, ...], late: int, managed_tags: bool
) -> None:
    assert bool(keys(*added, at=T0 + late)) is managed_tags


@pytest.mark.parametrize("found", [pending(), failed()])
def test_only_labels_that_are_complete_tell(found: Categorization) -> None:
    with_labels = replace(found, labels=complete(KOALA).labels)
    assert keys("Animal", "Koala", found=with_labels) == set()


def test_a_label_that_cannot_be_used_assigns_nothing_and_holds_nothing_up() -> None:
    found = Categorization("complete", (Label("Animal", 0.98, "too long"), *complete({"Koala": 0.97}).labels), T0)
    assert keys("Koala", found=found) == {"koala"}
    assert keys("Animal", found=found) == set()


def test_each_provider_assigns_its_own() -> None:
    both = {"google_tagging": pending(), REKOGNITION: complete(KOALA), "imagga_tagging": complete({"Cat": 0.9})}
    assert assigned(("Animal", "Cat"), (), both, T0) == {"animal", "cat"}
    reverse = dict(reversed(both.items()))
    assert assigned(("Animal", "Cat"), (), reverse, T0) == {"animal", "cat"}


def test_a_provider_that_gave_none_of_the_tags_does_not_hide_the_next() -> None:
    both = {REKOGNITION: complete(KOALA), "imagga_tagging": complete({"Cat": 0.9})}
    assert assigned(("Cat",), (), both, T0) == {"cat"}


def test_labels_that_are_equally_sure_come_together() -> None:
    found = complete({"Animal": 0.9, "Cat": 0.9})
    assert keys("Animal", found=found) == set()
    assert keys("Animal", "Cat", found=found) == {"animal", "cat"}
