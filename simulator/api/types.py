"""What a handler of the simulated API gets and gives."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from simulator.core.params import Params
from simulator.environment import Cloud
from simulator.notifications.destinations import Cause

_SHA256_DIGITS = 64


@dataclass(frozen=True)
class Call:
    """An authenticated call. ``path`` holds what the route found in the URL, ``at`` is in unix seconds.

    ``headers`` are found by their name in any case.
    """

    params: Params
    key: str
    request_id: str
    path: dict[str, str]
    at: float
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def algorithm(self) -> str:
        """The digest that the caller signs with, which its answer is signed with too: sha1 or sha256."""
        return "sha256" if len(self.params.text("signature")) == _SHA256_DIGITS else "sha1"

    @property
    def cause(self) -> Cause:
        """The call as the cause of notifications."""
        params = self.params
        return Cause("api", self.key, self.request_id, params.text("notification_url"), params.text("batch_id"))


Handler = Callable[[Cloud, Call], dict[str, Any] | Awaitable[dict[str, Any]]]
"""Returns the JSON of a successful answer, at once or once it is there, or raises ``ApiError``."""
