"""The deployed code, composed by ``autotag.bootstrap`` on AWS and Cloudinary in memory.

Each process of a function has its own composition, as on Lambda: caches and circuit breakers are its own.
"""

import random
from collections import Counter
from collections.abc import Mapping
from itertools import count
from pathlib import Path
from typing import Any

import autotag
from autotag.adapters.aws.dynamodb.active_rules import DynamoActiveRules
from autotag.adapters.aws.dynamodb.api_limits import AdminBudget, DynamoCircuitBreaker
from autotag.adapters.aws.dynamodb.audits import DynamoAuditLog
from autotag.adapters.aws.dynamodb.runs import DynamoRunStore
from autotag.adapters.aws.dynamodb.states import DynamoStateStore
from autotag.adapters.aws.eventbridge import EventBridge
from autotag.adapters.aws.sqs import SqsBulkQueue, SqsQueue, SqsReturns
from autotag.adapters.packaged_rules import PackagedRulesFile
from autotag.domain.notifications.credentials import Credentials
from autotag.domain.rules.compiled.ruleset import ActiveRules, Ruleset
from autotag.domain.rules.parse import parse_rules
from autotag.ports.rules import RuleStore
from autotag.service.context import Pace
from bench.load.processor_time import ProcessorTime
from bench.load.simulated.clock import Simulation
from bench.load.simulated.cloudinary import Assets, SimulatedCloudinary, circuits_of_process, guarded
from bench.load.simulated.dynamodb import DynamoDB
from bench.load.simulated.lambda_process import Invocation
from bench.load.simulated.other_services import SQS, Events, Queue
from bench.load.simulated.tables import Table
from bench.load.simulated.template import Template

SECRET = "bench"  # noqa: S105 (of nothing)
OWN_KEY = "222"
_URL = "https://sqs.us-east-1.amazonaws.com/000000000000/"
_DEPLOYED = Path(autotag.__file__).with_name("default_rules.toml")
_STORE_SECONDS = 0.005
_NEVER_WAIT = ("RULES#ACTIVE",)
RULES = "[defaults]\nthreshold = 0.87\n"
"""Of fifty labels about a dozen become tags."""


class World:
    """AWS as a template defines it, Cloudinary, and the processes of the service, on one clock from ``began`` (ms)."""

    def __init__(
        self,
        template: Template,
        processor: ProcessorTime,
        *,
        seed: int = 1,
        began: int = 1_791_460_800_000,
        admin_limit: int = 500,
        kept: int = 0,
        dedicated_key: bool = True,
    ) -> None:
        self.template, self.processor = template, processor
        self.simulation, self.rng = Simulation(), random.Random(seed)  # noqa: S311 - nothing secret
        self._began, self._ids = began, count(1)
        self._credentials = Credentials("bench", OWN_KEY, SECRET, writer_key_dedicated=dedicated_key)
        self.tables = {
            name: Table(self.template.table(resource), kept)
            for name, resource in (("state", "StateTable"), ("history", "HistoryTable"))
        }
        self.queues = {
            name: Queue(name, lambda: self.simulation.now, visibility, most)
            for name, (visibility, most) in self.template.queues().items()
        }
        self.cloudinary = Assets(lambda: self.now() / 1000, admin_limit, OWN_KEY)
        self.counts: Counter[str] = Counter()
        self.rules = _FixedRules(RULES)
        self.direct = self._dynamodb()

    def another(self) -> "World":
        """Return an empty world of the same kind."""
        return World(self.template, self.processor, began=self._began)

    def now(self) -> int:
        """Return unix milliseconds."""
        return self._began + round(self.simulation.now * 1000)

    def unique(self) -> str:
        """Return the next id."""
        return f"{next(self._ids):032x}"

    def jitter(self, seconds: float) -> float:
        """Return between half of ``seconds`` and all of it."""
        return seconds * self.rng.uniform(0.5, 1)

    def count(self, metric: str, value: int = 1) -> None:
        """Count a metric of any process."""
        self.counts[metric] += value

    def info(self, event: str, **fields: object) -> None:
        """Count a line of the log."""
        self.counts[event] += 1

    warn = info

    def credentials(self, *, newer: bool = False, newest: bool = False) -> Credentials:
        """Return the account's credentials."""
        return self._credentials

    def overrides(self, ports: type) -> dict[str, Any]:
        """Return the adapters of a new process, as far as its class of ports knows them."""
        dynamodb, sqs = self._dynamodb(), SQS(self.queues, self._call)
        store, history = DynamoStateStore(dynamodb, "state"), DynamoAuditLog(dynamodb, "history", 730)
        budget, circuits = AdminBudget(dynamodb, "state", 20, 25), circuits_of_process(self.now, self)
        adapters = {
            "clock": self, "telemetry": self, "secrets": self, "rules": self.rules, "start": self.simulation.start,
            "store": store, "pages": store, "audits": history, "records": history, "budget": budget,
            "breaker": guarded(DynamoCircuitBreaker(dynamodb, "state"), circuits),
            "runs": DynamoRunStore(dynamodb, "state"), "bus": EventBridge(Events(self._call), "bus"),
            "cloudinary": SimulatedCloudinary(self.cloudinary, self._wait_for_cloudinary, budget.observe, circuits),
            "queue": SqsQueue(sqs, f"{_URL}Queue"), "bulk": SqsBulkQueue(sqs, f"{_URL}BulkQueue"),
            "returns": SqsReturns(sqs, tuple(f"{_URL}{name}" for name in self.queues)),
            "rule_store": RuleStore(DynamoActiveRules(dynamodb, "state"), history, PackagedRulesFile(_DEPLOYED)),
            "pace": Pace(first_delay=60, deadline=86400),
        }  # fmt: skip
        return {name: adapter for name, adapter in adapters.items() if hasattr(ports, name)}

    def _dynamodb(self) -> DynamoDB:
        return DynamoDB(self.tables, self._call, lambda items: self._spend(items * self.processor.scanned_item, 0))

    def _call(self, operation: str, parameters: Mapping[str, Any]) -> None:
        """Let a call of AWS take its time. What is read under a lock takes none: that happens twice a minute."""
        self.counts[operation] += 1
        if parameters.get("Key", {}).get("pk", {}).get("S") in _NEVER_WAIT:
            return
        self._spend(self.processor.aws_call, _STORE_SECONDS)

    def _wait_for_cloudinary(self, seconds: float) -> None:
        self._spend(self.processor.cloudinary_call, seconds)

    def _spend(self, processor: float, wait: float) -> None:
        place = self.simulation.place
        if isinstance(place, Invocation):
            place.spend(processor, wait)


class _FixedRules:
    """Implements the port ``RulesSource``."""

    def __init__(self, text: str) -> None:
        self._active = ActiveRules(Ruleset(parse_rules(text)), 1)

    def active(self, *, at_least: int = 0) -> ActiveRules:
        """Return the rules."""
        return self._active

    def use(self, text: str) -> None:
        """Publish other rules."""
        self._active = ActiveRules(Ruleset(parse_rules(text)), self._active.seq + 1)
