"""Logins at a real OpenID Connect server on loopback, through the console's function and its own HTTP."""

import time
from collections.abc import Iterator
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import pytest
from oidc_provider_mock import User

from autotag.adapters.https import Https
from tests.fakes.console.browser import Answer, ConsoleBrowser
from tests.integration.console_sign_in.loopback_provider import LoopbackProvider, provider_on_loopback
from tests.unit.handlers.console.console_requests import DOCUMENT, Console

SESSION, LOGIN = "__Host-autotag", "__Host-autotag-login"
ADA = User(sub="ada", claims={"email": "ada@example.com", "email_verified": True, "groups": ["taggers", "owners"]})
BOB = User(sub="bob", claims={"email": "bob@example.com", "email_verified": False, "groups": ["watchers"]})
EVE = User(sub="eve", claims={"email": "eve@example.com", "email_verified": True, "groups": ["strangers"]})


@pytest.fixture(scope="module")
def provider() -> Iterator[LoopbackProvider]:
    with provider_on_loopback(ADA, BOB, EVE) as running:
        yield running


@pytest.fixture
def console(provider: LoopbackProvider) -> Console:
    """A console at the time of the real server."""
    console = Console(DOCUMENT | {"issuer": provider.issuer}, lambda _: Https())
    console.clock.time = int(time.time() * 1000)
    return console


def led_back(provider: LoopbackProvider, browser: ConsoleBrowser, subject: str, **changed: str) -> Answer:
    """Sign in, with changed fields in the address of the provider; return the console's last answer."""
    parts = urlsplit(browser.get("/sign-in?next=/rules").location)
    url = urlunsplit(parts._replace(query=urlencode(dict(parse_qsl(parts.query)) | changed)))
    return browser.get(provider.sign_in(url, subject), **{"sec-fetch-site": "cross-site"})


def test_a_person_signs_in_reads_and_signs_out(provider: LoopbackProvider, console: Console) -> None:
    browser = console.browser()
    last = led_back(provider, browser, "ada")
    assert (last.status, last.location) == (303, "/rules") and LOGIN not in browser.cookies
    assert browser.get("/rules").shows("oidc:127.0.0.1:ada@example.com")
    assert browser.post("/sign-out", {"csrf": browser.csrf()}).location == "/signed-out"
    assert SESSION not in browser.cookies and browser.get("/rules").status == 302


def test_a_person_whose_email_is_not_verified_is_named_by_the_subject(
    provider: LoopbackProvider, console: Console
) -> None:
    browser = console.browser()
    assert led_back(provider, browser, "bob").status == 303
    page = browser.get("/rules")
    assert page.shows("oidc:127.0.0.1:bob") and not page.shows("bob@example.com")


def test_a_session_expires_and_a_new_login_begins_another(provider: LoopbackProvider, console: Console) -> None:
    browser = console.browser()
    led_back(provider, browser, "ada")
    console.clock.advance(8 * 3600)
    assert browser.get("/rules").status == 302
    console.clock.time = int(time.time() * 1000)
    assert led_back(provider, browser, "ada").status == 303 and browser.get("/rules").status == 200


def test_a_token_that_expired_is_refused(provider: LoopbackProvider, console: Console) -> None:
    browser = console.browser()
    console.clock.advance(3600 + 61)  # the server's tokens are for an hour
    last = led_back(provider, browser, "ada")
    assert last.status == 403 and last.shows("The login has expired.") and SESSION not in browser.cookies


def test_another_challenge_than_that_of_the_verifier_is_refused(provider: LoopbackProvider, console: Console) -> None:
    browser = console.browser()
    last = led_back(provider, browser, "ada", code_challenge="E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM")
    assert last.status == 403 and last.shows("The provider does not accept this login.")
    assert SESSION not in browser.cookies


def test_another_nonce_is_refused(provider: LoopbackProvider, console: Console) -> None:
    browser = console.browser()
    last = led_back(provider, browser, "ada", nonce="another")
    assert last.status == 403 and last.shows("The login does not belong to this browser.")
    assert SESSION not in browser.cookies


def test_another_state_is_refused(provider: LoopbackProvider, console: Console) -> None:
    browser = console.browser()
    last = led_back(provider, browser, "ada", state="another")
    assert last.status == 403 and last.shows("This login was begun elsewhere") and SESSION not in browser.cookies


def test_another_issuer_than_the_secret_s_is_refused(provider: LoopbackProvider, console: Console) -> None:
    described = f"{provider.issuer}/.well-known/openid-configuration"
    console.secret.document |= {"issuer": "https://login.example.com", "discovery": described}
    assert console.browser().get("/sign-in").status == 503


def test_another_client_s_token_is_refused(provider: LoopbackProvider, console: Console) -> None:
    browser = console.browser()
    last = led_back(provider, browser, "ada", client_id="another")
    assert last.status == 403 and SESSION not in browser.cookies


def test_a_group_without_a_role_is_told_so(provider: LoopbackProvider, console: Console) -> None:
    browser = console.browser()
    last = led_back(provider, browser, "eve")
    assert last.status == 403 and last.shows("You are oidc:127.0.0.1:eve@example.com, and none of your groups")
    assert SESSION not in browser.cookies


def test_everyone_is_signed_out_at_once(provider: LoopbackProvider, console: Console) -> None:
    browsers = [console.browser(), console.browser()]
    for browser, subject in zip(browsers, ("ada", "bob"), strict=True):
        assert led_back(provider, browser, subject).status == 303 and browser.get("/rules").status == 200
    console.secret.document["session_epoch"] = 1
    assert [browser.get("/rules").status for browser in browsers] == [302, 302]


def test_a_login_that_is_replayed_begins_no_second_session(provider: LoopbackProvider, console: Console) -> None:
    browser = console.browser()
    path = provider.sign_in(browser.get("/sign-in").location, "ada")
    held = dict(browser.cookies)
    assert browser.get(path).status == 303
    browser.cookies = held
    assert browser.get(path).status == 403 and SESSION not in browser.cookies


def test_a_provider_that_cannot_be_reached_is_said_to_be(console: Console) -> None:
    console.secret.document["issuer"] = "http://127.0.0.1:9"
    answer = console.browser().get("/sign-in")
    assert answer.status == 503 and answer.shows("127.0.0.1")
