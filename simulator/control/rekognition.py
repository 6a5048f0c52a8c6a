"""The control API of the local Rekognition: the calls that were made, and faults of the next ones."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from simulator.control.fault_routes import fault_routes
from simulator.control.json_bodies import answer
from simulator.rekognition.detector import Detector
from simulator.rekognition.faults import DetectFaultRule


def rekognition_routes(detector: Detector) -> list[Route]:
    """Return the routes below ``/_simulator/rekognition``."""

    async def calls(request: Request) -> Response:
        if request.method == "DELETE":
            detector.calls.records.clear()
        found = detector.calls.find(dict(request.query_params))
        return answer({"count": len(found), "paid": sum(call.paid for call in found), "calls": found})

    return [
        Route("/rekognition/calls", calls, methods=["GET", "DELETE"]),
        *fault_routes("/rekognition/faults", detector.faults, DetectFaultRule),
    ]
