"""Cloudinary over real HTTP: what is sent, and what becomes of every answer that may come back."""

import time
from collections.abc import Iterator
from email.utils import formatdate
from urllib.parse import parse_qs

import pytest
from msgspec.structs import replace

from autotag.adapters.cloudinary.api import CloudinaryApi
from autotag.domain.errors import (
    AutotagError,
    BudgetExhausted,
    CredentialsRefused,
    Invalid,
    Missing,
    Permanent,
    Retryable,
)
from autotag.domain.model.asset import AssetRef
from autotag.domain.model.health import RateLimit
from autotag.domain.notifications.credentials import Credentials
from autotag.domain.runs.run import BackfillSource
from tests.integration.adapters.cloudinary.cloudinary_server import Reply, Request, Server, serving

OLD = Credentials("demo", "222222222222222", "writer-test-secret")
NEW = replace(OLD, api_secret="new-secret")
ASSET = AssetRef("a1", "Bühne/Gitarrist 🎸 a&b", "image", "upload", 100)
HTML = "<html><body>Bad gateway</body></html>"
TAGGED = Reply(200, {"public_ids": [ASSET.public_id]})


class FakeSecrets:
    """A cached secret, and the one that is found when a newer one is asked for."""

    def __init__(self) -> None:
        self.cached = self.stored = OLD

    def credentials(self, *, newer: bool = False) -> Credentials:
        if newer:
            self.cached = self.stored
        return self.cached


class Api:
    """The adapter, its server, and what it told about limits."""

    def __init__(self, server: Server) -> None:
        self.server, self.secrets = server, FakeSecrets()
        self.limits: list[RateLimit] = []
        self.adapter = CloudinaryApi(server.base, self.secrets, self.limits.append)

    def tag(self, *replies: Reply, timeout: float = 30, tags: tuple[str, ...] = ("a",)) -> bool:
        self.server.replies = list(replies)
        return self.adapter.change_tags(ASSET, "add", tags, timeout)

    def read(self, *replies: Reply, asset_id: str = "a1") -> dict[str, object]:
        self.server.replies = list(replies)
        return self.adapter.resource(asset_id, 30)


@pytest.fixture
def api() -> Iterator[Api]:
    with serving() as server:
        yield Api(server)


def error(message: str = "no") -> dict[str, object]:
    return {"error": {"message": message}}


def test_tags_are_changed_by_public_id_through_the_upload_api(api: Api) -> None:
    assert api.tag(TAGGED, tags=("Gitarre 🎸", "rock & roll"))
    (request,) = api.server.requests
    assert (request.method, request.path) == ("POST", "/v1_1/demo/image/tags")
    assert (request.user, request.password) == ("222222222222222", "writer-test-secret")
    timestamp = request.form.pop("timestamp")
    assert request.form == {
        "command": ["add"],
        "tag": ["Gitarre 🎸,rock & roll"],
        "public_ids[]": [ASSET.public_id],
        "type": ["upload"],
    }
    assert abs(int(timestamp[0]) - time.time()) < 60


MANY = tuple(f"Bühne/{n} a&b 🎸" for n in range(1000))


def of_many(api: Api, *replies: Reply, public_ids: tuple[str, ...] = MANY) -> frozenset[str]:
    api.server.replies = list(replies)
    return api.adapter.change_tags_of("video", "private", public_ids, "remove", ("Gitarre 🎸", "Katze"), 30)


def test_a_thousand_assets_are_changed_with_one_call(api: Api) -> None:
    assert of_many(api, Reply(200, {"public_ids": list(MANY)})) == set(MANY)
    (request,) = api.server.requests
    assert (request.method, request.path) == ("POST", "/v1_1/demo/video/tags")
    timestamp = request.form.pop("timestamp")
    assert request.form == {
        "command": ["remove"],
        "tag": ["Gitarre 🎸,Katze"],
        "public_ids[]": list(MANY),
        "type": ["private"],
    }
    assert abs(int(timestamp[0]) - time.time()) < 60


@pytest.mark.parametrize(
    ("answer", "named"),
    [
        ({"public_ids": ["a", "b", "elsewhere"]}, {"a", "b", "elsewhere"}),
        ({"public_ids": ["a"]}, {"a"}),
        ({"public_ids": []}, set()),
        ({"public_ids": None}, set()),
        ({"public_ids": "a"}, set()),
        ({"public_ids": {"a": 1}}, set()),
        ({"public_ids": [7, None, "a"]}, {"7", "None", "a"}),
        ({}, set()),
    ],
)
def test_which_of_several_assets_an_answer_names(api: Api, answer: object, named: set[str]) -> None:
    assert of_many(api, Reply(200, answer), public_ids=("a", "b")) == named


def test_a_joint_call_is_refused_delayed_and_repeated_like_any_other(api: Api) -> None:
    with pytest.raises(Permanent, match="too many tags"):
        of_many(api, Reply(400, error("too many tags")))
    with pytest.raises(CredentialsRefused):
        of_many(api, Reply(401, HTML))
    with pytest.raises(Retryable) as told:
        of_many(api, Reply(503, error(), {"Retry-After": "60"}))
    assert told.value.delay == 60
    assert of_many(api, Reply(404, HTML)) == set()
    assert of_many(api, Reply(503, HTML), Reply(200, {"public_ids": ["a"]})) == {"a"}
    assert of_many(api, Reply(fault="reset"), Reply(200, {"public_ids": ["a"]})) == {"a"}


def listed(
    api: Api, *replies: Reply, listing: BackfillSource | None = None, cursor: str = ""
) -> tuple[list[object], str | None]:
    api.server.replies = list(replies)
    found, after = api.adapter.listed(listing or BackfillSource(), cursor, 500, 30)
    return list(found), after


def asked(request: Request) -> tuple[str, dict[str, list[str]]]:
    path, _, query = request.path.partition("?")
    return path, parse_qs(query)


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
        (Reply(404, HTML), Missing),
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


def categorize(api: Api, *replies: Reply) -> dict[str, object]:
    api.server.replies = list(replies)
    return api.adapter.categorize(ASSET, "aws_rek_tagging", 30)


def test_an_add_on_looks_at_an_asset_through_the_upload_api(api: Api) -> None:
    assert categorize(api, Reply(200, {"asset_id": "a1", "info": {}})) == {"asset_id": "a1", "info": {}}
    (request,) = api.server.requests
    assert (request.method, request.path) == ("POST", "/v1_1/demo/image/explicit")
    assert (request.user, request.password) == ("222222222222222", "writer-test-secret")
    timestamp = request.form.pop("timestamp")
    assert request.form == {"public_id": [ASSET.public_id], "type": ["upload"], "categorization": ["aws_rek_tagging"]}
    assert abs(int(timestamp[0]) - time.time()) < 60
    assert api.limits == []  # the Upload API has no hourly limit


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (Reply(500, error("oops")), Retryable),
        (Reply(503, HTML), Retryable),
        (Reply(429, error()), Retryable),
        (Reply(420, error("units are used up")), Retryable),
        (Reply(fault="reset"), Retryable),
        (Reply(200, HTML), Retryable),
        (Reply(400, error("not subscribed")), Permanent),
        (Reply(404, error("not found")), Missing),
        (Reply(403, error("not allowed")), CredentialsRefused),
    ],
)
def test_a_call_that_may_cost_a_unit_is_never_repeated_by_itself(
    api: Api, reply: Reply, kind: type[AutotagError]
) -> None:
    with pytest.raises(kind):
        categorize(api, reply, Reply(200, {}))
    assert len(api.server.requests) == 1


def test_a_rotated_secret_is_tried_once_since_what_was_refused_cost_nothing(api: Api) -> None:
    api.secrets.stored = NEW
    assert categorize(api, Reply(401, HTML), Reply(200, {"asset_id": "a1"})) == {"asset_id": "a1"}
    assert [request.password for request in api.server.requests] == ["writer-test-secret", "new-secret"]


@pytest.mark.parametrize("public_ids", [[], ["other"], None, "Bühne/Gitarrist 🎸 a&b", {}])
def test_an_answer_that_does_not_name_the_asset_is_told(api: Api, public_ids: object) -> None:
    assert api.tag(Reply(200, {"public_ids": public_ids})) is False
    assert api.tag(Reply(200, {})) is False


def test_an_asset_is_read_by_its_id_through_the_admin_api(api: Api) -> None:
    assert api.read(Reply(200, {"asset_id": "a1", "tags": ["x"]})) == {"asset_id": "a1", "tags": ["x"]}
    (request,) = api.server.requests
    assert (request.method, request.path) == ("GET", "/v1_1/demo/resources/a1")


@pytest.mark.parametrize("asset_id", ["..", "a/b", "", "a b", "a?b", "é"])
def test_nothing_is_asked_about_what_is_no_asset_id(api: Api, asset_id: str) -> None:
    with pytest.raises(Invalid, match="asset_id"):
        api.read(Reply(), asset_id=asset_id)
    assert api.server.requests == []


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


@pytest.mark.parametrize("body", [error("not found"), HTML])
def test_an_asset_that_cannot_be_read_is_missing(api: Api, body: object) -> None:
    with pytest.raises(Missing, match="404"):
        api.read(Reply(404, body))


@pytest.mark.parametrize("body", [error("not found"), HTML])
def test_tags_that_nobody_took_prove_no_absence(api: Api, body: object) -> None:
    """A wrong base address or type answers 404 too: only reading the asset tells whether it is gone."""
    assert api.tag(Reply(404, body)) is False


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


def limited(status: int, body: object, *, remaining: int, reset_in: float) -> Reply:
    reset = formatdate(int(time.time() + reset_in), usegmt=True)
    headers = {
        "X-FeatureRateLimit-Limit": "500",
        "X-FeatureRateLimit-Remaining": str(remaining),
        "X-FeatureRateLimit-Reset": reset,
    }
    return Reply(status, body, headers)


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


def test_a_secret_that_was_rotated_is_read_again_once(api: Api) -> None:
    api.secrets.stored = NEW
    assert api.tag(Reply(401, HTML), TAGGED)
    assert [request.password for request in api.server.requests] == ["writer-test-secret", "new-secret"]
    assert api.tag(TAGGED)
    assert api.server.requests[-1].password == "new-secret"


def test_a_secret_that_was_not_rotated_is_not_tried_again(api: Api) -> None:
    with pytest.raises(CredentialsRefused):
        api.tag(Reply(401, HTML), TAGGED)
    assert len(api.server.requests) == 1


def test_a_rotated_secret_that_is_refused_too_stops_there(api: Api) -> None:
    api.secrets.stored = NEW
    with pytest.raises(CredentialsRefused):
        api.tag(Reply(401, HTML))
    assert len(api.server.requests) == 2


def test_a_connection_that_is_reset_is_tried_again(api: Api) -> None:
    assert api.tag(Reply(fault="reset"), TAGGED)
    with pytest.raises(Retryable, match="Cloudinary: ConnectionError"):
        api.tag(Reply(fault="reset"))
    assert len(api.server.requests) == 5


def test_a_server_that_hangs_is_left_within_the_time_that_was_given(api: Api) -> None:
    began = time.monotonic()
    with pytest.raises(Retryable, match="Cloudinary: "):
        api.tag(Reply(fault="hang"), timeout=4)
    assert time.monotonic() - began < 4 and len(api.server.requests) == 3


def test_a_server_that_is_not_there_is_retryable() -> None:
    with serving() as server:
        base = server.base
    with pytest.raises(Retryable, match="Cloudinary: ConnectionError"):
        CloudinaryApi(base, FakeSecrets(), lambda _: None).change_tags(ASSET, "add", ("a",), 10)


def test_own_key_is_the_one_that_calls(api: Api) -> None:
    assert api.adapter.own_key() == "222222222222222"


@pytest.mark.parametrize("known", [True, False, None])
def test_whether_tags_are_kept_on_overwrite_is_what_the_secret_says(api: Api, known: bool | None) -> None:
    api.secrets.cached = replace(OLD, keeps_tags=known)
    assert api.adapter.keeps_tags() is known
