"""Groups hold as much as a worker can do: 250 assets, 50 different changes, and no asset twice."""

from itertools import chain, count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autotag.domain.model.asset import AssetRef
from autotag.domain.runs.asset_change import AssetChange, PlannedChange
from autotag.domain.runs.grouping import filled, grouped
from autotag.domain.runs.progress import CHANGES, GROUP
from autotag.domain.runs.retag import Difference
from autotag.domain.state.asset_state import AssetState

PAGE = 2000


def sets(*sizes: int) -> list[list[str]]:
    """Return sets of ids with these sizes."""
    numbers = count()
    return [[f"a{next(numbers)}" for _ in range(size)] for size in sizes]


def shapes(groups: list[tuple[str, ...]], alike: list[list[str]]) -> list[tuple[int, int]]:
    """Return how many assets and how many changes each group has."""
    change = {asset: number for number, ids in enumerate(alike) for asset in ids}
    return [(len(group), len({change[asset] for asset in group})) for group in groups]


def test_different_changes_share_a_group_until_fifty_are_in_it() -> None:
    alike = sets(*[1] * PAGE)
    assert shapes(filled(alike, GROUP), alike) == [(50, 50)] * 40


def test_alike_assets_fill_whole_groups_and_only_a_larger_set_is_cut() -> None:
    alike = sets(100, 600, 160, 40)
    assert shapes(filled(alike, GROUP), alike) == [(250, 1), (250, 1), (200, 2), (200, 2)]


def test_small_sets_go_where_there_is_room() -> None:
    alike = sets(*[130] * 3, *[120] * 3)
    assert shapes(filled(alike, GROUP), alike) == [(250, 2)] * 3


def test_assets_that_are_read_first_go_in_smaller_groups() -> None:
    assert [len(group) for group in filled(sets(120), 50)] == [50, 50, 20]


def test_nothing_to_change_makes_no_group() -> None:
    assert filled([], GROUP) == []


def page(mix: list[tuple[int, int]]) -> list[list[str]]:
    """Return the sets of a whole page: each size as often as it is given, and what is left alone."""
    sizes, left = list[int](), PAGE
    for size, times in mix:
        some = [size] * min(times, left // size)
        sizes += some
        left -= sum(some)
    return sets(*sizes, *[1] * left)


pages = st.lists(st.tuples(st.integers(1, 400), st.integers(1, 400)), max_size=8).map(page)


@given(pages)
def test_any_page_makes_at_most_sixty_groups_that_a_worker_can_do(alike: list[list[str]]) -> None:
    groups = filled(alike, GROUP)
    assert sorted(chain.from_iterable(groups)) == sorted(chain.from_iterable(alike))
    assert len(groups) <= 60
    assert all(assets <= GROUP and changes <= CHANGES for assets, changes in shapes(groups, alike))


def planned(asset_id: str, difference: Difference, resource_type: str = "image") -> PlannedChange:
    state = AssetState(AssetRef(asset_id, asset_id, resource_type, "upload", 1), "tagged")
    return PlannedChange(state, AssetChange(state, difference, None))


@pytest.mark.parametrize(
    ("other", "together"),
    [
        (planned("b", Difference(("y", "x"), ("z",), ())), True),  # the same in another order
        (planned("b", Difference(("x", "y"), ("z",), ("asked",))), True),  # a question makes no call
        (planned("b", Difference(("x", "y"), (), ())), False),
        (planned("b", Difference(("x", "y"), ("z",), ()), "video"), False),  # another URL
    ],
    ids=["order", "questions", "tags", "type"],
)
def test_what_one_call_can_change_is_one_change(other: PlannedChange, together: bool) -> None:
    """Fifty-one such pairs fit into two groups only if the two of each pair are one change."""
    first = Difference(("x", "y"), ("z",), ())
    others = [planned(f"o{n}", Difference((f"t{n}",), (), ())) for n in range(CHANGES - 1)]
    groups = grouped([planned("a", first), *others, other])
    assert (len(groups) == 1) == together
