"""What a handler of the simulated API gets and gives."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from simulator.cloud import Cloud
from simulator.notifications import Cause
from simulator.params import Params


@dataclass(frozen=True)
class Call:
    """An authenticated call. ``path`` holds what the route found in the URL, ``at`` is in unix seconds."""

    params: Params
    key: str
    request_id: str
    path: dict[str, str]
    at: float

    @property
    def cause(self) -> Cause:
        """The call as the cause of notifications."""
        params = self.params
        return Cause("api", self.key, self.request_id, params.text("notification_url"), params.text("batch_id"))


Handler = Callable[[Cloud, Call], dict[str, Any]]
"""Returns the JSON of a successful answer, or raises ``ApiError``."""
