"""The browser of the tests: it starts, and what is wrong with a page does not pass unseen."""

import http.server
import threading
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from tests.browser.axe import axe_findings
from tests.browser.crashed_tab import CrashedTab
from tests.browser.page_faults import PageFaults

PAGE = """<!doctype html><html lang="en"><head><title>A page</title></head>
<body><main><h1>A page</h1><p>{body}</p></main></body></html>"""
PAGES = {
    "/": PAGE.format(body="of text"),
    "/inline": PAGE.format(body='<script>document.title = "ran"</script>'),
    "/broken": PAGE.format(body='<script src="/script.js"></script>'),
    "/script.js": 'throw new Error("broken on purpose")',
    "/missing": PAGE.format(body='<img src="/nothing.png" alt="nothing">'),
    "/pale": PAGE.format(body='<img src="/script.js"><span style="color:#ddd">pale</span>').replace("style=", "title="),
}


class _Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = PAGES.get(self.path, "").encode()
        self.send_response(200 if body or self.path == "/favicon.ico" else 404)
        self.send_header("Content-Type", "text/javascript" if self.path.endswith(".js") else "text/html")
        self.send_header("Content-Security-Policy", "default-src 'none'; script-src 'self'; img-src 'self'")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *arguments: object) -> None:
        """Print nothing."""


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_page_without_faults_has_none(page: Page, page_faults: PageFaults, site: str) -> None:
    page.goto(site)
    assert page.title() == "A page" and page.locator("p").inner_text() == "of text"
    assert (page_faults.happened, axe_findings(page)) == ([], [])


@pytest.mark.parametrize(
    ("path", "fault"),
    [
        ("/inline", "console: .*Content Security Policy"),
        ("/broken", "script: .*broken on purpose"),
        ("/missing", r"answer: GET .*nothing\.png: 404"),
        ("/nowhere", "answer: GET .*/nowhere: 404"),
    ],
)
def test_a_fault_of_a_page_is_noticed(page: Page, page_faults: PageFaults, site: str, path: str, fault: str) -> None:
    page.goto(f"{site}{path}")
    assert len(page_faults.unexpected) in (1, 2)
    page_faults.expect(fault)
    page_faults.expect("console: Failed to load resource")
    assert page_faults.unexpected == []


def test_a_connection_that_is_cut_is_noticed(page: Page, page_faults: PageFaults, site: str) -> None:
    page.goto(site)
    page.context.set_offline(True)
    page.evaluate("() => fetch('/').catch(() => null)")
    page_faults.expect("request: GET .*ERR_INTERNET_DISCONNECTED")
    page_faults.expect("console: .*Content Security Policy")
    assert page_faults.happened


def test_what_is_not_accessible_is_found_in_light_and_dark(page: Page, page_faults: PageFaults, site: str) -> None:
    page_faults.expect("console")
    page.goto(f"{site}/pale")
    assert [finding.split(": ")[:2] for finding in axe_findings(page)] == [
        ["light", "image-alt"],
        ["dark", "image-alt"],
    ]


def test_a_tab_that_crashed_can_be_loaded_again_and_the_browser_runs_on(page: Page, site: str) -> None:
    page.goto(site)
    page.evaluate("() => addEventListener('pagehide', () => sessionStorage.setItem('left', 'in order'))")
    page.evaluate("() => sessionStorage.setItem('kept', 'yes')")
    tab = CrashedTab(page)
    tab.reload()
    assert tab.evaluate("[document.title, sessionStorage.kept, sessionStorage.left].join()") == "A page,yes,"
    another = page.context.new_page()
    another.goto(site)
    assert another.title() == "A page"
