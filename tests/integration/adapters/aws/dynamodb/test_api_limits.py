"""What all workers share about calling Cloudinary: the hourly budget and the breaker."""

import pytest
from botocore.stub import Stubber

from autotag.domain.errors import BudgetExhausted, CredentialsRefused, Retryable
from autotag.domain.model.health import RateLimit
from tests.integration.adapters.aws.dynamodb.budget_processes import HOUR, NOW, T0, Workers, used
from tests.integration.adapters.conftest import Aws
from tests.integration.adapters.instrumented_clients import recorded_calls


@pytest.fixture
def workers(aws: Aws) -> Workers:
    return Workers(aws)


@pytest.mark.parametrize(("reserve", "limit", "granted"), [(20, 10, 8), (0, 10, 10), (90, 10, 1), (50, 5, 2)])
def test_the_reserve_is_left_to_others(workers: Workers, reserve: int, limit: int, granted: int) -> None:
    assert used(workers.budget(reserve, limit)) == granted


def test_until_an_answer_says_otherwise_the_smallest_plan_is_assumed(workers: Workers) -> None:
    assert used(workers.budget(98, limit=None)) == 10  # 2 % of 500


def test_every_worker_counts_in_the_same_hour(workers: Workers) -> None:
    one, two = workers.budget(), workers.budget()
    for n in range(8):
        (one if n % 2 else two).reserve(NOW)
    for budget in (one, two, workers.budget()):
        with pytest.raises(BudgetExhausted):
            budget.reserve(NOW)


def test_the_wait_lasts_until_just_after_the_next_hour_and_then_all_is_new(workers: Workers) -> None:
    budget = workers.budget()
    used(budget)
    with pytest.raises(BudgetExhausted) as refused:
        budget.reserve(NOW)
    assert refused.value.delay == HOUR - 600 + 1
    assert used(budget, NOW + round(refused.value.delay * 1000)) == 8


def test_where_others_used_it_up_nobody_calls_until_the_reset(workers: Workers) -> None:
    one, two = workers.budget(), workers.budget()
    one.reserve(NOW)
    one.observe(RateLimit(10, 3, T0 + HOUR))
    two.reserve(NOW)
    one.observe(RateLimit(10, 2, T0 + HOUR))
    for budget in (one, two):
        with pytest.raises(BudgetExhausted):
            budget.reserve(NOW)
        budget.reserve((T0 + HOUR) * 1000)


def test_a_larger_plan_is_learnt(workers: Workers) -> None:
    budget = workers.budget()
    used(budget)
    budget.observe(RateLimit(20, 12, T0 + HOUR))
    assert used(budget) == 8


@pytest.mark.parametrize(("reserve", "limit", "granted"), [(20, 10, 6), (0, 10, 7), (50, 4, 1), (0, 40, 30)])
def test_a_quarter_of_the_budget_is_kept_for_live_work(
    workers: Workers, reserve: int, limit: int, granted: int
) -> None:
    budget = workers.budget(reserve, limit)
    assert used(budget, share="spare") == granted
    whole = limit * (100 - reserve) // 100
    assert used(budget) == whole - granted
    assert used(budget, share="spare") == 0


def test_spare_calls_come_out_of_what_live_work_has_left(workers: Workers) -> None:
    one, two = workers.budget(), workers.budget()
    for _ in range(5):
        one.reserve(NOW)
    assert used(two, share="spare") == 1
    with pytest.raises(BudgetExhausted) as refused:
        two.reserve(NOW, share="spare")
    assert refused.value.delay == HOUR - 600 + 1
    assert used(two, NOW + round(refused.value.delay * 1000), share="spare") == 6


def test_polls_take_what_has_passed_of_the_hour_and_count_by_themselves(workers: Workers) -> None:
    one, two = (workers.budget(20, 500) for _ in range(2))
    for _ in range(50):
        one.reserve(NOW)
    assert used(one, share="polls") == 400 * 3 // 4 * 900 // HOUR and used(two, share="polls") == 0
    with pytest.raises(BudgetExhausted) as refused:
        two.reserve(NOW, share="polls")
    assert refused.value.delay == 60
    assert used(two, NOW + 60_000, share="polls") == 5
    assert used(one, NOW + 60_000) == 400 - 50 - 80  # all the rest is there for live work
    assert used(two, NOW + HOUR * 1000, share="polls") == 75


def test_polls_leave_a_quarter_of_the_rest_of_the_hour_whoever_used_the_other_calls(workers: Workers) -> None:
    budget = workers.budget(20, 500)
    for _ in range(310):
        budget.reserve(NOW)
    assert used(budget, share="polls") == 400 - 84 - 310  # 50 of 60 minutes are to come: a quarter of them is 83.3
    assert used(budget) == 84


@pytest.mark.parametrize(("limit", "percent", "granted"), [(500, 25, 100), (10, 25, 2), (10, 0, 0), (10, 100, 8)])
def test_hints_take_no_more_than_their_share(workers: Workers, limit: int, percent: int, granted: int) -> None:
    one, two = (workers.budget(20, limit, percent) for _ in range(2))
    assert used(one, share="hints") == granted and used(two, share="hints") == 0
    assert one.spent(NOW).hints == granted
    with pytest.raises(BudgetExhausted) as refused:
        two.reserve(NOW, share="hints")
    assert refused.value.delay == HOUR - 600 + 1
    assert used(one) == limit * 80 // 100 - granted
    assert used(two, NOW + HOUR * 1000, share="hints") == granted


def test_hints_take_nothing_where_live_work_has_used_the_budget(workers: Workers) -> None:
    budget = workers.budget()
    used(budget)
    assert used(budget, share="hints") == 0


def test_spare_calls_stop_too_where_others_used_the_limit_up(workers: Workers) -> None:
    budget = workers.budget()
    budget.observe(RateLimit(10, 2, T0 + HOUR))
    assert used(budget, share="spare") == 0


def test_the_hours_item_expires(aws: Aws, workers: Workers) -> None:
    budget = workers.budget()
    budget.reserve(NOW)
    reserved = aws.item("StateTable", {"pk": f"BUDGET#{T0}"})
    budget.observe(RateLimit(10, 0, T0 + HOUR))
    for item in (reserved, aws.item("StateTable", {"pk": f"BUDGET#{T0}"})):
        assert item is not None and item["used"] == {"N": "1"}
        assert T0 + HOUR < int(item["expires_at"]["N"]) < T0 + 7 * 86400


def test_a_budget_that_cannot_be_asked_is_no_permission(aws: Aws, workers: Workers) -> None:
    budget = workers.budget()
    with Stubber(aws.clients.dynamodb) as stub:
        stub.add_client_error("update_item", "InternalServerError")
        with pytest.raises(Retryable, match="InternalServerError"):
            budget.reserve(NOW)


def test_the_breaker_is_closed_until_it_is_tripped(workers: Workers) -> None:
    breaker = workers.breaker()
    breaker.check(NOW)
    breaker.trip(NOW, "Cloudinary answered 401")
    with pytest.raises(CredentialsRefused) as refused:
        breaker.check(NOW + 1000)
    assert refused.value.delay == 299
    breaker.check(NOW + 300_000)


def test_a_breaker_that_one_worker_trips_stops_the_others_within_seconds(workers: Workers) -> None:
    one, two = workers.breaker(), workers.breaker()
    two.check(NOW)
    one.trip(NOW, "Cloudinary answered 401")
    with pytest.raises(CredentialsRefused):
        two.check(NOW + 5000)
    with pytest.raises(CredentialsRefused):
        workers.breaker().check(NOW + 1)
    two.check(NOW + 305_000)


def test_the_breaker_is_read_once_in_some_seconds(aws: Aws, workers: Workers) -> None:
    breaker = workers.breaker()
    with recorded_calls(aws.clients.dynamodb, "GetItem") as reads:
        for milliseconds in range(0, 5000, 500):
            breaker.check(NOW + milliseconds)
        assert len(reads) == 1
        breaker.check(NOW + 5000)
    assert len(reads) == 2


def test_a_breaker_that_a_clock_ahead_tripped_is_open_until_it_is_too_far_ahead(workers: Workers) -> None:
    workers.breaker().trip(NOW + 300_000, "Cloudinary answered 401")
    for now in (NOW, NOW + 599_500):
        with pytest.raises(CredentialsRefused):
            workers.breaker().check(now)
        assert workers.breaker().opened(now) is not None
    for now in (NOW - 1, NOW + 600_000):
        workers.breaker().check(now)
        assert workers.breaker().opened(now) is None


def test_what_tripped_the_breaker_is_kept_for_operators(aws: Aws, workers: Workers) -> None:
    workers.breaker().trip(NOW, "Cloudinary answered 401: no")
    item = aws.item("StateTable", {"pk": "BREAKER"})
    assert item is not None and item["reason"] == {"S": "Cloudinary answered 401: no"}
    assert item["until"] == {"N": str(NOW + 300_000)}


def test_a_breaker_that_a_clock_set_back_left_open_is_closed(workers: Workers) -> None:
    one, two = workers.breaker(), workers.breaker()
    one.trip(NOW, "Cloudinary answered 401")
    for breaker in (one, two):
        breaker.check(NOW - 86_400_000)
    with pytest.raises(CredentialsRefused):
        two.check(NOW + 1)
