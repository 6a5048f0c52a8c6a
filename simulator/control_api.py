"""The simulator's own API under ``/_simulator``: what tests set up, cause and see, without authentication."""

from typing import Any

import msgspec
from msgspec import Struct
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from simulator.cloud import Cloud
from simulator.console import PersonTags, change_tags
from simulator.errors import ApiError
from simulator.faults import FaultRule
from simulator.modes import ModeRule


class ClockChange(Struct, frozen=True, forbid_unknown_fields=True):
    """How far the simulated clock is ahead of the real one, in seconds."""

    offset: float


class BudgetChange(Struct, frozen=True, forbid_unknown_fields=True):
    """How many Admin calls count as used in the current hour."""

    used: int


class Control:
    """Handlers of the control API."""

    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud

    def routes(self) -> list[Route]:
        """Return the routes below ``/_simulator``."""
        return [
            Route("/health", self._health),
            Route("/settings", self._settings, methods=["GET", "PUT"]),
            Route("/mode", self._mode, methods=["GET", "PUT", "DELETE"]),
            Route("/faults", self._faults, methods=["GET", "POST", "DELETE"]),
            Route("/faults/{number:int}", self._fault, methods=["DELETE"]),
            Route("/clock", self._clock, methods=["GET", "PUT"]),
            Route("/admin_budget", self._budget, methods=["GET", "PUT"]),
            Route("/assets", self._assets),
            Route("/calls", self._calls),
            Route("/deliveries", self._deliveries),
            Route("/person/tags", self._person, methods=["POST"]),
            Route("/reset", self._reset, methods=["POST"]),
        ]

    async def _health(self, request: Request) -> Response:
        cloud = self._cloud
        return JSONResponse(
            {"status": "ok", "cloud": cloud.account.cloud, "assets": len(list(cloud.store)),
             "background": cloud.background.running}
        )  # fmt: skip

    async def _settings(self, request: Request) -> Response:
        live = self._cloud.live
        if request.method == "PUT":
            live.settings = live.settings.changed(await _body(request, dict[str, Any]))
        return _json(live.settings)

    async def _mode(self, request: Request) -> Response:
        if request.method == "PUT":
            self._cloud.modes.put(await _body(request, ModeRule))
        elif request.method == "DELETE":
            self._cloud.modes.clear()
        return _json({"modes": self._cloud.modes.rules()})

    async def _faults(self, request: Request) -> Response:
        faults = self._cloud.faults
        if request.method == "POST":
            return _json({"id": faults.put(await _body(request, FaultRule))}, 201)
        if request.method == "DELETE":
            faults.clear()
        return _json({"faults": faults.listed()})

    async def _fault(self, request: Request) -> Response:
        if not self._cloud.faults.remove(request.path_params["number"]):
            raise ApiError(404, "There is no such fault")
        return _json({"faults": self._cloud.faults.listed()})

    async def _clock(self, request: Request) -> Response:
        clock = self._cloud.clock
        if request.method == "PUT":
            clock.offset = (await _body(request, ClockChange)).offset
        return _json({"now": clock.now(), "offset": clock.offset})

    async def _budget(self, request: Request) -> Response:
        if request.method == "PUT":
            self._cloud.budget.used = (await _body(request, BudgetChange)).used
        return _json({"used": self._cloud.budget.used, "limit": self._cloud.live.settings.admin_limit})

    async def _assets(self, request: Request) -> Response:
        bodies = self._cloud.bodies
        wanted = request.query_params.get("public_id")
        found = [bodies.resource(asset) for asset in self._cloud.store if wanted in (None, asset.public_id)]
        return _json({"assets": found})

    async def _calls(self, request: Request) -> Response:
        found = self._cloud.calls.find(dict(request.query_params))
        return _json({"count": len(found), "calls": found})

    async def _deliveries(self, request: Request) -> Response:
        query = request.query_params
        type_, public_id, url = query.get("type"), query.get("public_id"), query.get("url")
        found = [
            attempt
            for attempt in self._cloud.deliverer.attempts
            if type_ in (None, attempt.notification_type)
            and (public_id is None or public_id in attempt.public_ids)
            and url in (None, attempt.url)
        ]
        return _json({"count": len(found), "deliveries": found})

    async def _person(self, request: Request) -> Response:
        asset, change = change_tags(self._cloud, await _body(request, PersonTags))
        return _json({"tags": asset.tags, "added": change.added, "removed": change.removed})

    async def _reset(self, request: Request) -> Response:
        self._cloud.reset()
        return _json({"status": "ok"})


async def _body[T](request: Request, type_: type[T]) -> T:
    return msgspec.json.decode(await request.body(), type=type_)


def _json(value: Any, status: int = 200) -> Response:
    return Response(msgspec.json.encode(value), status, media_type="application/json")
