"""Bodies of more than 256 KiB: refused, and their assets queued to be read."""

import json

import pytest

from autotag.domain.model.messages import AssetDeleted, LabelsObserved, RefetchAsset, asset_id_of
from tests.unit.domain.samples import A_UPLOAD, E_ECHO, F_DELETE
from tests.unit.handlers.webhook.webhook_requests import MAX_BODY, Webhook, padded, signed


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


def test_a_queue_that_is_down_makes_cloudinary_send_the_large_one_again(webhook: Webhook) -> None:
    webhook.queue.takes = 0
    assert webhook.post(padded(A_UPLOAD, MAX_BODY + 1)) == 503
