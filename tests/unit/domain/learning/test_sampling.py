"""Which random questions are asked: from all confidences, few on a picture, none twice, within limits."""

from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autotag.domain.learning.sampling import LEAST, PER_LABEL, STRATA, Asked, SamplePool, choose_samples, room_for
from autotag.domain.learning.scanned_asset import ScannedAsset
from autotag.domain.rules.compiled.ruleset import Ruleset
from autotag.domain.rules.parse import parse_rules
from tests.unit.domain.learning.judged_assets import (
    AT,
    RULES,
    UPLOADED,
    added,
    answered_at_random,
    asset,
    removed,
    sampled,
)

RULESET = Ruleset(parse_rules(RULES))


def pool_of(assets: list[ScannedAsset], seed: str = "1", **fields: Any) -> SamplePool:
    pool = SamplePool(seed, **fields)
    for each in assets:
        pool.add(each, RULESET)
    return pool


def chosen(assets: list[ScannedAsset], seed: str = "1", per_label: int = PER_LABEL) -> list[Asked]:
    """Return what is asked if each label gets its questions."""
    pool = pool_of(assets, seed, per_label=per_label)
    return choose_samples(pool, {key: per_label - label.asked for key, label in pool.labels.items()})


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


def test_only_labels_with_a_quota_are_asked_about_and_no_more_than_it() -> None:
    asked = choose_samples(pool_of(LIBRARY), {"dog": 7, "cat": 0})
    assert {label for _, label in questions(asked)} == {"dog"} and len(asked) == 7


def test_what_is_known_of_a_label_is_counted() -> None:
    waiting = asset({"Dog": 0.5}, 1, samples={"dog": sampled("Dog", 0.5, "")})
    edited = asset({"Dog": 0.5}, 2, samples={"dog": sampled("Dog", 0.5, "")}, preferences=(removed("Dog"),))
    pool = pool_of([waiting, edited, answered_at_random(3, 0.5, right=True), asset({"Dog": 0.5}, 4)], since=AT)
    dog = pool.labels["dog"]
    assert (dog.name, dog.pictures, dog.waiting, dog.answered, dog.candidates) == ("Dog", 4, 1, 2, 1)
    assert (pool.assets, pool.sampled, pool.recent) == (4, 1, 0)
    assert pool_of([waiting], since=AT - 1).recent == 1


def test_a_question_that_the_rules_ask_too_waits_once() -> None:
    both = asset({"Dog": 0.5}, samples={"dog": sampled("Dog", 0.5, "")}, review=("Dog", "Cow"))
    pool = pool_of([both])
    assert (pool.waiting, pool.sampled) == (1, 1)


def test_the_version_that_is_asked_about_is_the_one_that_was_seen() -> None:
    (asked,) = chosen([asset({"Dog": 0.5})])
    assert (asked.asset_id, asked.version) == ("a0", UPLOADED)


@given(st.lists(st.integers(0, 10_000).map(lambda n: n / 10_000), min_size=1, max_size=60), st.integers(1, 60))
def test_strata_differ_by_one_question_at_most_unless_they_have_no_more_pictures(
    confidences: list[float], quota: int
) -> None:
    pool = pool_of([asset({"Dog": confidence}, n) for n, confidence in enumerate(confidences)])
    asked = choose_samples(pool, {"dog": quota})
    assert len(asked) == min(quota, len(confidences))
    there = Counter(min(STRATA - 1, int(each * STRATA)) for each in confidences)
    drawn = Counter(min(STRATA - 1, int(confidences[int(each.asset_id[1:])] * STRATA)) for each in asked)
    assert all(drawn[part] >= max(drawn.values()) - 1 or drawn[part] == there[part] for part in there)


@given(
    waiting=st.integers(0, 10_000),
    samples=st.integers(0, 10_000),
    share=st.sampled_from([0.01, 0.1, 0.25, 0.5, 0.9, 0.99]),
)
def test_samples_are_never_more_than_their_share_of_what_waits_but_a_few_may_always_wait(
    waiting: int, samples: int, share: float
) -> None:
    room = room_for(SamplePool("0", waiting=waiting, sampled=samples), daily=10**9, share=share).both
    assert room >= LEAST - samples

    def is_allowed(more: int) -> bool:
        return samples + more <= max(LEAST, share * (waiting + samples + more) + 1e-6)

    assert room == 0 or is_allowed(room)
    assert not is_allowed(room + 1)


@pytest.mark.parametrize(("recent", "room"), [(0, 240), (200, 40), (240, 0), (300, 0)])
def test_a_day_has_its_limit_whatever_was_asked_before(recent: int, room: int) -> None:
    assert room_for(SamplePool("0", recent=recent), daily=240, share=1).both == room
