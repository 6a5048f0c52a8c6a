"""The simulator's own API under ``/_simulator``, without authentication, for tests."""

from typing import Any

from msgspec import Struct
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from simulator.categorization.addons import UnitsUsed
from simulator.categorization.modes import ModeRule
from simulator.control.console import ConsoleEdit, change_tags
from simulator.control.fault_routes import fault_routes
from simulator.control.json_bodies import answer, read
from simulator.control.rekognition import rekognition_routes
from simulator.control.seeding import Seed, create_assets
from simulator.control.translate import translate_routes
from simulator.core.errors import ApiError
from simulator.environment import Environment
from simulator.faults.call_faults import CallFaultRule


class ClockChange(Struct, frozen=True, forbid_unknown_fields=True):
    """How far the simulated clock is ahead of the real one, in seconds."""

    offset: float


class BudgetChange(Struct, frozen=True, forbid_unknown_fields=True):
    """How many Admin calls count as used in the current hour."""

    used: int


class Control:
    """Handlers of the control API."""

    def __init__(self, environment: Environment) -> None:
        self._environment = environment

    def routes(self) -> list[Route]:
        """Return the routes below ``/_simulator``."""
        return [
            Route("/health", self._health),
            Route("/settings", self._settings, methods=["GET", "PUT"]),
            Route("/mode", self._mode, methods=["GET", "PUT", "DELETE"]),
            *fault_routes("/faults", self._environment.faults, CallFaultRule),
            *rekognition_routes(self._environment.rekognition),
            *translate_routes(self._environment.translate),
            Route("/clock", self._clock, methods=["GET", "PUT"]),
            Route("/admin_budget", self._budget, methods=["GET", "PUT"]),
            Route("/addons", self._addons, methods=["GET", "PUT"]),
            Route("/assets", self._assets),
            Route("/ignored", self._ignored),
            Route("/seed", self._seed, methods=["POST"]),
            Route("/calls", self._calls),
            Route("/person/tags", self._change_person_tags, methods=["POST"]),
            Route("/reset", self._reset, methods=["POST"]),
        ]

    async def _health(self, request: Request) -> Response:
        environment = self._environment
        return JSONResponse(
            {"status": "ok", "cloud": environment.account.cloud_name, "assets": len(environment.store),
             "background": environment.background.running}
        )  # fmt: skip

    async def _settings(self, request: Request) -> Response:
        live = self._environment.settings
        if request.method == "PUT":
            changed = live.current.changed(await read(request, dict[str, Any]))
            if changed.signing_key not in (None, *self._environment.account.keys):
                raise ApiError(400, f"signing_key {changed.signing_key} is not a key of the account")
            default = changed.default_upload_preset
            if default is not None and self._environment.presets.find(default) is None:
                raise ApiError(400, f"default_upload_preset {default} does not exist")
            live.current = changed
        return answer(live.current)

    async def _mode(self, request: Request) -> Response:
        if request.method == "PUT":
            self._environment.modes.put(await read(request, ModeRule))
        elif request.method == "DELETE":
            self._environment.modes.clear()
        return answer({"modes": self._environment.modes.rules()})

    async def _clock(self, request: Request) -> Response:
        clock = self._environment.clock
        if request.method == "PUT":
            clock.offset = (await read(request, ClockChange)).offset
            self._environment.channels.wake()
        return answer({"now": clock.now(), "offset": clock.offset})

    async def _budget(self, request: Request) -> Response:
        if request.method == "PUT":
            self._environment.budget.used = (await read(request, BudgetChange)).used
        return answer({"used": self._environment.budget.used, "limit": self._environment.settings.current.admin_limit})

    async def _addons(self, request: Request) -> Response:
        addons = self._environment.addons
        if request.method == "PUT":
            change = await read(request, UnitsUsed)
            addons.set_used(change.provider, change.used)
        return answer({"used": addons.listed(), "limit": self._environment.settings.current.addon_limit})

    async def _seed(self, request: Request) -> Response:
        assets = create_assets(self._environment, await read(request, Seed))
        return answer({"count": len(assets), "first": assets[0].public_id, "last": assets[-1].public_id}, 201)

    async def _assets(self, request: Request) -> Response:
        bodies = self._environment.bodies
        public_id = request.query_params.get("public_id")
        assets = [
            bodies.admin_details(asset) for asset in self._environment.store if public_id in (None, asset.public_id)
        ]
        return answer({"assets": assets})

    async def _ignored(self, request: Request) -> Response:
        presets = self._environment.presets.newest_first()
        return answer({"ignored": {preset.name: preset.ignored for preset in presets if preset.ignored}})

    async def _calls(self, request: Request) -> Response:
        calls = self._environment.calls.find(dict(request.query_params))
        return answer({"count": len(calls), "calls": calls})

    async def _change_person_tags(self, request: Request) -> Response:
        asset, change = change_tags(self._environment, await read(request, ConsoleEdit))
        return answer({"tags": asset.tags, "added": change.added, "removed": change.removed})

    async def _reset(self, request: Request) -> Response:
        self._environment.reset()
        return answer({"status": "ok"})
