"""Cloudinary behind the circuit breakers of a process, and silent where a test says so."""

from collections.abc import Callable
from typing import Any

from msgspec.structs import replace

from autotag.adapters.cloudinary.circuit import CallGuard, circuits
from autotag.domain.errors import Retryable, Unavailable
from autotag.ports.cloudinary import ApiName
from autotag.service.context import Dependencies
from tests.fakes.context import Fakes

_APIS: dict[str, ApiName] = {
    "change_tags": "upload",
    "change_tags_of": "upload",
    "categorize": "upload",
    "resource": "admin",
    "listed": "admin",
}


class SilentCloudinary:
    """A process and its Cloudinary: calls of the APIs in ``silent`` time out, each in ``seconds``.

    So do those that change the tags of one asset in ``hanging``. ``tried`` are the APIs of the calls that were made,
    whatever became of them.
    """

    def __init__(self, fakes: Fakes, seconds: float = 7) -> None:
        self._fakes, self._seconds = fakes, seconds
        self.silent: set[ApiName] = set()
        self.hanging: set[str] = set()
        self.tried: list[ApiName] = []
        self.circuits = circuits(fakes.clock.now, fakes.telemetry)

    @property
    def deps(self) -> Dependencies:
        """The dependencies of the process."""
        guard: Any = self
        return replace(self._fakes.deps, cloudinary=guard, breaker=CallGuard(self._fakes.limits, self.circuits))

    def __getattr__(self, name: str) -> Any:
        call = getattr(self._fakes.cloudinary, name)
        return self._called(_APIS[name], call) if name in _APIS else call

    def _called(self, api: ApiName, call: Callable[..., Any]) -> Callable[..., Any]:
        def answered(*args: Any) -> Any:
            self.tried.append(api)
            if api in self.silent or getattr(args[0], "asset_id", "") in self.hanging:
                self._fakes.clock.advance(self._seconds)
                raise (Unavailable if self.circuits[api].failed() else Retryable)("Cloudinary: ReadTimeoutError")
            answer = call(*args)
            self.circuits[api].answered()
            return answer

        return answered
