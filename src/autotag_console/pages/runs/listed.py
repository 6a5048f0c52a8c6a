"""The runs over the library: which are under way, how far they are, and the last ones."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from autotag.service.runs.requests import ListRuns
from autotag_console.ask import asked
from autotag_console.rendering import render
from autotag_console.views.runs import RunList, runs_of


async def runs(request: Request) -> Response:
    """Show the runs."""
    found = runs_of(await asked(request, ListRuns(), RunList))
    return render(request, "runs.html", {"runs": found})


routes = [Route("/runs", runs)]
