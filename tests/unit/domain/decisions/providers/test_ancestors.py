"""Ancestors that Rekognition's own answer names: dropped, implied, or left as they are."""

import pytest
from msgspec.structs import replace

from autotag.domain.decisions.ancestors import ancestors_in
from autotag.domain.decisions.compare import changed_tags
from autotag.domain.decisions.decide import Decision, decide
from autotag.domain.decisions.evaluate import evaluate, plan_tags
from autotag.domain.decisions.tag_providers import providers_of_tags
from autotag.domain.model.asset import Facts
from autotag.domain.model.audit import Inputs
from autotag.domain.model.labels import REKOGNITION, Categorization, Label, LabelRelations
from autotag.domain.rules.compiled.ruleset import Subject
from tests.unit.domain.decisions.decision_helpers import book

GOOGLE = "google_tagging"
KEEP = '[defaults]\nproviders = ["rekognition", "google_tagging"]\n'
DROP, IMPLY = f'{KEEP}ancestors = "drop"\n', f'{KEEP}ancestors = "imply"\n'
ZOO = {"Animal": 0.99, "Mammal": 0.98, "Koala": 0.95, "Grass": 0.9}
ANCESTORS = {"koala": ("Animal", "Mammal"), "mammal": ("Animal",)}
PICTURE = Subject(ancestors=ANCESTORS)
OF_KOALA = 'rekognition\'s parents of "Koala"'

Labels = dict[str, float]


def decided(rules: str, labels: Labels, subject: Subject = PICTURE, google: Labels | None = None) -> Decision:
    given = {REKOGNITION: labels, GOOGLE: google or {}}
    by_provider = {name: [Label(*each) for each in found.items()] for name, found in given.items()}
    return decide(by_provider, subject, book(rules))


def told(decision: Decision) -> list[tuple[str, str | None, str, str]]:
    return [(each.label, each.provider, each.outcome, each.because) for each in decision.labels]


def test_ancestors_stay_unless_the_rules_say_otherwise() -> None:
    assert decided(KEEP, ZOO).tags == ("Animal", "Mammal", "Koala", "Grass")
    assert decided(DROP, ZOO, Subject()) == decided(KEEP, ZOO)


def test_drop_leaves_the_labels_that_are_ancestors_of_no_other() -> None:
    decision = decided(DROP, ZOO)
    assert decision.tags == ("Koala", "Grass")
    assert told(decision) == [
        ("Animal", REKOGNITION, "ancestor", 'of "Koala"'),
        ("Mammal", REKOGNITION, "ancestor", 'of "Koala"'),
        ("Koala", REKOGNITION, "kept", "defaults.threshold"),
        ("Grass", REKOGNITION, "kept", "defaults.threshold"),
    ]


def test_only_kept_labels_drop_their_ancestors() -> None:
    decision = decided(DROP, ZOO | {"Koala": 0.69})
    assert decision.tags == ("Mammal", "Grass")
    assert told(decision)[0] == ("Animal", REKOGNITION, "ancestor", 'of "Mammal"')


def test_of_two_labels_that_name_each_other_none_is_dropped() -> None:
    assert decided(DROP, {"A": 0.9, "B": 0.8}, Subject(ancestors={"a": ("B",), "b": ("A", "B")})).tags == ("A", "B")


def test_no_person_is_asked_about_an_ancestor_that_is_dropped() -> None:
    decision = decided(f"{DROP}review = 0.5\n", {"Koala": 0.95, "Animal": 0.6, "Tree": 0.6})
    assert decision.review == ("Tree",)
    assert ("Animal", REKOGNITION, "ancestor", 'of "Koala"') in told(decision)


def test_a_written_parent_stays_where_the_label_of_its_name_is_dropped() -> None:
    decision = decided(f'{DROP}[labels.Koala]\nparents = ["Animal"]\n', ZOO)
    assert decision.tags == ("Animal", "Koala", "Grass")
    assert ("Animal", None, "parent", 'labels."Koala".parents') in told(decision)


def test_a_label_that_is_dropped_brings_no_parents() -> None:
    rules = f'{DROP}[labels.Animal]\nparents = ["nature"]\n'
    assert decided(rules, ZOO).tags == ("Koala", "Grass")
    assert "nature" in decided(rules, ZOO, Subject()).tags


def test_a_dropped_ancestor_does_not_keep_the_label_of_its_tag_from_leading() -> None:
    rules = f'{DROP}agree = 2\n[labels.Mammal]\ntag = "Koala"\n'
    decision = decided(rules, {"Mammal": 0.98, "Koala": 0.95}, google={"Mammal": 0.97, "Koala": 0.9})
    assert [(label, outcome) for label, _, outcome, _ in told(decision)] == [
        ("Mammal", "ancestor"),
        ("Mammal", "ancestor"),
        ("Koala", "kept"),
        ("Koala", "merged"),
    ]


def test_labels_of_other_providers_have_no_ancestors() -> None:
    assert decided(DROP, {}, Subject(), google={"Koala": 0.9, "Animal": 0.9}).tags == ("Animal", "Koala")
    without = DROP.replace('"rekognition", ', "")
    assert decided(without, ZOO, google={"Koala": 0.9, "Animal": 0.9}).tags == ("Animal", "Koala")


def test_imply_adds_the_ancestors_that_do_not_reach_their_bar() -> None:
    decision = decided(IMPLY, {"Koala": 0.95, "Animal": 0.9, "Mammal": 0.3})
    assert decision.tags == ("Koala", "Mammal", "Animal")
    assert told(decision) == [
        ("Koala", REKOGNITION, "kept", "defaults.threshold"),
        ("Animal", REKOGNITION, "kept", "defaults.threshold"),
        ("Mammal", REKOGNITION, "below_threshold", "defaults.threshold"),
        ("Mammal", None, "parent", OF_KOALA),
    ]


def test_an_implied_ancestor_is_as_its_own_rule_says() -> None:
    rules = f'{IMPLY}max_tags = 2\n[labels.Animal]\ntag = "creature"\nparents = ["nature"]\npriority = 1\n'
    decision = decided(rules, {"Koala": 0.95})
    assert decision.tags == ("creature", "Koala")
    assert decision.sources["creature"] == ("animal", "creature")
    assert ("nature", None, "over_max", "defaults.max_tags") in told(decision)


def test_a_written_parent_wins_over_an_implied_ancestor() -> None:
    decision = decided(f'{IMPLY}[labels.Koala]\nparents = ["animal"]\n', {"Koala": 0.95})
    assert decision.tags == ("Koala", "Mammal", "animal")
    assert ("animal", None, "parent", 'labels."Koala".parents') in told(decision)


@pytest.mark.parametrize("refusal", ['deny = ["Animal"]', 'allow = ["Koala", "Mammal"]'])
def test_the_deny_list_and_the_allow_list_hold_for_implied_ancestors(refusal: str) -> None:
    assert decided(f"{IMPLY}{refusal}\n", {"Koala": 0.95}).tags == ("Koala", "Mammal")


RENAMED = '[labels.Animal]\ntag = "creature"\nparents = ["nature"]\n'


@pytest.mark.parametrize("removed", ["animal", "creature", "new:creature"])
def test_an_implied_ancestor_that_a_person_removed_stays_away_under_any_name(removed: str) -> None:
    rules = f'{IMPLY}prefix = "new:"\n{RENAMED}'
    decision = decided(rules, {"Koala": 0.95}, replace(PICTURE, suppressed=frozenset({removed})))
    assert decision.tags == ("new:Koala", "new:Mammal", "new:nature")


def test_an_implied_ancestor_that_a_person_removed_is_told() -> None:
    decision = decided(IMPLY, {"Koala": 0.95}, replace(PICTURE, suppressed=frozenset({"animal"})))
    assert ("Animal", None, "suppressed", "a person removed it from this asset") in told(decision)


@pytest.mark.parametrize("beast", [0.9, 0.6])
def test_where_only_an_ancestors_own_name_was_removed_no_other_label_is_affected(beast: float) -> None:
    rules = f'{IMPLY}review = 0.5\n{RENAMED}[labels.Beast]\ntag = "creature"\n'
    subject = Subject(ancestors={"koala": ("Animal",)}, suppressed=frozenset({"animal"}))
    decision = decided(rules, {"Koala": 0.95, "Beast": beast}, subject)
    given = beast >= 0.7
    assert (decision.tags, decision.review) == (
        (("Koala", "nature", "creature"), ()) if given else (("Koala", "nature"), ("creature",))
    )
    assert not given or decision.sources["creature"] == ("beast", "creature")
    assert ("Beast", REKOGNITION, "kept" if given else "review") in [each[:3] for each in told(decision)]


def test_an_ancestor_whose_own_name_was_removed_names_no_provider_for_the_tag() -> None:
    rules, labels = f'{IMPLY}{RENAMED}[labels.Beast]\ntag = "creature"\n', {REKOGNITION: (Label("Koala", 0.9),)}
    labels |= {GOOGLE: (Label("Beast", 0.9),)}
    subject = Subject(ancestors={"koala": ("Animal",)}, suppressed=frozenset({"animal"}))
    found = providers_of_tags(decide(labels, subject, book(rules)), labels, subject, book(rules))
    assert found["creature"] == (GOOGLE,)


def test_a_block_says_what_comes_of_ancestors_on_its_assets() -> None:
    rules = f'{KEEP}[[when]]\nfolder = "zoo"\nset.ancestors = "drop"\n'
    assert decided(rules, ZOO).tags == ("Animal", "Mammal", "Koala", "Grass")
    assert decided(rules, ZOO, replace(PICTURE, folder="zoo")).tags == ("Koala", "Grass")


def test_the_tags_of_ancestors_count_for_rekognition_so_that_they_stay_while_it_is_missing() -> None:
    labels = {REKOGNITION: (Label("Koala", 0.8),), GOOGLE: (Label("Koala", 0.9),)}
    ruleset = book(IMPLY)
    found = providers_of_tags(decide(labels, PICTURE, ruleset), labels, PICTURE, ruleset)
    assert found == {"Koala": (GOOGLE,), "Animal": (GOOGLE, REKOGNITION), "Mammal": (GOOGLE, REKOGNITION)}


@pytest.mark.parametrize(
    ("rules", "gained", "lost"), [(DROP, set(), {"Animal", "Mammal"}), (IMPLY, {"Marsupial"}, set())]
)
def test_what_if_tells_the_ancestors_that_come_and_go(rules: str, gained: set[str], lost: set[str]) -> None:
    labels = {REKOGNITION: [Label(*each) for each in ZOO.items()]}
    subject = Subject(ancestors=ANCESTORS | ({"koala": ("Animal", "Marsupial")} if gained else {}))
    found = changed_tags(labels, subject, book(KEEP), book(rules))
    assert (set(found.gained), set(found.lost)) == (gained, lost)


ABOUT = {"koala": LabelRelations(("Animal", "Mammal")), "animal": LabelRelations((), (), ("Animals and Pets",))}
ANSWER = Categorization("complete", (Label("Koala", 0.95), Label("Animal", 0.97)), 1, about=ABOUT)


def test_ancestors_are_known_from_the_assets_own_answer_alone() -> None:
    assert ancestors_in({REKOGNITION: ANSWER, GOOGLE: ANSWER}) == {"koala": ("Animal", "Mammal")}
    assert ancestors_in({REKOGNITION: replace(ANSWER, status="pending"), GOOGLE: ANSWER}) == {}


def test_a_decision_repeats_from_its_inputs() -> None:
    facts, ruleset = Facts("", "jpg", {}, (), 1), book(DROP)
    inputs = Inputs(facts=facts, categorizations={REKOGNITION: ANSWER}, managed_tags=(), user_tags=(), suppressed=())
    assert plan_tags(evaluate(inputs, ruleset), inputs, ruleset).tags.added == ("Koala",)
