"""``make invoke``: which function an event is for, and how a documented example is signed for now."""

import base64
import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from local.clients.functions import function_for
from local.commands.invoke import invoke, sign_for_now, with_decoded_body
from local.core.credentials import DOCUMENTED_TIMESTAMP, NOTIFICATION_SECRET
from local.core.errors import LocalError
from local.stack.stack import Stack

BODY = '{"notification_type":"upload","public_id":"é"}'
NOW = 1_800_000_000.9
NOWHERE = Stack("http://127.0.0.1:9", "us-east-1", "autotag", "http://127.0.0.1:9", "cloudinary://", {})


def sign(body: bytes, timestamp: str, algorithm: str = "sha1") -> str:
    return hashlib.new(algorithm, body + timestamp.encode() + NOTIFICATION_SECRET.encode()).hexdigest()


def request(signature: str, timestamp: str = DOCUMENTED_TIMESTAMP, **more: Any) -> dict[str, Any]:
    return {
        "requestContext": {"http": {"method": "POST"}},
        "headers": {"X-Cld-Timestamp": timestamp, "x-cld-signature": signature},
        "body": BODY,
        "isBase64Encoded": False,
        **more,
    }


@pytest.mark.parametrize("algorithm", ["sha1", "sha256"])
def test_a_documented_example_is_signed_for_now(algorithm: str) -> None:
    event = request(sign(BODY.encode(), DOCUMENTED_TIMESTAMP, algorithm))

    moved = sign_for_now(event, NOW)

    assert moved["headers"] == {
        "X-Cld-Timestamp": "1800000000",
        "x-cld-signature": sign(BODY.encode(), "1800000000", algorithm),
    }
    assert moved["body"] == BODY
    assert event["headers"]["X-Cld-Timestamp"] == DOCUMENTED_TIMESTAMP  # the example itself is untouched


def test_a_base64_body_is_signed_as_the_bytes_that_it_stands_for() -> None:
    raw = b"\xff\xfe{}"
    encoded = base64.b64encode(raw).decode()
    event = request(sign(raw, DOCUMENTED_TIMESTAMP), body=encoded, isBase64Encoded=True)

    assert sign_for_now(event, NOW)["headers"]["x-cld-signature"] == sign(raw, "1800000000")


def test_a_forged_example_stays_forged() -> None:
    moved = sign_for_now(request("0" * 40), NOW)
    assert moved["headers"] == {"X-Cld-Timestamp": "1800000000", "x-cld-signature": "0" * 40}


@pytest.mark.parametrize(
    "event",
    [
        request(sign(BODY.encode(), "1700000000"), timestamp="1700000000"),
        request("", timestamp=""),
        {"requestContext": {"http": {"method": "POST"}}, "headers": {}},
        {"requestContext": {"http": {"method": "POST"}}},
    ],
    ids=["another moment", "empty headers", "no such header", "no headers"],
)
def test_other_events_are_sent_as_they_are(event: dict[str, Any]) -> None:
    assert sign_for_now(event, NOW) == event


@pytest.mark.parametrize(
    ("event", "function"),
    [
        ({"requestContext": {"http": {"method": "POST"}}}, "Webhook"),
        ({"requestContext": {"http": {}, "authorizer": {"iam": {"userArn": "arn"}}}}, "Ops"),
        ({"Records": [{"eventSource": "aws:sqs"}]}, "Worker"),
        ({"source": "aws.events"}, "Poller"),
        ({"source": "aws.scheduler"}, "Poller"),
    ],
)
def test_the_shape_of_an_event_tells_its_function(event: dict[str, Any], function: str) -> None:
    assert function_for(event) == function


@pytest.mark.parametrize("event", [{}, [], {"Records": []}, {"Records": [{"eventSource": "aws:s3"}]}, None])
def test_any_other_event_is_refused_in_a_sentence(event: Any) -> None:
    with pytest.raises(LocalError, match="No function handles this event"):
        function_for(event)


def test_an_answer_is_shown_with_its_json_unfolded() -> None:
    answer = {"statusCode": 400, "headers": {"content-type": "application/json"}, "body": '{"error":{}}'}
    assert with_decoded_body(answer) == {**answer, "body": {"error": {}}}
    for other in ({"statusCode": 200, "headers": {"content-type": "text/plain"}, "body": "{}"}, None, [1]):
        assert with_decoded_body(other) == other


def test_an_event_that_cannot_be_read_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(LocalError, match=r"missing\.json cannot be read: No such file"):
        invoke(NOWHERE, tmp_path / "missing.json")
    (tmp_path / "broken.json").write_text("{")
    with pytest.raises(LocalError, match=r"broken\.json is not JSON"):
        invoke(NOWHERE, tmp_path / "broken.json")


def test_a_stack_is_written_and_read_whole(tmp_path: Path) -> None:
    assert Stack.load(tmp_path) is None
    NOWHERE.save(tmp_path)
    assert Stack.load(tmp_path) == NOWHERE
    (tmp_path / "stack.json").write_text(json.dumps({"endpoint_url": 1}))
    assert Stack.load(tmp_path) is None
