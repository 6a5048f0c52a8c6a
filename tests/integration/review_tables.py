"""The operators' function on the template's tables: a review queue of any size, and what its requests cost."""

import json
from typing import Any, NamedTuple

from msgspec.structs import replace

from autotag.adapters.aws.dynamodb.active_rules import DynamoActiveRules
from autotag.adapters.aws.dynamodb.asset_items import state_to_item
from autotag.adapters.aws.dynamodb.audits import DynamoAuditLog
from autotag.adapters.aws.dynamodb.indexes import AskedIndex
from autotag.adapters.aws.dynamodb.latest_audit import DynamoLatestAudit
from autotag.adapters.aws.dynamodb.states import DynamoStateStore
from autotag.adapters.packaged_rules import PackagedRulesFile
from autotag.domain.model.asset import AssetRef, Facts
from autotag.domain.model.labels import Categorization, Label
from autotag.domain.state.asset_state import AssetState
from autotag.ports.rules import RuleStore
from autotag.ports.runtime import Start
from autotag.service.operations.api import OperatorDependencies, answer
from autotag.service.review.requests import Reviews
from autotag.service.review.summary import QueueCounter
from autotag.service.rules.active import StoredRules
from autotag.service.rules.publish import PushRules, push
from autotag_cli.input.rules_file import SHIPPED
from tests.fakes.runtime import FakeClock, FakeTelemetry
from tests.integration.adapters.conftest import Aws
from tests.integration.adapters.critical_path import CriticalPath
from tests.unit.autotag_cli.fake_ops import FakeOps

RULES = "[defaults]\nthreshold = 0.7\nreview = 0.5\n"


def waiting_state(name: str, at: int, labels: dict[str, float], folder: str = "stage") -> AssetState:
    """Return the state of an asset that ``RULES`` ask about each of ``labels``, since ``at``."""
    found = Categorization("complete", tuple(Label(*label) for label in labels.items()), at)
    return AssetState(
        AssetRef(name, f"{folder}/{name}", "image", "upload", 100),
        "unchanged",
        facts=Facts(folder, "jpg", {}, ("press",), at),
        categorizations={"aws_rek_tagging": found},
        review=tuple(labels),
        ask={label.lower(): round(confidence * 10_000) for label, confidence in labels.items()},
        asked_at=at,
        final_at=at,
    )


class ReviewTables:
    """The tables, and the operators' function that reads them."""

    def __init__(self, aws: Aws) -> None:
        self.aws, self.client = aws, aws.clients.dynamodb
        self.states = DynamoStateStore(self.client, aws.table("StateTable"))
        self.history = DynamoAuditLog(self.client, aws.table("HistoryTable"))
        self.active = DynamoActiveRules(self.client, "StateTable")

    def operators(self, start: Start) -> OperatorDependencies:
        """Return the dependencies of a new process that has read nothing yet."""
        ops, index = FakeOps(), AskedIndex(self.client, "StateTable")
        rule_store = RuleStore(self.active, self.history, PackagedRulesFile(SHIPPED))
        rules = StoredRules(rule_store, ops.clock, ops.telemetry, read_only=True)
        counter = QueueCounter(index, start, ops.clock)
        return replace(
            ops.deps,
            states=self.states,
            records=self.history,
            rule_store=rule_store,
            planner=replace(ops.deps.planner, rules=rules),
            reviews=Reviews(index, counter, ops.deps.reviews.queue, self.history),
            cloud=DynamoLatestAudit(self.client, "HistoryTable"),
            start=start,
        )

    def publish(self) -> None:
        """Publish ``RULES``."""
        store = RuleStore(self.active, self.history, PackagedRulesFile(SHIPPED))
        push(store, PushRules(RULES, None), "ada", FakeClock(), FakeTelemetry())

    def write(self, states: list[AssetState]) -> None:
        """Write states, many at once."""
        for first in range(0, len(states), 25):
            puts = [{"PutRequest": {"Item": state_to_item(state, b"s").item}} for state in states[first : first + 25]]
            self.client.batch_write_item(RequestItems={"StateTable": puts})


def asked(deps: OperatorDependencies, op: str, **fields: Any) -> Any:
    """Return the answer to a request."""
    return json.loads(answer(deps, json.dumps({"op": op, **fields}), "ada"))


class Measured(NamedTuple):
    """An answer with the numbers of its assets, and the calls that it took."""

    answer: Any
    ids: list[int]
    path: CriticalPath

    def calls(self, name: str) -> int:
        """Return the number of calls of an operation."""
        return self.path.calls.count(name)


def measured(tables: ReviewTables, op: str, **fields: Any) -> Measured:
    """Ask a process that is new and has read nothing before."""
    path = CriticalPath()
    deps = tables.operators(path.start)
    with path.counted(tables.client):
        answer = asked(deps, op, **fields)
    listed = answer["assets"] if op == "review_list" else []
    return Measured(answer, [int(entry["asset"]["asset_id"], 16) for entry in listed], path)


def number(n: int) -> str:
    """Return the asset_id of the asset with a number."""
    return f"{n:032x}"
