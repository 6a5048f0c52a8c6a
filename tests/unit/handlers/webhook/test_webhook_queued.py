"""What the webhook queues, counts and answers of an authentic notification."""

import json

import pytest
from msgspec.structs import replace

from autotag.domain.model.messages import LabelsObserved, RefetchAsset, TagsEdited, asset_id_of
from autotag.service.intake.accept import Policy
from tests.unit.domain.samples import A_UPLOAD, B_PENDING, C_INFO, D_FAILED, E_ECHO, F_DELETE
from tests.unit.handlers.webhook.webhook_requests import NOW, Webhook, event, signed


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


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "post"])
def test_only_a_post_is_answered(webhook: Webhook, method: str) -> None:
    answer = webhook.answer(event(method, signed(A_UPLOAD), A_UPLOAD.decode()))
    assert answer["statusCode"] == 405 and answer["headers"]["allow"] == "POST"
    assert webhook.queue.messages == [] and webhook.secrets.asked == []


def test_a_queue_that_is_down_makes_cloudinary_try_again(webhook: Webhook) -> None:
    webhook.queue.takes = 0
    assert webhook.post(A_UPLOAD) == 503
    assert webhook.telemetry.counts == {"Unavailable": 1}


@pytest.mark.parametrize("encoded", [False, True])
def test_a_post_without_a_body_is_an_empty_body(webhook: Webhook, encoded: bool) -> None:
    assert webhook.answer(event("POST", {}, None, encoded))["statusCode"] == 401
    assert webhook.answer(event("POST", signed(b""), None, encoded))["statusCode"] == 400


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
