"""The active rules, each line with an address."""

from functools import lru_cache
from typing import NamedTuple

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from autotag.domain.errors import Invalid
from autotag.domain.rules.compiled.ruleset import Ruleset
from autotag.domain.rules.parse import parse_rules
from autotag.service.rules.publish import ShowRules
from autotag_console.ask import ActiveRules, RulesAnswer
from autotag_console.kept import Kept
from autotag_console.rendering import render

KEPT_SECONDS = 5.0


class ActiveRuleset(NamedTuple):
    """The active rules, compiled, and their text."""

    ruleset: Ruleset
    text: str


async def active_rules(request: Request) -> ActiveRules:
    """Return the active rules with their text, at most a few seconds old. Raises what ``asked`` raises."""
    kept: Kept = request.app.state.kept
    return (await kept.asked(request, ShowRules(text=True), RulesAnswer, KEPT_SECONDS)).active


async def active_ruleset(request: Request) -> ActiveRuleset:
    """Return the active rules, at most a few seconds old. Raises ``Invalid`` if they cannot be read."""
    active = await active_rules(request)
    if active.text is None:
        raise Invalid("the active rules", active.fault or "they cannot be read")
    return ActiveRuleset(await to_thread.run_sync(_compiled, active.text, tuple(active.sets.items())), active.text)


@lru_cache(maxsize=2)
def _compiled(text: str, sets: tuple[tuple[str, tuple[str, ...]], ...]) -> Ruleset:
    return Ruleset(parse_rules(text, "the active rules"), dict(sets))


async def rules(request: Request) -> Response:
    """Show the active rules."""
    active = await active_rules(request)
    lines = [line.expandtabs(4) for line in (active.text or "").splitlines()]
    pushed = request.query_params.get("pushed", "") == str(active.seq)  # a push led here, and none came after it
    shown = {"active": active, "lines": lines, "pushed": pushed}
    return render(request, "rules.html", shown)


routes = [Route("/rules", rules)]
