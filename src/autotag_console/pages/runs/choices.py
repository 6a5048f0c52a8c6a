"""What is chosen of a run, in an address or a form, and the page that shows it with its plan.

The address ``/runs/new`` takes the choices as ``folder``, ``public_id``, ``tag``, ``status``, ``rules=older`` (assets
that were decided by earlier rules) or ``undo`` (a run's id), so that other pages can lead to it.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Literal
from urllib.parse import urlencode

import msgspec
from msgspec import Meta, Struct
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from autotag.domain.errors import AutotagError, Conflict, Invalid
from autotag.domain.runs.planned import PlanTotals
from autotag.domain.runs.run import RATE, Filter, RevertSelection
from autotag.domain.state.asset_state import Status
from autotag.service.rules.publish import ShowRules
from autotag.service.runs.requests import PlanRun, StartRun
from autotag_console.ask import ActiveRules, RulesAnswer
from autotag_console.kept import Kept
from autotag_console.pages.runs.one import shown_run
from autotag_console.refusals import sentence_of
from autotag_console.rendering import render
from autotag_console.runs.plans import Plan
from autotag_console.views.run_plan import plan_view

PATH = "/runs/new"
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
        return f"{PATH}?{chosen}" if chosen else PATH

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


class Confirmed(Choices, frozen=True, omit_defaults=True):
    """The form that starts a run; ``count`` is what a person typed to confirm a revert."""

    rate: Annotated[int, Meta(ge=1, le=1000)] = RATE
    max_calls: Annotated[int, Meta(ge=0)] = 0
    count: str = ""

    def start(self, planned: PlanRun, run: str) -> StartRun:
        """Return the request that starts what was ``planned`` as the run with the id ``run``."""
        return StartRun(
            action=planned.action,
            filter=planned.filter,
            undo=planned.undo,
            rate=self.rate,
            max_calls=self.max_calls,
            run=run,
        )

    def fault(self, totals: PlanTotals) -> str:
        """Return why nothing is started, "" if a revert is confirmed by the number of assets that it changes."""
        if not self.undo or self.count.replace(",", "").strip() == str(totals.changed):
            return ""
        return f"expected {totals.changed:,}, not {self.count or 'nothing'}: nothing was started"


async def show_plan(
    request: Request,
    choices: Choices,
    active: ActiveRules,
    plan: Plan | None,
    shown: Mapping[str, Any],
    *,
    fault: str = "",
    wrong: str = "",
    status: int = 200,
) -> Response:
    """Show the choices and what is planned; ``wrong`` is what is wrong with the number that was typed.

    ``shown`` says how far the plan is: ``progress`` where it is made in the background, ``so_far`` assets where a form
    carries it on (``sealed``), and the ``run`` that it may start.
    """
    values: dict[str, Any] = {
        "choices": choices,
        "statuses": _STATUSES,
        "undone": await shown_run(request, choices.undo) if choices.undo else None,
        "fault": sentence_of(fault) if fault else "",
        "plan": plan_view(plan.totals, RATE) if plan else None,
        "rules": plan.rules if plan else active,
        "outdated": bool(plan and plan.rules.version != active.version),
        "rate": RATE,
        "wrong": sentence_of(wrong) if wrong else "",
        "progress": None,
        "so_far": None,
        "sealed": "",
        "cut": False,
        "run": "",
        **shown,
    }
    return render(request, "run_new.html", values, 400 if wrong else status)


async def active_of(request: Request) -> ActiveRules:
    """Return the active rules, of an answer of some seconds ago: a page asks again while the plan is made."""
    kept: Kept = request.app.state.kept
    return (await kept.asked(request, ShowRules(), RulesAnswer, _RULES_SECONDS)).active


async def started_before(request: Request, run_id: str) -> Response:
    """Lead to the run that the same form has started; raises ``Conflict`` if it has not."""
    try:
        run = await shown_run(request, run_id)
    except AutotagError as error:
        raise Conflict("the plan is not kept any more, or the rules have changed since: make it again") from error
    return RedirectResponse(f"/runs/{run.id}", 303)


def filled(fields: Any) -> dict[str, str]:
    """Return the fields that are not empty; a folder or a name may have blanks around it by mistake."""
    return {name: text for name, value in fields.items() if name != "csrf" and (text := str(value).strip())}
