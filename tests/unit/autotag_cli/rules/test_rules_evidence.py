"""What counts as evidence on a label, and what does not."""

from typing import Any, Literal

import pytest
from msgspec.structs import replace

from autotag.domain.model.asset import AssetRef, Facts
from autotag.domain.model.labels import Categorization, Label
from autotag.domain.rules.compiled.ruleset import Ruleset
from autotag.domain.rules.parse import parse_rules
from autotag.domain.state.asset_state import AssetState, TagPreference
from autotag_cli.rules.suggest.evidence import Evidence, Observation, collect_evidence
from tests.unit.autotag_cli.made_up_history import UPLOADED, scanned

AT = UPLOADED * 1000
RULES = '[defaults]\nthreshold = 0.7\nreview = 0.1\ndeny = ["Person"]\n[labels."Electric Guitar"]\ntag = "guitar"\n'

ASKED = "[defaults]\nreview = 0.1\n"


def state(people: dict[str, TagPreference], **changes: Any) -> AssetState:
    """An asset with guitar (0.65, as an electric guitar 0.9), stage (0.8), person (0.95) and dog (0.2)."""
    found = {"Guitar": 0.65, "Electric Guitar": 0.9, "Stage": 0.8, "Person": 0.95, "Dog": 0.2}
    labels = tuple(Label(name, confidence) for name, confidence in found.items())
    known = AssetState(
        AssetRef("a", "a", "image", "upload", UPLOADED),
        "tagged",
        facts=Facts("zoo", "jpg", {}, (), AT),
        categorizations={"aws_rek_tagging": Categorization("complete", labels, AT)},
        people=people,
    )
    return replace(known, **changes)


def evidence(known: AssetState, rules: str = RULES, *, explicit: bool = False) -> Evidence:
    return collect_evidence([scanned(known)], Ruleset(parse_rules(rules)), explicit=explicit)


def said(known: AssetState, rules: str = RULES, *, explicit: bool = False) -> dict[str, Observation]:
    found = evidence(known, rules, explicit=explicit).labels
    return {key: next(iter(each.observations)) for key, each in found.items()}


def test_what_was_accepted_was_right_and_what_was_rejected_was_wrong() -> None:
    people = {
        "dog": TagPreference("add", AT, "Dog", ("dog",)),
        "stage": TagPreference("remove", AT, "Stage", ("stage",)),
    }
    assert said(state(people)) == {"dog": Observation(0.2, "right", False), "stage": Observation(0.8, "wrong", True)}


def test_a_tag_that_a_person_added_is_looked_for_among_the_labels_by_its_tag_under_the_rules() -> None:
    people = {"guitar": TagPreference("add", AT, "GUITAR")}
    assert said(state(people)) == {
        "guitar": Observation(0.65, "right", False),
        "electric guitar": Observation(0.9, "right", True),
    }


def test_a_prefix_does_not_hide_what_a_person_meant() -> None:
    people = {"stage": TagPreference("add", AT, "stage"), "auto:dog": TagPreference("remove", AT, "auto:dog")}
    found = said(state(people), '[defaults]\nreview = 0.1\nprefix = "auto:"\n')
    assert {key: observation.verdict for key, observation in found.items()} == {"stage": "right", "dog": "wrong"}


def test_labels_that_a_wish_names_count_rather_than_its_tag() -> None:
    people = {"guitar": TagPreference("remove", AT, "guitar", ("electric guitar",))}
    assert said(state(people)) == {"electric guitar": Observation(0.9, "wrong", True)}


def test_what_was_left_where_a_person_changed_other_tags_was_right() -> None:
    people, managed_tags = (
        {"dog": TagPreference("add", AT, "Dog", ("dog",))},
        {"Stage": ("stage",), "guitar": ("electric guitar",)},
    )
    found = said(state(people, managed_tags=managed_tags))
    assert {key: observation for key, observation in found.items() if key != "dog"} == {
        "stage": Observation(0.8, "left", True),
        "electric guitar": Observation(0.9, "left", True),
    }
    assert said(state(people, managed_tags=managed_tags), explicit=True).keys() == {"dog"}


@pytest.mark.parametrize(
    "people",
    [
        {},
        {"dog": TagPreference("add", AT, "Dog", ("dog",), set_by_upload=True)},
        {"dog": TagPreference("remove", AT, "Dog", ("dog",), withdrawn=True)},
        {"dog": TagPreference("remove", AT - 1, "Dog", ("dog",))},  # of the picture before it was overwritten
        {"cat": TagPreference("add", AT, "Cat")},  # no label says so
        {"person": TagPreference("add", AT, "Person")},  # whatever its threshold, it is denied
        {"a": TagPreference("add", AT, "a", ("dog",)), "b": TagPreference("remove", AT, "b", ("dog",))},
    ],
)
def test_what_is_no_evidence(people: dict[str, TagPreference]) -> None:
    assert said(state(people)) == {}


def test_where_no_threshold_of_the_label_decides_there_is_no_evidence() -> None:
    people = {"dog": TagPreference("add", AT, "Dog", ("dog",))}
    for block in ("labels = { Dog = { threshold = 0.9 } }", "skip = true"):
        assert said(state(people), f'[[when]]\nfolder = "zoo"\n{block}\n') == {}
        assert said(state(people), f'{ASKED}[[when]]\nfolder = "stage"\n{block}\n').keys() == {"dog"}


def test_a_blocks_threshold_for_all_labels_tells_what_was_kept() -> None:
    people = {"dog": TagPreference("remove", AT, "Dog", ("dog",))}
    assert said(state(people), '[[when]]\nfolder = "zoo"\nset = { threshold = 0.1 }\n')["dog"].kept


def test_assets_are_counted_and_those_on_which_people_spoke() -> None:
    ruleset = Ruleset(parse_rules(RULES))
    people = {"dog": TagPreference("add", AT, "Dog", ("dog",))}
    found = collect_evidence([scanned(state({})), scanned(state(people)), scanned(state(people))], ruleset)
    assert (found.assets, found.edited, found.labels["dog"].observations) == (
        3,
        2,
        {Observation(0.2, "right", False): 2},
    )


@pytest.mark.parametrize(
    ("rules", "counted"),
    [
        ("[defaults]\nthreshold = 0.7\n", ["stage"]),
        ("[defaults]\nthreshold = 0.7\nreview = 0.66\n", ["stage"]),
        ("[defaults]\nthreshold = 0.7\nreview = 0.65\n", ["guitar", "stage"]),
        ("[defaults]\nthreshold = 0.7\nreview = 0.2\n", ["dog", "guitar", "stage"]),
        ("[defaults]\nthreshold = 0.2\n", ["dog", "guitar", "stage"]),
        ("[defaults]\nthreshold = 0.9\n", []),
        ("[defaults]\nthreshold = 0.9\n[labels.Guitar]\nthreshold = 0.6\n", ["guitar"]),
        ("[defaults]\nthreshold = 0.9\nreview = 0.7\n[labels.Guitar]\nthreshold = 0.6\n", ["guitar", "stage"]),
        ('[[when]]\nfolder = "zoo"\nset = { threshold = 0.9, review = 0.6 }\n', ["guitar", "stage"]),
        ('[[when]]\nfolder = "stage"\nset = { threshold = 0.9, review = 0.6 }\n', ["stage"]),
    ],
)
@pytest.mark.parametrize("want", ["add", "remove"])
def test_no_verdict_counts_below_the_place_where_wrong_could_be_said(
    want: Literal["add", "remove"], rules: str, counted: list[str]
) -> None:
    people = {key: TagPreference(want, AT, key, (key,)) for key in ("dog", "guitar", "stage")}
    found = evidence(state(people), rules).labels

    assert sorted(key for key, each in found.items() if each.observations) == counted
    assert {key: each.not_counted for key, each in found.items()} == {key: int(key not in counted) for key in people}
