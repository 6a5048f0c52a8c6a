"""AWS and an account of Cloudinary in memory, on one simulated clock."""

import random
from collections import Counter
from collections.abc import Mapping
from itertools import count
from typing import Any

from autotag.domain.notifications.credentials import Credentials
from autotag.domain.rules.compiled.ruleset import ActiveRules, Ruleset
from autotag.domain.rules.parse import parse_rules
from bench.load.processor_time import ProcessorTime
from bench.load.simulated.clock import Simulation
from bench.load.simulated.cloudinary import Assets
from bench.load.simulated.dynamodb.client import DynamoDB
from bench.load.simulated.dynamodb.tables import Table
from bench.load.simulated.lambda_process import Invocation
from bench.load.simulated.other_services import Queue
from bench.load.simulated.template import Template

SECRET = "bench"  # noqa: S105 (of nothing)
OWN_KEY = "222"
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
        self.direct = self.dynamodb()

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

    def measure(self, metric: str, seconds: float) -> None:
        """Count a reading of a metric in seconds."""
        self.counts[metric] += 1

    def info(self, event: str, **fields: object) -> None:
        """Count a line of the log."""
        self.counts[event] += 1

    warn = info

    def credentials(self, *, newer: bool = False, newest: bool = False) -> Credentials:
        """Return the account's credentials."""
        return self._credentials

    def dynamodb(self) -> DynamoDB:
        """Return a client of the tables."""
        return DynamoDB(self.tables, self.call, lambda items: self._spend(items * self.processor.scanned_item, 0))

    def call(self, operation: str, parameters: Mapping[str, Any]) -> None:
        """Let a call of AWS take its time. What is read under a lock takes none: that happens twice a minute."""
        self.counts[operation] += 1
        if parameters.get("Key", {}).get("pk", {}).get("S") in _NEVER_WAIT:
            return
        self._spend(self.processor.aws_call, _STORE_SECONDS)

    def wait_for_cloudinary(self, seconds: float) -> None:
        """Let a call of Cloudinary take its time."""
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

    def of_version(self, version: str) -> Ruleset | None:
        """Return the rules if they are the active ones: no measurement has people judge tags under older ones."""
        return self._active.ruleset if self._active.ruleset.version == version else None

    def use(self, text: str) -> None:
        """Publish other rules."""
        self._active = ActiveRules(Ruleset(parse_rules(text)), self._active.seq + 1)
