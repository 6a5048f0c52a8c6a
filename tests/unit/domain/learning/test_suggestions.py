"""Proposals: where they come from, where there are none, and why."""

import random
from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from autotag.domain.learning.decision import GAIN, SURE
from autotag.domain.learning.scanned_asset import ScannedAsset
from autotag.domain.learning.suggestions import LabelSuggestion, Suggestions, suggest
from autotag.domain.rules.compiled.ruleset import Ruleset
from autotag.domain.rules.parse import parse_rules
from tests.unit.domain.learning.judged_assets import (
    AT,
    BAR,
    RULES,
    UNASKED,
    added,
    answered_at_random,
    asset,
    evidence,
    left,
    removed,
)


def suggestions(assets: list[ScannedAsset], rules: str = UNASKED, wrong_costs: float = 1) -> Suggestions:
    return suggest(evidence(assets, rules), Ruleset(parse_rules(rules)), wrong_costs=wrong_costs)


def dog(assets: list[ScannedAsset], rules: str = UNASKED, wrong_costs: float = 1) -> LabelSuggestion:
    (found,) = (each for each in suggestions(assets, rules, wrong_costs).labels if each.key == "dog")
    return found


def dogs(
    right: Callable[[float], float], asked: int = 120, pictures: int = 1000, name: str = "Dog", seed: int = 1
) -> list[ScannedAsset]:
    """Pictures with confidences from 0.3 to 1, some of which people were asked about at random; they do not err."""
    dice = random.Random(seed)
    found = []
    for n in range(pictures):
        confidence = round(0.3 + 0.7 * (n + 0.5) / pictures, 4)
        if n * asked // pictures != (n + 1) * asked // pictures:
            found.append(answered_at_random(n, confidence, right=dice.random() < right(confidence), name=name))
        else:
            found.append(asset({name: confidence}, n))
    return found


@pytest.mark.parametrize("right_from", [0.45, 0.85])
def test_a_threshold_that_is_far_from_the_right_one_is_moved_near_it(right_from: float) -> None:
    found = dog(dogs(lambda confidence: 0.95 if confidence >= right_from else 0.05, asked=300))

    assert found.why == "proposed" and found.proposed is not None and found.outcome is not None
    assert abs(found.proposed - right_from) <= 0.05
    assert found.gain >= GAIN and found.sure >= SURE
    precision = found.outcome.precision_new
    assert precision is not None and precision.low <= 0.95 <= precision.high


def test_a_right_threshold_is_left_alone() -> None:
    assert dog(dogs(lambda confidence: 0.95 if confidence >= 0.7 else 0.05, asked=300)).why == "fine"


@given(seed=st.integers(0, 10_000), right_from=st.sampled_from([0.4, 0.5, 0.6, 0.8, 0.9]))
@settings(max_examples=10)
def test_after_a_push_of_the_proposal_the_same_evidence_proposes_nothing_more(seed: int, right_from: float) -> None:
    assets = dogs(lambda confidence: 0.9 if confidence >= right_from else 0.1, asked=60, pictures=300, seed=seed)
    first = dog(assets)
    if first.proposed is not None:
        second = dog(assets, UNASKED + f"[labels.Dog]\nthreshold = {first.proposed}\n")
        assert second.proposed is None


def test_more_wrong_answers_never_lower_the_threshold() -> None:
    def proposed(share: float) -> float:
        found = dog(dogs(lambda confidence: min(1.0, share * confidence**2), asked=200, pictures=600))
        return found.present if found.proposed is None else found.proposed

    thresholds = [proposed(share) for share in (1.5, 1.0, 0.8, 0.6, 0.4)]
    assert all(fewer_wrong <= more_wrong for fewer_wrong, more_wrong in pairwise(thresholds))
    assert thresholds[0] < 0.7 < thresholds[-1]


def test_wrong_tags_that_cost_more_raise_the_threshold() -> None:
    assets = dogs(lambda confidence: min(1.0, max(0.0, 2 * confidence - 0.9)), asked=400, pictures=800)
    dear, even, cheap = (dog(assets, wrong_costs=costs) for costs in (5, 1, 0.2))
    assert dear.proposed is not None and cheap.proposed is not None
    assert dear.proposed > 0.7 > cheap.proposed and even.why == "fine"


def test_six_tags_added_by_hand_move_no_threshold() -> None:
    """Five thousand pictures with dogs, and nobody was asked below the threshold of 0.70."""
    assets = [asset({"Dog": 0.7 + 0.3 * n / 5000}, n) for n in range(5000)]
    assets += [asset({"Dog": 0.31}, 5000 + n, preferences=(added("Dog", AT + n * 60_000),)) for n in range(6)]

    found = dog(assets)

    assert (found.why, found.proposed, found.not_counted["only_right"], found.counted) == ("unasked", None, 6, 0)


@given(by_hand=st.integers(0, 60), accepted=st.integers(0, 60), lowest=st.integers(0, 69))
@settings(max_examples=20)
def test_nothing_is_proposed_below_the_place_where_people_were_asked(by_hand: int, accepted: int, lowest: int) -> None:
    assets = [asset({"Dog": n / 400}, n) for n in range(400)]
    assets += [asset({"Dog": 0.2}, 400 + n, preferences=(added("Dog", AT + n * 60_000),)) for n in range(by_hand)]
    for n in range(accepted):
        confidence = (lowest + (70 - lowest) * n / accepted) / 100
        answer = added("Dog", AT + n, answer="1")
        assets.append(asset({"Dog": confidence}, 500 + n, preferences=(answer,)))

    found = dog(assets) if by_hand or accepted else None

    assert found is None or found.proposed is None or found.proposed >= lowest / 100


@pytest.mark.parametrize("lowest", [0.8, 0.6])
def test_nothing_is_proposed_below_the_random_questions_that_were_answered_so_far(lowest: float) -> None:
    """People begin with the most confident ones, and all of those are right."""
    assets = dogs(lambda confidence: 1.0, asked=100)
    rest = [replace(each, samples={}) if confidence_of(each) < lowest else each for each in assets]

    found, of_rest = dog(assets), dog(rest)

    assert found.proposed is not None and found.proposed < 0.4
    assert of_rest.proposed is None or of_rest.proposed >= lowest


def confidence_of(scanned: ScannedAsset) -> float:
    """Return the confidence of an asset's only label."""
    (found,) = scanned.complete_labels().values()
    return found[0].confidence


def test_few_verdicts_are_thin_and_it_is_said_how_many_more_are_needed() -> None:
    found = dog(dogs(lambda confidence: 0.99, asked=13))
    assert (found.why, found.missing, found.proposed) == ("thin", 7, None)


def test_another_label_does_not_speak_for_one_that_nobody_judged() -> None:
    assets = dogs(lambda confidence: 0.99, name="Cat") + dogs(lambda confidence: 0.99, asked=3)
    assert dog(assets).why == "thin"


def looked_at(number: int, share_removed: float, name: str = "Dog") -> list[ScannedAsset]:
    """Assets above the threshold of which a person changed another tag, too; of the dogs they removed a share."""
    found = []
    for n in range(number):
        at = AT + n * 60_000
        labels = {name: round(0.7 + 0.3 * (n + 0.5) / number, 4), "Sky": 0.99}
        other = removed("Sky", at)
        if (n * 7919) % number < share_removed * number:
            found.append(asset(labels, n, preferences=(other, removed(name, at))))
        else:
            found.append(asset(labels, n, preferences=(other,), left={name.lower(): left(at, BAR)}))
    return found


@pytest.mark.parametrize("share", [0.05, 0.2, 0.4])
def test_edits_alone_raise_no_threshold_while_all_that_was_left_may_be_right(share: float) -> None:
    assert dog(looked_at(400, share)).proposed is None


def test_a_label_that_is_removed_at_all_confidences_looks_unwanted_and_gets_no_threshold() -> None:
    found = dog(looked_at(60, 0.6))
    assert (found.why, found.proposed) == ("unwanted", None)


def test_a_label_that_is_rejected_where_it_is_less_sure_is_not_unwanted() -> None:
    found = dog(dogs(lambda confidence: 0.95 if confidence >= 0.85 else 0.05, asked=300))
    assert found.why == "proposed"


def test_every_verdict_is_reported_by_kind_and_some_assets_are_named() -> None:
    assets = [
        answered_at_random(1, 0.5, right=True),
        answered_at_random(2, 0.6, right=False),
        asset({"Dog": 0.5}, 3, preferences=(removed("Dog", answer="1"),)),
        asset({"Dog": 0.8, "Sky": 0.9}, 4, preferences=(removed("Dog"), removed("Sky"))),
        asset({"Dog": 0.8, "Sky": 0.9}, 5, preferences=(removed("Sky"),), left={"dog": left()}),
    ]

    found = dog(assets, RULES)

    assert found.said == {"sample": (1, 1), "answer": (0, 1), "edit": (0, 1), "left": (1, 0)}
    assert [each.public_id for each in found.right] == ["zoo/5", "zoo/1"]
    assert [(each.public_id, each.kind) for each in found.wrong] == [
        ("zoo/4", "edit"),
        ("zoo/2", "sample"),
        ("zoo/3", "answer"),
    ]


def test_what_people_removed_counts_as_wrong_though_nobody_is_asked_about_it_at_random() -> None:
    """Of 400 dogs above the threshold, people removed the wrong half; those that are left are all right."""
    assets = [asset({"Dog": 0.7 + n / 1400}, n, preferences=(removed("Dog", AT + n * 60_000),)) for n in range(200)]
    assets += [answered_at_random(200 + n, 0.7 + n / 700, right=True) for n in range(200)]

    precision = dog(assets).precision

    assert precision is not None and precision.low <= precision.expected <= 0.51


def test_tags_that_came_with_an_upload_are_not_part_of_what_a_threshold_costs() -> None:
    assets = [answered_at_random(n, 0.5 + n / 200, right=True) for n in range(100)]
    uploads = [asset({"Dog": 0.4}, 200 + n, user_tags=("dog",), managed_tags=()) for n in range(50)]
    assert dog(assets + uploads).precision == dog(assets).precision
    assert sum(evidence(assets + uploads).labels["dog"].library.all_below) == 40


def test_without_any_evidence_there_is_nothing_to_say() -> None:
    assert suggestions([asset({"Dog": 0.5})]).labels == ()
    assert suggestions([]).labels == ()


@pytest.mark.parametrize("right", [False, True])
def test_the_interval_of_a_label_that_is_always_or_never_right_holds_that(right: bool) -> None:
    by_slip = removed("Dog") if right else added("Dog")
    slips = [asset({"Dog": 0.9}, 2000 + n, preferences=(by_slip,)) for n in range(10)]

    found = dog([*dogs(lambda confidence: float(right), asked=60), *slips])

    assert found.precision is not None
    assert found.precision.low <= right <= found.precision.high
