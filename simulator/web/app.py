"""The web application: routes, the request log and error answers."""

import contextlib
import logging
import time
from collections.abc import AsyncIterator

import msgspec
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from simulator.control.deliveries import DeliveryControl
from simulator.control.routes import Control
from simulator.core.errors import ApiError
from simulator.environment import Environment
from simulator.page.page import Page
from simulator.web.routes import api_routes

_log = logging.getLogger("simulator")


def build_app(environment: Environment) -> Starlette:
    """Return the application that serves ``environment``. Background work ends with the application."""

    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        environment.start()
        yield
        await environment.close()

    return Starlette(
        routes=[Mount("/_simulator", routes=_control_routes(environment)), *api_routes(environment)],
        middleware=[Middleware(RequestLine)],
        exception_handlers={
            ApiError: _api_error,
            HTTPException: _http_error,
            msgspec.ValidationError: _invalid_body,
            msgspec.DecodeError: _invalid_body,
            RecursionError: _invalid_body,  # JSON of the control API that is nested too deeply
        },
        lifespan=lifespan,
    )


def _control_routes(environment: Environment) -> list[Route]:
    return [*Control(environment).routes(), *DeliveryControl(environment).routes(), *Page(environment).routes()]


class RequestLine:
    """Middleware that logs one line per request: status, method, path, milliseconds."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and log its line once it ends."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started, status = time.perf_counter(), "dropped"

        async def watch(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = str(message["status"])
            await send(message)

        try:
            await self._app(scope, receive, watch)
        finally:
            milliseconds = (time.perf_counter() - started) * 1000
            _log.info("%s %s %s %.0f ms", status, scope["method"], scope["path"], milliseconds)


def _api_error(request: Request, error: Exception) -> Response:
    status = error.status if isinstance(error, ApiError) else 500
    return JSONResponse({"error": {"message": str(error)}}, status)


def _http_error(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    message = error.detail if isinstance(error, HTTPException) else str(error)
    return JSONResponse({"error": {"message": message}}, status)


def _invalid_body(request: Request, error: Exception) -> Response:
    return JSONResponse({"error": {"message": str(error)}}, 400)
