"""Listing assets through the Admin API: pages, limits, and answers that are no list."""

import pytest

from autotag.domain.errors import AutotagError, BudgetExhausted, CredentialsRefused, Missing, Permanent, Retryable
from autotag.domain.runs.run import BackfillSource
from tests.integration.adapters.cloudinary.cloudinary_api import HTML, Api, asked, error, limited
from tests.integration.adapters.cloudinary.cloudinary_server import Reply


def listed(
    api: Api, *replies: Reply, listing: BackfillSource | None = None, cursor: str = ""
) -> tuple[list[object], str | None]:
    api.server.replies = list(replies)
    found, after = api.adapter.listed(listing or BackfillSource(), cursor, 500, 30)
    return list(found), after


def test_assets_are_listed_page_by_page_and_what_the_headers_say_is_told(api: Api) -> None:
    body = {"resources": [{"asset_id": "a1"}, {"asset_id": "a2"}], "next_cursor": "c+/=1"}
    reply = limited(200, body, remaining=7, reset_in=1800)
    assert listed(api, reply) == ([{"asset_id": "a1"}, {"asset_id": "a2"}], "c+/=1")
    assert api.limits[-1].remaining == 7
    more = BackfillSource("video", "private", "Bühne/a&b ")
    assert listed(api, Reply(200, {"resources": []}), listing=more, cursor="c+/=1") == ([], None)
    assert [request.method for request in api.server.requests] == ["GET", "GET"]
    assert [asked(request) for request in api.server.requests] == [
        ("/v1_1/demo/resources/image/upload", {"max_results": ["500"]}),
        (
            "/v1_1/demo/resources/video/private",
            {"max_results": ["500"], "prefix": ["Bühne/a&b "], "next_cursor": ["c+/=1"]},
        ),
    ]


def test_what_is_no_asset_in_a_list_is_left_out(api: Api) -> None:
    body = {"resources": [{"asset_id": "a1"}, "a2", None, ["a3"]], "next_cursor": ""}
    assert listed(api, Reply(200, body)) == ([{"asset_id": "a1"}], None)


@pytest.mark.parametrize("body", [{}, {"resources": None}, {"resources": {}}, {"resources": "a1"}])
def test_a_list_that_cannot_be_understood_is_not_an_empty_one(api: Api, body: object) -> None:
    with pytest.raises(Retryable, match="list of assets is not understood"):
        listed(api, Reply(200, body))


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (Reply(400, error("Invalid next_cursor")), Permanent),
        (Reply(401, HTML), CredentialsRefused),
        (Reply(404, error("Resource not found")), Missing),
        (Reply(404, HTML), Retryable),
        (Reply(500, HTML), Retryable),
        (Reply(fault="reset"), Retryable),
    ],
)
def test_what_becomes_of_a_list_that_does_not_come(api: Api, reply: Reply, kind: type[AutotagError]) -> None:
    with pytest.raises(kind):
        listed(api, reply)


def test_a_list_beyond_the_limit_waits_for_its_reset(api: Api) -> None:
    with pytest.raises(BudgetExhausted) as told:
        listed(api, limited(420, error("Rate Limit Exceeded"), remaining=0, reset_in=1800))
    assert told.value.delay is not None and 1700 < told.value.delay <= 1800
    assert api.limits[-1].remaining == 0
