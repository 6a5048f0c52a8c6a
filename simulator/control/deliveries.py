"""The control API for notifications: deliveries, messages in poll channels, and delivery faults."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from simulator.control.fault_routes import fault_routes
from simulator.control.json_bodies import answer
from simulator.environment import Environment
from simulator.faults.delivery_faults import DeliveryFaultRule


class DeliveryControl:
    """Handlers of the control API for notifications."""

    def __init__(self, environment: Environment) -> None:
        self._environment = environment

    def routes(self) -> list[Route]:
        """Return the routes below ``/_simulator``."""
        return [
            Route("/deliveries", self._deliveries),
            Route("/messages", self._messages),
            *fault_routes("/delivery_faults", self._environment.delivery_faults, DeliveryFaultRule),
        ]

    async def _deliveries(self, request: Request) -> Response:
        query = request.query_params
        type_, public_id, url = query.get("type"), query.get("public_id"), query.get("url")
        attempts = [
            attempt
            for attempt in self._environment.deliverer.attempts
            if type_ in (None, attempt.notification_type)
            and (public_id is None or public_id in attempt.public_ids)
            and url in (None, attempt.url)
        ]
        return answer({"count": len(attempts), "deliveries": attempts})

    async def _messages(self, request: Request) -> Response:
        channels = self._environment.channels
        return answer({"polls": channels.open_receives, "messages": channels.unacknowledged()})
