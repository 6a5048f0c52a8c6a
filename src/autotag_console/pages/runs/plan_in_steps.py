"""The plan of a run where nothing goes on after an answer: each request makes a step, and the form carries the plan.

The pages and the forms are those of ``plan``. Without scripts, a button goes on.
"""

import secrets
import time
from typing import Annotated

from anyio import to_thread
from msgspec import Meta
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from autotag.domain.errors import Conflict, Retryable
from autotag.service.rules.publish import ShowRules
from autotag_console.ask import ActiveRules, RulesAnswer, ask_of, asked
from autotag_console.fields import read_fields
from autotag_console.pages.runs.choices import PATH, Choices, Confirmed, active_of, filled, show_plan, started_before
from autotag_console.runs.plans import Plan
from autotag_console.runs.sealed import open_plan, seal_plan
from autotag_console.runs.steps import PartialPlan, begin, go_on
from autotag_console.sign_in.sealed import LONGEST
from autotag_console.views.runs import Run

_STEP_SECONDS = 6.0
"""How long a step looks on before it answers: often enough to see that it goes on, and few presses without scripts."""


class _Step(Confirmed, frozen=True, omit_defaults=True):
    """The forms of the page; ``plan`` is what is planned by now, sealed."""

    plan: Annotated[str, Meta(max_length=LONGEST)] = ""


async def show(request: Request) -> Response:
    """Show the choices."""
    choices = read_fields(filled(request.query_params), Choices)
    active = await active_of(request)
    choices.request(active)
    return await show_plan(request, choices, active, None, {})


async def make(request: Request) -> Response:
    """Make a step of the plan, the first one if the form has none, and show what there is."""
    form = read_fields(filled(request.state.form), _Step, "form", strict=False)
    active = await active_of(request)
    plan = _opened(request, form) if form.plan else begin(form.request(active), active, secrets.token_hex(16))
    if plan.rules.version != active.version:
        return await _shown(request, plan, active)
    _check_choices(form, plan, active)
    end = time.monotonic() + min(_STEP_SECONDS, request.app.state.settings.patience)
    try:
        plan = await to_thread.run_sync(go_on, ask_of(request), plan, lambda: time.monotonic() < end)
    except Retryable as error:  # what there was is not lost
        return await _shown(request, plan, active, fault=str(error))
    return await _shown(request, plan, active)


async def start(request: Request) -> Response:
    """Start what was planned. A plan starts one run, however often its form is sent: the run's id is sealed in it."""
    form = read_fields(filled(request.state.form), _Step, "form", strict=False)
    plan = _opened(request, form)
    if not plan.is_complete:
        raise Conflict("the plan is not complete: go on with it first")
    active = (await asked(request, ShowRules(), RulesAnswer)).active
    if plan.rules.version != active.version:
        return await started_before(request, plan.run)
    _check_choices(form, plan, active)
    if wrong := form.fault(plan.totals):
        return await _shown(request, plan, active, wrong=wrong)
    try:
        await asked(request, form.start(plan.request, plan.run), Run)
    except Conflict:  # the form was sent before, perhaps with another pace
        return await started_before(request, plan.run)
    return RedirectResponse(f"/runs/{plan.run}", 303)


async def _shown(
    request: Request, plan: PartialPlan, active: ActiveRules, *, fault: str = "", wrong: str = ""
) -> Response:
    choices = read_fields(filled(request.state.form), Choices, "form")
    plan, sealed = seal_plan(request.app.state.sealer, request.state.session.caller, plan)
    outdated = plan.rules.version != active.version
    shown = {
        "so_far": None if plan.is_complete or outdated else plan.totals.seen,
        "sealed": "" if outdated else sealed,
        "cut": plan.cut,
    }
    made = Plan(plan.rules, plan.totals) if plan.is_complete or outdated else None
    return await show_plan(
        request, choices, active, made, shown, fault=fault, wrong=wrong, status=503 if fault else 200
    )


def _opened(request: Request, form: _Step) -> PartialPlan:
    return open_plan(request.app.state.sealer, request.state.session.caller, form.plan)


def _check_choices(form: _Step, plan: PartialPlan, active: ActiveRules) -> None:
    if form.request(active) != plan.request:
        raise Conflict("other assets were chosen than those of the plan: make it again")


routes = [
    Route(PATH, show),
    Route(PATH, make, methods=["POST"]),
    Route("/runs", start, methods=["POST"]),
]
