"""Which notifications are authentic, and what of those that are not reaches the sender and the log."""

import base64
import json
from typing import Any

import pytest

from autotag.service.intake.accept import Policy
from tests.unit.domain.samples import A_UPLOAD
from tests.unit.handlers.webhook.webhook_requests import MAX_BODY, NOW, SECRET, Webhook, event, padded, post, signed


@pytest.mark.parametrize("body", [b"", b"null", b"\xff\xfe", b"[" * 100_000, A_UPLOAD])
def test_nothing_is_parsed_before_it_is_authentic(webhook: Webhook, body: bytes) -> None:
    assert webhook.post(body, signed(body, secret="another"), encoded=True) == 401
    assert webhook.queue.messages == [] and webhook.telemetry.counts == {"Rejected": 1}


GOOD = signed(A_UPLOAD)
FORGED = {
    "signature_missing": {"x-cld-timestamp": str(NOW)},
    "v2_only": {"x-cld-timestamp": str(NOW), "x-cld-signature_v2": "00ff"},
    "signature_malformed": {**GOOD, "x-cld-signature": GOOD["x-cld-signature"].upper()},
    "timestamp_missing": {"x-cld-signature": GOOD["x-cld-signature"]},
    "timestamp_malformed": {**GOOD, "x-cld-timestamp": f"{NOW}, {NOW}"},
    "too_old": signed(A_UPLOAD, NOW - 7300),
    "in_future": signed(A_UPLOAD, NOW + 400),
    "mismatch": signed(A_UPLOAD, secret="another"),
}


@pytest.mark.parametrize("rule", FORGED)
def test_a_broken_rule_is_told_to_the_log_and_never_to_the_sender(webhook: Webhook, rule: str) -> None:
    answer = webhook.answer(post(A_UPLOAD, FORGED[rule]))
    assert answer == Webhook().answer(post(A_UPLOAD, {}))
    assert answer["statusCode"] == 401 and answer["body"] == "Unauthorized"
    assert webhook.queue.messages == []
    assert webhook.telemetry.counts == {"Rejected": 1}
    claim = {"claimed_key": "111111111111111"} if rule == "mismatch" else {}
    assert webhook.telemetry.lines == [("rejected", {"rule": rule, "bytes": len(A_UPLOAD), **claim})]


@pytest.mark.parametrize(("at", "status"), [(-60, 200), (-61, 401), (30, 200), (31, 401)])
def test_how_old_and_how_far_ahead_a_notification_may_be_are_settings(at: int, status: int) -> None:
    webhook = Webhook(Policy(max_age=60.5, max_skew=30))  # the clock is some milliseconds past the second
    assert webhook.post(A_UPLOAD, signed(A_UPLOAD, NOW + at)) == status


@pytest.mark.parametrize(
    ("body", "claimed"),
    [
        (b'{"signature_key" : "42"}', "42"),
        (b'{"signature_key":"se-cret"}', ""),
        (b'{"signature_key":42}', ""),
        (b"", ""),
    ],
)
def test_only_digits_of_what_is_not_authentic_reach_the_log(webhook: Webhook, body: bytes, claimed: str) -> None:
    webhook.post(body, signed(body, secret="another"), encoded=True)
    assert webhook.telemetry.lines[0][1]["claimed_key"] == claimed


def test_no_log_line_holds_a_secret_or_a_signature(webhook: Webhook) -> None:
    for headers in ({}, signed(A_UPLOAD), *FORGED.values()):
        webhook.post(A_UPLOAD, headers)
    webhook.queue.takes = 0
    webhook.post(A_UPLOAD)
    webhook.post(b"null")
    webhook.post(padded(A_UPLOAD, MAX_BODY + 1))
    webhook.secrets.down = True
    webhook.post(A_UPLOAD)
    told = repr(webhook.telemetry.lines)
    assert SECRET not in told and "writer-test-secret" not in told
    for headers in (signed(A_UPLOAD), signed(b"null"), *FORGED.values()):
        signature = headers.get("x-cld-signature")
        assert signature is None or signature not in told


@pytest.mark.parametrize("spell", [str.lower, str.upper, str.title])
def test_the_case_of_a_header_does_not_matter(webhook: Webhook, spell: Any) -> None:
    assert webhook.post(A_UPLOAD, {spell(name): value for name, value in signed(A_UPLOAD).items()}) == 200


@pytest.mark.parametrize("name", ["x-cld-signature", "x-cld-timestamp"])
@pytest.mark.parametrize("separator", [",", ", "])
def test_a_repeated_header_which_lambda_joins_is_refused(webhook: Webhook, name: str, separator: str) -> None:
    headers = signed(A_UPLOAD)
    assert webhook.post(A_UPLOAD, {**headers, name: separator.join([headers[name]] * 2)}) == 401


@pytest.mark.parametrize("body", ["!", "e30", "é", "\ud800"])
def test_a_body_that_is_not_the_base64_it_claims_to_be_is_a_bad_request(webhook: Webhook, body: str) -> None:
    assert webhook.answer(event("POST", signed(b"{}"), body, encoded=True))["statusCode"] == 400


def test_the_signature_is_over_the_decoded_bytes_whatever_they_are(webhook: Webhook) -> None:
    body = '{"notification_type":"eager","x":"é🐨"}'.encode()
    assert webhook.post(body) == 200
    assert webhook.post(body, encoded=True) == 200
    assert webhook.post(base64.b64encode(body), signed(body)) == 401


@pytest.mark.parametrize("key", ["999", "", 7, None, ["111111111111111"], {}])
def test_the_signature_key_in_the_body_decides_nothing(webhook: Webhook, key: object) -> None:
    body = json.dumps({**json.loads(A_UPLOAD), "signature_key": key}).encode()
    assert webhook.post(body) == 200
    assert webhook.post(body, signed(body, secret="another")) == 401


def test_a_digit_moved_between_body_and_timestamp_does_not_pass(webhook: Webhook) -> None:
    body = A_UPLOAD + b"1"
    assert webhook.post(A_UPLOAD, {**signed(body), "x-cld-timestamp": f"1{NOW}"}) == 401
    assert webhook.post(A_UPLOAD + str(NOW)[:1].encode(), {**GOOD, "x-cld-timestamp": str(NOW)[1:]}) == 401
