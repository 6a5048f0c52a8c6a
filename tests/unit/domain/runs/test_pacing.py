"""Groups of a run have their time, so that no more assets a second are changed than it may."""

from hypothesis import given
from hypothesis import strategies as st

from autotag.domain.runs.pacing import schedule
from autotag.domain.runs.run import Group

NOW = 1_791_460_800_000

groups = st.lists(st.integers(1, 250), max_size=20).map(
    lambda sizes: [Group(f"0.0.{n}", tuple(f"a{n}-{i}" for i in range(size))) for n, size in enumerate(sizes)]
)


def test_each_group_waits_until_those_before_it_are_through() -> None:
    some = [Group(str(n), ("a",) * size) for n, size in enumerate((50, 10, 5))]
    assert schedule(some, 10, 0, NOW) == ([(some[0], 0), (some[1], 5), (some[2], 6)], NOW + 6500)
    assert schedule(some[:1], 10, NOW + 2900, NOW) == ([(some[0], 2)], NOW + 7900)
    assert schedule([], 10, 0, NOW) == ([], NOW)


@given(groups, st.integers(1, 1000), st.integers(NOW - 10_000, NOW + 100_000))
def test_up_to_any_moment_no_more_is_begun_than_the_rate_allows(some: list[Group], rate: int, free_at: int) -> None:
    slots, end = schedule(some, rate, free_at, NOW)
    assert [slot.group for slot in slots] == some
    begun = 0
    for group, delay in slots:
        free = max(0, free_at - NOW) / 1000
        assert begun <= (delay + 1 - free) * rate + 1e-6 or begun == 0
        assert delay + 1 > free + begun / rate - 1e-9
        begun += len(group.asset_ids)
    assert end >= max(NOW, free_at) + begun * 1000 / rate - 1e-6
