"""All ports of the live path as fakes, in one context."""

from autotag.ports.runs import BulkQueue
from autotag.service.context import Dependencies, Pace
from autotag.service.runs.plan import Planner
from tests.fakes.assets import FakeAudits, FakeBus, FakeDueQueue, FakeStore
from tests.fakes.cloudinary import FakeCloudinary, FakeLimits
from tests.fakes.effects import Effects
from tests.fakes.rules import RULES, FixedRules
from tests.fakes.runs import FakeRuns
from tests.fakes.runtime import FakeClock, FakeTelemetry, in_turn


class Fakes:
    """One world of fakes, with the messages that a test sends it."""

    def __init__(self, rules: str = RULES) -> None:
        self.effects, self.clock = Effects(), FakeClock()
        self.store = FakeStore(self.effects, self.clock)
        self.audits, self.bus = FakeAudits(self.effects), FakeBus(self.effects)
        self.cloudinary, self.limits = FakeCloudinary(self.effects), FakeLimits()
        self.telemetry, self.rules = FakeTelemetry(), FixedRules(rules)
        self.runs, self.due_queue = FakeRuns(self.effects), FakeDueQueue(self.effects)
        self.deps = Dependencies(
            store=self.store,
            audits=self.audits,
            bus=self.bus,
            cloudinary=self.cloudinary,
            budget=self.limits,
            breaker=self.limits,
            rules=self.rules,
            clock=self.clock,
            telemetry=self.telemetry,
            runs=self.runs,
            pace=Pace(first_delay=60, longest_delay=3600, deadline=86400),
        )

    def planner(self, bulk: BulkQueue) -> Planner:
        """Return the dependencies of planning, with a queue for runs."""
        return Planner(
            runs=self.runs,
            pages=self.store,
            records=self.audits,
            bulk=bulk,
            rules=self.rules,
            clock=self.clock,
            telemetry=self.telemetry,
            start=in_turn,
        )

    def remaining(self) -> float:
        return 60.0

    def outcomes(self) -> list[str]:
        return [audit.outcome for audit in self.audits.records.values()]
