"""What lies exactly on a limit, in an export as asset by asset: ends of ranges, and of the review band."""

import pytest
from msgspec.structs import replace

from autotag.domain.learning.scanned_asset import ScannedAsset
from autotag.domain.model.labels import Label
from autotag.domain.rules.compiled.ruleset import Ruleset, Subject
from autotag.domain.rules.schema import Defaults, LabelRule, Rules
from autotag.domain.search.match import Candidate
from autotag.domain.search.parse import parse_query
from tests.unit.autotag_cli.rules.diff.test_rules_diff_meaning import scanned
from tests.unit.autotag_library.search.test_equal_to_the_live_search import all_pages

ASKING = Rules(defaults=Defaults(threshold=0.7, review=0.5), labels={"Cat": LabelRule(threshold=0.9)})
CONFIDENCES = (0.4999, 0.5, 0.6, 0.6999, 0.7, 1.0)


def pictures(label: str = "Guitar") -> list[ScannedAsset]:
    """Return one asset for each of the confidences, and names that tell which one."""
    found = [
        scanned({"aws_rek_tagging": [Label(label, each)]}, Subject(folder="stage"), frozenset()) for each in CONFIDENCES
    ]
    return [
        replace(asset, asset=replace(asset.asset, asset_id=f"a{n}", public_id=f"p{each}"))
        for n, (asset, each) in enumerate(zip(found, CONFIDENCES, strict=True))
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("label:guitar>=0.5<0.7", (0.5, 0.6, 0.6999)),
        ("label:guitar>0.5<=0.7", (0.6, 0.6999, 0.7)),
        ("label:guitar>0.7", (1.0,)),
        ("label:guitar<0.5", (0.4999,)),
        ("label:guitar>=1", (1.0,)),
        ("-label:guitar>=0.5", (0.4999,)),
        ("outcome:review", (0.5, 0.6, 0.6999)),
        ("outcome:kept", (0.7, 1.0)),
        ("outcome:below_threshold", (0.4999,)),
        ("rule:defaults.review", (0.5, 0.6, 0.6999)),
        ("rule:defaults.threshold", (0.4999, 0.7, 1.0)),
        ("-rule:defaults.threshold -outcome:kept", (0.5, 0.6, 0.6999)),
        ("P0.6", (0.6, 0.6999)),
    ],
)
def test_a_limit_is_in_or_out_as_it_is_written(text: str, found: tuple[float, ...]) -> None:
    assets, query, ruleset = pictures(), parse_query(text), Ruleset(ASKING)
    wanted = [f"p{each}" for each in found]
    assert [each.asset.asset.public_id for each in all_pages(assets, query, ruleset)[0]] == wanted
    assert [each.asset.public_id for each in assets if Candidate(each, ruleset).matches(query)] == wanted


def test_a_status_is_found_in_an_export_as_asset_by_asset() -> None:
    assets = [replace(each, status="failed" if n % 2 else "tagged") for n, each in enumerate(pictures())]
    for text, wanted in (("status:failed", CONFIDENCES[1::2]), ("-status:failed", CONFIDENCES[::2])):
        found = all_pages(assets, parse_query(text), Ruleset(ASKING))[0]
        assert [each.asset.asset.public_id for each in found] == [f"p{each}" for each in wanted]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("outcome:review", (0.5, 0.6, 0.6999, 0.7)),
        ('rule:labels."cat".threshold', (0.4999, 1.0)),
        ('rule:labels."Cat".threshold outcome:kept', (1.0,)),
        ('rule:labels."Dog".threshold', ()),
        ("rule:defaults.threshold", ()),
    ],
)
def test_a_label_with_a_threshold_of_its_own_is_asked_about_up_to_that(text: str, found: tuple[float, ...]) -> None:
    assets, query, ruleset = pictures("Cat"), parse_query(text), Ruleset(ASKING)
    wanted = [f"p{each}" for each in found]
    assert [each.asset.asset.public_id for each in all_pages(assets, query, ruleset)[0]] == wanted
    assert [each.asset.public_id for each in assets if Candidate(each, ruleset).matches(query)] == wanted
