"""What is tried against a public address, and what comes of it."""

import json
import logging
from dataclasses import replace
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

import pytest

from handlers.console import respond
from tests.fakes.console_browser import ConsoleBrowser, path_of, query_of
from tests.fakes.identity_provider import ISSUER
from tests.unit.handlers.console.console_requests import DOCUMENT, DOMAIN, ORIGIN, SESSION_KEY, Console

SESSION, LOGIN = "__Host-autotag", "__Host-autotag-login"
PAGES = ("/", "/review", "/review/grid", "/review/done", "/rules", "/runs", "/health", "/asset/x", "/nowhere")


@pytest.fixture
def console() -> Console:
    return Console()


def to_callback(console: Console, browser: ConsoleBrowser, path: str = "/rules") -> str:
    """Return the path that the provider leads a browser back to."""
    return console.provider.sign_in(browser.get(browser.get(path).location).location)


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
    assert console.signed_in("taggers", path="/review?tag=guitar&folder=a%2Fb")


def test_a_cookie_that_was_changed_or_signed_for_something_else_is_no_session(console: Console) -> None:
    browser = console.signed_in("taggers")
    value = browser.cookies[SESSION].value
    content, _, code = value.partition(".")
    login_browser = console.browser()
    login_browser.get("/sign-in")
    for forged in (f"{content}x.{code}", content, f"{content}.", f".{code}", login_browser.cookies[LOGIN].value, "é"):
        assert console.send("GET", "/rules", {"cookie": f"{SESSION}={forged}"}, b"").status == 302
    assert console.send("GET", "/rules", {"cookie": f"{SESSION}={value}"}, b"").status == 200


def test_the_cookies_are_for_this_host_over_tls_and_no_script(console: Console) -> None:
    browser = console.browser()
    path = to_callback(console, browser)
    for name, seconds in ((LOGIN, "600"), (SESSION, "28800")):
        cookie = browser.cookies[name]
        assert (cookie["secure"], cookie["httponly"], cookie["domain"]) == (True, True, "")
        assert (cookie["path"], cookie["samesite"], cookie["max-age"]) == ("/", "lax", seconds)
        browser.get(path)


def test_a_session_ends_after_eight_hours(console: Console) -> None:
    browser = console.signed_in("taggers")
    console.clock.advance(8 * 3600 - 1)
    assert browser.get("/rules").status == 200
    console.clock.advance(1)
    assert browser.get("/rules").status == 302


def test_a_raised_epoch_signs_everyone_out(console: Console) -> None:
    browsers = [console.signed_in("taggers"), console.signed_in("owners")]
    console.secret.document["session_epoch"] = 1
    assert [browser.get("/rules").status for browser in browsers] == [302, 302]
    assert console.signed_in("taggers").get("/rules").status == 200


def test_a_role_that_is_taken_from_a_group_ends_with_the_next_request(console: Console) -> None:
    browser = console.signed_in("taggers")
    console.secret.document["roles"] = {"owners": "admin"}
    assert browser.get("/rules").status == 302


def test_logging_out_ends_the_session_in_this_browser_and_needs_its_token(console: Console) -> None:
    browser = console.signed_in("taggers")
    assert browser.post("/sign-out", {"csrf": "forged"}).status == 403 and SESSION in browser.cookies
    left = browser.post("/sign-out", {"csrf": browser.csrf()})
    assert (left.status, left.location) == (303, "/signed-out") and SESSION not in browser.cookies
    assert browser.get("/signed-out").shows("You are signed out") and browser.get("/rules").status == 302


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null", "sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "cross-site"},
        {"origin": ""},
    ],
)
def test_a_page_of_another_site_changes_nothing(console: Console, headers: dict[str, str]) -> None:
    browser = console.signed_in("taggers")
    token = browser.csrf()
    assert browser.post("/sign-out", {"csrf": token}, **headers).status == 403
    assert browser.post_json("/api/answers", b'{"decisions": []}', token, **headers).status == 403
    assert SESSION in browser.cookies


def test_a_frame_or_a_script_of_another_site_reads_nothing(console: Console) -> None:
    browser = console.signed_in("taggers")
    for mode, dest in (("no-cors", "script"), ("navigate", "iframe"), ("cors", "empty")):
        headers = {"sec-fetch-site": "cross-site", "sec-fetch-mode": mode, "sec-fetch-dest": dest}
        assert browser.get("/rules", **headers).status == 403


def test_another_name_for_the_console_is_not_answered(console: Console) -> None:
    event = console.event("GET", "/sign-in", {}, b"")
    event["requestContext"]["domainName"] = "evil.lambda-url.eu-west-1.on.aws"
    assert respond(event, SimpleNamespace(), console.deps)["statusCode"] == 421
    assert console.send("GET", "/sign-in", {"host": "evil.example"}, b"").status == 421


def test_the_callback_is_at_the_address_of_the_secret_whatever_the_request_says(console: Console) -> None:
    to_provider = console.browser().get("/sign-in", **{"x-forwarded-host": "evil.example"})
    assert query_of(to_provider.location)["redirect_uri"] == f"https://{DOMAIN}/callback"


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


def test_the_csrf_token_of_one_session_is_none_of_another(console: Console) -> None:
    one, other = console.signed_in("taggers"), console.signed_in("taggers")
    assert one.csrf() != other.csrf() and one.post("/sign-out", {"csrf": other.csrf()}).status == 403


def test_text_from_outside_cannot_become_a_script(console: Console) -> None:
    answer = console.signed_in("taggers").get("/review?tag=%3Cscript%3Ealert(1)%3C/script%3E")
    assert answer.status == 200 and "<script>alert" not in answer.text
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy


def test_a_document_that_is_missing_or_wrong_answers_503_and_quotes_nothing_of_it(console: Console) -> None:
    for change in (
        {"url": "http://evil.example"},
        {"session_key": "c2hvcnQ="},
        {"roles": {}},
        {"roles": {"a": "king"}},
    ):
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
