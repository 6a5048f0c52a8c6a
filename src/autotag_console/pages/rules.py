"""The active rules, each line with an address."""

from typing import Any

from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from autotag.service.rules.publish import ShowRules
from autotag_console.kept import Kept
from autotag_console.rendering import render

KEPT_SECONDS = 5.0


class ActiveRules(Struct, frozen=True):
    """The active rules. ``fault`` is why they cannot be read; then there is no ``text``. ``seq`` 0: deployed ones."""

    version: str
    seq: int
    name: str | None
    fault: str | None
    text: str | None = None
    pushed_by: str | None = None
    pushed_at: str | None = None


class RulesAnswer(Struct, frozen=True):
    """The ops function's answer about rules."""

    active: ActiveRules
    last_good: dict[str, Any] | None = None


async def active_rules(request: Request) -> ActiveRules:
    """Return the active rules with their text, at most a few seconds old. Raises what ``asked`` raises."""
    kept: Kept = request.app.state.kept
    return (await kept.asked(request, ShowRules(text=True), RulesAnswer, KEPT_SECONDS)).active


async def rules(request: Request) -> Response:
    """Show the active rules."""
    active = await active_rules(request)
    lines = [line.expandtabs(4) for line in (active.text or "").splitlines()]
    pushed = request.query_params.get("pushed", "") == str(active.seq)  # a push led here, and none came after it
    shown = {"active": active, "lines": lines, "pushed": pushed}
    return render(request, "rules.html", shown)


routes = [Route("/rules", rules)]
