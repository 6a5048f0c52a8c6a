"""Cloudinary in memory: it answers after a while, or it hangs, and it counts what it was asked."""

from collections import Counter
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from autotag.domain import errors
from autotag.domain.errors import Missing, Retryable
from autotag.domain.model.health import RateLimit

ANSWER_SECONDS = 0.150
_HOUR = 3600
_CIRCUIT = "autotag.adapters.cloudinary.circuit"

Body = dict[str, Any]


class Assets:
    """The assets of an account, and the calls that were made. While ``hangs``, each call fails after so many seconds.

    ``limit`` is that of Admin calls an hour. ``on_change`` is told the name of an image, the operation and its tags.
    """

    def __init__(self, now: Callable[[], float], limit: int, own_key: str) -> None:
        self.now, self.limit, self.own_key = now, limit, own_key
        self.on_change: Callable[[str, str, tuple[str, ...]], None] = lambda name, op, tags: None
        self.bodies: dict[str, Body] = {}
        self.calls: Counter[str] = Counter()
        self.tagged: dict[str, float] = {}
        self.hangs = 0.0
        self._hours: Counter[float] = Counter()

    def add(self, body: Body) -> None:
        """Store an asset."""
        self.bodies[body["asset_id"]] = body

    def forget(self) -> None:
        """Drop all assets, and what was done to them."""
        self.bodies.clear()
        self.tagged.clear()

    def count_admin_call(self) -> RateLimit:
        """Count a call of the Admin API in its hour; return what its answer says of the limit."""
        hour = self.now() // _HOUR * _HOUR
        self._hours[hour] += 1
        return RateLimit(self.limit, self.limit - self._hours[hour], round(hour + _HOUR))


class SimulatedCloudinary:
    """Implements the port ``Cloudinary`` for one process. ``circuits`` are those of the process, if it has any.

    ``spend`` lets a call's seconds pass.
    """

    def __init__(
        self,
        assets: Assets,
        spend: Callable[[float], None],
        on_limits: Callable[[RateLimit], None],
        circuits: dict[str, Any],
    ) -> None:
        self._assets, self._spend, self._on_limits, self._circuits = assets, spend, on_limits, circuits

    def own_keys(self, *, newest: bool = False) -> frozenset[str]:
        """Return the key that the service calls with."""
        return frozenset({self._assets.own_key})

    def keeps_tags(self) -> bool | None:
        """Return that it is not known whether an overwrite keeps tags."""
        return None

    def change_tags(self, asset: Any, op: str, tags: tuple[str, ...], timeout: float) -> bool:
        """Change the tags of an asset."""
        return bool(self.change_tags_of(asset.resource_type, asset.type, (asset.public_id,), op, tags, timeout))

    def change_tags_of(
        self,
        resource_type: str,
        type_: str,
        public_ids: tuple[str, ...],
        op: str,
        tags: tuple[str, ...],
        timeout: float,
    ) -> frozenset[str]:
        """Change the tags of assets."""
        self._call("upload", "tags")
        for name in public_ids:
            self._assets.tagged.setdefault(name, self._assets.now())
            self._assets.on_change(name, op, tags)
        return frozenset(public_ids)

    def resource(self, asset_id: str, timeout: float) -> Body:
        """Return an asset, out of the hour's limit."""
        self._call("admin", "resource")
        self._on_limits(self._assets.count_admin_call())
        if asset_id not in self._assets.bodies:
            raise Missing("not found")
        return dict(self._assets.bodies[asset_id])

    def _call(self, api: str, name: str) -> None:
        hangs, circuit = self._assets.hangs, self._circuits.get(api)
        self._assets.calls[name] += 1
        self._spend(hangs or ANSWER_SECONDS)
        if hangs:
            stopped = circuit is not None and circuit.failed()
            raise (_unavailable() if stopped else Retryable)("Cloudinary: ReadTimeout")
        if circuit is not None:
            circuit.answered()


def _unavailable() -> type[Exception]:
    """Return the error of a call that is not made while Cloudinary does not answer."""
    return getattr(errors, "Unavailable", Retryable)


def circuits_of_process(now: Callable[[], int], telemetry: Any) -> dict[str, Any]:
    """Return the circuit breakers of a process, as its wiring makes them; an earlier revision has none."""
    if find_spec(_CIRCUIT) is None:
        return {}
    circuit = import_module(_CIRCUIT).Circuit
    return {api: circuit(api, now, telemetry) for api in ("upload", "admin")}


def guarded(shared: Any, circuits: dict[str, Any]) -> Any:
    """Return the port ``CircuitBreaker`` of a process: what all processes share, and its own circuits if it has any."""
    return import_module(_CIRCUIT).CallGuard(shared, circuits) if circuits else shared
