"""The name of a label's tag: case, prefix, renames, and labels that share a tag."""

import pytest

from tests.unit.domain.decisions.decision_helpers import because, decided, outcomes


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


def test_a_label_whose_tag_a_rule_gives_too_is_told_with_the_rule_that_ranks_it_higher() -> None:
    rules = '[labels.Bass]\nparents = ["Guitar"]\n'
    decision = decided(rules, {"Bass": 0.92, "Stage": 0.8, "Guitar": 0.75})
    assert decision.tags == ("Bass", "Guitar", "Stage")
    assert because(decision)["Guitar"] == 'defaults.threshold, and labels."Bass".parents at 0.92'
    assert because(decided(rules, {"Bass": 0.72, "Guitar": 0.75}))["Guitar"] == "defaults.threshold"
    added = decided('[[when]]\nadd = ["guitar"]\n', {"Guitar": 0.75})
    assert because(added)["Guitar"] == "defaults.threshold, and when[1].add at 1"
