"""Logins that are forged, replayed, late, or lead elsewhere."""

import json
import logging
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.fakes.console.browser import query_of
from tests.fakes.console.identity_provider import ISSUER
from tests.unit.handlers.console.console_requests import ORIGIN, SESSION_KEY, Console, to_callback

SESSION, LOGIN = "__Host-autotag", "__Host-autotag-login"
PAGES = ("/", "/review", "/review/grid", "/review/done", "/rules", "/runs", "/health", "/asset/x", "/nowhere")


def test_a_callback_without_the_cookie_of_its_login_reaches_no_provider(console: Console) -> None:
    path = to_callback(console, console.browser())
    before = len(console.provider.fetched)
    answer = console.browser().get(path)  # another browser: a login that somebody else began
    assert answer.status == 403 and answer.shows("This login was begun elsewhere, or more than ten minutes ago.")
    assert len(console.provider.fetched) == before and console.provider.exchanged == []


def test_a_login_that_took_more_than_ten_minutes_is_refused(console: Console) -> None:
    browser = console.browser()
    path = to_callback(console, browser)
    console.clock.advance(601)
    assert browser.get(path).status == 403 and SESSION not in browser.cookies


def test_a_login_works_once(console: Console) -> None:
    browser = console.browser()
    path = to_callback(console, browser)
    login = browser.cookies[LOGIN]
    assert browser.get(path).status == 303 and LOGIN not in browser.cookies
    assert browser.get(path).status == 403  # without its cookie
    browser.cookies[LOGIN] = login
    again = browser.get(path)  # with it, the provider refuses the code
    assert again.status == 403 and again.shows("The provider does not accept this login.")


def test_a_code_that_was_asked_for_with_another_verifier_is_refused(console: Console) -> None:
    browser, other = console.browser(), console.browser()
    path = to_callback(console, browser)
    stolen = query_of(to_callback(console, other))["code"]
    assert browser.get(f"/callback?code={stolen}&state={query_of(path)['state']}").status == 403
    assert SESSION not in browser.cookies


def test_the_exchange_names_the_client_and_proves_the_secret_and_the_verifier(console: Console) -> None:
    console.signed_in("taggers")
    ((headers, form),) = console.provider.exchanged
    assert headers["authorization"].startswith("Basic ") and "client_secret" not in form
    assert form["redirect_uri"] == f"{ORIGIN}/callback" and len(form["code_verifier"]) == 43


@pytest.mark.parametrize(
    ("claims", "sentence"),
    [
        ({"iss": "https://login.example.com/other"}, "another issuer"),
        ({"iss": f"{ISSUER}/"}, "another issuer"),
        ({"aud": "another-client"}, "another application"),
        ({"aud": ["console-client", "another-client"]}, "another application"),
        ({"azp": "another-client"}, "another application"),
        ({"nonce": "another"}, "does not belong to this browser"),
        ({"nonce": None}, "does not belong to this browser"),
        ({"exp": 1_791_460_739}, "has expired"),
        ({"exp": "1999999999"}, "has expired"),
        ({"exp": None}, "has expired"),
        ({"nbf": 1_791_460_999}, "not valid yet"),
        ({"sub": ""}, "names nobody"),
    ],
)
def test_a_token_that_is_not_for_this_login_begins_no_session(
    console: Console, claims: dict[str, Any], sentence: str
) -> None:
    console.provider.claims = claims
    browser = console.browser()
    answer = browser.get(to_callback(console, browser))
    assert answer.status == 403 and sentence in answer.text and SESSION not in browser.cookies


def test_a_token_that_expired_within_the_slack_of_two_clocks_is_accepted(console: Console) -> None:
    console.provider.claims = {"exp": console.now() - 59}
    browser = console.browser()
    assert browser.get(to_callback(console, browser)).status == 303


@pytest.mark.parametrize(
    "way_back",
    ["https://evil.example", "//evil.example", "/\\evil.example", "\\\\evil.example", "/\t/evil.example",
     "javascript:1", "/sign-in", "/callback?code=1", "", "evil", "/" + "a" * 2000, "/\u00e9"],
)  # fmt: skip
def test_a_login_leads_to_no_other_place_than_a_path_of_the_console(console: Console, way_back: str) -> None:
    browser = console.browser()
    to_provider = browser.get(f"/sign-in?{urlencode({'next': way_back})}")
    assert browser.get(console.provider.sign_in(to_provider.location)).location == "/"


def test_a_login_leads_back_to_the_page_that_was_asked_for(console: Console) -> None:
    path = "/review?tag=guitar&folder=a%2Fb"
    browser = console.browser()
    assert browser.get(to_callback(console, browser, path)).location == path


def test_nothing_of_a_login_or_a_query_is_logged(
    console: Console, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    with caplog.at_level(logging.DEBUG):
        browser = console.browser()
        callback = to_callback(console, browser, "/review?tag=secret-tag")
        login = browser.cookies[LOGIN].value
        browser.get(callback)
        browser.get("/find?name=secret-name")
        browser.get("/asset/missing?x=secret-name")
        console.ops.states.down = True
        browser.get("/asset/missing?x=secret-name")
        console.provider.down = True
        browser.get("/sign-in?next=%2Fsecret-name")
    printed = capsys.readouterr()
    logged = json.dumps([caplog.text, printed.out, printed.err, console.ops.fakes.telemetry.lines], default=str)
    asked = query_of(callback)
    secrets = ("secret-", browser.cookies[SESSION].value, login, asked["code"], asked["state"], "the-access-token")
    assert [secret for secret in (*secrets, SESSION_KEY, "the client's secret") if secret in logged] == []
