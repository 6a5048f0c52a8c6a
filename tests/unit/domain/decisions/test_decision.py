"""One label at a time: its bar, the lists, the review band, its spelling as a tag, and the reason that is given."""

import pytest

from autotag.domain.decisions.decide import decide
from autotag.domain.model.labels import Label
from autotag.domain.model.outcome import LabelOutcome
from autotag.domain.rules.compiled.ruleset import Subject
from tests.unit.domain.decisions.decision_helpers import because, book, decided, outcomes

GUITARIST = {"People": 0.9922, "Electric Guitar": 0.7046, "Musician": 0.5754}


def test_the_threshold_is_inclusive() -> None:
    decision = decided("[defaults]\nthreshold = 0.7046", {**GUITARIST, "Guitar": 0.7045})
    assert decision.tags == ("People", "Electric Guitar")
    assert outcomes(decision) == {
        "People": "kept",
        "Electric Guitar": "kept",
        "Guitar": "below_threshold",
        "Musician": "below_threshold",
    }
    assert set(because(decision).values()) == {"defaults.threshold"}


def test_an_outcome_tells_everything_that_an_audit_shows() -> None:
    rules = '[labels."Electric Guitar"]\nthreshold = 0.6\ntag = "guitar"'
    decision = decided(rules, {"Electric Guitar": 0.7046, "Musician": 0.5754})
    assert decision.labels == (
        LabelOutcome(
            "Electric Guitar",
            "aws_rek_tagging",
            0.7046,
            "kept",
            "guitar",
            0.6,
            'labels."Electric Guitar".threshold',
        ),
        LabelOutcome("Musician", "aws_rek_tagging", 0.5754, "below_threshold", None, 0.7, "defaults.threshold"),
    )


@pytest.mark.parametrize(
    ("threshold", "confidence", "tags"), [(0, 0, ("A",)), (1, 1, ("A",)), (1, 0.9999, ()), (0, 1, ("A",))]
)
def test_the_ends_of_the_scale(threshold: float, confidence: float, tags: tuple[str, ...]) -> None:
    assert decided(f"[defaults]\nthreshold = {threshold}", {"A": confidence}).tags == tags


@pytest.mark.parametrize("own", [0.5, 0.9])
def test_a_labels_own_threshold_counts_for_it_alone(own: float) -> None:
    decision = decided(f"[labels.Musician]\nthreshold = {own}", {"musician": 0.6, "Singer": 0.75, "Dancer": 0.6})
    assert outcomes(decision) == {
        "musician": "kept" if own == 0.5 else "below_threshold",
        "Singer": "kept",
        "Dancer": "below_threshold",
    }
    assert because(decision)["musician"] == 'labels."Musician".threshold'


REVIEW = "[defaults]\nthreshold = 0.7\nreview = 0.5\n"


@pytest.mark.parametrize(
    ("confidence", "outcome"), [(0.7, "kept"), (0.6999, "review"), (0.5, "review"), (0.4999, "below_threshold")]
)
def test_the_review_band(confidence: float, outcome: str) -> None:
    decision = decided(REVIEW, {"Musician": confidence})
    assert outcomes(decision) == {"Musician": outcome}
    assert decision.review == (("Musician",) if outcome == "review" else ())
    assert because(decision)["Musician"] == ("defaults.review" if outcome == "review" else "defaults.threshold")


def test_a_labels_own_threshold_never_lowers_the_review_bar_of_others() -> None:
    rules = f"{REVIEW}[labels.A]\nthreshold = 0.1\n[labels.B]\nthreshold = 0.95\n"
    decision = decided(rules, {"A": 0.2, "B": 0.9, "C": 0.2})
    assert outcomes(decision) == {"A": "kept", "B": "review", "C": "below_threshold"}


def test_a_review_asks_for_the_tag_and_once() -> None:
    rules = f'{REVIEW}case = "lower"\nprefix = "auto:"\n[labels.A]\ntag = "music"\n[labels.B]\ntag = "Music"\n'
    decision = decided(rules, {"A": 0.6, "B": 0.55, "C": 0.52})
    assert decision.review == ("auto:music", "auto:c")
    assert {explained.tag for explained in decision.labels} == {"auto:music", "auto:c"}


def test_two_spellings_of_one_tag_are_asked_for_once() -> None:
    decision = decided(f'{REVIEW}[labels."Electric Guitar"]\ntag = "Guitar"\n', {"Electric Guitar": 0.6, "guitar": 0.6})
    assert len(decision.review) == 1


def test_nobody_is_asked_for_a_tag_that_another_label_gives() -> None:
    decision = decided(f'{REVIEW}[labels.B]\ntag = "a"\n', {"A": 0.9, "B": 0.6})
    assert decision.tags == ("A",) and decision.review == ()


@pytest.mark.parametrize(
    ("deny", "label"),
    [
        ("Person", "Person"),
        ("person", "PERSON"),
        ("  Per son ", "per  son"),
        ("Café", "Cafe\u0301"),
        ("someone", "Human"),  # denied by its tag
        ("auto:someone", "Human"),
        ("Human", "Human"),
    ],
)
def test_deny_holds_a_label_by_its_name_or_its_tag(deny: str, label: str) -> None:
    rules = f'[defaults]\ndeny = ["{deny}"]\nprefix = "auto:"\n[labels.Human]\ntag = "Someone"\n'
    decision = decided(rules, {label: 1.0})
    assert decision.tags == ()
    assert outcomes(decision) == {label: "denied"} and because(decision) == {label: "defaults.deny"}


def test_deny_wins_over_allow_review_and_any_bar() -> None:
    rules = f'{REVIEW}deny = ["A", "B", "C"]\nallow = ["A"]\n'
    assert outcomes(decided(rules, {"A": 0.9, "B": 0.6, "C": 0.1})) == {"A": "denied", "B": "denied", "C": "denied"}


def test_an_allow_list_lets_nothing_else_through() -> None:
    rules = f'{REVIEW}allow = ["guitar", "\\uff24rum"]\n'  # a full-width D
    decision = decided(rules, {"Guitar": 0.9, "Drum": 0.6, "Cat": 0.99, "Dog": 0.6})
    assert outcomes(decision) == {"Guitar": "kept", "Drum": "review", "Cat": "not_allowed", "Dog": "not_allowed"}
    assert because(decision)["Cat"] == "defaults.allow"


def test_an_empty_allow_list_allows_everything() -> None:
    assert decided("[defaults]\nallow = []", {"Cat": 0.9}).tags == ("Cat",)


@pytest.mark.parametrize(
    ("case", "tag"),
    [("keep", "auto:rock N' roll ÉTÉ"), ("lower", "auto:rock n' roll été"), ("title", "auto:Rock N' Roll Été")],
)
def test_case_then_prefix(case: str, tag: str) -> None:
    decision = decided(f'[defaults]\ncase = "{case}"\nprefix = "auto:"', {"rock N' roll ÉTÉ": 0.9})
    assert decision.tags == (tag,)


def test_a_rename_takes_case_and_prefix_too() -> None:
    rules = '[defaults]\ncase = "title"\nprefix = "x-"\n[labels."electric guitar"]\ntag = "six strings"'
    assert decided(rules, {"Electric Guitar": 0.9}).tags == ("x-Six Strings",)


def test_labels_that_share_a_tag_merge_into_the_most_confident() -> None:
    rules = '[labels."Electric Guitar"]\ntag = "Guitar"\n[labels."Bass Guitar"]\ntag = "GUITAR"\n'
    decision = decided(rules, {"Bass Guitar": 0.8, "guitar": 0.95, "Electric Guitar": 0.9})
    assert decision.tags == ("guitar",)
    assert outcomes(decision) == {"guitar": "kept", "Electric Guitar": "merged", "Bass Guitar": "merged"}
    assert {explained.tag for explained in decision.labels} == {"guitar"}
    assert '"guitar" at 0.95' in because(decision)["Bass Guitar"]
    assert decision.sources == {"guitar": ("guitar", "electric guitar", "bass guitar")}


def test_a_label_that_comes_twice_counts_once_with_its_highest_confidence() -> None:
    ruleset = book("")
    twice = [Label("Cat", 0.6), Label("CAT", 0.9), Label("cat ", 0.8)]
    decision = decide({"aws_rek_tagging": twice}, Subject(), ruleset)
    assert [(explained.label, explained.confidence) for explained in decision.labels] == [("CAT", 0.9)]


def test_of_several_providers_the_highest_confidence_counts_and_is_named() -> None:
    ruleset = book('[defaults]\nproviders = ["aws_rek_tagging", "google_tagging"]')
    decision = decide(
        {
            "google_tagging": [Label("Cat", 0.9), Label("Dog", 0.8)],
            "aws_rek_tagging": [Label("cat", 0.6), Label("Dog", 0.8)],
            "imagga_tagging": [Label("Cat", 1.0), Label("Bird", 1.0)],
        },
        Subject(),
        ruleset,
    )
    assert decision.tags == ("Cat", "Dog")
    assert {explained.label: explained.provider for explained in decision.labels} == {
        "Cat": "google_tagging",
        "Dog": "aws_rek_tagging",
    }


def test_an_unusable_label_is_told_with_its_fault() -> None:
    labels = [Label("Cat, black", 0.9, "a tag may hold no comma"), Label("", 0.0, "data[1].tag holds no name")]
    decision = decide({"aws_rek_tagging": labels}, Subject(), book("[defaults]\nthreshold = 0"))
    assert decision.tags == ()
    assert outcomes(decision) == {"Cat, black": "invalid", "": "invalid"}
    assert because(decision)["Cat, black"] == "a tag may hold no comma"


RENAMING = """
[labels."Cat, black"]
tag = "black cat"
[labels."a\\u0007b"]
tag = "bell"
"""


@pytest.mark.parametrize("name", ["Cat, black", "long " * 52, "a\x07b", "zero\u200bwidth"])
def test_a_label_that_no_tag_can_be_called_is_invalid(name: str) -> None:
    assert outcomes(decided("", {name: 0.9, "Cat": 0.8})) == {name: "invalid", "Cat": "kept"}


def test_a_rule_that_names_a_tag_lets_a_label_in_that_can_be_none() -> None:
    decision = decided(RENAMING, {"Cat, black": 0.9, "a\x07b": 0.8})
    assert decision.tags == ("black cat", "bell")
    assert decided(f"[defaults]\ndeny = ['Cat, black']\n{RENAMING}", {"Cat, black": 0.9}).tags == ()


def test_so_it_does_where_an_earlier_release_stored_the_name_as_a_fault_of_the_label() -> None:
    stored = {"aws_rek_tagging": [Label("Cat, black", 0.9, "a tag may hold no comma")]}
    assert decide(stored, Subject(), book(RENAMING)).tags == ("black cat",)
    decision = decide(stored, Subject(), book(""))
    assert because(decision) == {"Cat, black": "a tag may hold no comma"} and decision.tags == ()


def test_a_label_that_is_invalid_still_switches_a_block_on() -> None:
    assert decided('[[when]]\nlabels_any = ["a, b"]\nadd = ["x"]\n', {"a, b": 0.9}).tags == ("x",)


def test_a_label_fit_for_review_whose_tag_is_given_is_not_asked_about_and_says_by_what() -> None:
    rules = '[defaults]\nreview = 0.5\n[labels.Axe]\ntag = "guitar"\n[labels.Drum]\nparents = ["noise"]\n'
    decision = decided(rules, {"Guitar": 0.9, "Drum": 0.8, "Axe": 0.6, "Noise": 0.55})
    assert decision.review == ()
    assert outcomes(decision) | {"noise": "parent"} == outcomes(decision)
    assert (outcomes(decision)["Axe"], because(decision)["Axe"]) == ("given", '"Guitar" is given by "Guitar" already')
    assert because(decision)["Noise"] == '"noise" is given by labels."Drum".parents already'


def test_a_label_whose_tag_a_rule_gives_too_is_told_with_the_rule_that_ranks_it_higher() -> None:
    rules = '[labels.Bass]\nparents = ["Guitar"]\n'
    decision = decided(rules, {"Bass": 0.92, "Stage": 0.8, "Guitar": 0.75})
    assert decision.tags == ("Bass", "Guitar", "Stage")
    assert because(decision)["Guitar"] == 'defaults.threshold, and labels."Bass".parents at 0.92'
    assert because(decided(rules, {"Bass": 0.72, "Guitar": 0.75}))["Guitar"] == "defaults.threshold"
    added = decided('[[when]]\nadd = ["guitar"]\n', {"Guitar": 0.75})
    assert because(added)["Guitar"] == "defaults.threshold, and when[1].add at 1"


def test_a_usable_label_is_preferred_to_an_unusable_one_of_the_same_name() -> None:
    labels = [Label("Cat", 0.0, "data[0].confidence is not a number"), Label("Cat", 0.8)]
    assert decide({"aws_rek_tagging": labels}, Subject(), book("")).tags == ("Cat",)


def test_a_tag_that_a_prefix_makes_too_long_is_invalid() -> None:
    decision = decided('[defaults]\nprefix = "auto:"', {"x" * 250: 0.9, "y" * 251: 0.9})
    assert decision.tags == ("auto:" + "x" * 250,)
    assert outcomes(decision)["y" * 251] == "invalid" and "255" in because(decision)["y" * 251]


def test_no_labels_are_no_tags() -> None:
    decision = decided("", {})
    assert (decision.tags, decision.labels, decision.review, decision.skip) == ((), (), (), "")
    assert decide({}, Subject(), book("")).tags == ()


@pytest.mark.parametrize("mode", ["apply", "dry_run"])
def test_a_dry_run_decides_the_same(mode: str) -> None:
    decision = decided(f'[defaults]\nmode = "{mode}"', GUITARIST)
    assert decision.mode == mode and decision.tags == ("People", "Electric Guitar")
