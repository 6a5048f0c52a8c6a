"""Settings: read from the environment, typed, and named where they are missing or wrong."""

import pytest

from autotag.domain.errors import Invalid
from autotag.settings import OpsSettings, WebhookSettings, WorkerSettings, read

WORKER = {"STATE_TABLE": "s", "HISTORY_TABLE": "h", "EVENT_BUS_NAME": "b", "SECRET_ID": "i"}


def test_what_is_left_out_has_its_documented_default() -> None:
    door = read(WebhookSettings, {"QUEUE_URL": "q", "SECRET_ID": "i", "PATH": "/bin"})
    assert (door.signature_max_age_seconds, door.signature_max_skew_seconds) == (7200, 300)
    worker = read(WorkerSettings, WORKER)
    assert worker.cloudinary_api_base == "https://api.cloudinary.com"
    assert (worker.poll_first_delay_seconds, worker.pending_deadline_seconds) == (60, 86400)
    assert (worker.admin_reserve_percent, worker.audit_retention_days) == (20, 730)


def test_numbers_are_read_from_text() -> None:
    told = {**WORKER, "ADMIN_RESERVE_PERCENT": "0", "POLL_FIRST_DELAY_SECONDS": "1", "AUDIT_RETENTION_DAYS": "30"}
    worker = read(WorkerSettings, {**told, "DELETED_RETENTION_DAYS": "60"})
    assert worker.deleted_retention_days == 60
    assert (worker.admin_reserve_percent, worker.poll_first_delay_seconds, worker.audit_retention_days) == (0, 1, 30)


@pytest.mark.parametrize("name", WORKER)
@pytest.mark.parametrize("value", [None, ""])
def test_a_missing_name_is_told(name: str, value: str | None) -> None:
    told = {key: text for key, text in {**WORKER, name: value}.items() if text is not None}
    with pytest.raises(Invalid, match=name):
        read(WorkerSettings, told)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ADMIN_RESERVE_PERCENT", "91"),
        ("ADMIN_RESERVE_PERCENT", "-1"),
        ("POLL_FIRST_DELAY_SECONDS", "0"),
        ("PENDING_DEADLINE_SECONDS", "soon"),
        ("AUDIT_RETENTION_DAYS", "0.4"),
        ("AUDIT_RETENTION_DAYS", ""),
        ("DELETED_RETENTION_DAYS", "59"),
    ],
)
def test_a_number_out_of_its_bounds_is_told(name: str, value: str) -> None:
    with pytest.raises(Invalid, match=name):
        read(WorkerSettings, {**WORKER, name: value})


def test_the_window_may_be_closed_but_not_negative() -> None:
    door = {"QUEUE_URL": "q", "SECRET_ID": "i"}
    assert read(WebhookSettings, {**door, "SIGNATURE_MAX_SKEW_SECONDS": "0"}).signature_max_skew_seconds == 0
    with pytest.raises(Invalid, match="SIGNATURE_MAX_AGE_SECONDS"):
        read(WebhookSettings, {**door, "SIGNATURE_MAX_AGE_SECONDS": "-1"})
    with pytest.raises(Invalid, match="STATE_TABLE"):
        read(OpsSettings, {})
