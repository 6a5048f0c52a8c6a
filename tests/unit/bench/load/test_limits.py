"""What AWS's documented limits make of a burst."""

import pytest

from bench.load.limits import NEW_ACCOUNT, RAISED_ACCOUNT, Account, accepted, assets_a_minute, seconds_to_drain


def test_a_new_account_takes_a_hundred_requests_a_second_in_each_of_four_tries() -> None:
    assert accepted(Account(NEW_ACCOUNT, workers=0), 100_000, 60, webhook_seconds=0.02) == 4 * 60 * 100


def test_workers_that_hold_every_execution_leave_none_to_the_webhook() -> None:
    assert accepted(Account(NEW_ACCOUNT, workers=10), 100_000, 60, webhook_seconds=0.02) == 0


def test_with_five_workers_the_webhook_has_all_that_the_account_may_ask_for() -> None:
    assert accepted(Account(NEW_ACCOUNT, workers=5), 100_000, 60, webhook_seconds=0.02) == 24_000


def test_a_slow_webhook_takes_as_many_as_its_executions_can() -> None:
    assert accepted(Account(NEW_ACCOUNT, workers=5), 100_000, 60, webhook_seconds=0.1) == 4 * 60 * 40


def test_a_raised_account_takes_everything() -> None:
    assert accepted(Account(RAISED_ACCOUNT, workers=100), 100_000, 60, webhook_seconds=0.02) == 100_000


def test_a_queue_is_emptied_at_the_rate_of_its_workers() -> None:
    assert seconds_to_drain(1000, workers=5, rate=10) == pytest.approx(20)
    assert seconds_to_drain(0, workers=5, rate=10) == 0


def test_workers_are_added_by_five_a_second() -> None:
    """Those of the first seconds are 5, 10, 15 …, so the first 30 of a hundred handle no more than 5 + 10 + 15."""
    assert seconds_to_drain(30, workers=100, rate=1) == pytest.approx(3)


def test_assets_a_minute_are_limited_by_the_part_of_a_core_and_by_waiting() -> None:
    assert assets_a_minute(processor=0.001, core=0.25, wait=0.002) == pytest.approx(10_000)
