"""The application that both consoles are: pages behind the guard, and what the pages find in its state."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractAsyncContextManager

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.routing import BaseRoute, Mount
from starlette.staticfiles import StaticFiles

from autotag_console.answer_log import AnswerLogs
from autotag_console.guard.authentication import Authentication
from autotag_console.guard.checks import Guard
from autotag_console.guard.response_headers import SecureHeaders
from autotag_console.kept import Kept
from autotag_console.refusals import SERVICE_ERRORS, from_router, from_service, unexpected
from autotag_console.rendering import STATIC_FILES, make_templates, static_url
from autotag_console.runs.pace import Paces
from autotag_console.settings import ConsoleSettings
from autotag_console.visible import Spellings


def compose(
    settings: ConsoleSettings,
    authentication: Authentication,
    pages: Iterable[Sequence[BaseRoute]],
    *,
    absent: frozenset[str] = frozenset(),
    lifespan: Callable[[Starlette], AbstractAsyncContextManager[None]] | None = None,
) -> Starlette:
    """Return a console with the routes of its ``pages``; ``absent`` are paths to which no page may link.

    Pages find ``settings``, ``templates``, the service's answers that are ``kept``, the ``answer_logs`` of what people
    answered, the ``paces`` of runs, and the ``spellings`` of tags in ``request.app.state``.
    """
    app = Starlette(
        routes=[
            *authentication.routes,
            Mount(static_url("").rstrip("/"), StaticFiles(directory=STATIC_FILES)),
            *(route for routes in pages for route in routes),
        ],
        middleware=[
            Middleware(SecureHeaders, delivery_base=settings.delivery.base),
            Middleware(Guard, settings=settings, authentication=authentication),
        ],
        exception_handlers={
            HTTPException: from_router,
            Exception: unexpected,
            **dict.fromkeys(SERVICE_ERRORS, from_service),
        },
        lifespan=lifespan,
    )
    app.state.settings, app.state.absent = settings, absent
    app.state.templates, app.state.kept = make_templates(settings), Kept()
    app.state.paces = Paces()
    app.state.answer_logs, app.state.spellings = AnswerLogs(), Spellings()
    return app
