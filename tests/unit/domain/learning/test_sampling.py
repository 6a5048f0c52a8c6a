"""Which random questions are asked: from all confidences, few on a picture, none twice, within limits."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autotag.domain.learning.sampling import Asked, Limits, SamplePool, choose_samples, only
from autotag.domain.learning.scanned_asset import ScannedAsset
from autotag.domain.rules.compiled.ruleset import Ruleset
from autotag.domain.rules.parse import parse_rules
from tests.unit.domain.learning.judged_assets import RULES, added, answered_at_random, asset, sampled

RULESET = Ruleset(parse_rules(RULES))
MANY = Limits(per_label=60, today=10_000, share=1.0)


def pool_of(assets: list[ScannedAsset], seed: str = "1", **fields: Any) -> SamplePool:
    pool = SamplePool(seed, **fields)
    for each in assets:
        pool.add(each, RULESET)
    return pool


def chosen(assets: list[ScannedAsset], limits: Limits = MANY, seed: str = "1", **fields: Any) -> list[Asked]:
    return choose_samples(pool_of(assets, seed, **fields), limits)


def questions(asked: list[Asked]) -> set[tuple[str, str]]:
    return {(each.asset_id, label) for each in asked for label in each.labels}


LIBRARY = [asset({"Dog": (n + 0.5) / 1000, "Cat": ((n * 7) % 1000 + 0.5) / 1000}, n) for n in range(1000)]


def test_as_many_are_asked_of_each_label_from_all_confidences_below_the_threshold_too() -> None:
    asked = chosen(LIBRARY)
    confidences = [int(each.asset_id[1:]) / 1000 for each in asked if "dog" in each.labels]
    assert len(confidences) == 60
    assert [sum(low <= 10 * c < low + 1 for c in confidences) for low in range(10)] == [6] * 10


def test_a_picture_gets_no_second_question_while_there_are_others() -> None:
    assert all(len(each.labels) == 1 for each in chosen(LIBRARY))


def test_the_seed_decides_and_the_order_of_the_assets_does_not() -> None:
    asked = questions(chosen(LIBRARY))
    assert questions(chosen(list(reversed(LIBRARY)))) == asked
    assert questions(chosen(LIBRARY, seed="2")) != asked


def test_what_was_asked_before_counts_and_is_not_asked_again() -> None:
    before = [answered_at_random(n, (n + 0.5) / 1000, right=True) for n in range(0, 1000, 25)]
    waiting = [asset({"Dog": 0.55}, 2000 + n, samples={"dog": sampled("Dog", 0.55, "")}) for n in range(10)]
    asked = chosen([*(each for n, each in enumerate(LIBRARY) if n % 25), *before, *waiting])
    dogs = {each.asset_id for each in asked if "dog" in each.labels}
    assert len(dogs) == 60 - 40 - 10
    assert not dogs & {each.asset.asset_id for each in (*before, *waiting)}


@pytest.mark.parametrize(
    "changes",
    [
        {"preferences": (added("Dog"),)},
        {"suppressed": ("dog",)},
        {"user_tags": ("dog",), "managed_tags": ()},
        {"status": "gone"},
        {"samples": {"dog": sampled("Dog", 0.5, "")}},
    ],
)
def test_what_people_decided_on_is_not_asked(changes: dict[str, Any]) -> None:
    assert questions(chosen([asset({"Dog": 0.5})])) == {("a0", "dog")}
    assert chosen([asset({"Dog": 0.5}, **changes)]) == []


def test_only_the_named_labels_are_asked_about() -> None:
    assert {label for _, label in questions(chosen(LIBRARY, only=only(["DOG"])))} == {"dog"}


def test_the_labels_with_the_fewest_samples_come_first_when_a_day_is_full() -> None:
    before = [answered_at_random(2000 + n, 0.5, right=True) for n in range(30)]
    asked = chosen(LIBRARY + before, Limits(per_label=60, today=20, share=1.0))
    assert [label for _, label in questions(asked)] == ["cat"] * 20


@given(
    waiting=st.integers(0, 200),
    sampled_before=st.integers(0, 60),
    today=st.integers(0, 100),
    share=st.floats(0, 1),
    least=st.integers(0, 50),
)
def test_limits_hold(waiting: int, sampled_before: int, today: int, share: float, least: int) -> None:
    asks = [asset({"Dog": 0.5}, 1000 + n, review=("Cow",)) for n in range(waiting)]
    before = [asset({"Dog": 0.55}, 3000 + n, samples={"dog": sampled("Dog", 0.55, "")}) for n in range(sampled_before)]
    asked = len(questions(chosen(LIBRARY[:100] + asks + before, Limits(60, today, share, least))))
    samples = sampled_before + asked
    assert asked <= today
    assert not asked or samples <= max(least, share * (waiting + samples) + 1e-6)
