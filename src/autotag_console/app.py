"""The application: its pages behind the guard."""

from collections.abc import Sequence

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from autotag_console.answer_log import AnswerLog
from autotag_console.ask import Ask
from autotag_console.guard.checks import START, Guard
from autotag_console.guard.response_headers import SecureHeaders
from autotag_console.guard.sessions import Sessions
from autotag_console.kept import Kept
from autotag_console.learning.background import Background
from autotag_console.learning.learned import learn_from
from autotag_console.pages import answers, asset, deck, done, grid, health, rules, runs, start, suggest
from autotag_console.refusals import SERVICE_ERRORS, from_router, from_service, refusal, unexpected
from autotag_console.rendering import STATIC_FILES, make_templates, static_url
from autotag_console.settings import ConsoleSettings
from autotag_console.visible import Spellings
from autotag_console.warm_up import warmed_up
from autotag_console.workbench import edit, push, versions

PAGES = (start, deck, grid, answers, done, asset, suggest, rules, edit, push, versions, runs, health)
"""The modules of the pages; each has ``routes``."""


def create_app(ask: Ask, settings: ConsoleSettings, more: Sequence[BaseRoute] = ()) -> Starlette:
    """Return the console of the stack that ``ask`` answers for.

    ``more`` are pages that not every console has. They come before others of the same address.

    Pages find ``ask``, ``settings``, ``templates``, the service's answers that are ``kept``, the ``answer_log`` of what
    people answered, the ``spellings`` of tags, and what is ``learned`` from people, in ``request.app.state``.
    """
    sessions = Sessions(settings.token)

    async def open_session(request: Request) -> Response:
        """Exchange the token for a cookie. A prefetch of the address is no use of it."""
        looked_ahead = "prefetch" in request.headers.get("sec-purpose", request.headers.get("purpose", ""))
        if request.method != "GET" or looked_ahead:
            return refusal(request, 405, "This address is opened once, by a person.")
        session = sessions.start(request.query_params.get("token", ""))
        if session is None:
            return refusal(
                request, 401, "This address was used already, or it is wrong: start `autotag console` again."
            )
        response = RedirectResponse("/", 303)
        response.set_cookie(settings.cookie_name, session.cookie, path="/", httponly=True, samesite="strict")
        return response

    app = Starlette(
        routes=[
            Route(START, open_session),
            Mount(static_url("").rstrip("/"), StaticFiles(directory=STATIC_FILES)),
            *more,
            *(route for page in PAGES for route in page.routes),
        ],
        middleware=[
            Middleware(SecureHeaders, delivery_base=settings.delivery.base),
            Middleware(Guard, settings=settings, sessions=sessions),
        ],
        exception_handlers={
            HTTPException: from_router,
            Exception: unexpected,
            **dict.fromkeys(SERVICE_ERRORS, from_service),
        },
        lifespan=warmed_up,
    )
    app.state.ask, app.state.settings = ask, settings
    app.state.templates, app.state.kept = make_templates(settings), Kept()
    app.state.answer_log, app.state.spellings = AnswerLog(), Spellings()
    app.state.learned = Background(learn_from(ask))
    return app
