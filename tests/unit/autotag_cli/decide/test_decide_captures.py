"""Payloads in the shapes that Cloudinary was seen to send, given to ``autotag decide``, alone and in lists."""

import json

import pytest

from autotag.domain.errors import Invalid
from autotag.domain.notifications.parse import parse
from tests.unit.autotag_cli.run_command import autotag, objects
from tests.unit.captures import ANSWERS, CAPTURES, Capture
from tests.unit.handlers.webhook.webhook_requests import NOW, Webhook

each = pytest.mark.parametrize("capture", CAPTURES, ids=lambda capture: capture.name)


@each
def test_decide_decides_on_a_payload_or_says_what_it_is(capture: Capture) -> None:
    decide = capture.reading["decide"]
    result = autotag("decide", "--json", capture.path)

    assert result.exit_code == decide["exit"]
    if "outcome" not in decide:
        assert (result.stdout, result.stderr) == ("", f"autotag: {capture.path}: {decide['sentence']}\n")
        return
    (audit,) = objects(result)
    assert audit["outcome"] == decide["outcome"]
    assert audit.get("reason") == decide.get("sentence")
    assert [row["tag"] for row in audit["labels"] if row["outcome"] == "present"] == decide.get("tags", [])


@each
def test_decide_reads_a_payload_in_a_list_as_it_reads_it_alone(capture: Capture) -> None:
    alone = autotag("decide", "--json", capture.path)
    for listed in ([capture.document], {"resources": [capture.document]}):
        result = autotag("decide", "--json", "-", stdin=json.dumps(listed))
        assert (result.exit_code, result.stdout) == (alone.exit_code, alone.stdout)


def test_an_answer_without_an_asset_id_is_decided_on_and_as_a_notification_refused_with_the_reason() -> None:
    (old,) = [capture for capture in ANSWERS if "asset_id" not in capture.document]
    (audit,) = objects(autotag("decide", "--json", old.path))
    assert audit["asset"]["asset_id"] == "" and audit["asset"]["public_id"] == "marsh_2"

    webhook = Webhook()
    body = old.as_notification()
    assert webhook.post(body) == 400 and webhook.queue.messages == []
    assert webhook.telemetry.lines == [
        (
            "malformed",
            {
                "field": "asset_id",
                "fault": "asset_id: is missing, expected 1 to 64 letters, digits, - or _",
                "key_id": "111111111111111",
                "bytes": len(body),
            },
        )
    ]
    with pytest.raises(Invalid):
        parse(body, timestamp=NOW)
