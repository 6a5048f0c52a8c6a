"""Rotation without a restart, and a secret store that is down: never acceptance by default."""

from hashlib import sha256

import pytest
from msgspec.structs import replace

from tests.unit.domain.samples import A_UPLOAD
from tests.unit.handlers.webhook.webhook_requests import CREDENTIALS, Webhook, signed

OLD, NEW = {"old": "old-secret"}, {"new": "new-secret"}


def post(webhook: Webhook, secret: str) -> int:
    return webhook.post(A_UPLOAD, signed(A_UPLOAD, secret=secret))


def test_rotation_with_both_secrets_live_then_one_withdrawn(webhook: Webhook) -> None:
    webhook.secrets.cached = replace(CREDENTIALS, notification_secrets=OLD)
    webhook.secrets.stored = replace(CREDENTIALS, notification_secrets=OLD | NEW)
    assert post(webhook, "old-secret") == 200
    assert post(webhook, "new-secret") == 200  # known only after asking once more
    assert post(webhook, "old-secret") == 200
    webhook.secrets.cached = webhook.secrets.stored = replace(CREDENTIALS, notification_secrets=NEW)
    assert post(webhook, "old-secret") == 401
    assert post(webhook, "new-secret") == 200


def test_without_notification_secrets_the_keys_own_secret_signs(webhook: Webhook) -> None:
    webhook.secrets.cached = replace(CREDENTIALS, notification_secrets={})
    assert post(webhook, "writer-test-secret") == 200
    webhook.secrets.stored = webhook.secrets.cached
    assert post(webhook, "notification-test-secret") == 401


def test_only_a_mismatch_asks_for_newer_secrets(webhook: Webhook) -> None:
    webhook.post(A_UPLOAD, {})
    webhook.post(A_UPLOAD, signed(A_UPLOAD, at=1))
    webhook.post(A_UPLOAD)
    assert webhook.secrets.asked == [False, False, False]
    post(webhook, "another")
    assert webhook.secrets.asked[3:] == [False, True]


@pytest.mark.parametrize("secret", ["notification-test-secret", "another"])
def test_a_secret_store_that_is_down_accepts_nothing(webhook: Webhook, secret: str) -> None:
    webhook.secrets.down = True
    assert post(webhook, secret) == 503
    assert webhook.queue.messages == []
    assert webhook.telemetry.counts == {"Unavailable": 1}


def test_the_key_that_signed_is_logged_by_its_id(webhook: Webhook) -> None:
    webhook.post(A_UPLOAD)
    ((event, fields),) = webhook.telemetry.lines
    assert event == "accepted"
    assert fields["key_id"] == "111111111111111"
    assert fields["assets"] == ["9d2f7c1e4b6a48d0a3c5e8f71b2d6094"]
    assert fields["digest"] == sha256(A_UPLOAD).hexdigest()  # the audit's trigger names it, too
