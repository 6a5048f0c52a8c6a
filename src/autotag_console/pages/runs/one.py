"""One run: its progress, and the buttons that pause, resume and cancel it."""

import re
from typing import Literal

from msgspec import Struct
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from autotag.domain.errors import Conflict, Missing
from autotag.service.runs.requests import ControlRun, ShowRun
from autotag_console.ask import asked
from autotag_console.fields import read_fields
from autotag_console.rendering import render
from autotag_console.runs.pace import Paces
from autotag_console.views.runs import Run, time_left

_ID = re.compile(r"[0-9a-f]{32}")
_AFTER = {"pause": "paused", "resume": "running", "cancel": "cancelled"}


class _Control(Struct, frozen=True):
    verb: Literal["pause", "resume", "cancel"]


async def shown_run(request: Request, run_id: str) -> Run:
    """Return a run. Raises what ``asked`` raises, ``Missing`` for what is no run's id."""
    if not _ID.fullmatch(run_id):
        raise Missing(f"there is no run {run_id}")
    return await asked(request, ShowRun(run_id), Run)


async def show(request: Request) -> Response:
    """Show a run. The page looks again every two seconds while the run goes and the page is visible."""
    run = await shown_run(request, request.path_params["run"])
    paces: Paces = request.app.state.paces
    pace = paces.seen(run.id, run.finished) if run.status == "running" else None
    return render(request, "run.html", {"run": run, "time_left": time_left(run, pace)})


async def control(request: Request) -> Response:
    """Pause, resume or cancel a run. Pressed twice, it is done once."""
    run_id = request.path_params["run"]
    verb = read_fields({"verb": request.state.form.get("verb", "")}, _Control, "form").verb
    try:
        await asked(request, ControlRun(run_id, verb), Run)
    except Conflict:
        if (await shown_run(request, run_id)).status != _AFTER[verb]:
            raise
    return RedirectResponse(f"/runs/{run_id}", 303)


routes = [Route("/runs/{run}", show), Route("/runs/{run}", control, methods=["POST"])]
