"""Which answers are tried again at once, which wait, how long, and which are final."""

import time
from email.utils import formatdate

import pytest

from autotag.domain.errors import AutotagError, BudgetExhausted, CredentialsRefused, Permanent, Retryable
from tests.integration.adapters.cloudinary.cloudinary_api import ASSET, HTML, TAGGED, Api, error, limited
from tests.integration.adapters.cloudinary.cloudinary_server import Reply, serving


@pytest.mark.parametrize(
    ("reply", "kind", "text"),
    [
        (Reply(400, error("too many tags")), Permanent, "too many tags"),
        (Reply(409, error("exists")), Permanent, "exists"),
        (Reply(401, HTML), CredentialsRefused, "401"),
        (Reply(401, error("unknown api_key")), CredentialsRefused, "unknown api_key"),
        (Reply(403, error("not allowed")), CredentialsRefused, "not allowed"),
        (Reply(501, HTML), Retryable, "501"),
        (Reply(520, HTML, {"Retry-After": "soon"}), Retryable, "520"),
        (Reply(302, "", {"Location": "https://example.com/"}), Retryable, "302"),
        (Reply(200, HTML), Retryable, "200"),
        (Reply(200, "[]"), Retryable, "200"),
        (Reply(200, ""), Retryable, "200"),
        (Reply(204), Retryable, "204"),
    ],
)
def test_what_becomes_of_an_answer_that_is_not_repeated(
    api: Api, reply: Reply, kind: type[AutotagError], text: str
) -> None:
    for call in (api.tag, api.read):
        with pytest.raises(kind, match=text) as told:
            call(reply)
        assert "writer-test-secret" not in str(told.value)
    assert len(api.server.requests) == 2


@pytest.mark.parametrize("status", [408, 420, 423, 429, 500, 502, 503, 504])
def test_what_may_pass_is_tried_again_at_once(api: Api, status: int) -> None:
    assert api.tag(Reply(status, HTML), TAGGED)
    assert api.read(Reply(status, error()), Reply(200, {"asset_id": "a1"})) == {"asset_id": "a1"}
    assert len(api.server.requests) == 4


@pytest.mark.parametrize(("status", "body"), [(500, error("oops")), (502, HTML)])
def test_what_does_not_pass_after_three_tries_is_for_later(api: Api, status: int, body: object) -> None:
    with pytest.raises(Retryable, match=str(status)) as told:
        api.tag(Reply(status, body))
    assert told.value.delay is None and len(api.server.requests) == 3


def test_a_short_wait_that_is_asked_for_is_kept(api: Api) -> None:
    assert api.tag(Reply(429, error(), {"Retry-After": "1"}), TAGGED)
    first, second = api.server.requests
    assert 1 <= second.at - first.at < 2


@pytest.mark.parametrize("call", ["tag", "read"])
@pytest.mark.parametrize("status", [429, 503])
def test_a_long_wait_is_given_back_at_once(api: Api, call: str, status: int) -> None:
    with pytest.raises(Retryable) as told:
        getattr(api, call)(Reply(status, error(), {"Retry-After": "60"}))
    assert told.value.delay == 60 and len(api.server.requests) == 1


def test_a_wait_until_a_date_is_given_back_too(api: Api) -> None:
    with pytest.raises(Retryable) as told:
        api.tag(Reply(503, error(), {"Retry-After": formatdate(time.time() + 120, usegmt=True)}))
    assert told.value.delay is not None and 100 < told.value.delay <= 121


@pytest.mark.parametrize("header", [str(10**9), "Fri, 31 Dec 9999 23:59:59 GMT"])
def test_a_wait_without_end_is_six_hours(api: Api, header: str) -> None:
    with pytest.raises(Retryable) as told:
        api.tag(Reply(503, error(), {"Retry-After": header}))
    assert told.value.delay == 6 * 3600
    with pytest.raises(BudgetExhausted) as told:
        api.read(limited(420, error(), remaining=0, reset_in=10**9))
    assert told.value.delay == 6 * 3600


@pytest.mark.parametrize("header", ["soon", "-5", "", "1e400", "9" * 400])
def test_a_wait_that_cannot_be_understood_is_for_later_all_the_same(api: Api, header: str) -> None:
    with pytest.raises(Retryable):
        api.tag(Reply(503, error(), {"Retry-After": header}))


def test_a_connection_that_is_reset_is_tried_again(api: Api) -> None:
    assert api.tag(Reply(fault="reset"), TAGGED)
    with pytest.raises(Retryable, match="Cloudinary: ProtocolError"):
        api.tag(Reply(fault="reset"))
    assert len(api.server.requests) == 5


def test_a_server_that_hangs_is_left_within_the_time_that_was_given(api: Api) -> None:
    began = time.monotonic()
    with pytest.raises(Retryable, match="Cloudinary: "):
        api.tag(Reply(fault="hang"), timeout=4)
    assert time.monotonic() - began < 4 and len(api.server.requests) == 3


def test_a_server_that_is_not_there_is_retryable() -> None:
    with serving() as server:
        api = Api(server)
    with pytest.raises(Retryable, match="Cloudinary: NewConnectionError"):
        api.adapter.change_tags(ASSET, "add", ("a",), 10)
