"""The signs of the service's health in memory, each of which may fail."""

from autotag.domain.model.health import Depth, DetectUsage, DueAsset, HourBudget, LastAudit, Opened
from autotag.ports.cloudinary import ApiName
from autotag.service.operations.health import HealthProbes

QUIET = {name: Depth(0, 0) for name in ("live", "live_dead", "bulk", "bulk_dead")}
TOLD: dict[str, str | int] = {
    "cloudinary_api_base": "https://api.cloudinary.com",
    "admin_reserve_percent": 20,
    "signature_max_skew_seconds": 300,
}


class FakeHealthProbes:
    """Well, unless a test says otherwise; ``fails`` maps the name of a sign to what reading it raises."""

    def __init__(self) -> None:
        self.overdue: dict[tuple[str, int], DueAsset] = {}
        self.queues = dict(QUIET)
        self.used = HourBudget(0, closed=False)
        self.open: Opened | None = None
        self.audit: LastAudit | None = None
        self.fails: dict[str, Exception] = {}
        self.told = dict(TOLD)
        self.detected: DetectUsage | None = None

    @property
    def probes(self) -> HealthProbes:
        """The sources of a report; calls of Rekognition are one where some were ``detected``."""
        return HealthProbes(
            due=self,
            queues=self,
            spending=self,
            breaker=self,
            latest_audit=self,
            settings=self.told,
            detect_usage=self if self.detected else None,
        )

    def usage(self, now: int) -> DetectUsage:
        self._fail("detection")
        assert self.detected is not None
        return self.detected

    def oldest(self, kind: str, shard: int) -> DueAsset | None:
        self._fail("due")
        return self.overdue.get((kind, shard))

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self.queues)

    def depth(self, name: str) -> Depth:
        self._fail("queues")
        return self.queues[name]

    def spent(self, now: int) -> HourBudget:
        self._fail("budget")
        return self.used

    def opened(self, now: int) -> Opened | None:
        self._fail("breaker")
        return self.open

    def check(self, now: int, api: ApiName) -> None:
        raise AssertionError("a report makes no call that the breaker could stop")

    def trip(self, now: int, reason: str) -> None:
        raise AssertionError("a report opens nothing")

    def last(self) -> LastAudit | None:
        self._fail("last_audit")
        return self.audit

    def _fail(self, name: str) -> None:
        if name in self.fails:
            raise self.fails[name]
