"""What goes wrong in a page: errors of scripts, refusals by its CSP, failed requests. Tests name what they expect."""

import re
from dataclasses import dataclass, field

from playwright.sync_api import BrowserContext, ConsoleMessage, Request, Response

_LEFT = "net::ERR_ABORTED"
"""The failure of a request whose page was left before the answer came."""
_READS = re.compile(r"/(rules/check|rules/complete|api/whatif|api/progress)$")
"""The paths of requests that only read, though by POST, since what they ask about is long."""


@dataclass
class PageFaults:
    """The faults of the pages of one test, in the order in which they happened."""

    happened: list[str] = field(default_factory=list)
    _expected: list[str] = field(default_factory=list)

    def expect(self, pattern: str) -> None:
        """Announce faults that match a regular expression, e.g. those of a connection that the test cuts."""
        self._expected.append(pattern)

    @property
    def unexpected(self) -> list[str]:
        """The faults that no test has announced."""
        return [fault for fault in self.happened if not any(re.search(each, fault) for each in self._expected)]

    def watch(self, context: BrowserContext) -> None:
        """Record the faults of every page that ``context`` has or opens."""
        context.on("console", self._console)
        context.on("weberror", lambda error: self.happened.append(f"script: {error.error}"))
        context.on("requestfailed", self._failed)
        context.on("response", self._answered)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.happened.append(f"console: {message.text} ({message.location['url']})")

    def _failed(self, request: Request) -> None:
        reads = request.method == "GET" or _READS.search(request.url)
        if not (reads and request.failure == _LEFT):  # what a page sends matters also after it was left
            self.happened.append(f"request: {request.method} {request.url}: {request.failure}")

    def _answered(self, response: Response) -> None:
        if response.status >= 400:
            self.happened.append(f"answer: {response.request.method} {response.url}: {response.status}")
