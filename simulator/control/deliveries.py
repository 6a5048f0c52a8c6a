"""The control API for notifications: deliveries, messages in poll channels, and delivery faults."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from simulator.control.json_bodies import answer, read
from simulator.core.errors import ApiError
from simulator.environment import Cloud
from simulator.faults.delivery_faults import DeliveryRule


class DeliveryControl:
    """Handlers of the control API for notifications."""

    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud

    def routes(self) -> list[Route]:
        """Return the routes below ``/_simulator``."""
        return [
            Route("/deliveries", self._deliveries),
            Route("/messages", self._messages),
            Route("/delivery_faults", self._faults, methods=["GET", "POST", "DELETE"]),
            Route("/delivery_faults/{number:int}", self._fault, methods=["DELETE"]),
        ]

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
        return answer({"count": len(found), "deliveries": found})

    async def _messages(self, request: Request) -> Response:
        return answer({"polls": self._cloud.channels.polls, "messages": self._cloud.channels.waiting()})

    async def _faults(self, request: Request) -> Response:
        faults = self._cloud.delivery_faults
        if request.method == "POST":
            return answer({"id": faults.put(await read(request, DeliveryRule))}, 201)
        if request.method == "DELETE":
            faults.clear()
        return answer({"faults": faults.listed()})

    async def _fault(self, request: Request) -> Response:
        if not self._cloud.delivery_faults.remove(request.path_params["number"]):
            raise ApiError(404, "There is no such fault")
        return answer({"faults": self._cloud.delivery_faults.listed()})
