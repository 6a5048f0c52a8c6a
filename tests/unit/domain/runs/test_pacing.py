"""Groups of a run have their time, so that no more assets a second are changed than it may."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autotag.domain.runs.pacing import AHEAD, duration, page_limit, schedule
from autotag.domain.runs.progress import Group
from autotag.domain.runs.run import RATE, SEGMENTS

NOW = 1_791_460_800_000

groups = st.lists(st.integers(1, 250), max_size=20).map(
    lambda sizes: [Group(f"0.0.{n}", tuple(f"a{n}-{i}" for i in range(size))) for n, size in enumerate(sizes)]
)


def test_each_group_waits_until_those_before_it_are_through() -> None:
    some = [Group(str(n), ("a",) * size) for n, size in enumerate((50, 10, 5))]
    assert schedule(some, 10, NOW, NOW) == [(some[0], 0), (some[1], 5), (some[2], 6)]
    assert schedule(some[:1], 10, NOW + 2900, NOW) == [(some[0], 2)]
    assert schedule([], 10, NOW, NOW) == []
    assert (duration(some, 10), duration([], 10)) == (6500, 0)


@pytest.mark.parametrize("rate", [1, 3, 25, 1000])
@pytest.mark.parametrize("segments", [1, SEGMENTS])
def test_pages_that_are_planned_at_the_same_time_wait_no_longer_than_a_message_can(rate: int, segments: int) -> None:
    limit = page_limit(2000, rate, segments)
    page = [Group(str(n), ("a",)) for n in range(limit)]
    assert 1 <= limit <= 2000 and AHEAD * 1000 + segments * duration(page, rate) < 900_000


def test_at_the_default_pace_a_page_is_whole() -> None:
    assert page_limit(2000, RATE, SEGMENTS) == 2000


@given(groups, st.integers(1, 1000), st.integers(NOW - 10_000, NOW + 100_000))
def test_up_to_any_moment_no_more_is_begun_than_the_rate_allows(some: list[Group], rate: int, free_at: int) -> None:
    at = max(NOW, free_at)
    slots = schedule(some, rate, at, NOW)
    assert [slot.group for slot in slots] == some
    begun = 0
    for group, delay in slots:
        free = max(0, free_at - NOW) / 1000
        assert begun <= (delay + 1 - free) * rate + 1e-6 or begun == 0
        assert delay + 1 > free + begun / rate - 1e-9
        begun += len(group.asset_ids)
    assert at + duration(some, rate) >= max(NOW, free_at) + begun * 1000 / rate - 1e-6
