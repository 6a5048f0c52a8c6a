"""What became of each label: each asset counts once, and quantiles are exact to a step of a hundred."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from autotag.domain.model.labels import Categorization, Label
from autotag.domain.rules.checks.named_labels import rules_by_label
from autotag.domain.rules.parse import parse_rules
from autotag.domain.state.asset_state import TagPreference
from autotag.domain.statistics.label_counts import STEPS, LabelCounts, LibraryLabels
from autotag.domain.statistics.label_tags import LabelTags
from tests.unit.domain.statistics.test_distributions import scanned

RULES = """
[defaults]
prefix = "auto:"
deny = ["Face", "Human"]
[labels.Axe]
tag = "guitar"
[labels."Human"]
threshold = 0.9
[[when]]
name = "zoo"
folder = "zoo/**"
labels_any = ["Koala"]
set = { prefix = "" }
labels = { Axe = { tag = "lute" }, Koala = { threshold = 0.5 } }
"""
TAGS = LabelTags(parse_rules(RULES))


def counted(labels: dict[str, float], **more: Any) -> LibraryLabels:
    found = LibraryLabels()
    found.add(replace(scanned(labels), **more), TAGS)
    return found


@given(st.lists(st.floats(0, 1), min_size=1, max_size=60), st.sampled_from([0.1, 0.5, 0.9]))
def test_a_quantile_is_below_the_exact_one_by_less_than_a_step(confidences: list[float], part: float) -> None:
    found = LibraryLabels()
    for confidence in confidences:
        found.add(scanned({"Dog": confidence}), TAGS)
    exact = sorted(confidences)[max(0, -int(-part * len(confidences) // 1) - 1)]
    assert -1e-9 <= exact - found.labels["dog"].quantile(part) <= 1 / STEPS + 1e-9


def test_a_label_of_several_spellings_and_providers_counts_once_at_its_highest() -> None:
    given_labels = {
        "aws_rek_tagging": Categorization("complete", (Label("dog", 0.5), Label("Dog", 0.7), Label("Cat", 0.0, "bad"))),
        "google_tagging": Categorization("complete", (Label("DOG", 0.9),)),
        "imagga_tagging": Categorization("pending", (Label("Fox", 0.9),)),
    }
    found = counted({}, categorizations=given_labels)
    assert [(counts.name, counts.assets, counts.quantile(0.5)) for _, counts in found.ranked()] == [("DOG", 1, 0.9)]

    one = LibraryLabels()
    one.add(replace(scanned({}), categorizations=given_labels), TAGS, "aws_rek_tagging")
    assert [(counts.name, counts.assets, counts.quantile(0.5)) for _, counts in one.ranked()] == [("Dog", 1, 0.7)]


@pytest.mark.parametrize(
    ("tag", "is_of"),
    [("auto:Guitar", True), ("guitar", True), ("LUTE", True), ("auto:lute", True), ("Axe", False), ("auto:axe", False)],
)
def test_a_tag_is_of_the_labels_that_the_rules_make_it_of(tag: str, is_of: bool) -> None:
    assert counted({"Axe": 0.9}, managed_tags=(tag,)).labels["axe"].tagged == is_of
    assert counted({"Axe": 0.9}, review=(tag,)).labels["axe"].in_review == is_of


def test_a_label_that_no_rule_renames_gives_the_tag_of_its_name() -> None:
    found = counted({"Dog": 0.2, "Cat": 0.9}, managed_tags=("dog", "press"), review=("auto:CAT",))
    assert (found.labels["dog"].tagged, found.labels["dog"].in_review) == (1, 0)
    assert (found.labels["cat"].tagged, found.labels["cat"].in_review) == (0, 1)


def test_a_person_who_removed_two_tags_of_a_label_removed_it_once() -> None:
    said = (
        TagPreference("remove", 1, "Pet", ("dog", "cat")),
        TagPreference("remove", 2, "Dog", ("dog",)),
        TagPreference("remove", 3, "Sea"),
        TagPreference("add", 4, "Sun", ("sun",)),
        TagPreference("remove", 5, "Moon", ("moon",), withdrawn=True),
    )
    assert counted({"Dog": 0.9}, preferences=said).removed == {"dog": 1, "cat": 1, "sea": 1}


@given(
    st.lists(st.dictionaries(st.sampled_from(["Dog", "dog", "Cat"]), st.floats(0, 1)), max_size=12), st.integers(0, 12)
)
def test_counts_of_two_parts_are_those_of_the_whole(library: list[dict[str, float]], cut: int) -> None:
    whole, first, second = LibraryLabels(), LibraryLabels(), LibraryLabels()
    for number, labels in enumerate(library):
        asset = replace(scanned(labels, tags=("auto:dog",)), preferences=(TagPreference("remove", 1, "Cat"),))
        whole.add(asset, TAGS)
        (first if number < cut else second).add(asset, TAGS)
    first.merge(second)
    assert (first.assets, first.labels, first.removed) == (whole.assets, whole.labels, whole.removed)


def test_no_assets_have_no_quantile() -> None:
    assert (LabelCounts("Dog").assets, LabelCounts("Dog").quantile(0.5)) == (0, 0.0)


def test_the_rules_of_a_label_are_the_lists_and_tables_that_name_it() -> None:
    found = rules_by_label(parse_rules(RULES))
    assert found == {
        "face": ("defaults.deny",),
        "human": ("defaults.deny", 'labels."Human"'),
        "axe": ('labels."Axe"', 'when[1].labels."Axe"'),
        "koala": ('when[1].labels."Koala"', "when[1].labels_any"),
    }


def test_the_rules_of_a_label_are_also_those_of_its_categories() -> None:
    own = "[labels.Koala]\nthreshold = 0.8\n[categories.animals]\ndeny = true\n"
    text = f"{own}[[when]]\n[when.categories.Animals]\ndeny = false"
    assert rules_by_label(parse_rules(text), {"Animals": ("dog", "koala"), "Music": ("guitar",)}) == {
        "koala": ('labels."Koala"', 'categories."animals"', 'when[1].categories."Animals"'),
        "dog": ('categories."animals"', 'when[1].categories."Animals"'),
    }


def test_a_label_also_gives_the_words_of_its_tags() -> None:
    text = f'{RULES}\n[translations.de]\nguitar = "Gitarre"\nKoala = "Koalabär"\n'
    tags = LabelTags(parse_rules(f'{text}[translations.fr]\nAxe = "hache"\n'))
    assert {"auto:gitarre", "gitarre", "auto:hache", "auto:guitar", "lute"} <= tags.keys_of("axe")
    assert tags.keys_of("dog") == {"auto:dog", "dog"}
