"""The deployed stack as a user sees it."""

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from local.clients.cloudinary import image_details, upload
from local.clients.functions import FUNCTIONS, log_lines
from local.clients.simulator_control import set_mode
from local.core.loopback_http import http_request
from local.core.waiting import until
from local.stack.stack import Stack
from tests.e2e.stack_client import (
    SOON,
    audits,
    delivered_body,
    ops,
    post,
    simulator_control,
    tag_calls,
    wait_for_audits,
    wait_until_drained,
)

GUITARIST = {"People", "Person", "Human", "Electric Guitar", "Guitar", "Musical Instrument"}


def tags(stack: Stack, public_id: str) -> set[str]:
    return set(image_details(stack.simulator_url, public_id).get("tags", []))


def test_an_upload_becomes_tags_an_audit_and_an_event(stack: Stack) -> None:
    queue = event_queue(stack)
    upload(stack.simulator_url, "e2e/guitarist", tags="press")
    (audit,) = wait_for_audits(stack, "e2e/guitarist")

    assert tags(stack, "e2e/guitarist") == GUITARIST | {"press"}
    assert (audit["outcome"], audit["mode"], audit["tags"]["before"]) == ("tagged", "apply", ["press"])
    assert {label["label"]: label["outcome"] for label in audit["labels"]} == {
        **dict.fromkeys(GUITARIST, "kept"),
        "Musician": "below_threshold",
        "Performer": "below_threshold",
    }
    event = until(lambda: event_about(stack, queue, audit["audit_id"]), "the event of the audit", within=SOON)
    assert (event["source"], event["detail-type"]) == ("autotag", "Asset Tagged")
    assert event["detail"] == {name: audit[name] for name in event["detail"]}  # the answer also names the cloud
    assert audit.keys() - event["detail"].keys() == {"delivery", "format", "version"}


def test_a_pending_upload_is_tagged_when_its_info_notification_comes(stack: Stack) -> None:
    set_mode(stack, "zoo/koala5", "info", seconds=2)
    upload(stack.simulator_url, "zoo/koala5")
    (audit,) = wait_for_audits(stack, "zoo/koala5")

    assert tags(stack, "zoo/koala5") == {"Animal", "Koala", "Mammal", "Wildlife"}
    assert audit["trigger"]["notification_type"] == "info"
    assert {label["threshold"] for label in audit["labels"]} == {0.7}


def test_an_upload_whose_labels_come_silently_is_found_by_the_schedule(stack: Stack) -> None:
    set_mode(stack, "e2e/silent/guitarist", "poll", seconds=1)
    upload(stack.simulator_url, "e2e/silent/guitarist")
    (audit,) = wait_for_audits(stack, "e2e/silent/guitarist", within=150)

    assert tags(stack, "e2e/silent/guitarist") == GUITARIST
    assert audit["trigger"]["kind"] == "poll"


def test_a_failed_categorization_is_audited_with_cloudinarys_text(stack: Stack) -> None:
    set_mode(stack, "e2e/failing", "failed", message="Failed to process request")
    upload(stack.simulator_url, "e2e/failing")
    (audit,) = wait_for_audits(stack, "e2e/failing")

    assert audit["outcome"] == "failed" and "Failed to process request" in audit["reason"]
    assert tags(stack, "e2e/failing") == set()


def test_an_upload_without_categorization_is_skipped_with_the_reason(stack: Stack) -> None:
    upload(stack.simulator_url, "e2e/plain", categorization="")
    (audit,) = wait_for_audits(stack, "e2e/plain")

    assert audit["outcome"] == "skipped" and "no categorization" in audit["reason"]


def test_one_notification_many_times_in_sequence_and_in_parallel_is_one_call_and_one_audit(stack: Stack) -> None:
    upload(stack.simulator_url, "e2e/twice/guitarist", notification_url="http://127.0.0.1:9/nobody")
    body = delivered_body(stack, "e2e/twice/guitarist")

    statuses = [post(stack, body).status_code for _ in range(2)]
    with ThreadPoolExecutor(10) as pool:
        statuses += pool.map(lambda _: post(stack, body).status_code, range(10))
    wait_for_audits(stack, "e2e/twice/guitarist")
    wait_until_drained(stack)

    assert statuses == [200] * 12
    assert len(tag_calls(stack, "e2e/twice/guitarist")) == 1
    assert len(audits(stack, "e2e/twice/guitarist")) == 1


def test_a_forged_notification_is_refused_and_leaves_nothing(stack: Stack) -> None:
    body = json.dumps(
        {
            "notification_type": "upload",
            "asset_id": "forged1",
            "public_id": "e2e/forged",
            "version": 1,
            "resource_type": "image",
            "type": "upload",
        }
    ).encode()
    answer = post(stack, body, secret="guessed")
    wait_until_drained(stack)

    assert (answer.status_code, answer.text) == (401, "Unauthorized")
    assert audits(stack, "forged1") == []


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"[1, 2]", 400),
        (b"not json", 400),
        (b'{"notification_type": "upload"}', 400),
        (b'{"notification_type": "eager", "asset_id": "x"}', 200),
        (b"[" * 100_000, 400),
    ],
)
def test_what_is_signed_is_still_checked(stack: Stack, body: bytes, status: int) -> None:
    assert post(stack, body).status_code == status


def test_only_post_is_answered(stack: Stack) -> None:
    answer = http_request("GET", stack.outputs["WebhookUrl"])

    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")


def test_a_tag_that_a_person_removes_in_the_console_is_audited_and_stays_away(stack: Stack) -> None:
    simulator_control(stack, "PUT", "settings", json={"events": ["upload", "info", "resource_tags_changed"]})
    upload(stack.simulator_url, "e2e/person/guitarist")
    wait_for_audits(stack, "e2e/person/guitarist")
    change = {"public_id": "e2e/person/guitarist", "remove": ["Guitar"]}
    simulator_control(stack, "POST", "person/tags", json=change)
    audit, _ = wait_for_audits(stack, "e2e/person/guitarist", count=2)

    assert (audit["trigger"]["kind"], audit["tags"]["removed"]) == ("person", ["Guitar"])
    assert tags(stack, "e2e/person/guitarist") == GUITARIST - {"Guitar"}
    assert ops(stack).show("e2e/person/guitarist")["people"]["Guitar"]["want"] == "remove"


def test_the_logs_of_the_whole_run_hold_no_secret_and_no_signature(stack: Stack) -> None:
    secrets = ("notification-test-secret", "writer-test-secret", "x-cld-signature")
    for function in FUNCTIONS:
        for line in log_lines(stack, function):
            assert not any(secret in line.lower() for secret in secrets), line


def event_queue(stack: Stack) -> str:
    """Subscribe a queue to every event of the stack, as a pipeline would; return its URL."""
    sqs, events = stack.client("sqs"), stack.client("events")
    url = str(sqs.create_queue(QueueName="e2e-events")["QueueUrl"])
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    bus = stack.outputs["EventBusName"]
    events.put_rule(Name="e2e", EventBusName=bus, EventPattern=json.dumps({"source": ["autotag"]}))
    events.put_targets(Rule="e2e", EventBusName=bus, Targets=[{"Id": "queue", "Arn": arn}])
    return url


def event_about(stack: Stack, queue: str, audit_id: str) -> dict[str, Any]:
    """Return the event that announces an audit, once it is there."""
    answer = stack.client("sqs").receive_message(QueueUrl=queue, MaxNumberOfMessages=10, WaitTimeSeconds=1)
    for message in answer.get("Messages", []):
        event: dict[str, Any] = json.loads(message["Body"])
        if event["detail"].get("audit_id") == audit_id:
            return event
    return {}
