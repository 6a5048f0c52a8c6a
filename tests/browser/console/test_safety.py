"""What a page of another origin, a foreign name, a missing token and a stolen address get: nothing."""

import http.server
import json
import threading
from collections.abc import Iterator
from http import HTTPStatus

import pytest
from playwright.sync_api import Page, expect

from tests.browser.chromium import REBOUND
from tests.browser.conftest import NewPage
from tests.browser.console.service import Service
from tests.browser.console.serving import Console
from tests.browser.page_faults import PageFaults

PATHS = ("/", "/review", "/review/grid?tag=Musician", "/review/done", "/asset/a1", "/rules", "/runs", "/health")
ANSWER = {"decisions": [{"asset": "a1", "tag": "Musician", "verdict": "accept", "version": 100}]}
READ = """async ([url, mode]) => {
  try {
    const answer = await fetch(url, { mode, credentials: "include" });
    return [answer.type, await answer.text()];
  } catch (error) {
    return ["refused", ""];
  }
}"""
POST = """async ([url, type, body]) => {
  const init = { method: "POST", mode: "no-cors", credentials: "include", headers: { "Content-Type": type }, body };
  return fetch(url, init).then((answer) => answer.type, () => "refused");
}"""


class _Empty(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<!doctype html><title>Another site</title><link rel=icon href=data:,>")

    def log_message(self, format: str, *arguments: object) -> None:
        """Print nothing."""


@pytest.fixture(scope="module")
def another_site() -> Iterator[str]:
    """The address of a page of another origin; the port differs, so that cookies are sent all the same."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Empty)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def stranger(page: Page, page_faults: PageFaults, console: Console, service: Service, another_site: str) -> Page:
    """A page of another origin, in the browser in which the console is open."""
    service.upload("a1", {"Musician": 0.6})
    console.open(page)
    page.wait_for_load_state("networkidle")
    service.requests.clear()
    page_faults.expect("403|Cross-Origin|CORS|ERR_FAILED|ERR_BLOCKED|frame|Failed to load resource")
    page.goto(another_site)
    return page


def test_a_page_of_another_origin_reads_nothing(stranger: Page, console: Console, service: Service) -> None:
    for path in (*PATHS, "/api/review"):
        for mode in ("cors", "no-cors"):
            assert stranger.evaluate(READ, [f"{console.url}{path}", mode]) in (["refused", ""], ["opaque", ""])
    assert service.requests == []


@pytest.mark.parametrize("kind", ["application/json", "application/x-www-form-urlencoded", "text/plain"])
def test_a_page_of_another_origin_changes_nothing(
    stranger: Page, console: Console, service: Service, kind: str
) -> None:
    for path in ("/api/answers", "/review/done", "/asset/a1"):
        assert stranger.evaluate(POST, [f"{console.url}{path}", kind, json.dumps(ANSWER)]) == "refused"
    assert service.requests == [] and service.asked_about("a1") == {"Musician"}


def test_a_form_of_another_origin_changes_nothing(stranger: Page, console: Console, service: Service) -> None:
    for path in ("/api/answers", "/review/done", "/asset/a1"):
        stranger.evaluate(
            """async (action) => {
              const form = Object.assign(document.createElement("form"), { method: "post", action, target: "_blank" });
              form.append(Object.assign(document.createElement("input"), { name: "csrf", value: "guessed" }));
              document.body.append(form);
              form.submit();
            }""",
            f"{console.url}{path}",
        )
        opened = stranger.context.wait_for_event("page") if len(stranger.context.pages) == 1 else None
        opened = opened or stranger.context.pages[-1]
        opened.wait_for_load_state()
        assert "another site" in opened.locator("body").inner_text()
        opened.close()
    assert service.requests == [] and service.asked_about("a1") == {"Musician"}


def test_a_page_of_another_origin_shows_the_console_in_no_frame(stranger: Page, console: Console) -> None:
    stranger.evaluate(
        "(src) => document.body.append(Object.assign(document.createElement('iframe'), { src }))", console.url
    )
    frame = stranger.frame_locator("iframe")
    expect(frame.locator("nav")).to_have_count(0)


def test_a_name_that_was_made_to_lead_here_gets_nothing(
    page: Page, page_faults: PageFaults, console: Console, service: Service
) -> None:
    page_faults.expect(f"//{REBOUND}")
    for path in (*PATHS, console.start_url.removeprefix(console.url)):
        answer = page.goto(console.url.replace("127.0.0.1", REBOUND) + path)
        assert answer is not None and answer.status == 421
        assert page.locator("nav, meta[name=csrf]").count() == 0 and service.decisions == []
    console.open(page)  # and the token is still good


def test_the_address_that_opens_the_console_works_once(
    page: Page, new_page: NewPage, page_faults: PageFaults, console: Console, service: Service
) -> None:
    console.open(page)
    thief = new_page()
    page_faults.expect("401")
    for path in (console.start_url.removeprefix(console.url), *PATHS):
        service.requests.clear()
        answer = thief.goto(f"{console.url}{path}")
        assert answer is not None and answer.status == 401
        assert service.requests == [] and thief.locator("nav, meta[name=csrf]").count() == 0


def test_the_token_is_in_no_address_that_a_page_could_pass_on(page: Page, console: Console) -> None:
    console.open(page)
    token = console.start_url.partition("token=")[2]
    assert page.url == f"{console.url}/" and token not in page.content()
    assert page.evaluate("document.cookie") == ""


def test_a_request_without_the_pages_token_changes_nothing(
    page: Page, page_faults: PageFaults, console: Console, service: Service
) -> None:
    service.upload("a1", {"Musician": 0.6})
    console.open(page)
    page_faults.expect("403")
    for headers in ({}, {"X-CSRF": ""}, {"X-CSRF": "guessed"}):
        status = page.evaluate(
            """async ([body, headers]) => (await fetch("/api/answers", {
              method: "POST", headers: { "Content-Type": "application/json", ...headers }, body,
            })).status""",
            [json.dumps(ANSWER), headers],
        )
        assert status == 403
    assert service.decisions == [] and service.asked_about("a1") == {"Musician"}
