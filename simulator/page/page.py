"""A web page that shows the environment: assets with labels and tags, deliveries, triggers, channels and calls."""

import heapq
from collections import Counter
from fnmatch import fnmatchcase

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from simulator.core.clock import iso_seconds
from simulator.environment import Environment
from simulator.page.html import Html, element, section, void
from simulator.page.rows import asset_row, call_row, delivery_row, detect_row, trigger_row

_ROWS = 50
_REFRESH_SECONDS = "2"
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'",
}
_STYLE = Html("""
body { font: 14px/1.45 system-ui, sans-serif; margin: 1.5rem; color: #222; background: #fff; }
h1 { font-size: 1.3rem; } h2 { font-size: 1.05rem; margin: 1.6rem 0 .4rem; } .none, small { color: #666; }
.wide { overflow-x: auto; } table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .25rem .6rem .25rem 0; border-bottom: 1px solid #ddd; }
td { overflow-wrap: anywhere; } .tag, .label { display: inline-block; padding: 0 .4rem; border-radius: .6rem; }
.tag { background: #dceeff; } .label { background: #f0f0f0; color: #555; }
.became { background: #d5f2d9; color: #124d1c; font-weight: 600; } .bad { color: #a40000; font-weight: 600; }
""")


class Page:
    """The handler of the page. The page refreshes itself and loads no other resource."""

    def __init__(self, environment: Environment) -> None:
        self._environment = environment

    def routes(self) -> list[Route]:
        """Return the route of the page below ``/_simulator``."""
        return [Route("/", self._serve)]

    async def _serve(self, request: Request) -> Response:
        pattern = request.query_params.get("public_id", "")
        text = f"<!DOCTYPE html>\n{self._page(pattern)}\n"
        return Response(text.encode(errors="replace"), 200, _HEADERS, media_type="text/html")

    def _page(self, pattern: str) -> Html:
        title = f"Simulated Cloudinary: {self._environment.account.cloud_name}"
        head = element(
            "head",
            void("meta", charset="utf-8"),
            void("meta", http_equiv="refresh", content=_REFRESH_SECONDS),
            void("meta", name="viewport", content="width=device-width"),
            element("title", title),
            element("style", _STYLE),
        )
        body = element(
            "body",
            element("h1", title),
            self._summary(),
            self._assets(pattern),
            self._deliveries(),
            self._triggers(),
            self._channels(),
            self._calls(),
            self._detect_calls(),
        )
        return element("html", head, body, lang="en")

    def _summary(self) -> Html:
        environment = self._environment
        used, limit = environment.budget.used, environment.settings.current.admin_limit
        return element(
            "p",
            f"{len(environment.store)} assets · {used} of {limit} Admin calls in this hour · ",
            f"{environment.background.running} background tasks · clock {iso_seconds(environment.clock.now())}",
        )

    def _assets(self, pattern: str) -> Html:
        store = self._environment.store
        assets = store if not pattern else [a for a in store if fnmatchcase(a.public_id, pattern)]
        latest = heapq.nlargest(_ROWS, assets, key=lambda asset: (asset.version, asset.created_at))
        field = void("input", name="public_id", aria_label="public_id", placeholder="zoo/*", value=pattern)
        return element(
            "div",
            section(
                f"Assets, the latest {_ROWS}",
                ("Asset", "Version", "Tags", "Labels (highlighted: became tags)"),
                [asset_row(asset) for asset in latest],
                "No asset." if not pattern else f"No asset matches {pattern}.",
            ),
            element("form", field, element("button", "Show")),
        )

    def _deliveries(self) -> Html:
        return section(
            f"Deliveries, the latest {_ROWS}",
            ("At", "Notification", "To", "Attempt", "Outcome"),
            [delivery_row(attempt) for attempt in reversed(self._environment.deliverer.attempts[-_ROWS:])],
            "No deliveries.",
        )

    def _triggers(self) -> Html:
        return section(
            "Triggers",
            ("Event type", "URI", "Signatures", "Also"),
            [trigger_row(trigger) for trigger in self._environment.triggers.listed()],
            "No trigger.",
        )

    def _channels(self) -> Html:
        messages, now = self._environment.channels.unacknowledged(), self._environment.clock.now()
        buffered = Counter(message.address for message in messages)
        claimed = Counter(message.address for message in messages if message.visible_at > now)
        return section(
            "Poll channels",
            ("Channel or batch", "Messages", "Received and not acknowledged"),
            [(address, count, claimed[address]) for address, count in buffered.items()],
            "No messages.",
        )

    def _calls(self) -> Html:
        return section(
            f"Calls, the latest {_ROWS}",
            ("At", "Call", "Key", "Status", "Milliseconds"),
            [call_row(record) for record in reversed(self._environment.calls.records[-_ROWS:])],
            "No calls.",
        )

    def _detect_calls(self) -> Html:
        records = self._environment.rekognition.calls.records[-_ROWS:]
        return section(
            f"DetectLabels, the latest {_ROWS}",
            ("At", "Image", "Model", "Labels", "Status"),
            [detect_row(record) for record in reversed(records)],
            "No calls of Rekognition.",
        )
