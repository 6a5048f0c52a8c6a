"""Thresholds of labels that several providers give: whose bar counts, and where no label's own threshold decides."""

import pytest
from msgspec.structs import replace

from autotag.domain.learning.asset_labels import AssetLabel, asset_labels
from autotag.domain.learning.evidence import collect_evidence
from autotag.domain.learning.scanned_asset import ScannedAsset
from autotag.domain.learning.suggestions import suggest
from autotag.domain.model.labels import Categorization, Label
from autotag.domain.model.verdicts import Bar
from autotag.domain.rules.compiled.ruleset import Ruleset
from autotag.domain.rules.parse import parse_rules
from tests.unit.domain.learning.judged_assets import UPLOADED, asset, removed

BOTH = '[defaults]\nthreshold = 0.7\nreview = 0.3\nproviders = ["aws_rek_tagging", "google_tagging"]\n'
BARS = f"{BOTH}[providers.google_tagging]\nthreshold = 0.85\n"
AGREE = f"{BOTH}agree = 2\n"


def given(aws: dict[str, float], google: dict[str, float], number: int = 0) -> ScannedAsset:
    def complete(labels: dict[str, float]) -> Categorization:
        return Categorization("complete", tuple(Label(*each) for each in labels.items()), UPLOADED * 1000)

    found = {"aws_rek_tagging": complete(aws), "google_tagging": complete(google)}
    return replace(asset(aws, number), categorizations=found, managed_tags=())


def labels(scanned: ScannedAsset, rules: str) -> list[AssetLabel]:
    return asset_labels(scanned, Ruleset(parse_rules(rules)))


def test_a_label_of_one_provider_has_to_reach_the_bar_of_that_provider() -> None:
    found = labels(given({"Drum": 0.8}, {"Guitar": 0.8}), BARS)
    assert [(each.name, each.bar.threshold, each.kept) for each in found] == [
        ("Drum", 0.7, True),
        ("Guitar", 0.85, False),
    ]


def test_of_a_label_of_both_the_bar_counts_that_one_of_them_reaches() -> None:
    (found,) = labels(given({"Guitar": 0.75}, {"Guitar": 0.8}), BARS)
    assert (found.confidence, found.bar, found.kept) == (0.8, Bar(0.7, 0.3), True)
    (found,) = labels(given({"Guitar": 0.6}, {"Guitar": 0.8}), BARS)
    assert (found.confidence, found.bar, found.kept) == (0.8, Bar(0.85, 0.3), False)


def test_where_providers_must_agree_no_threshold_of_a_label_is_proposed() -> None:
    """Whether a tag is kept depends on the labels of both, so what people said is no evidence about one threshold."""
    assets = [
        replace(given({"Guitar": 0.9}, {"Guitar": 0.8}, n), preferences=(removed("Guitar"),), suppressed=("guitar",))
        for n in range(20)
    ]
    assert labels(assets[0], AGREE) == []
    assert labels(assets[0], BOTH) != []
    agreed, either = (collect_evidence(assets, Ruleset(parse_rules(rules))) for rules in (AGREE, BOTH))
    assert list(agreed.labels) == [] and list(either.labels) == ["guitar"]


@pytest.mark.parametrize(
    ("rules", "present"),
    [
        (BOTH, {"drum": 0.7, "guitar": 0.7}),
        (BARS, {"drum": 0.7, "guitar": 0.85}),
        (f"{BARS}[categories.Music]\nthreshold = 0.9\n", {"drum": 0.9, "guitar": 0.85}),
        (f"{BARS}[categories.Music]\nthreshold = 0.9\n[labels.Drum]\nthreshold = 0.6\n", {"drum": 0.6, "guitar": 0.85}),
        (f'{BOTH}[[when]]\nfolder = "bar"\nset = {{ threshold = 0.8 }}\n', {"drum": 0.7, "guitar": 0.7}),
    ],
)
def test_the_present_threshold_is_what_the_rules_ask_of_the_label(rules: str, present: dict[str, float]) -> None:
    """The label's own bar comes before that of its category, its provider, and all labels."""
    ruleset = Ruleset(parse_rules(rules), {"Music": ("drum",)})
    assets = [
        replace(given({"Drum": 0.95}, {"Guitar": 0.95}, n), preferences=(removed("Drum"), removed("Guitar")))
        for n in range(3)
    ]
    found = suggest(collect_evidence(assets, ruleset), ruleset)
    assert {each.key: each.present for each in found.labels} == present
