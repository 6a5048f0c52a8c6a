"""The steps common to all API calls: faults, authentication, the Admin limit, errors and the call log."""

import html
import inspect
import secrets
import time
from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from simulator.api.call import Call, Handler
from simulator.assets.media import RESOURCE_TYPES
from simulator.core.calls import CallRecord, without_secrets
from simulator.core.clock import http_date, iso_microseconds
from simulator.core.connections import cancel_on_disconnect
from simulator.core.errors import ApiError
from simulator.core.params import Params, read_params
from simulator.environment import Environment
from simulator.faults.call_faults import ApiRequest, CallFault
from simulator.web.authentication import (
    authenticate_basic,
    authenticate_signature,
    authenticate_unsigned,
    is_unsigned,
)
from simulator.web.dropped import DroppedResponse, dropped


@dataclass
class _Exchange:
    """One request while it is processed."""

    request: Request
    params: Params = field(default_factory=Params)
    key: str = ""
    request_id: str = field(default_factory=lambda: secrets.token_hex(16))
    started: float = field(default_factory=time.perf_counter)


@dataclass(frozen=True)
class Endpoint:
    """One handler, with the steps common to all calls around it.

    ``action`` is the last part of an Upload API path and decides which parameters a signature covers.
    ``admin`` calls accept only Basic authentication and, unless ``unlimited``, count against the hourly limit.
    """

    environment: Environment
    handler: Handler
    action: str = ""
    admin: bool = False
    unlimited: bool = False

    async def answer(self, request: Request) -> Response:
        """Answer one request, or apply the fault that matches it."""
        exchange = _Exchange(request)
        fault = self.environment.faults.apply(ApiRequest(request.method, request.url.path))
        response: Response = DroppedResponse()
        try:
            exchange.params = await read_params(request)
            if fault is not None:
                await self.environment.background.pause(fault.delay)
            if fault is None or fault.effect or not fault.replaces:
                response = await self._perform(exchange)
        except ApiError as error:
            response = self._error_answer(error)
        if fault is not None and fault.replaces:
            response = await self._faulty_answer(fault, request)
        self._record(exchange, response, fault is not None)
        response.headers["X-Request-Id"] = exchange.request_id
        response.headers["Date"] = http_date(self.environment.clock.now())
        if self._is_limited:
            for name, value in self.environment.budget.headers().items():
                response.headers.setdefault(name, value)
        return response

    def _error_answer(self, error: ApiError) -> Response:
        if self.admin and error.status == 401 and self.environment.settings.current.unauthorized_body == "html":
            page = f"<!DOCTYPE html><title>401 Unauthorized</title><p>{html.escape(error.message)}</p>"
            return HTMLResponse(page, 401)
        return JSONResponse({"error": {"message": error.message}}, error.status)

    async def _faulty_answer(self, fault: CallFault, request: Request) -> Response:
        if not fault.drop:
            return fault.response()
        return await dropped(self.environment.connections, request)

    async def _perform(self, exchange: _Exchange) -> Response:
        exchange.key = self._authenticate(exchange)
        path = {name: str(value) for name, value in exchange.request.path_params.items()}
        if path.get("resource_type", "image") not in self._resource_types():
            raise ApiError(400, f"Invalid resource type {path['resource_type']}")
        if self._is_limited:
            self.environment.budget.spend()
        headers = exchange.request.headers
        call = Call(exchange.params, exchange.key, exchange.request_id, path, self.environment.clock.now(), headers)
        result = self.handler(self.environment, call)
        if inspect.isawaitable(result):
            answer = await cancel_on_disconnect(exchange.request, result)
            return DroppedResponse() if answer is None else JSONResponse(answer)
        return JSONResponse(result)

    @property
    def _is_limited(self) -> bool:
        return self.admin and not self.unlimited

    def _authenticate(self, exchange: _Exchange) -> str:
        account = self.environment.account
        if exchange.request.path_params["cloud"] != account.cloud_name:
            raise ApiError(401, "cloud_name mismatch")
        authorization = exchange.request.headers.get("authorization", "")
        if self.admin or authorization:
            return authenticate_basic(account, authorization)
        params = exchange.params
        if is_unsigned(params):
            return authenticate_unsigned(self.environment.presets, params, self.action)
        sha256_only, now = self.environment.settings.current.sha256_signatures, self.environment.clock.now()
        return authenticate_signature(account, params, self.action, now, sha256_only=sha256_only)

    def _resource_types(self) -> tuple[str, ...]:
        return (*RESOURCE_TYPES, "auto") if self.action == "upload" else RESOURCE_TYPES

    def _record(self, exchange: _Exchange, response: Response, fault: bool) -> None:
        record = CallRecord(
            at=iso_microseconds(self.environment.clock.now()),
            request_id=exchange.request_id,
            method=exchange.request.method,
            path=exchange.request.url.path,
            key=exchange.key,
            params=without_secrets(exchange.params),
            status=None if isinstance(response, DroppedResponse) else response.status_code,
            fault=fault,
            milliseconds=round((time.perf_counter() - exchange.started) * 1000, 1),
        )
        self.environment.calls.records.append(record)
