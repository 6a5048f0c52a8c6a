"""The adapters of the deployed code in a world, for ``autotag.bootstrap``.

Each process of a function has its own, as on Lambda: caches and circuit breakers are its own. Ports that a function
does not have are left out, and so are those that an earlier revision does not know.
"""

from importlib import import_module
from importlib.util import find_spec
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
from autotag.ports.rules import RuleStore
from autotag.service.context import Pace
from autotag.service.intake.accept import Policy
from bench.load.simulated.cloudinary import SimulatedCloudinary, circuits_of_process, guarded
from bench.load.simulated.other_services import SQS, Events
from bench.load.simulated.world import World

_URL = "https://sqs.us-east-1.amazonaws.com/000000000000/"
_DEPLOYED = Path(autotag.__file__).with_name("default_rules.toml")


def adapters(world: World, ports: type) -> dict[str, Any]:
    """Return the adapters of a new process, by the attributes of its class of ``ports``."""
    dynamodb, sqs = world.dynamodb(), SQS(world.queues, world.call)
    store, history = DynamoStateStore(dynamodb, "state"), DynamoAuditLog(dynamodb, "history", 730)
    budget, circuits = AdminBudget(dynamodb, "state", 20, 25), circuits_of_process(world.now, world)
    known = {
        "clock": world, "telemetry": world, "secrets": world, "rules": world.rules, "start": world.simulation.start,
        "store": store, "pages": store, "audits": history, "records": history, "budget": budget,
        "breaker": guarded(DynamoCircuitBreaker(dynamodb, "state"), circuits),
        "runs": DynamoRunStore(dynamodb, "state"), "bus": EventBridge(Events(world.call), "bus"),
        "cloudinary": SimulatedCloudinary(world.cloudinary, world.wait_for_cloudinary, budget.observe, circuits),
        "queue": SqsQueue(sqs, f"{_URL}Queue"), "bulk": SqsBulkQueue(sqs, f"{_URL}BulkQueue"),
        "returns": SqsReturns(sqs, tuple(f"{_URL}{name}" for name in world.queues)),
        "rule_store": RuleStore(DynamoActiveRules(dynamodb, "state"), history, PackagedRulesFile(_DEPLOYED)),
        "due_queue": _of_later_revisions("autotag.adapters.aws.sqs_due", "SqsDueQueue", sqs, f"{_URL}Queue"),
        "pace": Pace(first_delay=60, deadline=86400), "policy": Policy(),
    }  # fmt: skip
    return {name: adapter for name, adapter in known.items() if hasattr(ports, name)}


def _of_later_revisions(module: str, name: str, *arguments: Any) -> Any:
    """Return an adapter that an earlier revision does not have, which is then left out."""
    return getattr(import_module(module), name)(*arguments) if find_spec(module) else None
