"""The control API of the local Translate: the calls that were made, and faults of the next ones."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from simulator.control.fault_routes import fault_routes
from simulator.control.json_bodies import answer
from simulator.translate.faults import TranslateFaultRule
from simulator.translate.translator import Translator


def translate_routes(translator: Translator) -> list[Route]:
    """Return the routes below ``/_simulator/translate``."""

    async def calls(request: Request) -> Response:
        if request.method == "DELETE":
            translator.calls.records.clear()
        found = translator.calls.find(dict(request.query_params))
        return answer({"count": len(found), "characters": sum(call.characters for call in found), "calls": found})

    return [
        Route("/translate/calls", calls, methods=["GET", "DELETE"]),
        *fault_routes("/translate/faults", translator.faults, TranslateFaultRule),
    ]
