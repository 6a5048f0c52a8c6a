"""What reaches the console over HTTP from elsewhere gets nothing: no page, no answer of the stack, no change."""

import json
import re

import pytest

from autotag.domain.model.messages import ReviewAnswered
from tests.integration.autotag_console.process.conftest import Stack
from tests.integration.autotag_console.process.console_process import Answer, Console, ConsoleProcess
from tests.integration.autotag_console.process.ops_server import CLOUDINARY_SECRET

ANSWER = json.dumps({"decisions": [{"asset": "a0", "tag": "Musician", "verdict": "accept", "version": 100}]})
PAGES = ("/", "/asset/a0", "/rules", "/runs", "/health", "/api/health", "/review", "/nothing-there")
OF_THE_STACK = ("Musician", "stage/a0", "prod", "threshold", "csrf")


def gets_nothing(answer: Answer, status: int) -> None:
    """Check that an answer is a refusal that says nothing about the stack."""
    assert answer.status == status
    assert "set-cookie" not in answer.headers
    assert [word for word in OF_THE_STACK if word in answer.body] == []


@pytest.mark.parametrize("path", PAGES)
def test_a_missing_token_gets_nothing(console: Console, stack: Stack, path: str) -> None:
    gets_nothing(console.request("GET", path), 401)
    gets_nothing(console.request("GET", path, {"cookie": f"autotag-{console.port}=guessed"}), 401)
    assert stack.asked == []


def test_a_wrong_token_gets_nothing_and_leaves_the_right_one_valid(console: Console) -> None:
    for path in ("/start", "/start?token=", "/start?token=guessed", f"/start?token={console.token}x"):
        gets_nothing(console.request("GET", path), 401)
    assert console.open_session()


def test_a_stolen_url_gets_nothing(console: Console) -> None:
    cookie = console.open_session()
    gets_nothing(console.request("GET", console.start_path), 401)
    gets_nothing(console.request("GET", console.start_path, {"cookie": cookie}), 401)
    assert console.request("GET", "/health", {"cookie": cookie}).status == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:{port}", "127.0.0.1", "127.0.0.1:1", "127.0.0.1.evil.example:{port}", ""]
)
def test_a_foreign_host_gets_nothing(console: Console, stack: Stack, host: str) -> None:
    host = host.format(port=console.port)
    gets_nothing(console.request("GET", console.start_path, {"host": host}), 421)
    cookie = console.open_session()
    gets_nothing(console.request("GET", "/asset/a0", {"cookie": cookie, "host": host}), 421)
    gets_nothing(console.request("GET", "/static/x/console.css", {"host": host}), 421)
    assert stack.asked == []


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost", "[::1]", "LocalHost"])
def test_the_names_of_this_machine_are_answered(console: Console, name: str) -> None:
    answer = console.request("GET", console.start_path, {"host": f"{name}:{console.port}"})
    assert answer.status == 303


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "https://evil.example", "sec-fetch-site": "cross-site"},
        {"origin": "http://127.0.0.1:1", "sec-fetch-site": "same-site"},
        {"origin": "{own}", "sec-fetch-site": "cross-site"},
        {"origin": "https://{host}"},
        {"origin": "null"},
        {"origin": "null", "sec-fetch-site": "cross-site"},
        {},
    ],
    ids=lambda headers: " ".join(headers.values()) or "none",
)
def test_a_page_of_another_origin_gets_nothing(console: Console, stack: Stack, headers: dict[str, str]) -> None:
    """Even with the session's cookie and its CSRF token, which it cannot know."""
    cookie = console.open_session()
    known = {"cookie": cookie, "x-csrf": console.csrf(cookie), "content-type": "application/json"}
    sent = {name: value.format(own=console.origin, host=console.host) for name, value in headers.items()}
    before = len(stack.asked)

    gets_nothing(console.request("POST", "/api/answers", known | sent, ANSWER), 403)
    form = known | {"content-type": "application/x-www-form-urlencoded"}
    body = "verdict=accept&tag=Musician&version=100"
    gets_nothing(console.request("POST", "/asset/a0/answer", form | sent, body), 403)
    assert len(stack.asked) == before and stack.queue.reviews.sent == []


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
@pytest.mark.parametrize(("mode", "dest"), [("no-cors", "image"), ("cors", "empty"), ("navigate", "iframe")])
def test_another_site_cannot_load_a_page_into_its_own(console: Console, site: str, mode: str, dest: str) -> None:
    cookie = console.open_session()
    metadata = {"sec-fetch-site": site, "sec-fetch-mode": mode, "sec-fetch-dest": dest}
    gets_nothing(console.request("GET", "/asset/a0", {"cookie": cookie, **metadata}), 403)


def test_a_link_from_another_site_may_be_followed_by_whom_it_leads_to(console: Console) -> None:
    """The browser keeps the cookie back; where it does not (another port of this machine), the page opens."""
    cookie = console.open_session()
    metadata = {"sec-fetch-site": "same-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}
    assert console.request("GET", "/health", {"cookie": cookie, **metadata}).status == 200


@pytest.mark.parametrize(
    ("path", "link"),
    [
        ("/asset/stage%2Fb0?said=done", "/asset/stage%2Fb0?said=done"),
        ("//evil.example/x", "/evil.example/x"),
        ("/?%22%3E%3Cscript%3E", "/?%22%3E%3Cscript%3E"),
        ("/\\\\evil.example", "/\\\\evil.example"),
    ],
)
def test_a_cookie_that_was_kept_back_comes_with_a_click(console: Console, path: str, link: str) -> None:
    metadata = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}
    answer = console.request("GET", path, metadata)
    gets_nothing(answer, 401)
    assert re.findall(r'<a href="(.*?)">Open the page</a>', answer.body) == [link]
    assert "Open the page" not in console.request("GET", path).body


@pytest.mark.parametrize("csrf", ["", "guessed"])
def test_a_change_without_the_csrf_token_of_the_session_is_refused(console: Console, stack: Stack, csrf: str) -> None:
    own = {"cookie": console.open_session(), "origin": console.origin, "sec-fetch-site": "same-origin"}
    form = own | {"content-type": "application/x-www-form-urlencoded"}
    body = f"csrf={csrf}&verdict=accept&tag=Musician&version=100"
    gets_nothing(console.request("POST", "/asset/a0/answer", form, body), 403)
    script = own | {"content-type": "application/json", "x-csrf": csrf}
    gets_nothing(console.request("POST", "/api/answers", script, ANSWER), 403)
    assert stack.queue.reviews.sent == []


def test_a_person_s_own_page_may_answer(console: Console, stack: Stack) -> None:
    """A form of a page that sends no referrers has the origin ``null``; that it is the own one, the browser says."""
    cookie = console.open_session()
    headers = {"cookie": cookie, "origin": "null", "sec-fetch-site": "same-origin"}
    form = headers | {"content-type": "application/x-www-form-urlencoded"}
    body = f"csrf={console.csrf(cookie)}&verdict=accept&tag=Musician&version=100"

    answer = console.request("POST", "/asset/a0/answer", form, body)

    assert (answer.status, answer.headers["location"]) == (303, "/asset/a0?said=queued")
    (sent,) = stack.queue.reviews.sent
    assert isinstance(sent, ReviewAnswered) and sent.accept == ("Musician",)


def test_the_cookie_is_for_this_port_and_for_no_script(console: Console) -> None:
    header = console.request("GET", console.start_path).headers["set-cookie"]
    name, *attributes = (part.strip() for part in header.split(";"))
    assert name.startswith(f"autotag-{console.port}=") and len(name) > 50
    assert {each.lower() for each in attributes} == {"httponly", "path=/", "samesite=strict"}


def test_no_secret_is_in_any_answer_or_output(process: ConsoleProcess) -> None:
    cookie = process.open_session()
    answers = [process.request("GET", path, {"cookie": cookie}) for path in (*PAGES, process.start_path)]
    answers.append(process.request("POST", "/asset/a0/answer", {"cookie": cookie}, "csrf=x"))
    code, printed = process.end()

    assert code == 0
    secrets = (CLOUDINARY_SECRET, process.token, cookie.partition("=")[2])
    everything = [printed, *(f"{answer.headers}{answer.body}" for answer in answers)]
    assert [(secret, text) for text in everything for secret in secrets if secret in text] == []
