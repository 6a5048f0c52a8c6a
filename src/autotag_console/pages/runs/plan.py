"""The plan of a new run: what is chosen, what it would change, and its start. The plan of a revert: what it will undo.

The address ``/runs/new`` takes the choices as ``folder``, ``public_id``, ``tag``, ``status``, ``rules=older`` (assets
that were decided by earlier rules) or ``undo`` (a run's id), so that other pages can lead to it.
"""

import secrets
from typing import Annotated, Any, Literal
from urllib.parse import urlencode

import msgspec
from msgspec import Meta, Struct
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from autotag.domain.errors import AutotagError, Conflict, Invalid
from autotag.domain.runs.run import RATE, Filter, RevertSelection
from autotag.domain.state.asset_state import Status
from autotag.service.rules.publish import ShowRules
from autotag.service.runs.requests import PlanRun, ShowRun, StartRun
from autotag_console.ask import ActiveRules, RulesAnswer, asked
from autotag_console.fields import read_fields
from autotag_console.kept import Kept, in_time
from autotag_console.pages.runs.one import shown_run
from autotag_console.refusals import sentence_of
from autotag_console.rendering import render
from autotag_console.runs.plans import Plan, Plans
from autotag_console.views.run_plan import plan_view
from autotag_console.views.runs import Run

_PATH = "/runs/new"
_STATUSES: tuple[Status, ...] = ("tagged", "unchanged", "skipped", "failed")
_RULES_SECONDS = 5.0
_Text = Annotated[str, Meta(max_length=1024)]


class Choices(Struct, frozen=True, omit_defaults=True):
    """Which assets a run is about, or which run is undone."""

    folder: _Text = ""
    public_id: _Text = ""
    tag: Annotated[str, Meta(max_length=255)] = ""
    status: Literal["", Status] = ""
    rules: Literal["", "older"] = ""
    undo: Annotated[str, Meta(pattern=r"^([0-9a-f]{32})?$")] = ""

    @property
    def address(self) -> str:
        """The page's address with these choices."""
        chosen = urlencode(msgspec.to_builtins(self))
        return f"{_PATH}?{chosen}" if chosen else _PATH

    def request(self, active: ActiveRules) -> PlanRun:
        """Return what is to be planned. Raises ``Invalid`` if no rules can be older than the ``active`` ones."""
        if self.undo:
            return PlanRun(action="revert", undo=RevertSelection(run=self.undo))
        if self.rules and not active.seq:
            raise Invalid("rules", "rules were never pushed to this stack, so none are older")
        return PlanRun(
            action="retag",
            filter=Filter(
                folder=self.folder,
                public_id=self.public_id,
                tag=self.tag,
                statuses=(self.status,) if self.status else (),
                rules_before=active.seq if self.rules else 0,
            ),
        )


class _Start(Choices, frozen=True, omit_defaults=True, kw_only=True):
    """The form that starts a run: ``run`` is its id, ``count`` what a person typed to confirm a revert."""

    run: Annotated[str, Meta(pattern=r"^[0-9a-f]{32}$")]
    rate: Annotated[int, Meta(ge=1, le=1000)] = RATE
    max_calls: Annotated[int, Meta(ge=0)] = 0
    count: str = ""


async def show(request: Request) -> Response:
    """Show the choices, and the plan as far as it is made."""
    return await _shown(request, read_fields(_filled(request.query_params), Choices))


async def make(request: Request) -> Response:
    """Begin to make the plan, and show the page."""
    choices = read_fields(_filled(request.state.form), Choices, "form")
    plans: Plans = request.app.state.plans
    plans.start(choices.request(await _active(request)))
    return RedirectResponse(choices.address, 303)


async def start(request: Request) -> Response:
    """Start what was planned. A form that is sent twice starts one run, since its id stands in the form."""
    form = read_fields(_filled(request.state.form), _Start, "form", strict=False)
    plans: Plans = request.app.state.plans
    planned = form.request(active := (await asked(request, ShowRules(), RulesAnswer)).active)
    background = plans.of(planned)
    plan = background.last.value if background and background.last else None
    if plan is None or plan.rules.version != active.version:
        return await _started_before(request, form.run)
    if form.undo and form.count.replace(",", "").strip() != str(plan.totals.changed):
        wrong = f"expected {plan.totals.changed:,}, not {form.count or 'nothing'}: nothing was started"
        return await _shown(request, read_fields(_filled(request.state.form), Choices, "form"), wrong)
    await asked(
        request,
        StartRun(
            action=planned.action,
            filter=planned.filter,
            undo=planned.undo,
            rate=form.rate,
            max_calls=form.max_calls,
            run=form.run,
        ),
        Run,
    )
    plans.forget(planned)
    await in_time(request, _advanced(request, form.run))
    return RedirectResponse(f"/runs/{form.run}", 303)


async def _shown(request: Request, choices: Choices, wrong: str = "") -> Response:
    active = await _active(request)
    undone = await shown_run(request, choices.undo) if choices.undo else None
    plans: Plans = request.app.state.plans
    background = plans.of(choices.request(active))
    plan: Plan | None = background.last.value if background and background.last else None
    shown: dict[str, Any] = {
        "choices": choices,
        "statuses": _STATUSES,
        "undone": undone,
        "progress": background.progress if background else None,
        "fault": sentence_of(background.fault) if background and background.fault else "",
        "plan": plan_view(plan.totals, RATE) if plan else None,
        "rules": plan.rules if plan else active,
        "outdated": bool(plan and plan.rules.version != active.version),
        "at": background.last.at if background and background.last else 0.0,
        "run": secrets.token_hex(16),
        "rate": RATE,
        "wrong": sentence_of(wrong) if wrong else "",
    }
    return render(request, "run_new.html", shown, 400 if wrong else 200)


async def _active(request: Request) -> ActiveRules:
    """Return the active rules, of an answer of some seconds ago: the page asks again while the plan is made."""
    kept: Kept = request.app.state.kept
    return (await kept.asked(request, ShowRules(), RulesAnswer, _RULES_SECONDS)).active


async def _started_before(request: Request, run_id: str) -> Response:
    """Lead to the run that the same form has started; raises ``Conflict`` if it has not."""
    try:
        run = await shown_run(request, run_id)
    except AutotagError as error:
        raise Conflict("the plan is not kept any more, or the rules have changed since: make it again") from error
    return RedirectResponse(f"/runs/{run.id}", 303)


async def _advanced(request: Request, run_id: str) -> None:
    """Have the service begin at once; without it, the poller does within a minute."""
    try:
        await asked(request, ShowRun(run_id, advance=True), Run)
    except AutotagError:
        return  # the run is started, and its page says how far it is


def _filled(fields: Any) -> dict[str, str]:
    """Return the fields that are not empty; a folder or a name may have blanks around it by mistake."""
    return {name: text for name, value in fields.items() if name != "csrf" and (text := str(value).strip())}


routes = [
    Route(_PATH, show),
    Route(_PATH, make, methods=["POST"]),
    Route("/runs", start, methods=["POST"]),
]
