"""The labels of categories: from a list, from the library's own answers, from an earlier push."""

import pytest

from autotag.domain.model.label_list import LabelList
from autotag.domain.model.labels import LabelRelations
from autotag.domain.rules.parse import examine, parse_rules, rules_version
from autotag.domain.rules_text.categories import KnownCategories, MovedLabels, moved_labels
from autotag.domain.rules_text.check import check_text

PETS, CARS = "Animals and Pets", "Cars"
LIST = LabelList(
    "3.0",
    "labels.zip",
    {
        "Dog": LabelRelations(categories=(PETS,)),
        "Koala": LabelRelations(categories=(PETS,)),
        "Car": LabelRelations(categories=(CARS,)),
    },
)
RULES = f'name = "acme"\n[categories."{PETS}"]\nthreshold = 0.9\n'


def sets_of(known: KnownCategories, text: str = RULES) -> dict[str, tuple[str, ...]]:
    return known.resolve(parse_rules(text)).sets


def test_a_list_names_the_labels_of_a_category() -> None:
    assert sets_of(KnownCategories(LIST)) == {PETS: ("dog", "koala")}
    assert KnownCategories(LIST).names == (PETS, CARS)


def test_what_rekognition_told_of_a_label_wins_over_the_list_for_that_label() -> None:
    told = {"KOALA": ("Wildlife",), "Poodle": (PETS,)}
    known = KnownCategories(LIST, told)
    assert sets_of(known) == {PETS: ("dog", "poodle")}
    assert sets_of(known, "[categories.wildlife]\ndeny = true") == {"wildlife": ("koala",)}
    assert sets_of(KnownCategories(None, told)) == {PETS: ("poodle",)}


def test_sets_of_an_earlier_push_count_where_no_list_has_the_category() -> None:
    stored = {PETS.upper(): ("wolf",), "Birds": ("owl",)}
    assert sets_of(KnownCategories(LIST, None, stored)) == {PETS: ("dog", "koala")}
    assert sets_of(KnownCategories(None, None, stored)) == {PETS: ("wolf",)}
    assert sets_of(KnownCategories(LIST, None, {}, stored)) == {PETS: ("wolf",)}


@pytest.mark.parametrize(
    ("known", "sentence"),
    [
        (
            KnownCategories(),
            "found a category, and no imported list of labels that could have it, expected one of a list: "
            "autotag labels import FILE",
        ),
        (
            KnownCategories(LIST),
            "found a category that label model 3.0 does not have, expected one of a list: autotag labels import FILE; "
            'did you mean "Animals and Pets"?',
        ),
    ],
    ids=["no list", "another list"],
)
def test_an_unknown_category_is_a_warning_that_names_its_place_and_what_to_do(
    known: KnownCategories, sentence: str
) -> None:
    checked = check_text(RULES.replace(PETS, "Animals and Pet"), None, known)
    assert checked.errors == [] and checked.rules is not None and checked.version == ""
    assert checked.unknown_lines("acme.toml") == [f'acme.toml:2: categories."Animals and Pet": {sentence}']
    assert [each.severity for each in checked.unknown] == ["warning"]
    assert checked.named == "rules acme, without a version while a category is not known"


def test_a_category_without_labels_is_a_warning_and_can_be_pushed() -> None:
    checked = check_text(f"[categories.{CARS}]\ndeny = true", None, KnownCategories(LIST, {"Car": ("Vehicles",)}))
    assert [each.sentence for each in checked.warnings] == [
        'categories."Cars": found a category without labels, expected a category that has some'
    ]
    assert checked.sets == {CARS: ()} and checked.version and not checked.unknown


def test_the_version_covers_the_labels_of_the_categories_that_are_named() -> None:
    rules = parse_rules(RULES)
    version = rules_version(rules, {PETS: ("dog", "koala")})
    # should this fail after a change of the grammar, every stored version would be refused after the next deploy
    assert version == "08810121f166190c84087891bb477885950adeb5f6bad76d3419e366ae09a0e0"
    assert rules_version(rules, {PETS.lower(): ("koala", "dog"), CARS: ("car",)}) == version
    assert rules_version(rules, {PETS: ("dog",)}) != version
    plain = parse_rules('name = "acme"\n')
    assert rules_version(plain, {PETS: ("dog",)}) == rules_version(plain)


def test_what_has_no_effect_beside_deny_is_a_warning() -> None:
    rules = f'[categories.{CARS}]\ndeny = true\nthreshold = 0.9\npriority = 2\nparents = ["Thing"]\n'
    checked = check_text(rules, None, KnownCategories(LIST))
    assert [each.sentence for each in checked.warnings] == [
        f'categories."{CARS}".{key}: found {key} of labels that are never written, '
        f'expected no {key} beside categories."{CARS}".deny'
        for key in ("threshold", "priority", "parents")
    ]
    assert not check_text(rules.replace("true", "false"), None, KnownCategories(LIST)).warnings


def test_moved_labels_are_those_that_joined_or_left_a_category_of_both() -> None:
    old = {PETS: ("dog", "koala"), CARS: ("car",), "Birds": ("owl",)}
    new = {PETS.lower(): ("dog", "wolf"), CARS: ("car",), "Fish": ("cod",)}
    assert moved_labels(old, new) == (MovedLabels(PETS.lower(), ("wolf",), ("koala",)),)
    assert moved_labels(old, old) == ()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            "[categories.A]\n[categories.a]\ndeny = true",
            'categories."a": found another spelling of "A", expected one table for each category',
        ),
        (
            "[categories.A]\nthreshold = 0.5\nreview = 0.6",
            'categories."A".review: found 0.6, expected at most categories."A".threshold, which is 0.5',
        ),
        (
            "[[when]]\n[when.categories.A]\nthreshold = 70",
            'when[1].categories."A".threshold: found 70, expected a number from 0 to 1; did you mean 0.70?',
        ),
        (
            "[categories.A]\ntag = 'a'",
            'categories."A".tag: found an unknown key, expected one of threshold, review, deny, parents, priority',
        ),
        ("[categories.' ']\ndeny = true", 'categories." ": found the name " ", expected the name of a category'),
        (
            f"[categories.A]\nparents = ['{'x' * 255}']\n[defaults]\nprefix = 'auto:'",
            'categories."A".parents[1]: found 260 characters together with defaults.prefix "auto:", '
            "expected at most 255",
        ),
    ],
)
def test_contradictions_are_faults(text: str, sentence: str) -> None:
    assert [each.sentence for each in examine(text).errors] == [sentence]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            "[categories.A]",
            'categories."A": found a rule that says nothing, expected one of threshold, review, deny, parents, '
            "priority",
        ),
        (
            "[categories.A]\ndeny = true\nreview = 0.5",
            'categories."A".review: found a review bar for labels that are never written, expected no such bar beside '
            'categories."A".deny',
        ),
        (
            "[categories.A]\nparents = ['x', 'X']",
            'categories."A".parents[2]: found "X", which is categories."A".parents[1] already, expected each name once',
        ),
        (
            "[categories.A]\nparents = ['x']\n[defaults]\ndeny = ['X']",
            'categories."A".parents[1]: found "x", which defaults.deny[1] denies, expected a tag that is not denied',
        ),
    ],
)
def test_what_has_no_effect_is_a_warning(text: str, sentence: str) -> None:
    examined = examine(text)
    assert examined.errors == () and [each.sentence for each in examined.warnings] == [sentence]
    assert examine("[labels.Dog]\nthreshold = 0.5\n[[when]]\ncategories = { A = { threshold = 0.9 } }").warnings == ()
