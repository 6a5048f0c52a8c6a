"""Requests of anyone to a public address: what they get without a session, and what they touch."""

import json
from dataclasses import replace
from types import SimpleNamespace

from handlers.console import respond
from tests.fakes.console.browser import path_of, query_of
from tests.fakes.console.identity_provider import ISSUER
from tests.unit.handlers.console.console_requests import DOCUMENT, DOMAIN, Console

SESSION, LOGIN = "__Host-autotag", "__Host-autotag-login"
PAGES = ("/", "/review", "/review/grid", "/review/done", "/rules", "/runs", "/health", "/asset/x", "/nowhere")


class Untouched:
    """The operators' API of a console that nobody may use yet: only its clock and its log."""

    def __init__(self, console: Console) -> None:
        self.clock, self.telemetry = console.clock, console.ops.fakes.telemetry


def test_a_flood_without_a_session_is_answered_before_any_store_or_the_provider_is_touched(console: Console) -> None:
    console.deps = replace(console.deps, operators=Untouched(console))  # type: ignore[arg-type]
    for path in PAGES:
        for cookie in ("", "forged", f"e30.{'x' * 43}"):
            answer = console.send("GET", path, {"cookie": f"{SESSION}={cookie}"} if cookie else {}, b"")
            assert answer.status == 302 and answer.location.startswith("/sign-in?next=")
    for method, path in (("POST", "/review/done"), ("GET", "/api/health"), ("POST", "/api/answers"), ("PUT", "/")):
        assert console.send(method, path, {}, b"").status == 401
    assert console.provider.fetched == []


def test_a_flood_of_logins_asks_the_provider_for_its_addresses_once(console: Console) -> None:
    for _ in range(20):
        assert console.browser().get("/sign-in").status == 302
    assert console.provider.fetched == [("GET", f"{ISSUER}/.well-known/openid-configuration")]


def test_a_provider_that_is_down_is_not_asked_again_at_once(console: Console) -> None:
    console.provider.down = True
    assert [console.browser().get("/sign-in").status for _ in range(5)] == [503] * 5
    assert len(console.provider.fetched) == 1
    console.provider.down = False
    console.clock.advance(6)
    assert console.browser().get("/sign-in").status == 302


def test_another_name_for_the_console_is_not_answered(console: Console) -> None:
    event = console.event("GET", "/sign-in", {}, b"")
    event["requestContext"]["domainName"] = "evil.lambda-url.eu-west-1.on.aws"
    assert respond(event, SimpleNamespace(), console.deps)["statusCode"] == 421
    assert console.send("GET", "/sign-in", {"host": "evil.example"}, b"").status == 421


def test_the_callback_is_at_the_address_of_the_secret_whatever_the_request_says(console: Console) -> None:
    to_provider = console.browser().get("/sign-in", **{"x-forwarded-host": "evil.example"})
    assert query_of(to_provider.location)["redirect_uri"] == f"https://{DOMAIN}/callback"


def test_a_document_that_is_missing_or_wrong_answers_503_and_quotes_nothing_of_it(console: Console) -> None:
    changes: list[dict[str, object]] = [
        {"url": "http://evil.example"},
        {"session_key": "c2hvcnQ="},
        {"roles": {}},
        {"roles": {"a": "king"}},
    ]
    for change in changes:
        console.secret.document = {**DOCUMENT, **change}
        answer = console.browser().get("/")
        assert answer.status == 503 and answer.text.startswith("The console is not set up:")
    console.secret.down = True
    assert console.browser().get("/").status == 503
    assert "the client's secret" not in json.dumps(console.ops.fakes.telemetry.lines)


def test_static_files_need_no_session_and_never_change(console: Console) -> None:
    page = console.browser().get("/signed-out").text
    path = page.split('rel="stylesheet" href="')[1].split('"')[0]
    answer = console.browser().get(path_of(path))
    assert answer.status == 200 and answer.headers["cache-control"] == "public, max-age=31536000, immutable"
