"""Sessions: their cookies, their end, and what pages of other sites can do with them."""

import pytest

from tests.unit.handlers.console.console_requests import Console, to_callback

SESSION, LOGIN = "__Host-autotag", "__Host-autotag-login"
PAGES = ("/", "/review", "/review/grid", "/review/done", "/rules", "/runs", "/health", "/asset/x", "/nowhere")


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


def test_the_csrf_token_of_one_session_is_none_of_another(console: Console) -> None:
    one, other = console.signed_in("taggers"), console.signed_in("taggers")
    assert one.csrf() != other.csrf() and one.post("/sign-out", {"csrf": other.csrf()}).status == 403


def test_text_from_outside_cannot_become_a_script(console: Console) -> None:
    answer = console.signed_in("taggers").get("/review?tag=%3Cscript%3Ealert(1)%3C/script%3E")
    assert answer.status == 200 and "<script>alert" not in answer.text
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy
