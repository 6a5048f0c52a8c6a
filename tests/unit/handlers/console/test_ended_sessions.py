"""What becomes of open pages and of logins when a session ends, or another person signs in in the same browser."""

import logging

import pytest

from tests.fakes.console.browser import Answer, ConsoleBrowser
from tests.unit.handlers.console.console_requests import Console, to_callback

SESSION = "__Host-autotag"
SCRIPT = {"sec-fetch-site": "same-origin", "sec-fetch-mode": "cors", "sec-fetch-dest": "empty"}


def login(console: Console, browser: ConsoleBrowser | None = None) -> Answer:
    browser = browser or console.browser()
    return browser.get(to_callback(console, browser))


def test_a_script_of_a_page_whose_session_ended_does_not_end_a_login_in_another_tab(console: Console) -> None:
    browser = console.browser()
    path = to_callback(console, browser)
    answer = browser.get("/runs/" + "0" * 32, **SCRIPT)
    assert answer.status == 401
    assert browser.get(path).status == 303


def test_the_last_of_several_tabs_signs_in(console: Console) -> None:
    browser = console.browser()
    ways = [to_callback(console, browser, path) for path in ("/rules", "/runs", "/review")]
    assert [browser.get(way).status for way in ways] == [403, 403, 303]


def test_a_form_of_a_page_whose_session_ended_gets_a_page_with_a_link(console: Console) -> None:
    answer = console.browser().get("/find?name=x", **{"sec-fetch-site": "same-origin"})
    assert answer.status == 401 and 'href="/sign-in?next=%2Ffind' in answer.text


def test_a_form_can_be_sent_again_after_a_new_login(console: Console) -> None:
    browser = console.signed_in("owners")
    form = {"csrf": browser.csrf(), "text": "name = 'x'\n", "seq": "0"}
    console.clock.advance(901)
    assert browser.post("/rules/push", form).status == 403
    browser.get(console.provider.sign_in(browser.get("/sign-in?again=1").location))
    assert browser.post("/rules/push", form).status == 303


def test_another_person_s_login_in_the_same_browser_has_another_token(console: Console) -> None:
    browser = console.signed_in("owners")
    csrf = browser.csrf()
    console.provider.claims["email"] = "bob@example.com"
    browser.get(console.provider.sign_in(browser.get("/sign-in").location))
    assert browser.csrf() != csrf


def test_a_session_of_many_groups_fits_into_a_cookie_and_keeps_the_highest_role(console: Console) -> None:
    groups = [f"CN=autotag-reviewers-{i:03},OU=Applications,OU=Groups,DC=corp,DC=example,DC=com" for i in range(60)]
    console.secret.document["roles"] = dict.fromkeys(groups, "reviewer") | {"owners": "admin"}
    console.provider.claims["groups"] = [*groups, "owners"]
    browser = console.browser()
    assert login(console, browser).status == 303
    assert len(browser.cookies[SESSION].value) <= 4000 and browser.get("/rules").status == 200
    assert browser.get("/library").status == 200


def test_a_name_in_another_script_is_led_back_to(console: Console) -> None:
    assert console.browser().get("/asset/caf%C3%A9").location == "/sign-in?next=%2Fasset%2Fcaf%25C3%25A9"


def test_pages_lead_to_the_plan_of_a_run_and_to_no_page_that_is_not_there(console: Console) -> None:
    browser = console.signed_in("owners")
    runs, rules = browser.get("/runs").text, browser.get("/rules").text
    assert 'href="/runs/new"' in runs and browser.get("/runs/new").status == 200
    assert "/rules/suggest" not in runs + rules + browser.get("/stats").text
    assert browser.get("/rules/suggest").status == 404


def test_no_request_is_logged_with_its_path(console: Console, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        console.browser().get("/x%0Aforged")
    assert "forged" not in caplog.text
