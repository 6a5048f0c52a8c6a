"""An answer of DetectLabels: its range is 0 to 100, and what is stored is 0 to 1."""

import math
from typing import Any

import pytest

from autotag.domain.detection.answer import read_answer
from autotag.domain.model.labels import Categorization, Label, LabelRelations, parse_categorization, unusable

AT = 1_791_460_800_000


def read(*labels: Any, **more: Any) -> Categorization:
    return read_answer({"Labels": list(labels), "LabelModelVersion": "3.0"} | more, AT, "url")


@pytest.mark.parametrize(("given", "kept"), [(98.21345, 0.9821), (25.0, 0.25), (100.0, 1.0), (100, 1.0), (0, 0.0)])
def test_confidence_is_divided_and_rounded_to_four_decimals(given: float, kept: float) -> None:
    assert read({"Name": "Guitar", "Confidence": given}).labels == (Label("Guitar", kept),)


@pytest.mark.parametrize("given", [math.nan, math.inf, -1, 100.01, True, "98", None])
def test_a_confidence_that_is_none_makes_the_label_unusable(given: object) -> None:
    found = read({"Name": "Guitar", "Confidence": given})
    (label,) = found.labels
    assert found.status == "complete" and unusable(label) and label.name == "Guitar"


def test_neither_reader_takes_the_range_of_the_other() -> None:
    (label,) = parse_categorization("complete", [{"tag": "Guitar", "confidence": 98.2}], AT).labels
    assert unusable(label)


def test_ancestors_aliases_and_categories_are_kept_by_label_key_and_boxes_are_not() -> None:
    found = read(
        {
            "Name": "Koala Bear",
            "Confidence": 90.0,
            "Parents": [{"Name": "Animal"}, {"Name": "Mammal"}, {"Name": "Animal"}],
            "Aliases": [{"Name": "Koala"}],
            "Categories": [{"Name": "Animals and Pets"}],
            "Instances": [{"Confidence": 1}],
        },
        {"Name": "Night", "Confidence": 80.0, "Parents": [], "Aliases": [], "Categories": []},
    )
    assert found.about == {"koala bear": LabelRelations(("Animal", "Mammal"), ("Koala",), ("Animals and Pets",))}
    assert (found.model, found.source, found.observed_at) == ("3.0", "url", AT)


@pytest.mark.parametrize("first", [0, 1])
@pytest.mark.parametrize("surer", [[{"Name": "Animal"}], []])
def test_of_two_entries_of_one_label_the_surer_one_says_what_it_is(first: int, surer: list[Any]) -> None:
    entries = [
        {"Name": "Koala", "Confidence": 90.0, "Parents": surer},
        {"Name": "KOALA", "Confidence": 50.0, "Parents": [{"Name": "Food"}]},
        {"Name": "koala", "Confidence": 101.0, "Parents": [{"Name": "Invalid"}]},
    ]
    found = read(*entries[first:], *entries[:first])
    assert found.about == ({"koala": LabelRelations(("Animal",))} if surer else {})


@pytest.mark.parametrize("labels", [None, {}, "Guitar"])
def test_an_answer_without_a_list_of_labels_is_a_failure(labels: object) -> None:
    assert read(Labels=labels).status == "failed"


def test_entries_of_any_form_cost_only_themselves() -> None:
    cat = {"Name": "Cat", "Confidence": 50, "Parents": 3, "Aliases": [None, {"Name": 1}]}
    odd: tuple[Any, ...] = (None, 3, {}, {"Name": 4}, cat)
    found = read(*odd, {"Name": "Guitar", "Confidence": 99.0})
    assert [label.name for label in found.labels if not unusable(label)] == ["Cat", "Guitar"]
