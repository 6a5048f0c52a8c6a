"""The console at a library that workers and a poller go through, as time passes."""

import re
from html import unescape
from typing import Any

from starlette.testclient import TestClient

from autotag.domain.runs.run import Run
from autotag_console.app import create_app
from tests.unit.autotag_cli.fake_library import FakeLibrary
from tests.unit.autotag_console.console_page import ORIGIN, SETTINGS, FakeAsk, Page


class LibraryPage(Page):
    """A browser with a session at a library of 12 assets: newer rules would change the tags of 9 of them."""

    def __init__(self, size: int = 12) -> None:
        self.library = FakeLibrary(size)
        self.ask = FakeAsk(self.library)
        self.app = create_app(self.ask, SETTINGS)
        self.browser = TestClient(self.app, base_url=ORIGIN, raise_server_exceptions=False)
        self.start()

    def post(self, path: str, **fields: str) -> Any:
        """Send a form, and return the answer without following where it leads."""
        headers = {"origin": "null", "sec-fetch-site": "same-origin"}
        data = {"csrf": self.csrf(), **fields}
        return self.browser.post(path, data=data, headers=headers, follow_redirects=False)

    def plan(self, address: str = "/runs/new", **fields: str) -> str:
        """Make a plan, and return the page with it."""
        answer = self.post("/runs/new", **fields)
        assert answer.status_code == 303, words(answer.text)
        self.app.state.plans.join()
        return str(self.get(answer.headers["location"]).text)

    def begin(self, page: str, **fields: str) -> Any:
        """Send the form that starts what a page shows."""
        form = page.split('<form id="start"')[1].split("</form>")[0]
        hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', form))
        return self.post("/runs", **(hidden | fields))

    def run_to_the_end(self) -> Run:
        """Let time pass until the last run is not running any more."""
        for _ in range(200):
            if self.run.status != "running":
                break
            self.library.sleep(30)
        return self.run

    @property
    def run(self) -> Run:
        """The last run."""
        return self.library.run


def words(text: str) -> str:
    """Return what a page says, without markup."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", text.split("<main")[-1])))
