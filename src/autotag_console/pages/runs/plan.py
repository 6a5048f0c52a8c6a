"""The plan of a new run: what is chosen, what it would change, and its start. The plan of a revert: what it will undo.

Plans are made in the background, and kept by the console.
"""

import secrets
from typing import Annotated

from msgspec import Meta
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from autotag.domain.errors import AutotagError
from autotag.service.rules.publish import ShowRules
from autotag.service.runs.requests import ShowRun
from autotag_console.ask import RulesAnswer, asked
from autotag_console.fields import read_fields
from autotag_console.kept import in_time
from autotag_console.pages.runs.choices import PATH, Choices, Confirmed, active_of, filled, show_plan, started_before
from autotag_console.runs.plans import Plan, Plans
from autotag_console.views.runs import Run


class _Start(Confirmed, frozen=True, omit_defaults=True, kw_only=True):
    """The form that starts a run; ``run`` is its id."""

    run: Annotated[str, Meta(pattern=r"^[0-9a-f]{32}$")]


async def show(request: Request) -> Response:
    """Show the choices, and the plan as far as it is made."""
    return await _shown(request, read_fields(filled(request.query_params), Choices))


async def make(request: Request) -> Response:
    """Begin to make the plan, and show the page."""
    choices = read_fields(filled(request.state.form), Choices, "form")
    plans: Plans = request.app.state.plans
    plans.start(choices.request(await active_of(request)))
    return RedirectResponse(choices.address, 303)


async def start(request: Request) -> Response:
    """Start what was planned. A form that is sent twice starts one run, since its id stands in the form."""
    form = read_fields(filled(request.state.form), _Start, "form", strict=False)
    plans: Plans = request.app.state.plans
    planned = form.request(active := (await asked(request, ShowRules(), RulesAnswer)).active)
    background = plans.of(planned)
    plan = background.last.value if background and background.last else None
    if plan is None or plan.rules.version != active.version:
        return await started_before(request, form.run)
    if wrong := form.fault(plan.totals):
        return await _shown(request, read_fields(filled(request.state.form), Choices, "form"), wrong)
    await asked(request, form.start(planned, form.run), Run)
    plans.forget(planned)
    await in_time(request, _advanced(request, form.run))
    return RedirectResponse(f"/runs/{form.run}", 303)


async def _shown(request: Request, choices: Choices, wrong: str = "") -> Response:
    active = await active_of(request)
    plans: Plans = request.app.state.plans
    background = plans.of(choices.request(active))
    plan: Plan | None = background.last.value if background and background.last else None
    shown = {"progress": background.progress if background else None, "run": secrets.token_hex(16)}
    fault = background.fault if background else ""
    return await show_plan(request, choices, active, plan, shown, fault=fault, wrong=wrong)


async def _advanced(request: Request, run_id: str) -> None:
    """Have the service begin at once; without it, the poller does within a minute."""
    try:
        await asked(request, ShowRun(run_id, advance=True), Run)
    except AutotagError:
        return  # the run is started, and its page says how far it is


routes = [
    Route(PATH, show),
    Route(PATH, make, methods=["POST"]),
    Route("/runs", start, methods=["POST"]),
]
