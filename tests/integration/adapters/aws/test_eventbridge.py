"""Audits as events: one for each type that announces them, small enough for EventBridge, or an error that repeats."""

import json
from typing import Any

import pytest
from botocore.stub import Stubber
from msgspec.structs import replace

from autotag.adapters.aws.eventbridge import EventBridge
from autotag.domain.errors import Retryable
from autotag.domain.model.audit import Audit, public
from autotag.domain.model.outcome import LabelOutcome
from tests.integration.adapters.conftest import Aws
from tests.integration.adapters.instrumented_clients import recorded_calls
from tests.unit.domain.state.state_builders import audit_of, claimed, complete, facts, state

REQUEST_LIMIT = 256 * 1024
"""Bytes that EventBridge takes in one PutEvents call, all of its entries together."""


class Bus:
    """A bus whose events of this service all go to a queue."""

    def __init__(self, aws: Aws) -> None:
        self.events, self.sqs = aws.clients.events, aws.clients.sqs
        self.url = self.sqs.create_queue(QueueName="seen")["QueueUrl"]
        arn = self.sqs.get_queue_attributes(QueueUrl=self.url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        self.events.create_event_bus(Name="bus")
        self.events.put_rule(Name="all", EventBusName="bus", EventPattern=json.dumps({"source": ["autotag"]}))
        self.events.put_targets(Rule="all", EventBusName="bus", Targets=[{"Id": "1", "Arn": arn}])
        self.adapter = EventBridge(self.events, "bus")

    def seen(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        while messages := self.sqs.receive_message(QueueUrl=self.url, MaxNumberOfMessages=10).get("Messages"):
            found += [json.loads(message["Body"]) for message in messages]
        return sorted(found, key=lambda event: str(event["detail-type"]))


@pytest.fixture
def bus(aws: Aws) -> Bus:
    return Bus(aws)


@pytest.fixture
def audit() -> Audit:
    known = state(complete({"Gitarre 🎸": 0.9, "Cat": 0.6}), facts=facts("press"))
    return audit_of(claimed(known, "[defaults]\nreview = 0.5"))


def test_an_audit_is_announced_by_each_of_its_types_with_itself_as_detail(bus: Bus, audit: Audit) -> None:
    bus.adapter.announce(audit)
    seen = bus.seen()
    assert [event["detail-type"] for event in seen] == ["Asset Tagged", "Review Needed"]
    assert {event["source"] for event in seen} == {"autotag"}
    assert all(event["detail"] == json.loads(public(audit)) for event in seen)
    assert "inputs" not in seen[0]["detail"]


def large(audit: Audit, size: int) -> Audit:
    """Return the audit with outcomes of about ``size`` bytes."""
    one = LabelOutcome("x" * 800, "aws_rek_tagging", 0.9, "kept", "x" * 10, 0.7, "defaults.threshold")
    return replace(audit, labels=(one,) * (size // 1000))


@pytest.mark.parametrize("size", [50_000, 120_000, 130_000, 200_000, 300_000, 2_000_000])
def test_no_request_is_larger_than_eventbridge_takes(bus: Bus, audit: Audit, size: int) -> None:
    with recorded_calls(bus.events, "PutEvents") as requests:
        bus.adapter.announce(large(audit, size))
    sizes = [
        sum(len(json.dumps(entry, ensure_ascii=False).encode()) for entry in request["Entries"]) for request in requests
    ]
    assert max(sizes) <= REQUEST_LIMIT
    assert [event["detail-type"] for event in bus.seen()] == ["Asset Tagged", "Review Needed"]


def test_a_detail_that_is_too_large_goes_without_its_labels(bus: Bus, audit: Audit) -> None:
    bus.adapter.announce(large(audit, 300_000))
    detail = bus.seen()[0]["detail"]
    assert detail["labels"] == [] and detail["audit_id"] == audit.audit_id
    assert detail["tags"] == json.loads(public(audit))["tags"]


def test_an_audit_of_a_thousand_long_tags_still_goes(bus: Bus, audit: Audit) -> None:
    tags = tuple(f"{i} {'ü' * 200}" for i in range(1000))
    with recorded_calls(bus.events, "PutEvents") as requests:
        bus.adapter.announce(replace(audit, tags=replace(audit.tags, before=tags)))
    for request in requests:
        assert sum(len(entry["Detail"].encode()) for entry in request["Entries"]) <= REQUEST_LIMIT
    assert bus.seen()[0]["detail"]["audit_id"] == audit.audit_id


def test_an_entry_that_was_not_taken_is_retryable(bus: Bus, audit: Audit) -> None:
    with Stubber(bus.events) as stub:
        entries = [{"EventId": "1"}, {"ErrorCode": "ThrottlingException", "ErrorMessage": "slow down"}]
        stub.add_response("put_events", {"FailedEntryCount": 1, "Entries": entries})
        with pytest.raises(Retryable, match="EventBridge: ThrottlingException"):
            bus.adapter.announce(audit)


def many(audit: Audit, count: int) -> list[Audit]:
    """Return audits of as many assets, each of which is announced twice."""
    return [replace(audit, audit_id=f"a{n}.{n:032x}") for n in range(count)]


def test_many_audits_go_ten_events_a_call(bus: Bus, audit: Audit) -> None:
    audits = many(audit, 12)
    with recorded_calls(bus.events, "PutEvents") as requests:
        assert bus.adapter.announce_all(audits) == {}
    assert [len(request["Entries"]) for request in requests] == [10, 10, 4]
    told = [(event["detail-type"], event["detail"]["audit_id"]) for event in bus.seen()]
    kinds = ("Asset Tagged", "Review Needed")
    assert sorted(told) == sorted((kind, each.audit_id) for kind in kinds for each in audits)


def test_many_large_audits_go_in_as_many_calls_as_they_need(bus: Bus, audit: Audit) -> None:
    with recorded_calls(bus.events, "PutEvents") as requests:
        assert bus.adapter.announce_all(many(large(audit, 70_000), 3)) == {}
    assert [len(request["Entries"]) for request in requests] == [3, 3]
    for request in requests:
        assert sum(len(text.encode()) for entry in request["Entries"] for text in entry.values()) <= REQUEST_LIMIT
    assert len(bus.seen()) == 6


def test_of_many_audits_those_that_were_not_taken_are_told(bus: Bus, audit: Audit) -> None:
    audits = many(audit, 15)
    with Stubber(bus.events) as stub:
        entries = [{"EventId": "1"}] * 3 + [{"ErrorCode": "ThrottlingException"}] + [{"EventId": "1"}] * 6
        stub.add_response("put_events", {"FailedEntryCount": 1, "Entries": entries})
        stub.add_response("put_events", {"FailedEntryCount": 0, "Entries": [{"EventId": "1"}] * 10})
        stub.add_client_error("put_events", "InternalException")
        faults = bus.adapter.announce_all(audits)
    assert faults.pop("a1." + f"{1:032x}") == "EventBridge: ThrottlingException"
    assert faults == {each.audit_id: "EventBridge: InternalException" for each in audits[10:]}


@pytest.mark.parametrize("code", ["InternalException", "ThrottlingException", "AccessDeniedException"])
def test_a_bus_that_does_not_answer_is_retryable(bus: Bus, audit: Audit, code: str) -> None:
    with Stubber(bus.events) as stub:
        stub.add_client_error("put_events", code)
        with pytest.raises(Retryable, match=f"EventBridge: {code}"):
            bus.adapter.announce(audit)


def test_an_audit_that_would_add_a_thousand_long_tags_still_goes(bus: Bus, audit: Audit) -> None:
    tags = tuple(f"{i} {'ü' * 200}" for i in range(1000))
    bus.adapter.announce(replace(audit, tags=replace(audit.tags, added=tags)))
    detail = bus.seen()[0]["detail"]
    assert detail["audit_id"] == audit.audit_id and detail["tags"]["added"] == []
