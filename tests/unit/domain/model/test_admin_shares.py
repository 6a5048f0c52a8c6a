"""The shares of the Admin API's budget: polls are spread over the hour, and live reads never wait for them."""

from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autotag.domain.model.admin_shares import HOUR, Limits, limits, wait
from autotag.domain.model.health import Share

CAPS = st.integers(0, 20_000)
ELAPSED = st.floats(0, HOUR, exclude_max=True)
MINUTES = range(60)


class Hour:
    """The budget of one hour as ``AdminBudget`` counts it."""

    def __init__(self, cap: int) -> None:
        self.cap = cap
        self.used: Counter[str] = Counter()

    def take(self, share: Share, elapsed: float) -> bool:
        """Take a call if there is one."""
        most = limits(share, self.cap, elapsed, 25)
        if self.used.total() >= most.used or (most.own is not None and self.used[share] >= most.own):
            return False
        self.used[share] += 1
        return True

    def take_all(self, share: Share, elapsed: float) -> int:
        """Take every call that there is; return their number."""
        before = self.used[share]
        while self.take(share, elapsed):
            pass
        return self.used[share] - before


@given(cap=CAPS, elapsed=st.lists(ELAPSED, min_size=2))
def test_polls_may_use_more_as_the_hour_passes_and_three_quarters_in_the_end(cap: int, elapsed: list[float]) -> None:
    found = [limits("polls", cap, at, 25) for at in sorted(elapsed)]
    assert all(a.used <= b.used and (a.own or 0) <= (b.own or 0) for a, b in pairwise(found))
    assert all(each.own is not None and each.own <= max(1, cap * 3 // 4) for each in found)
    assert limits("polls", cap, HOUR - 300, 25).own == max(1, cap * 3 // 4)


@given(cap=CAPS, elapsed=ELAPSED)
def test_no_share_is_more_than_the_whole_and_what_polls_leave_is_a_quarter_of_what_is_to_come(
    cap: int, elapsed: float
) -> None:
    shares: tuple[Share, ...] = ("live", "polls", "spare", "hints")
    assert all(0 <= limits(share, cap, elapsed, 25).used <= cap for share in shares)
    assert limits("live", cap, elapsed, 25) == Limits(cap)
    if cap > 1:
        assert cap - limits("polls", cap, elapsed, 25).used >= min(cap - 1, cap / 4 * (1 - elapsed / HOUR))


@given(cap=st.integers(80, 20_000), backfill=st.booleans())
def test_live_reads_that_come_evenly_never_wait_though_a_million_assets_are_pending(cap: int, backfill: bool) -> None:
    """In every minute polls take all that they may, a backfill too; then live reads come, a fifth of all calls."""
    hour, live, waited = Hour(cap), cap // 5, 0
    for minute in MINUTES:
        hour.take_all("polls", minute * 60)
        if backfill:
            hour.take_all("spare", minute * 60)
        wanted = live * (minute + 1) // 60 - live * minute // 60
        waited += sum(not hour.take("live", minute * 60 + 59) for _ in range(wanted))
    assert waited == 0 and hour.used["live"] == live and hour.used.total() <= cap


def test_sixty_live_reads_in_an_hour_of_the_free_plan_do_not_wait_where_a_million_are_pending() -> None:
    hour = Hour(500 * 80 // 100)
    polled, waited = [], 0
    for minute in MINUTES:
        polled.append(hour.take_all("polls", minute * 60))
        waited += not hour.take("live", minute * 60 + 30)
    assert waited == 0 and sum(polled) == 300
    assert polled[0] == 25 and set(polled[1:55]) == {5} and set(polled[56:]) == {0}  # five minutes ahead, then evenly


@given(cap=st.integers(100, 20_000), elapsed=ELAPSED, order=st.permutations(["polls", "spare", "hints"]))
def test_all_shares_together_leave_calls_to_live_reads(cap: int, elapsed: float, order: list[Share]) -> None:
    hour = Hour(cap)
    for share in order:
        hour.take_all(share, elapsed)
    assert cap - hour.used.total() >= min(cap / 4, cap / 4 * (1 - elapsed / HOUR)) - 1


@given(cap=st.integers(100, 20_000))
def test_polls_are_not_shut_out_by_a_backfill_that_takes_all_it_may(cap: int) -> None:
    hour = Hour(cap)
    hour.take_all("spare", 0)
    left = cap / 4 * 59 / 60  # of the last quarter, what is to come after the last minute began is kept
    assert sum(hour.take_all("polls", minute * 60) for minute in MINUTES) > left - 2


@given(cap=st.integers(100, 20_000), minute=st.integers(0, 59))
def test_a_few_assets_are_read_at_once_at_any_time_of_an_hour(cap: int, minute: int) -> None:
    assert Hour(cap).take_all("polls", minute * 60) >= cap // 20


@pytest.mark.parametrize("cap", [1, 2, 3])
def test_the_smallest_budget_still_reads(cap: int) -> None:
    assert Hour(cap).take("polls", 0)


def test_no_budget_is_none() -> None:
    assert not Hour(0).take("polls", 1800)


@given(elapsed=ELAPSED)
def test_polls_try_again_within_a_minute_and_all_others_in_the_next_hour(elapsed: float) -> None:
    assert 0 < wait("polls", elapsed) <= min(60, HOUR - elapsed + 1)
    assert all(wait(share, elapsed) == HOUR - elapsed + 1 for share in ("live", "spare", "hints"))
