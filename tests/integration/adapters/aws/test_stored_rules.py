"""Rules from push to worker over real tables' semantics, and what somebody wrote there by hand."""

import zlib
from pathlib import Path
from typing import Any

import pytest

from autotag.adapters.aws.dynamodb.active_rules import DynamoActiveRules
from autotag.adapters.aws.dynamodb.audits import DynamoAuditLog
from autotag.adapters.packaged_rules import PackagedRulesFile
from autotag.domain.errors import Invalid
from autotag.domain.rules.compiled.ruleset import ActiveRules, Ruleset
from autotag.domain.rules.parse import parse_rules
from autotag.domain.rules.versions import StoredVersion
from autotag.ports.rules import RuleStore
from autotag.service.rules.active import LIFE, StoredRules
from autotag.service.rules.publish import Pushed, PushRules, push
from tests.fakes.runtime import FakeClock, FakeTelemetry
from tests.integration.adapters.conftest import Aws

DEPLOYED = Path(__file__).resolve().parents[4] / "src" / "autotag" / "default_rules.toml"
ACME = '# Bühne 🎸\nname = "acme"\n[labels."Électrique"]\nthreshold = 0.1\n'
OTHER = 'name = "other"\n'


class Stack:
    """Two tables, a person who pushes, and a worker."""

    def __init__(self, aws: Aws) -> None:
        self.dynamodb = aws.clients.dynamodb
        state, history = aws.table("StateTable"), aws.table("HistoryTable")
        self.history = DynamoAuditLog(self.dynamodb, history)
        self.rule_store = RuleStore(DynamoActiveRules(self.dynamodb, state), self.history, PackagedRulesFile(DEPLOYED))
        self.clock, self.telemetry = FakeClock(), FakeTelemetry()
        self.worker = StoredRules(self.rule_store, self.clock, self.telemetry)

    def push(self, text: str) -> Pushed:
        return push(self.rule_store, PushRules(text), "ada", self.clock, self.telemetry)

    def later(self) -> ActiveRules:
        self.clock.advance(LIFE)
        return self.worker.active()

    def by_hand(self, version: str, seq: int, text: bytes | None) -> None:
        """Publish behind the command's back."""
        if text is not None:
            key = {"pk": {"S": f"RULES#{version}"}, "sk": {"S": "RULES"}}
            self.dynamodb.put_item(TableName="HistoryTable", Item={**key, "v": {"N": "1"}, "text": {"B": text}})
        self.dynamodb.update_item(
            TableName="StateTable",
            Key={"pk": {"S": "RULES#ACTIVE"}},
            UpdateExpression="SET #hash = :hash, seq = :seq",
            ExpressionAttributeNames={"#hash": "hash"},
            ExpressionAttributeValues={":hash": {"S": version}, ":seq": {"N": str(seq)}},
        )


@pytest.fixture
def stack(aws: Aws) -> Stack:
    return Stack(aws)


def named(active: ActiveRules) -> tuple[str, int]:
    return active[0].name, active[1]


def test_deployed_rules_hold_until_others_are_pushed_and_both_texts_are_stored(stack: Stack) -> None:
    deployed, seq = stack.worker.active()
    assert (deployed.name, seq) == ("default", 0)
    assert stack.history.stored_rules(deployed.version) == StoredVersion(DEPLOYED.read_text(encoding="utf-8"))

    pushed = stack.push(ACME)
    assert named(stack.later()) == ("acme", 1)
    assert stack.history.stored_rules(pushed.version) == StoredVersion(ACME)
    found = stack.rule_store.publication.current()
    assert found is not None and (found.last_good_hash, found.last_good_seq) == (pushed.version, 1)


@pytest.mark.parametrize(
    "text",
    [None, b"no zlib", zlib.compress(b"\xff\xfe"), zlib.compress(b"thresold = 1"), zlib.compress(OTHER.encode())[:-3]],
    ids=["absent", "not compressed", "not UTF-8", "invalid", "cut off"],
)
def test_what_was_pushed_by_hand_and_cannot_be_read_changes_nothing(stack: Stack, text: bytes | None) -> None:
    stack.push(ACME)
    stack.worker.active()
    stack.by_hand("f" * 64, 2, text)
    assert named(stack.later()) == ("acme", 1)
    assert stack.telemetry.counts["RulesInvalid"] == 1

    cold = StoredRules(stack.rule_store, stack.clock, FakeTelemetry())
    assert named(cold.active()) == ("acme", 1)
    assert stack.push(OTHER).seq == 3
    assert named(stack.later()) == ("other", 3)


def test_good_rules_pushed_by_hand_are_taken_up(stack: Stack) -> None:
    version = Ruleset(parse_rules(OTHER)).version
    stack.by_hand(version, 1, zlib.compress(OTHER.encode()))
    assert named(stack.worker.active()) == ("other", 1)


@pytest.mark.parametrize("item", [{"v": {"N": "1"}, "text": {"S": OTHER}}, {"text": {"B": b""}}, {"v": {"N": "2"}}])
def test_a_stored_text_of_another_kind_or_shape_is_refused(stack: Stack, item: dict[str, Any]) -> None:
    item = {"pk": {"S": "RULES#x"}, "sk": {"S": "RULES"}, **item}
    stack.dynamodb.put_item(TableName="HistoryTable", Item=item)
    with pytest.raises(Invalid, match="rules x: the stored text cannot be read"):
        stack.history.stored_rules("x")
