"""A tab whose process was killed, and that the person loads again, as its "Reload" button does."""

import json
import os
import signal
from typing import Any

from playwright.sync_api import CDPSession, Page

from local.core.waiting import until


class CrashedTab:
    """The tab of a page that is killed: none of the page's scripts runs any more, not even when it is left.

    Playwright gives up such a page, so that the tab is driven by the protocol of the developer tools.
    """

    def __init__(self, page: Page) -> None:
        browser = page.context.browser
        assert browser is not None
        self._tools, self._replies = browser.new_browser_cdp_session(), dict[int, dict[str, Any]]()
        target = _target_of(page)
        processes = self._tools.send("SystemInfo.getProcessInfo")["processInfo"]
        with page.expect_event("crash"):
            for process in processes:
                if process["type"] == "renderer":
                    os.kill(process["id"], signal.SIGKILL)
        self._tools.on("Target.receivedMessageFromTarget", self._receive)
        attached = self._tools.send("Target.attachToTarget", {"targetId": target, "flatten": False})
        self._session = attached["sessionId"]

    def reload(self) -> None:
        """Load the page again, and wait until it is there."""
        self._send("Page.reload")
        until(lambda: self.evaluate("document.readyState") == "complete", "the tab to be loaded again", within=15)

    def evaluate(self, expression: str) -> Any:
        """Return the value of a JavaScript expression in the tab."""
        return self._send("Runtime.evaluate", expression=expression).get("result", {}).get("value")

    def _send(self, method: str, **parameters: Any) -> dict[str, Any]:
        number = len(self._replies) + 1
        message = json.dumps({"id": number, "method": method, "params": parameters})
        self._tools.send("Target.sendMessageToTarget", {"sessionId": self._session, "message": message})
        return until(lambda: self._reply(number), f"the tab to answer {method}", within=15, every=0.02)

    def _reply(self, number: int) -> dict[str, Any] | None:
        self._tools.send("Target.getTargets")  # lets what was received meanwhile come in
        return self._replies.get(number)

    def _receive(self, event: dict[str, Any]) -> None:
        message = json.loads(event["message"])
        if "id" in message:
            self._replies[message["id"]] = message.get("result") or {"failed": message.get("error")}


def _target_of(page: Page) -> str:
    session: CDPSession = page.context.new_cdp_session(page)
    target = str(session.send("Target.getTargetInfo")["targetInfo"]["targetId"])
    session.detach()
    return target
