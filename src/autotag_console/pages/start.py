"""The start page: what waits for a person."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route


async def start(request: Request) -> Response:
    """Show the start page."""
    response: Response = request.app.state.templates.TemplateResponse(request, "start.html")
    return response


routes = [Route("/", start)]
