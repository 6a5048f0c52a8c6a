"""The deployed console through its Function URL: both forms of its events, and who its answers are recorded as."""

import json

import pytest

from tests.fakes.console.browser import query_of
from tests.unit.handlers.console.console_requests import Console

SESSION = "__Host-autotag"


@pytest.mark.parametrize("in_header", [False, True], ids=["event.cookies", "header"])
def test_a_login_and_a_page_work_with_cookies_in_either_form_of_the_event(in_header: bool) -> None:
    console = Console(cookies_in_header=in_header)
    browser = console.signed_in("taggers")
    rules = browser.get("/rules")
    assert rules.status == 200
    assert rules.shows("oidc:login.example.com:ada@example.com") and rules.shows("prod")
    last = console.events[-1]
    assert ("cookie" in last["headers"], "cookies" in last) == (in_header, not in_header)


def test_two_cookies_are_set_at_once() -> None:
    console = Console()
    browser = console.browser()
    answer = browser.get(console.provider.sign_in(browser.get("/sign-in").location))
    assert [line.split("=")[0] for line in answer.set_cookies] == [SESSION, "__Host-autotag-login"]


def test_an_answer_is_recorded_as_the_person_s_whatever_the_request_says() -> None:
    console = Console()
    browser = console.signed_in("taggers")
    decision = {"asset": "0" * 32, "tag": "guitar", "verdict": "accept", "version": 1}
    forged = json.dumps({"decisions": [decision], "caller": "oidc:login.example.com:root"}).encode()
    assert browser.post_json("/api/answers", forged, browser.csrf()).status == 400  # no such field
    plain = json.dumps({"decisions": [decision]}).encode()
    answer = browser.post_json("/api/answers", plain, browser.csrf(), **{"x-caller": "root"})
    assert answer.status == 200 and "no asset" in answer.text


@pytest.mark.parametrize(
    ("claims", "name"),
    [
        ({}, "ada@example.com"),
        ({"email_verified": "true"}, "ada@example.com"),
        ({"email_verified": False}, "ada-1"),
        ({"email_verified": "false"}, "ada-1"),
        ({"email_verified": None}, "ada-1"),
        ({"email_verified": 1}, "ada-1"),
        ({"email": "ada example.com"}, "ada-1"),
        ({"email": "a" * 300}, "ada-1"),
        ({"email": ["ada@example.com"]}, "ada-1"),
    ],
)
def test_an_email_names_a_person_only_if_the_provider_verified_it(claims: dict[str, object], name: str) -> None:
    console = Console()
    console.provider.claims = dict(claims)
    assert console.signed_in("taggers").get("/rules").shows(f"oidc:login.example.com:{name}")


def test_an_email_is_a_group_only_if_the_provider_verified_it() -> None:
    console = Console()
    console.secret.document |= {"groups_claim": "email", "roles": {"ada@example.com": "admin"}}
    console.signed_in()
    console.provider.claims["email_verified"] = False
    browser = console.browser()
    answer = browser.get(console.provider.sign_in(browser.get("/sign-in").location))
    assert answer.status == 403 and answer.shows("none of your groups has a role here")


def test_groups_come_from_another_claim_or_from_the_user_info_as_a_list_or_a_word() -> None:
    console = Console()
    console.secret.document["groups_claim"] = "cognito:groups"
    for groups in (["strangers", "taggers"], "taggers"):
        console.provider.claims = {"groups": None, "cognito:groups": groups}
        assert console.signed_in().get("/rules").status == 200
    console.provider.claims = {"groups": None}
    console.provider.user_info = {"sub": "ada-1", "cognito:groups": ["taggers"]}
    assert console.signed_in().get("/rules").status == 200


def test_user_info_about_somebody_else_counts_for_nothing() -> None:
    console = Console()
    console.secret.document["groups_claim"] = "teams"
    console.provider.user_info = {"sub": "eve-2", "teams": ["owners"]}
    browser = console.browser()
    assert browser.get(console.provider.sign_in(browser.get("/sign-in").location)).status == 403
    assert SESSION not in browser.cookies


def test_a_group_without_a_role_gets_a_page_that_says_so_and_no_session() -> None:
    console = Console()
    console.provider.claims["groups"] = ["strangers"]
    browser = console.browser()
    answer = browser.get(console.provider.sign_in(browser.get("/sign-in").location))
    assert answer.status == 403 and SESSION not in browser.cookies
    assert answer.shows("You are oidc:login.example.com:ada@example.com, and none of your groups has a role here")


def test_who_the_provider_refuses_gets_a_page_with_a_way_to_try_again() -> None:
    console = Console()
    browser = console.browser()
    state = query_of(browser.get("/sign-in").location)["state"]
    answer = browser.get(f"/callback?error=access_denied&state={state}")
    assert answer.status == 403 and answer.shows("The provider has not signed you in.")
    assert 'href="/sign-in"' in answer.text


def test_the_login_that_is_asked_for_again_makes_the_provider_ask_again() -> None:
    console = Console()
    browser = console.browser()
    asked = query_of(browser.get("/sign-in?again=1").location)
    assert (asked["prompt"], asked["max_age"]) == ("login", "0")
    plain = query_of(browser.get("/sign-in").location)
    assert plain.keys().isdisjoint({"prompt", "max_age"}) and plain["code_challenge_method"] == "S256"


def test_a_provider_that_did_not_ask_again_is_not_believed_to_have() -> None:
    console = Console()
    console.provider.claims["auth_time"] = console.now() - 3600
    browser = console.browser()
    answer = browser.get(console.provider.sign_in(browser.get("/sign-in?again=1").location))
    assert answer.status == 403 and answer.shows("The provider did not ask you again")


def test_no_page_links_to_what_only_an_operator_s_machine_has() -> None:
    browser = Console().signed_in("owners")
    assert browser.get("/rules/suggest").status == 404
    for path in ("/", "/rules", "/runs", "/health", "/review"):
        assert "/rules/suggest" not in browser.get(path).text
