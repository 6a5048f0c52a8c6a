"""Tags that rules imply: parents of kept labels, and what blocks add."""

from autotag.domain.model.outcome import LabelOutcome
from tests.unit.domain.decisions.decision_helpers import because, decided, outcomes

FAMILY = """
[labels."Electric Guitar"]
parents = ["Guitar"]
[labels.Guitar]
parents = ["Music"]
priority = 3
[labels.Drum]
parents = ["Music", "Noise"]
"""


def test_parents_join_transitively_with_the_confidence_of_the_surest_child() -> None:
    decision = decided(FAMILY, {"Electric Guitar": 0.8, "Drum": 0.9})
    assert decision.tags == ("Guitar", "Drum", "Music", "Noise", "Electric Guitar")
    implied = {explained.label: explained for explained in decision.labels if explained.provider is None}
    assert implied == {
        "Guitar": LabelOutcome("Guitar", None, 0.8, "parent", "Guitar", None, 'labels."Electric Guitar".parents'),
        "Music": LabelOutcome("Music", None, 0.9, "parent", "Music", None, 'labels."Drum".parents'),
        "Noise": LabelOutcome("Noise", None, 0.9, "parent", "Noise", None, 'labels."Drum".parents'),
    }


def test_only_kept_labels_imply() -> None:
    assert decided(f"[defaults]\nreview = 0.5\n{FAMILY}", {"Electric Guitar": 0.6}).tags == ()
    assert decided(f'[defaults]\ndeny = ["Drum"]\n{FAMILY}', {"Drum": 0.9}).tags == ()


def test_a_parent_that_is_a_label_too_stays_that_label() -> None:
    decision = decided(FAMILY, {"Electric Guitar": 0.9, "Guitar": 0.75})
    assert outcomes(decision) == {"Electric Guitar": "kept", "Guitar": "kept", "Music": "parent"}
    assert [explained.confidence for explained in decision.labels if explained.label == "Music"] == [0.9]


def test_a_parent_below_its_own_threshold_is_implied_all_the_same() -> None:
    decision = decided(FAMILY, {"Electric Guitar": 0.9, "Guitar": 0.3})
    assert "Guitar" in decision.tags
    assert [(t.provider, t.outcome) for t in decision.labels if t.label == "Guitar"] == [
        ("aws_rek_tagging", "below_threshold"),
        (None, "parent"),
    ]


def test_a_cycle_of_parents_ends() -> None:
    rules = '[labels.A]\nparents = ["B", "A"]\n[labels.B]\nparents = ["C"]\n[labels.C]\nparents = ["a"]\n'
    decision = decided(rules, {"A": 0.9})
    assert decision.tags == ("A", "B", "C")
    assert outcomes(decision) == {"A": "kept", "B": "parent", "C": "parent"}


def test_deny_wins_over_parents_and_additions() -> None:
    rules = """
        [defaults]
        deny = ["music", "auto:concert"]
        prefix = "auto:"
        [labels.Drum]
        parents = ["Music", "Noise"]
        [[when]]
        add = ["Concert", "MUSIC", "live"]
    """
    assert decided(rules, {"Drum": 0.9}).tags == ("auto:live", "auto:Drum", "auto:Noise")


def test_implied_tags_take_case_and_prefix() -> None:
    rules = f'[defaults]\ncase = "lower"\nprefix = "auto:"\n{FAMILY}\n[[when]]\nadd = ["Live Music"]\n'
    assert decided(rules, {"Drum": 0.9}).tags == ("auto:live music", "auto:drum", "auto:music", "auto:noise")


def test_a_block_adds_with_certainty_and_by_its_name() -> None:
    rules = '[[when]]\n[[when]]\nname = "stage photos"\nadd = ["concert"]\n[[when]]\nadd = ["Concert", "live"]\n'
    decision = decided(rules, {"Drum": 0.9})
    assert decision.tags == ("concert", "live", "Drum")
    assert outcomes(decision) == {"Drum": "kept", "concert": "added", "live": "added"}
    assert because(decision) == {
        "Drum": "defaults.threshold",
        "concert": 'when[2] "stage photos".add',
        "live": "when[3].add",
    }
    assert {explained.confidence for explained in decision.labels if explained.outcome == "added"} == {1.0}


def test_what_a_block_adds_does_not_need_any_label() -> None:
    assert decided('[[when]]\nadd = ["concert"]', {}).tags == ("concert",)


def test_implied_tags_merge_with_what_labels_give_however_they_are_spelt() -> None:
    rules = '[labels.Drum]\nparents = ["MUSIC"]\n[[when]]\nadd = ["music"]\n'
    assert decided(rules, {"Music": 0.8, "Drum": 0.9}).tags == ("Music", "Drum")


def test_an_implied_tag_that_would_be_too_long_is_left_out() -> None:
    rules = f'[defaults]\nprefix = "auto:"\n[[when]]\nadd = ["{"x" * 255}"]'
    assert decided(rules, {}).tags == ()


def test_every_implied_tag_names_its_source() -> None:
    decision = decided(f"{FAMILY}\n[[when]]\nadd = ['Live']", {"Drum": 0.9})
    assert decision.sources == {"Live": ("live",), "Drum": ("drum",), "Music": ("music",), "Noise": ("noise",)}
