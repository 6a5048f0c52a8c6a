"""The guard: headers of every answer, bounded bodies, and which requests use up the start token."""

import re

import pytest

from autotag_console.guard.request_body import MOST_BYTES
from autotag_console.guard.response_headers import content_security_policy
from autotag_console.rendering import STATIC_FILES, static_url
from tests.unit.autotag_console.console_page import ORIGIN, TOKEN, Page

OWN = {"origin": ORIGIN, "sec-fetch-site": "same-origin"}
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def page() -> Page:
    return Page().start()


@pytest.mark.parametrize("path", ["/", "/asset/a0", "/nothing", "/api/health", "/start?token=x"])
def test_every_answer_has_a_strict_policy_and_is_not_stored(page: Page, path: str) -> None:
    headers = page.get(path).headers
    assert headers["content-security-policy"] == (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' https://res.cloudinary.com; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert headers["cache-control"] == "no-store"


@pytest.mark.parametrize("base", ["", "res.cloudinary.com", "javascript:alert(1)", "data:text/html,x"])
def test_pictures_of_no_real_host_add_nothing_to_the_policy(base: str) -> None:
    assert "img-src 'self';" in content_security_policy(base)


def test_pictures_may_come_from_a_private_host_and_a_local_one() -> None:
    assert "img-src 'self' https://media.example.com;" in content_security_policy("https://media.example.com/x")
    assert "img-src 'self' http://127.0.0.1:8000;" in content_security_policy("http://127.0.0.1:8000")


@pytest.mark.parametrize("name", sorted(path.name for path in STATIC_FILES.iterdir()))
def test_static_files_are_kept_for_good_under_an_address_of_their_version(page: Page, name: str) -> None:
    answer = page.get(static_url(name))
    assert (answer.status_code, answer.content) == (200, (STATIC_FILES / name).read_bytes())
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert page.get(f"/static/another-version/{name}").status_code == 404


@pytest.mark.parametrize("path", ["/static/x/../../app.py", "/..%2f..%2fapp.py"])
def test_nothing_beside_the_static_files_is_served(page: Page, path: str) -> None:
    assert page.get(static_url("") + path).status_code == 404


def test_a_look_ahead_does_not_use_up_the_token() -> None:
    page = Page()
    for headers in ({"sec-purpose": "prefetch;prerender"}, {"purpose": "prefetch"}):
        answer = page.browser.get("/start", params={"token": TOKEN}, headers=headers)
        assert answer.status_code == 405 and "set-cookie" not in answer.headers
    assert page.browser.head("/start", params={"token": TOKEN}).status_code == 405
    assert page.start().get("/").status_code == 200


def test_a_long_body_is_refused_before_it_is_parsed(page: Page) -> None:
    headers = OWN | {"x-csrf": page.csrf(), "content-type": "application/json"}
    answer = page.browser.post("/api/answers", content=b"[" * (MOST_BYTES + 1), headers=headers)
    assert answer.status_code == 413 and page.queue.reviews.sent == []


def test_a_long_body_without_a_length_is_refused_as_soon_as_it_is_too_long(page: Page) -> None:
    headers = OWN | {"x-csrf": page.csrf(), "content-type": "application/json"}
    answer = page.browser.post("/api/answers", content=iter([b"[" * 65_536] * 10), headers=headers)
    assert answer.status_code == 413


@pytest.mark.parametrize("kind", ["", "text/plain", "multipart/form-data; boundary=x", "application/xml"])
def test_a_body_that_a_form_of_another_page_could_send_unasked_is_refused(page: Page, kind: str) -> None:
    headers = OWN | {"x-csrf": page.csrf(), "content-type": kind}
    assert page.browser.post("/api/answers", content=b"{}", headers=headers).status_code == 415


@pytest.mark.parametrize("body", [b"a=\xff", b"&".join(b"a%d=1" % i for i in range(1000))])
def test_a_form_that_cannot_be_read_is_one_sentence(page: Page, body: bytes) -> None:
    headers = OWN | {"x-csrf": page.csrf(), "content-type": FORM}
    answer = page.browser.post("/asset/a0/answer", content=body, headers=headers)
    assert answer.status_code == 400 and "The form cannot be read." in answer.text


def test_a_get_changes_nothing(page: Page) -> None:
    assert page.get("/asset/a0/answer?verdict=accept&tag=Musician&version=100").status_code == 404
    assert page.queue.reviews.sent == []


def test_scripts_get_errors_as_json(page: Page) -> None:
    answer = page.get("/api/nothing")
    assert (answer.status_code, answer.json()) == (404, {"error": {"message": "There is no such page."}})


def test_who_has_no_session_learns_only_how_to_open_one() -> None:
    text = Page().get("/asset/a0").text
    (sentence,) = re.findall(r'<p role="alert">(.*?)</p>', text)
    assert sentence.startswith("This browser has no session") and "<nav" not in text and "prod" not in text
