"""The hour's limit of Admin calls, as Cloudinary's headers give it."""

import time

import pytest

from autotag.domain.errors import BudgetExhausted
from tests.integration.adapters.cloudinary.cloudinary_api import HTML, Api, error, limited
from tests.integration.adapters.cloudinary.cloudinary_server import Reply


def test_the_admin_limits_are_told(api: Api) -> None:
    api.read(limited(200, {}, remaining=499, reset_in=1800))
    ((limit, remaining, reset_at),) = api.limits
    assert (limit, remaining) == (500, 499) and abs(reset_at - time.time() - 1800) < 5


@pytest.mark.parametrize("status", [420, 429])
def test_an_exhausted_limit_waits_for_its_reset(api: Api, status: int) -> None:
    with pytest.raises(BudgetExhausted, match="Rate Limit Exceeded") as told:
        api.read(limited(status, error("Rate Limit Exceeded"), remaining=0, reset_in=1800))
    assert told.value.delay is not None and 1700 < told.value.delay <= 1800
    assert api.limits[-1].remaining == 0


def test_an_exhausted_limit_that_names_no_reset_is_for_later(api: Api) -> None:
    with pytest.raises(BudgetExhausted) as told:
        api.read(Reply(420, HTML))
    assert told.value.delay is None and api.limits == []


@pytest.mark.parametrize(
    "odd",
    [
        {"X-FeatureRateLimit-Limit": "many"},
        {"X-FeatureRateLimit-Reset": "tomorrow"},
        {"X-FeatureRateLimit-Reset": "2026-10-08 14:00:00 UTC"},
        {"X-FeatureRateLimit-Remaining": ""},
    ],
)
def test_limits_that_cannot_be_understood_are_left_out(api: Api, odd: dict[str, str]) -> None:
    reply = limited(200, {"asset_id": "a1"}, remaining=1, reset_in=60)
    assert api.read(reply._replace(headers={**reply.headers, **odd})) == {"asset_id": "a1"}
    assert api.limits == []
