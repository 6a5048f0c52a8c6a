"""Rules for categories: all labels of one, beneath the rules for single labels."""

import pytest

from autotag.domain.decisions.decide import Decision, decide
from autotag.domain.model.labels import Label
from autotag.domain.rules.compiled.ruleset import Subject
from autotag.domain.rules.validation.problems import InvalidRules
from tests.unit.domain.decisions.decision_helpers import because, book, outcomes

SETS = {"Animals and Pets": ("animal", "dog", "koala"), "Zoo": ("koala", "ticket")}
ANIMALS = 'categories."Animals and Pets"'


def decided(rules: str, labels: dict[str, float], folder: str = "") -> Decision:
    ruleset = book(rules, SETS)
    given = [Label(*each) for each in labels.items()]
    return decide({ruleset.providers[0]: given}, Subject(folder=folder), ruleset)


def test_the_threshold_of_a_category_counts_for_its_labels_and_no_others() -> None:
    decision = decided(f"[{ANIMALS}]\nthreshold = 0.9", {"Dog": 0.85, "Koala": 0.95, "Car": 0.85})
    assert decision.tags == ("Koala", "Car")
    assert because(decision) == {
        "Dog": f"{ANIMALS}.threshold",
        "Koala": f"{ANIMALS}.threshold",
        "Car": "defaults.threshold",
    }


@pytest.mark.parametrize(
    ("rules", "path"),
    [
        (f"[{ANIMALS}]\nthreshold = 0.9\n[labels.dog]\nthreshold = 0.5", 'labels."dog".threshold'),
        (f"[labels.dog]\nthreshold = 0.5\n[[when]]\n[when.{ANIMALS}]\nthreshold = 0.9", 'labels."dog".threshold'),
        (f"[{ANIMALS}]\nthreshold = 0.9\n[labels.dog]\npriority = 1", f"{ANIMALS}.threshold"),
        (f"[{ANIMALS}]\nthreshold = 0.9\n[providers.aws_rek_tagging]\nthreshold = 0.5", f"{ANIMALS}.threshold"),
        (f"[{ANIMALS}]\nthreshold = 0.9\n[[when]]\nset = {{ threshold = 0.1 }}", f"{ANIMALS}.threshold"),
        (
            f"[{ANIMALS}]\nthreshold = 0.9\n[[when]]\nname = 'a'\n[when.{ANIMALS}]\nthreshold = 0.2",
            f'when[1] "a".{ANIMALS}.threshold',
        ),
    ],
    ids=["own", "own before a block", "own without a threshold", "provider", "settings", "a later block"],
)
def test_a_labels_own_threshold_comes_first_then_its_categorys_then_its_providers(rules: str, path: str) -> None:
    assert because(decided(rules, {"Dog": 0.65}))["Dog"] == path


def test_a_denied_category_denies_its_labels_whatever_their_own_rules_say() -> None:
    own = f"[{ANIMALS}]\ndeny = true\n[labels.Dog]\nthreshold = 0.1\n"
    rules = f"{own}[[when]]\nfolder = 'zoo'\n[when.{ANIMALS}]\ndeny = false"
    labels = {"Dog": 0.9, "Car": 0.8}
    decision = decided(rules, labels)
    assert outcomes(decision) == {"Dog": "denied", "Car": "kept"} and because(decision)["Dog"] == f"{ANIMALS}.deny"
    assert outcomes(decided(rules, labels, folder="zoo")) == {"Dog": "kept", "Car": "kept"}


def test_a_denied_category_leaves_a_tag_of_the_same_name_that_a_rule_gives() -> None:
    rules = f'[{ANIMALS}]\ndeny = true\n[labels.Canine]\ntag = "dog"\nparents = ["animal"]'
    assert decided(rules, {"Canine": 0.9, "Dog": 0.8}).tags == ("animal", "dog")


def test_people_are_asked_from_the_review_bar_of_a_category_on() -> None:
    rules = f"[{ANIMALS}]\nthreshold = 0.9\nreview = 0.6"
    decision = decided(rules, {"Dog": 0.65, "Koala": 0.55, "Car": 0.65})
    assert outcomes(decision) == {"Dog": "review", "Koala": "below_threshold", "Car": "below_threshold"}
    assert decision.review == ("Dog",) and because(decision)["Dog"] == f"{ANIMALS}.review"


def test_its_labels_imply_its_parents_but_not_themselves() -> None:
    rules = f'[{ANIMALS}]\nparents = ["Animal", "nature"]\n[labels.Koala]\nparents = []'
    decision = decided(rules, {"Dog": 0.9})
    assert decision.tags == ("Animal", "Dog", "nature") and because(decision)["nature"] == f"{ANIMALS}.parents"
    assert decided(rules, {"Animal": 0.9}).tags == ("Animal", "nature")
    assert decided(rules, {"Koala": 0.9}).tags == ("Koala",)


def test_its_priority_is_that_of_labels_without_one() -> None:
    rules = f"[defaults]\nmax_tags = 2\n[{ANIMALS}]\npriority = 5\n[labels.Koala]\npriority = -1"
    assert decided(rules, {"Koala": 0.99, "Car": 0.95, "Dog": 0.7}).tags == ("Dog", "Car")


def test_of_two_categories_of_a_label_the_strictest_rule_of_a_table_counts_whatever_their_order() -> None:
    animals = f"[{ANIMALS}]\nthreshold = 0.8\nreview = 0.3\npriority = 1\nparents = ['animal']\n"
    zoo = "[categories.Zoo]\nthreshold = 0.6\nreview = 0.5\npriority = 2\nparents = ['zoo']\n"
    one, other = (decided(rules, {"Koala": 0.85, "Ticket": 0.65}) for rules in (animals + zoo, zoo + animals))
    assert one == other and one.tags == ("Koala", "Ticket", "animal", "zoo")
    assert because(one) == {
        "Koala": f"{ANIMALS}.threshold",
        "Ticket": 'categories."Zoo".threshold',
        "animal": f"{ANIMALS}.parents",
        "zoo": 'categories."Zoo".parents',
    }
    denied = animals + zoo.replace("threshold", "deny = true\nthreshold")
    assert because(decided(denied, {"Koala": 0.99}))["Koala"] == 'categories."Zoo".deny'


def test_rules_whose_categories_have_no_labels_are_not_compiled() -> None:
    with pytest.raises(InvalidRules, match=r'categories."Cars": found a category whose labels are not known'):
        book("[categories.Cars]\nthreshold = 0.5", SETS)


def test_names_of_categories_are_equal_like_those_of_labels() -> None:
    assert outcomes(decided('[categories."animals AND pets"]\ndeny = true', {"Dog": 0.9})) == {"Dog": "denied"}
