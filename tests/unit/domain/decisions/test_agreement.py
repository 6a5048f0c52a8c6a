"""Several providers: the bar of each, and tags that enough of them must give."""

import pytest
from msgspec.structs import replace

from autotag.domain.decisions.decide import Decision, decide
from autotag.domain.decisions.evaluate import evaluate, plan_tags
from autotag.domain.model.audit import Inputs
from autotag.domain.model.labels import Categorization, Label
from autotag.domain.rules.compiled.ruleset import Subject
from tests.unit.domain.decisions.decision_helpers import book

AWS, GOOGLE = "aws_rek_tagging", "google_tagging"
BOTH = '[defaults]\nproviders = ["aws_rek_tagging", "google_tagging"]\n'
AGREE = f"{BOTH}agree = 2\n"

ANY = Subject()
Labels = dict[str, dict[str, float]]


def decided(rules: str, labels: Labels, subject: Subject = ANY) -> Decision:
    given = {name: [Label(*each) for each in found.items()] for name, found in labels.items()}
    return decide(given, subject, book(rules))


def told(decision: Decision) -> list[tuple[str, str | None, str, str]]:
    return [(each.label, each.provider, each.outcome, each.because) for each in decision.labels]


def test_a_provider_has_a_bar_of_its_own_whatever_a_block_sets() -> None:
    rules = f"{BOTH}[providers.google_tagging]\nthreshold = 0.85\n[[when]]\nset.threshold = 0.5\n"
    decision = decided(rules, {AWS: {"Cat": 0.6}, GOOGLE: {"Cat": 0.84, "Dog": 0.84, "Fur": 0.9}})
    bar = 'providers."google_tagging".threshold'
    assert decision.tags == ("Fur", "Cat")
    assert told(decision) == [
        ("Fur", GOOGLE, "kept", bar),
        ("Cat", GOOGLE, "below_threshold", bar),
        ("Dog", GOOGLE, "below_threshold", bar),
        ("Cat", AWS, "kept", "when[1].set.threshold"),
    ]


def test_a_labels_own_threshold_counts_before_its_providers() -> None:
    rules = f"{BOTH}[providers.google_tagging]\nthreshold = 0.85\n[labels.Cat]\nthreshold = 0.6\n"
    assert decided(rules, {GOOGLE: {"Cat": 0.65, "Dog": 0.8}}).tags == ("Cat",)


def test_a_block_that_tests_labels_goes_by_the_bar_of_the_provider() -> None:
    rules = f"{BOTH}[providers.google_tagging]\nthreshold = 0.85\n"
    rules += '[[when]]\nlabels_any = ["Cat"]\nadd = ["pet"]\n[[when]]\nlabels_none = ["Cat"]\nadd = ["no cat"]\n'
    assert "pet" in decided(rules, {AWS: {"Cat": 0.75}, GOOGLE: {"Cat": 0.8}}).tags
    assert "no cat" in decided(rules, {AWS: {"Cat": 0.65}, GOOGLE: {"Cat": 0.8}}).tags


def test_providers_agree_on_the_tag_not_on_the_label() -> None:
    rules = f'{AGREE}[labels.Canine]\ntag = "Dog"\nparents = ["animal"]\n'
    decision = decided(rules, {AWS: {"Canine": 0.9}, GOOGLE: {"dog": 0.8}})
    assert decision.tags == ("Dog", "animal")
    assert told(decision)[:2] == [
        ("Canine", AWS, "kept", "defaults.threshold"),
        ("dog", GOOGLE, "merged", '"Canine" at 0.9 gives the same tag'),
    ]


def test_a_tag_that_one_provider_gives_is_not_agreed() -> None:
    rules = f'{AGREE}[labels.Cat]\nparents = ["animal"]\n[labels.Kitty]\ntag = "Cat"\n'
    decision = decided(rules, {AWS: {"Cat": 0.9, "Kitty": 0.8}, GOOGLE: {"Cat": 0.69}})
    assert decision.tags == ()
    assert told(decision) == [
        ("Cat", AWS, "not_agreed", "defaults.agree: 1 of 2"),
        ("Kitty", AWS, "not_agreed", "defaults.agree: 1 of 2"),
        ("Cat", GOOGLE, "below_threshold", "defaults.threshold"),
    ]


def test_where_people_are_asked_one_is_asked_about_what_is_not_agreed() -> None:
    decision = decided(f"{AGREE}review = 0.5\n", {AWS: {"Cat": 0.9}, GOOGLE: {"Dog": 0.6}})
    assert (decision.tags, decision.review) == ((), ("Cat", "Dog"))
    assert told(decision)[0] == ("Cat", AWS, "review", "defaults.agree: 1 of 2")
    removed = decided(f"{AGREE}review = 0.5\n", {AWS: {"Cat": 0.9}, GOOGLE: {}}, Subject(suppressed=frozenset({"cat"})))
    assert (removed.review, told(removed)[0][2]) == ((), "suppressed")


def test_a_block_may_ask_for_agreement_and_its_path_is_the_reason() -> None:
    rules = f'{BOTH}[[when]]\nname = "stage"\nfolder = "stage"\nset.agree = 2\n'
    labels: Labels = {AWS: {"Cat": 0.9}, GOOGLE: {"Dog": 0.9}}
    assert decided(rules, labels).tags == ("Cat", "Dog")
    decision = decided(rules, labels, Subject(folder="stage"))
    assert decision.tags == () and told(decision)[0][3] == 'when[1] "stage".set.agree: 1 of 2'


def test_additions_need_no_agreement() -> None:
    rules = f'{AGREE}[[when]]\nadd = ["Cat"]\n'
    decision = decided(rules, {AWS: {"Cat": 0.9}, GOOGLE: {}})
    assert decision.tags == ("Cat",)
    assert told(decision) == [
        ("Cat", AWS, "not_agreed", "defaults.agree: 1 of 2"),
        ("Cat", None, "added", "when[1].add"),
    ]


def test_one_label_that_two_providers_share_is_kept_once() -> None:
    cat = Label("Cat", 0.9)
    decision = decide({AWS: [cat], GOOGLE: [cat]}, Subject(), book(AGREE))
    assert [each.outcome for each in decision.labels] == ["kept", "merged"]


DONE = Categorization("complete", (Label("Cat", 0.9),))
INPUTS = Inputs(categorizations={AWS: DONE}, managed_tags=("old",), user_tags=(), suppressed=())


@pytest.mark.parametrize(
    ("other", "outcome", "reason"),
    [
        (Categorization("failed", error="no units"), "failed", "google_tagging: no units"),
        (Categorization("pending"), "timed_out", "google_tagging was still pending at the deadline"),
        (None, "skipped", "defaults.agree: 1 of 2 have labels"),
    ],
)
def test_with_too_few_providers_nothing_is_decided_and_nothing_removed(
    other: Categorization | None, outcome: str, reason: str
) -> None:
    found = {AWS: DONE} if other is None else {AWS: DONE, GOOGLE: other}
    inputs, ruleset = replace(INPUTS, categorizations=found), book(AGREE)
    verdict = evaluate(inputs, ruleset)
    assert (verdict.outcome, verdict.reason, verdict.decision) == (outcome, reason, None)
    assert plan_tags(verdict, inputs, ruleset).tags.removed == ()


def test_with_too_few_providers_a_rule_that_skips_still_says_so() -> None:
    verdict = evaluate(INPUTS, book(f"{AGREE}[[when]]\nskip = true"))
    assert verdict.reason == "when[1].skip leaves these assets alone"


def test_a_block_that_asks_for_one_provider_decides_with_one() -> None:
    verdict = evaluate(INPUTS, book(f"{AGREE}[[when]]\nset.agree = 1"))
    assert verdict.decision is not None and verdict.decision.tags == ("Cat",)
