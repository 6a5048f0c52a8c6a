"""The webhook's contract, case by case: which answer, what is queued, what is told to whom."""

import base64
import json
from typing import Any

import pytest
from msgspec.structs import replace

from autotag.domain.model.messages import AssetDeleted, LabelsObserved, RefetchAsset, TagsEdited, asset_id_of
from autotag.service.intake.accept import Policy
from tests.unit.domain.samples import A_UPLOAD, B_PENDING, C_INFO, D_FAILED, E_ECHO, F_DELETE
from tests.unit.handlers.webhook.webhook_requests import NOW, SECRET, Webhook, event, post, signed

MAX_BODY = 256 * 1024


@pytest.fixture
def webhook() -> Webhook:
    return Webhook()


def padded(body: bytes, size: int) -> bytes:
    """Return the notification with so much of an unknown field that it has ``size`` bytes."""
    document = json.loads(body)
    room = size - len(json.dumps({**document, "padding": ""}).encode())
    return json.dumps({**document, "padding": "x" * room}).encode()


@pytest.mark.parametrize("sample", [A_UPLOAD, B_PENDING, C_INFO, D_FAILED])
@pytest.mark.parametrize("algorithm", ["sha1", "sha256"])
def test_what_is_authentic_and_ours_is_queued_then_answered(webhook: Webhook, sample: bytes, algorithm: str) -> None:
    assert webhook.post(sample, signed(sample, algorithm=algorithm)) == 200
    (message,) = webhook.queue.messages
    assert isinstance(message, LabelsObserved)
    assert webhook.telemetry.counts == {"Accepted": 1}


def test_a_change_of_many_assets_is_split_before_it_is_queued(webhook: Webhook) -> None:
    entry = json.loads(E_ECHO)["resources"][0]
    change = {
        "notification_context": {"triggered_by": {"source": "ui", "id": "jane@example.com"}},
        "resources": [{**entry, "asset_id": f"a{i}"} for i in range(25)],
    }
    assert webhook.post(json.dumps({**json.loads(E_ECHO), **change}).encode()) == 200
    assert all(isinstance(message, TagsEdited) for message in webhook.queue.messages)
    assert len(webhook.queue.messages) == 25


def test_a_renamed_folder_is_queued_and_the_log_names_no_asset(webhook: Webhook) -> None:
    body = {"notification_type": "move_or_rename_asset_folder", "from_path": "a", "to_path": "b", "status": "complete"}
    assert webhook.post(json.dumps(body).encode()) == 200
    assert len(webhook.queue.messages) == 1
    assert dict(webhook.telemetry.lines)["accepted"]["assets"] == []


@pytest.mark.parametrize("kind", ["eager", "create_folder", "moderation", "surprise"])
def test_another_type_is_acknowledged_counted_and_not_queued(webhook: Webhook, kind: str) -> None:
    assert webhook.post(json.dumps({"notification_type": kind}).encode()) == 200
    assert webhook.queue.messages == [] and webhook.telemetry.counts == {"Ignored": 1}


def test_our_echo_is_acknowledged_and_not_queued(webhook: Webhook) -> None:
    assert webhook.post(E_ECHO) == 200
    assert webhook.queue.messages == [] and webhook.telemetry.counts == {"Ignored": 1}


def test_without_a_dedicated_key_the_echo_may_be_a_person(webhook: Webhook) -> None:
    webhook.secrets.cached = replace(webhook.secrets.cached, writer_key_dedicated=False)
    assert webhook.post(E_ECHO) == 200
    assert len(webhook.queue.messages) == 1


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"notification_type=upload",
        b"null",
        b"[]",
        b'"upload"',
        b"{}",
        b'{"notification_type":7}',
        b'{"notification_type":"upload"}',
        b'{"notification_type":"upload","x":NaN}',
        b'{"notification_type":"upload","x":Infinity}',
        b'{"notification_type":"upload","x":"\xff"}',
        b'{"notification_type":"upload","x":"\\ud800"}',
        b'{"x":' + b"9" * 5000 + b"}",
        b"[" * 100_000,
        b'{"a":' * 50_000,
    ],
)
def test_what_is_authentic_but_no_notification_is_a_bad_request(webhook: Webhook, body: bytes) -> None:
    assert webhook.post(body, encoded=True) == 400
    assert webhook.queue.messages == [] and webhook.telemetry.counts == {"Malformed": 1}


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


def test_a_body_of_just_256_kib_is_parsed(webhook: Webhook) -> None:
    assert webhook.post(padded(A_UPLOAD, MAX_BODY)) == 200
    assert isinstance(webhook.queue.messages[0], LabelsObserved)


@pytest.mark.parametrize("encoded", [False, True])
def test_a_larger_body_is_refused_and_its_asset_is_queued_to_be_read(webhook: Webhook, encoded: bool) -> None:
    assert webhook.post(padded(A_UPLOAD, MAX_BODY + 1), encoded=encoded) == 413
    (message,) = webhook.queue.messages
    assert isinstance(message, RefetchAsset) and message.asset_id == json.loads(A_UPLOAD)["asset_id"]
    assert webhook.telemetry.counts == {"TooLarge": 1}


def test_a_larger_body_that_lists_assets_is_queued_for_each_of_them(webhook: Webhook) -> None:
    entries = [
        {
            "asset_id": f"a{n}",
            "public_id": f"library/{n:0300}",
            "resource_type": "image",
            "type": "upload",
            "version": 9,
        }
        for n in range(1000)
    ]
    body = json.dumps({**json.loads(F_DELETE), "resources": entries}).encode()
    assert len(body) > MAX_BODY and webhook.post(body) == 413
    assert [asset_id_of(message) for message in webhook.queue.messages] == [f"a{n}" for n in range(1000)]
    assert {type(message) for message in webhook.queue.messages} == {AssetDeleted}


@pytest.mark.parametrize("body", [padded(E_ECHO, MAX_BODY + 1), padded(b'{"notification_type":"eager"}', MAX_BODY + 1)])
def test_a_larger_body_that_names_no_one_asset_queues_nothing(webhook: Webhook, body: bytes) -> None:
    assert webhook.post(body) == 413
    assert webhook.queue.messages == []


@pytest.mark.parametrize("body", [b"x" * (MAX_BODY + 1), b" " * MAX_BODY + b"{}", padded(b"{}", MAX_BODY + 1)])
def test_a_larger_body_is_too_large_whatever_it_holds(webhook: Webhook, body: bytes) -> None:
    assert webhook.post(body) == 413
    assert webhook.queue.messages == [] and webhook.telemetry.counts == {"TooLarge": 1}


def test_a_larger_body_that_is_not_authentic_queues_nothing(webhook: Webhook) -> None:
    body = padded(A_UPLOAD, 6_000_000)
    assert webhook.post(body, signed(body, secret="another"), encoded=True) == 413
    assert webhook.queue.messages == []


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "post"])
def test_only_a_post_is_answered(webhook: Webhook, method: str) -> None:
    answer = webhook.answer(event(method, signed(A_UPLOAD), A_UPLOAD.decode()))
    assert answer["statusCode"] == 405 and answer["headers"]["allow"] == "POST"
    assert webhook.queue.messages == [] and webhook.secrets.asked == []


def test_a_queue_that_is_down_makes_cloudinary_try_again(webhook: Webhook) -> None:
    webhook.queue.takes = 0
    assert webhook.post(A_UPLOAD) == 503
    assert webhook.telemetry.counts == {"Unavailable": 1}


def test_a_queue_that_is_down_makes_cloudinary_send_the_large_one_again(webhook: Webhook) -> None:
    webhook.queue.takes = 0
    assert webhook.post(padded(A_UPLOAD, MAX_BODY + 1)) == 503


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


@pytest.mark.parametrize("encoded", [False, True])
def test_a_post_without_a_body_is_an_empty_body(webhook: Webhook, encoded: bool) -> None:
    assert webhook.answer(event("POST", {}, None, encoded))["statusCode"] == 401
    assert webhook.answer(event("POST", signed(b""), None, encoded))["statusCode"] == 400


@pytest.mark.parametrize("key", ["999", "", 7, None, ["111111111111111"], {}])
def test_the_signature_key_in_the_body_decides_nothing(webhook: Webhook, key: object) -> None:
    body = json.dumps({**json.loads(A_UPLOAD), "signature_key": key}).encode()
    assert webhook.post(body) == 200
    assert webhook.post(body, signed(body, secret="another")) == 401


def test_a_digit_moved_between_body_and_timestamp_does_not_pass(webhook: Webhook) -> None:
    body = A_UPLOAD + b"1"
    assert webhook.post(A_UPLOAD, {**signed(body), "x-cld-timestamp": f"1{NOW}"}) == 401
    assert webhook.post(A_UPLOAD + str(NOW)[:1].encode(), {**GOOD, "x-cld-timestamp": str(NOW)[1:]}) == 401


def test_a_digest_of_upload_parameters_is_at_most_a_hint(webhook: Webhook) -> None:
    """Whoever can have parameters signed makes the secret sign ``k=v&...&timestamp=``, which holds "="."""
    forged = json.dumps({"notification_type": "upload", "asset_id": "a1", "context": "k=v&timestamp="}).encode()
    assert webhook.post(forged + str(NOW).encode(), signed(forged + str(NOW).encode())) == 400
    body = json.dumps({**json.loads(A_UPLOAD), "context": "k=v&timestamp="}).encode()
    assert webhook.post(body) == 200
    assert [type(message) for message in webhook.queue.messages] == [RefetchAsset]


def test_where_a_setting_asks_for_it_every_body_is_a_hint_only() -> None:
    webhook = Webhook(Policy(fetch_before_use=True))
    assert webhook.post(A_UPLOAD) == 200
    assert [type(message) for message in webhook.queue.messages] == [RefetchAsset]


@pytest.mark.parametrize("sample", [E_ECHO, F_DELETE])
def test_of_a_list_the_good_entries_are_queued_and_each_odd_one_is_logged_and_counted(
    sample: bytes, webhook: Webhook
) -> None:
    document = json.loads(sample)
    good = {"public_id": "zoo/a", "resource_type": "image", "type": "upload", "added": ["x"]}
    document["resources"] = [{**good, "asset_id": "a1"}, 7, {**good, "asset_id": ""}, {**good, "asset_id": "a2"}]
    document["notification_context"] = {"triggered_by": {"source": "ui", "id": "ada"}}

    assert webhook.post(json.dumps(document).encode()) == 200
    assert [asset_id_of(message) for message in webhook.queue.messages] == ["a1", "a2"]
    assert webhook.telemetry.counts == {"Malformed": 2, "Accepted": 1}
    faults = [fields["fault"] for event, fields in webhook.telemetry.lines if event == "malformed"]
    assert faults == [
        "resources[1]: expected an object", "resources[2].asset_id: expected 1 to 64 letters, digits, - or _",
    ]  # fmt: skip


def test_thousands_of_odd_entries_are_counted_and_a_few_logged(webhook: Webhook) -> None:
    document = json.loads(F_DELETE)
    document["resources"] = [*[7] * 5000, *document["resources"]]

    assert webhook.post(json.dumps(document).encode()) == 200
    assert len(webhook.queue.messages) == len(json.loads(F_DELETE)["resources"])
    assert webhook.telemetry.counts == {"Malformed": 5000, "Accepted": 1}
    assert sum(event == "malformed" for event, _ in webhook.telemetry.lines) == 20
